"""The index by which lists find the events that are put off and wait for a new date."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_PUT_OFF = sa.text("postponed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_event_postponed_at", "event", ["postponed_at"], sqlite_where=_PUT_OFF, postgresql_where=_PUT_OFF
    )


def downgrade() -> None:
    op.drop_index("ix_event_postponed_at", table_name="event")
