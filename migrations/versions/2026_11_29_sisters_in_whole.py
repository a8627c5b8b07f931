"""Fetch the calendars of sister societies in whole once more, so that what is not public there is shown no longer."""

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE sister_calendar SET etag = '', last_modified = '', next_at = answered_at")


def downgrade() -> None:
    """What was forgotten is learned anew from the next answer."""
