"""What the register's list goes by when it is ordered by the end of membership."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_membership_status_good_until_ends_on"), "membership", ["status", "good_until", "ends_on"])


def downgrade() -> None:
    op.drop_index(op.f("ix_membership_status_good_until_ends_on"), table_name="membership")
