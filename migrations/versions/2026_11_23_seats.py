"""The last day's waitlist, and what may hold an answer back."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

ON_EVENT = (
    sa.Column("confirm_minutes", sa.Integer(), nullable=False, server_default="120"),
    sa.Column("members_first_until", sa.DateTime(), nullable=True),
    sa.Column("minimum", sa.Integer(), nullable=True),
    sa.Column("minimum_by", sa.DateTime(), nullable=True),
    sa.Column("minimum_cancels", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("minimum_judged_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("price", sa.Integer(), nullable=True),
    sa.Column("currency", sa.String(length=3), nullable=False, server_default=""),
    sa.Column("members_free", sa.Boolean(), nullable=False, server_default=sa.false()),
)
SUMMED = "ix_rsvp_event_id_status_queued_at_id_party_size"


def upgrade() -> None:
    for column in ON_EVENT:
        op.add_column("event", column._copy())
    op.add_column("rsvp", sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_rsvp_event_id_status_queued_at_id", "rsvp")
    op.create_index(SUMMED, "rsvp", ["event_id", "status", "queued_at", "id", "party_size"])
    waits = sa.text("offered_until IS NOT NULL")
    op.create_index("ix_rsvp_offered_until", "rsvp", ["offered_until"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index("ix_rsvp_offered_until", "rsvp")
    op.drop_index(SUMMED, "rsvp")
    op.create_index("ix_rsvp_event_id_status_queued_at_id", "rsvp", ["event_id", "status", "queued_at", "id"])
    op.drop_column("rsvp", "offered_until")
    for column in reversed(ON_EVENT):
        op.drop_column("event", column.name)
