"""From the index alone: who is a member in good standing, and by which tier."""

from alembic import op

revision = "0071"
down_revision = "0069"

COLUMNS = ["person_id", "status", "starts_on"]


def upgrade() -> None:
    _replace(COLUMNS, [*COLUMNS, "good_until", "tier_id"])


def downgrade() -> None:
    _replace([*COLUMNS, "good_until", "tier_id"], COLUMNS)


def _replace(old: list[str], new: list[str]) -> None:
    op.create_index(_name(new), "membership", new)
    op.drop_index(_name(old), "membership")


def _name(columns: list[str]) -> str:
    return op.f("ix_membership_" + "_".join(columns))
