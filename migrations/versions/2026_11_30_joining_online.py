"""Who joins a hybrid event online takes no seat: how each answer, and each step of its log, is meant."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

SUMMED = ["event_id", "status", "queued_at", "id", "party_size"]
OLD, NEW = "ix_rsvp_" + "_".join(SUMMED), "ix_rsvp_" + "_".join([*SUMMED, "online"])
ONLINE = "ix_rsvp_online"


def upgrade() -> None:
    for table in ("rsvp", "rsvp_transition"):
        op.add_column(table, sa.Column("online", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(NEW, "rsvp", [*SUMMED, "online"])
    op.drop_index(OLD, "rsvp")
    only = {"sqlite_where": sa.text("online = 1"), "postgresql_where": sa.text("online")}
    op.create_index(ONLINE, "rsvp", ["event_id", "status", "online", "party_size"], **only)


def downgrade() -> None:
    op.drop_index(ONLINE, "rsvp")
    op.create_index(OLD, "rsvp", SUMMED)
    op.drop_index(NEW, "rsvp")
    for table in ("rsvp_transition", "rsvp"):
        op.drop_column(table, "online")
