"""An answer knows to which revision of its event it was given."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"


def upgrade() -> None:
    """Let whoever has answered by calendar be asked once more by what has not been told of that revision."""
    op.add_column("rsvp", sa.Column("answered_sequence", sa.Integer(), nullable=True))


def downgrade() -> None:
    """As before."""
    op.drop_column("rsvp", "answered_sequence")
