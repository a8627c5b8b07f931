"""What was offered to mail servers within the hour, and which letters may have left without anybody knowing."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    offer = op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("domain", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_at"), "offer", ["at"])
    _count_what_has_just_left(offer)
    op.add_column("letter", sa.Column("open_ends", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE letter SET open_ends = 1 WHERE state = 'sending'")
    op.execute(
        "UPDATE letter SET open_ends = 2 WHERE state = 'refused'"
        " AND last_error LIKE 'It was handed over twice, and goes out no third time.%'"
    )


def _count_what_has_just_left(offer: sa.Table) -> None:
    """Else the limits would begin anew."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    place = "instr" if on_sqlite else "strpos"
    letter = sa.table("letter", sa.column("sent_at", sa.DateTime(timezone=True)), sa.column("to_address", sa.String()))
    domain = sa.func.lower(sa.func.substr(letter.c.to_address, getattr(sa.func, place)(letter.c.to_address, "@") + 1))
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    began = an_hour_ago.replace(tzinfo=None) if on_sqlite else an_hour_ago
    left = sa.select(letter.c.sent_at, domain).where(letter.c.sent_at > began)
    op.execute(offer.insert().from_select(["at", "domain"], left))


def downgrade() -> None:
    op.drop_column("letter", "open_ends")
    op.drop_index(op.f("ix_offer_at"), table_name="offer")
    op.drop_table("offer")
