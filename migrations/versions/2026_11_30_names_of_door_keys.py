"""A key for helpers at a door has a name, by which organizers tell it from others; those made before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("door_key", sa.Column("name", sa.String(length=60), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("door_key", "name")
