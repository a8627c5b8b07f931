"""Free words on events, by which lists and feeds are narrowed."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("tags", sa.Text(), server_default="", nullable=False))
    op.add_column("event", sa.Column("tag_keys", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("event", "tag_keys")
    op.drop_column("event", "tags")
