"""Notices to those who were chosen on the list of an event's answers."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("found", sa.String(length=2000), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("notice", "found")
