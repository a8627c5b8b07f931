"""What a notice said to all at once when it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("said_subject", sa.String(250), nullable=True))
    op.add_column("notice", sa.Column("said_body", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("notice", "said_body")
    op.drop_column("notice", "said_subject")
