"""Beside each calendar entry, what decides which feeds hold it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

VISIBILITY = sa.Enum("public", "members", name="visibility", native_enum=False, length=20)


def upgrade() -> None:
    op.add_column("calendar_entry", sa.Column("visibility", VISIBILITY))
    op.add_column("calendar_entry", sa.Column("starts_at", sa.DateTime(timezone=True)))
    op.add_column("calendar_entry", sa.Column("ends_at", sa.DateTime(timezone=True)))
    op.add_column("calendar_entry", sa.Column("cancelled_at", sa.DateTime(timezone=True)))
    op.add_column("calendar_entry", sa.Column("zone", sa.String(length=64)))
    op.execute(
        "UPDATE calendar_entry SET visibility = event.visibility, starts_at = event.starts_at,"
        " ends_at = event.ends_at, cancelled_at = event.cancelled_at,"
        " zone = CASE WHEN event.all_day THEN NULL ELSE event.zone END"
        " FROM event WHERE event.id = calendar_entry.event_id"
    )
    with op.batch_alter_table("calendar_entry") as batch_op:
        batch_op.alter_column("visibility", existing_type=VISIBILITY, nullable=False)
        batch_op.alter_column("starts_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("ends_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_index(
            batch_op.f("ix_calendar_entry_visibility_starts_at_event_id"),
            ["visibility", "starts_at", "event_id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("calendar_entry") as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_entry_visibility_starts_at_event_id"))
        for column in ("zone", "cancelled_at", "ends_at", "starts_at", "visibility"):
            batch_op.drop_column(column)
