"""Drafts that are published by themselves, and templates."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("event", sa.Column("template_name", sa.String(length=100), nullable=False, server_default=""))
    waits = sa.text("publish_at IS NOT NULL")
    op.create_index("ix_event_publish_at", "event", ["publish_at"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index("ix_event_publish_at", table_name="event")
    op.drop_column("event", "template_name")
    op.drop_column("event", "publish_at")
