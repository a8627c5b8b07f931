"""Who fetches calendar feeds: by kind of app for public ones, on the row of one's own."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_fetch",
        sa.Column("key", sa.String(length=140), nullable=False),
        sa.Column("app", sa.String(length=20), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "app", name=op.f("pk_feed_fetch")),
    )
    op.add_column("subscription", sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscription", sa.Column("fetched_by", sa.String(length=20), nullable=True))
    op.add_column("subscription", sa.Column("given_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ("given_at", "fetched_by", "fetched_at"):
        op.drop_column("subscription", column)
    op.drop_table("feed_fetch")
