"""Seats in sessions that are kept for a while, to be confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

INDEX = "ix_session_seat_offered_until"
CHECKED = "ck_session_seat_seated_or_waiting"
WITH_OFFERS = "status IN ('confirmed', 'offered', 'waitlisted')"
WITHOUT = "status IN ('confirmed', 'waitlisted')"


def upgrade() -> None:
    op.add_column("session_seat", sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
    _check(WITH_OFFERS)
    kept = sa.text("offered_until IS NOT NULL")
    op.create_index(INDEX, "session_seat", ["offered_until"], sqlite_where=kept, postgresql_where=kept)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="session_seat")
    op.execute("UPDATE session_seat SET status = 'confirmed' WHERE status = 'offered'")
    _check(WITHOUT)
    op.drop_column("session_seat", "offered_until")


def _check(condition: str) -> None:
    with op.batch_alter_table("session_seat") as batch:
        batch.drop_constraint(op.f(CHECKED), type_="check")
        batch.create_check_constraint(op.f(CHECKED), condition)
