"""Letters count as handed over from when they set out: those on their way at this moment too."""

from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE letter SET open_ends = 1 WHERE state = 'sending' AND open_ends = 0")


def downgrade() -> None:
    """What is counted too many by then is counted again at its next end."""
