"""When the link for joining online is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("online_minutes", sa.Integer(), nullable=False, server_default="60"))


def downgrade() -> None:
    op.drop_column("event", "online_minutes")
