"""What news of several events at once tells of each of them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("of_each", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("notice", "of_each")
