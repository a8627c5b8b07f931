"""How many of a party have come."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rsvp", sa.Column("arrived", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("rsvp", "arrived")
