"""Which digest a letter has gone into."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

INDEX = "ix_letter_gathered_in_id"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE letter ADD COLUMN gathered_in_id INTEGER"  # both databases have it so, and SQLite copies nothing
        " CONSTRAINT fk_letter_gathered_in_id_letter REFERENCES letter (id)"
    )
    op.execute(
        "UPDATE letter SET gathered_in_id = (SELECT min(digest.id) FROM letter AS digest"
        " WHERE digest.person_id = letter.person_id AND digest.reason LIKE 'digest:%' AND digest.id > letter.id)"
        " WHERE state = 'gathered'"
    )
    gathered = sa.text("gathered_in_id IS NOT NULL")
    op.create_index(INDEX, "letter", ["gathered_in_id"], sqlite_where=gathered, postgresql_where=gathered)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="letter")
    op.drop_column("letter", "gathered_in_id")
