"""Notices to the members of one tier alone."""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added raw: a batch would rebuild a table that others refer to.
    op.execute("ALTER TABLE notice ADD COLUMN tier_id INTEGER CONSTRAINT fk_notice_tier_id_tier REFERENCES tier (id)")
    op.create_index(op.f("ix_notice_tier_id"), "notice", ["tier_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_notice_tier_id"), table_name="notice")
    op.drop_column("notice", "tier_id")
