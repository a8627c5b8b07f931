"""Which events made the latest versions of a feed, and which leaves it next without a look at all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed", sa.Column("changes", sa.Text(), server_default="", nullable=False))
    op.create_index(op.f("ix_calendar_entry_visibility_ends_at"), "calendar_entry", ["visibility", "ends_at"])
    cancelled = sa.text("cancelled_at IS NOT NULL")
    op.create_index(
        op.f("ix_calendar_entry_cancelled"),
        "calendar_entry",
        ["visibility", "ends_at"],
        sqlite_where=cancelled,
        postgresql_where=cancelled,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_calendar_entry_cancelled"), table_name="calendar_entry")
    op.drop_index(op.f("ix_calendar_entry_visibility_ends_at"), table_name="calendar_entry")
    with op.batch_alter_table("feed") as table:
        table.drop_column("changes")
