"""Reminders to renew that somebody keeps from being written."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stopped_reminder",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_stopped_reminder_membership_id_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stopped_reminder")),
        sa.UniqueConstraint("membership_id", "days", name=op.f("uq_stopped_reminder_membership_id_days")),
    )


def downgrade() -> None:
    op.drop_table("stopped_reminder")
