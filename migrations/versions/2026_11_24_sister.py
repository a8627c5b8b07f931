"""Calendars of sister societies, fetched on a schedule and shown beside ours."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

COLOURS = (
    *("firebrick", "chocolate", "goldenrod", "seagreen", "teal"),
    *("royalblue", "slateblue", "darkorchid", "mediumvioletred", "slategray"),
)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("society", sa.Column("has_sisters", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "sister_calendar",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("colour", sa.Enum(*COLOURS, name="colour", native_enum=False, length=20), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("etag", sa.String(300), server_default="", nullable=False),
        sa.Column("last_modified", sa.String(100), server_default="", nullable=False),
        sa.Column("digest", sa.String(32), server_default="", nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failure", sa.String(300), server_default="", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sister_calendar")),
        sa.UniqueConstraint("address", name=op.f("uq_sister_calendar_address")),
    )
    op.create_index(op.f("ix_sister_calendar_next_at"), "sister_calendar", ["next_at"])
    op.create_table(
        "sister_entry",
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(500), nullable=False),
        sa.Column("recurrence", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(500), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["sister_calendar.id"],
            name=op.f("fk_sister_entry_calendar_id_sister_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sister_entry")),
        sa.UniqueConstraint(
            "calendar_id", "uid", "recurrence", name=op.f("uq_sister_entry_calendar_id_uid_recurrence")
        ),
    )
    op.create_index(op.f("ix_sister_entry_ends_at"), "sister_entry", ["ends_at"])


def downgrade() -> None:
    op.drop_table("sister_entry")
    op.drop_table("sister_calendar")
    op.drop_column("society", "has_sisters")
