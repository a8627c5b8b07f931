"""By which clock people live, which notices leave by it, and when an event was to begin before news of a change."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("zone", sa.String(64), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("own_hour", sa.DateTime(), nullable=True))
    op.add_column("notice", sa.Column("was_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("was_zone", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    op.execute("UPDATE letter SET state = 'queued' WHERE state = 'timed'")
    for column in ("was_zone", "was_at", "own_hour"):
        op.drop_column("notice", column)
    op.drop_column("person", "zone")
