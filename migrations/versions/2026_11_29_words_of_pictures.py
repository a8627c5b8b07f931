"""What is said of a picture is said where it stands, not once for all places that show the same file."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

ADDED = (
    ("event", "picture_alt", 300),
    ("event", "picture_credit", 200),
    ("venue", "picture_alt", 300),
    ("venue", "picture_credit", 200),
    ("organization", "logo_alt", 300),
)
TAKEN = "(SELECT {} FROM picture WHERE picture.id = {})"


def upgrade() -> None:
    for table, name, length in ADDED:
        op.add_column(table, _words(name, length))
        shows, _, word = name.partition("_")
        taken = TAKEN.format(word, f"{shows}_id")
        op.execute(f"UPDATE {table} SET {name} = {taken} WHERE {shows}_id IS NOT NULL")  # noqa: S608
    op.drop_column("picture", "alt")
    op.drop_column("picture", "credit")


def downgrade() -> None:
    """One of the places that show a picture says what it shows everywhere."""
    op.add_column("picture", _words("alt", 300))
    op.add_column("picture", _words("credit", 200))
    for table, name, _length in ADDED:
        shows, _, word = name.partition("_")
        said = f"SELECT max({name}) FROM {table} WHERE {shows}_id = picture.id"  # noqa: S608
        op.execute(f"UPDATE picture SET {word} = ({said}) WHERE id IN (SELECT {shows}_id FROM {table})")  # noqa: S608
        op.drop_column(table, name)


def _words(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length), nullable=False, server_default="")
