"""Notices that go out by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_notice",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "occasion", sa.Enum("reminder", "thanks", name="occasion", native_enum=False, length=20), nullable=False
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_planned_notice_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_planned_notice_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_notice")),
        sa.UniqueConstraint(
            "event_id", "occasion", "minutes", name=op.f("uq_planned_notice_event_id_occasion_minutes")
        ),
    )
    op.add_column("society", sa.Column("remind_before", sa.Integer(), nullable=True))
    op.add_column("society", sa.Column("thank_after", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("society", "thank_after")
    op.drop_column("society", "remind_before")
    op.drop_table("planned_notice")
