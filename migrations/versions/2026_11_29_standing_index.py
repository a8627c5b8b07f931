"""From the index alone, the latest first: who is a member in good standing, and by which tier."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0069"

OLD, NEW = "ix_membership_person_id_status_starts_on", "ix_membership_standing"


def upgrade() -> None:
    columns = ["person_id", "status", sa.text("starts_on DESC"), "good_until", "tier_id"]
    op.create_index(NEW, "membership", columns)
    op.drop_index(OLD, "membership")


def downgrade() -> None:
    op.create_index(OLD, "membership", ["person_id", "status", "starts_on"])
    op.drop_index(NEW, "membership")
