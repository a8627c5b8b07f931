"""Where the site was served last, for links until somebody says where people reach it."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("society", sa.Column("served_at", sa.String(200), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("society", "served_at")
