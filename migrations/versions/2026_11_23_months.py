"""Colours of categories, towns of venues, and what searches of events read."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def upgrade() -> None:
    op.add_column("category", sa.Column("colour", sa.String(length=20), nullable=True))
    op.add_column("venue", sa.Column("town", sa.String(length=100), nullable=False, server_default=""))
    op.add_column("venue", sa.Column("folded", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("event", sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    _fold("venue", "name")
    _fold("event", "title", "summary")


def downgrade() -> None:
    op.drop_column("event", "folded")
    op.drop_column("venue", "folded")
    op.drop_column("venue", "town")
    op.drop_column("category", "colour")


def _fold(name: str, *read: str) -> None:
    """Fill in what is stored already, some rows at a time."""
    columns = [sa.column("id", sa.Integer), sa.column("folded", sa.Text), *(sa.column(each, sa.Text) for each in read)]
    table = sa.table(name, *columns)
    connection, last = op.get_bind(), 0
    change = table.update().where(table.c.id == sa.bindparam("number")).values(folded=sa.bindparam("words"))
    wanted = sa.select(table.c.id, *(table.c[each] for each in read)).order_by(table.c.id).limit(AT_ONCE)
    while rows := connection.execute(wanted.where(table.c.id > last)).all():
        connection.execute(change, [{"number": row[0], "words": _plain(" ".join(row[1:]))} for row in rows])
        last = rows[-1][0]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.translate(LETTERS).split())
