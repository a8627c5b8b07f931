"""Invitations by mail that calendar programs answer: who wants none, the answer taken last, the mail read already."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("feed_only", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("rsvp", sa.Column("answered_stamp", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "received_message",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_message")),
        sa.UniqueConstraint("digest", name=op.f("uq_received_message_digest")),
    )


def downgrade() -> None:
    op.drop_table("received_message")
    op.drop_column("rsvp", "answered_stamp")
    op.drop_column("person", "feed_only")
