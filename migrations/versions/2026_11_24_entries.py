"""Days of an event by themselves in calendars, and what hangs on its entry there."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

MOST = 20


def upgrade() -> None:
    op.add_column("event", sa.Column("daily", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("event", sa.Column("attached", sa.JSON(), server_default="[]", nullable=False))
    shown = sa.text(
        "SELECT event_id, id, url, media_type FROM material WHERE seen_by = 'everyone' ORDER BY event_id, position, id"
    )
    found: dict[int, list[dict[str, object]]] = {}
    for event_id, number, url, media_type in op.get_bind().execute(shown):
        found.setdefault(event_id, []).append({"id": number, "url": url, "type": media_type})
    event = sa.table("event", sa.column("id", sa.Integer()), sa.column("attached", sa.JSON()))
    for event_id, attached in found.items():
        op.execute(event.update().where(event.c.id == event_id).values(attached=attached[:MOST]))


def downgrade() -> None:
    op.drop_column("event", "attached")
    op.drop_column("event", "daily")
