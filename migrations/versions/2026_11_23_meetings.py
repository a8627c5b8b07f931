"""How many days before a general meeting its members must have been called to it."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("society", sa.Column("meeting_days", sa.Integer(), server_default="14", nullable=False))


def downgrade() -> None:
    op.drop_column("society", "meeting_days")
