"""Which worker has a letter in hands; and whether it has only claimed it, or begun to send it."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("claimed_by", sa.String(length=24), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE letter SET state = 'queued', claimed_until = NULL WHERE state = 'claimed'")
    op.drop_column("letter", "claimed_by")
