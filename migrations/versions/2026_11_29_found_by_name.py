"""Names folded by themselves, and what was said to questions: what searches compare. And the feeds anew, at the next
start, since that of what is open to all holds more."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0062"
branch_labels = None
depends_on = None

AT_ONCE = 5_000
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def upgrade() -> None:
    op.add_column("person", sa.Column("folded_name", sa.Text(), nullable=False, server_default=""))
    op.add_column("question_answer", sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE person SET folded_name = lower(name)")
    _fold("person", "name", "folded_name")
    op.execute("UPDATE question_answer SET folded = lower(text)")
    _fold("question_answer", "text", "folded")
    op.execute("UPDATE society SET rendered_for = ''")


def downgrade() -> None:
    op.execute("UPDATE society SET rendered_for = ''")
    op.drop_column("question_answer", "folded")
    op.drop_column("person", "folded_name")


def _fold(name: str, read: str, kept: str) -> None:
    """Put right what is more than small letters, some rows at a time."""
    table = sa.table(name, sa.column("id", sa.Integer), sa.column(read, sa.Text), sa.column(kept, sa.Text))
    connection, last = op.get_bind(), 0
    change = table.update().where(table.c.id == sa.bindparam("number")).values({kept: sa.bindparam("words")})
    wanted = sa.select(table).order_by(table.c.id).limit(AT_ONCE)
    while rows := connection.execute(wanted.where(table.c.id > last)).all():
        words = [{"number": number, "words": _plain(text)} for number, text, kept in rows if _plain(text) != kept]
        if words:
            connection.execute(change, words)
        last = rows[-1][0]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.translate(LETTERS).split())
