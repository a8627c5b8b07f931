"""What only those who come to an event are told."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("instructions", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("event", "instructions")
