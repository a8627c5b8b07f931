"""What letters are about, so that mail programs show them together."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("thread", sa.String(length=50), nullable=True))


def downgrade() -> None:
    op.drop_column("letter", "thread")
