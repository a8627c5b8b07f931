"""Events that recur."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_series",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("made_until", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_event_series_created_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_series")),
    )
    op.create_index(op.f("ix_event_series_created_by_id"), "event_series", ["created_by_id"])
    # Added raw: a batch would rebuild a table that others refer to.
    op.execute(
        "ALTER TABLE event ADD COLUMN series_id INTEGER"
        " CONSTRAINT fk_event_series_id_event_series REFERENCES event_series (id)"
    )
    op.add_column("event", sa.Column("series_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_event_series_id_series_on"), "event", ["series_id", "series_on"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_event_series_id_series_on"), table_name="event")
    op.drop_column("event", "series_on")
    op.drop_column("event", "series_id")
    op.drop_table("event_series")
