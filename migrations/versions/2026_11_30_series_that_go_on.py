"""Which series go on from which by another rule: said, rather than told by their instants."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

SERIES = sa.table("event_series", *map(sa.column, ("id", "created_at", "ended_at", "origin_id")))


def upgrade() -> None:
    # Added raw: a batch would rebuild a table that others refer to.
    op.execute(
        "ALTER TABLE event_series ADD COLUMN origin_id INTEGER"
        " CONSTRAINT fk_event_series_origin_id_event_series REFERENCES event_series (id)"
    )
    op.create_index("ix_event_series_origin_id", "event_series", ["origin_id"])
    there = op.get_bind().execute(sa.select(SERIES.c.id, SERIES.c.created_at, SERIES.c.ended_at).order_by(SERIES.c.id))
    for number, origin in _origins(there.all()):
        op.execute(SERIES.update().where(SERIES.c.id == number).values(origin_id=origin))


def _origins(there: Any) -> Iterator[tuple[int, int]]:
    """A change of the rule ended one, and began another at that very instant. Where several began or ended then, it was
    none, but calendars that were read in."""
    began, ended = (Counter(getattr(one, name) for one in there) for name in ("created_at", "ended_at"))
    before = {one.ended_at: one.id for one in there if one.ended_at}
    origins: dict[int, int] = {}
    for one in there:
        came = before.get(one.created_at, one.id)
        if came < one.id and began[one.created_at] == ended[one.created_at] == 1:
            origins[one.id] = origins.get(came, came)
            yield one.id, origins[one.id]


def downgrade() -> None:
    op.drop_index("ix_event_series_origin_id", "event_series")
    op.drop_column("event_series", "origin_id")
