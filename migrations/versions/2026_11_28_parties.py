"""Parties above one person are found without walking over all who come alone."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

PARTIES = "ix_rsvp_event_id_status_party_size"


def upgrade() -> None:
    several = sa.text("party_size > 1")
    columns = ["event_id", "status", "party_size"]
    op.create_index(PARTIES, "rsvp", columns, sqlite_where=several, postgresql_where=several)


def downgrade() -> None:
    op.drop_index(PARTIES, "rsvp")
