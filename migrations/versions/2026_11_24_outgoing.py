"""Notices that wait, pause and stop on their way out."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

QUEUE = "ix_letter_state_halted_bulk_due_at"


def upgrade() -> None:
    for column in ("bulk", "halted"):
        op.add_column("letter", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE letter SET bulk = true WHERE state IN ('queued', 'sending', 'held')"
        " AND (mailing_list IS NOT NULL OR reason LIKE 'notice:%')"
    )
    op.drop_index("ix_letter_state_due_at", "letter")
    op.create_index(QUEUE, "letter", ["state", "halted", "bulk", "due_at"])
    op.create_index("ix_letter_sent_at", "letter", ["sent_at"])
    for column in ("leaves_at", "paused_at", "stopped_at"):
        op.add_column("notice", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.add_column("society", sa.Column("hold_minutes", sa.Integer(), nullable=False, server_default="5"))


def downgrade() -> None:
    op.drop_column("society", "hold_minutes")
    for column in ("stopped_at", "paused_at", "leaves_at"):
        op.drop_column("notice", column)
    op.drop_index("ix_letter_sent_at", "letter")
    op.drop_index(QUEUE, "letter")
    op.create_index("ix_letter_state_due_at", "letter", ["state", "due_at"])
    for column in ("halted", "bulk"):
        op.drop_column("letter", column)
