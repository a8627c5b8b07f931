"""Of people's own calendars it is not noted any more that a browser looked at one: it follows nowhere."""

from alembic import op

revision = "0072"
down_revision = "0071"


def upgrade() -> None:
    nothing = "fetched_by = NULL, fetched_at = NULL, given_at = NULL"
    op.execute(f"UPDATE subscription SET {nothing} WHERE fetched_by = 'browser'")  # noqa: S608


def downgrade() -> None:
    """What was noted is gone; the next fetch tells."""
