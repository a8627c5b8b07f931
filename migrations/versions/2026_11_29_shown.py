"""Which version of an event the contact of an organization was last shown."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("backing", sa.Column("shown", sa.String(16), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("backing", "shown")
