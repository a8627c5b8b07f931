"""How far the sequence of somebody's own invitation is ahead of the event's."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rsvp", sa.Column("sequence_beyond", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("rsvp", "sequence_beyond")
