"""One letter for a reason to an address that belongs to no person."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

INDEX = "ix_letter_to_address_reason"


def upgrade() -> None:
    op.execute(
        "UPDATE letter SET reason = substr(reason, 1, 80) || ' again ' || id"
        " WHERE person_id IS NULL AND to_address <> '' AND EXISTS (SELECT 1 FROM letter AS older"
        " WHERE older.to_address = letter.to_address AND older.reason = letter.reason"
        " AND older.person_id IS NULL AND older.id < letter.id)"
    )
    to_no_person = sa.text("person_id IS NULL AND to_address <> ''")
    op.create_index(
        INDEX,
        "letter",
        ["to_address", "reason"],
        unique=True,
        sqlite_where=to_no_person,
        postgresql_where=to_no_person,
    )


def downgrade() -> None:
    op.drop_index(INDEX, table_name="letter")
