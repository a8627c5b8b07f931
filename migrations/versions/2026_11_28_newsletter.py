"""Which events a newsletter tells of, and when a notice is sent by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_event",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_event_notice_id_notice"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_notice_event_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notice_id", "event_id", name=op.f("pk_notice_event")),
    )
    op.create_index(op.f("ix_notice_event_event_id"), "notice_event", ["event_id"])
    op.add_column("notice", sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_notice_planned_at"), "notice", ["planned_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_notice_planned_at"), table_name="notice")
    op.drop_column("notice", "planned_at")
    op.drop_table("notice_event")
