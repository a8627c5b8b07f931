"""Sessions of all events by their time: who is in a chair then, wherever that is."""

from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

NAME = "ix_event_session_starts_at"


def upgrade() -> None:
    op.create_index(NAME, "event_session", ["starts_at"])


def downgrade() -> None:
    op.drop_index(NAME, "event_session")
