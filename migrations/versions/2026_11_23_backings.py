"""Asking organizations to back an event, and the record of what they said."""

from secrets import token_urlsafe

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORDS = sa.Enum(
    *("asked", "reminded", "confirmed", "declined", "withdrawn", "vouched", "asked again", "taken back"),
    name="word",
    native_enum=False,
    length=20,
)
COLUMNS = (
    ("level", 60),
    ("contact_name", 200),
    ("contact_email", 254),
    ("link_key", 43),
)


def upgrade() -> None:
    for name, length in COLUMNS:
        op.add_column("backing", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.add_column("backing", sa.Column("message", sa.Text(), nullable=False, server_default=""))
    op.add_column("backing", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("backing", sa.Column("agreed", sa.JSON(), nullable=True))
    backing = sa.table("backing", sa.column("id", sa.Integer), sa.column("link_key", sa.String))
    connection = op.get_bind()
    for (number,) in connection.execute(sa.select(backing.c.id)).all():
        connection.execute(backing.update().where(backing.c.id == number).values(link_key=token_urlsafe(16)))
    op.create_table(
        "backing_step",
        sa.Column("backing_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("word", WORDS, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("version", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["backing_id"], ["backing.id"], name=op.f("fk_backing_step_backing_id_backing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_backing_step_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backing_step")),
    )
    op.create_index(op.f("ix_backing_step_backing_id"), "backing_step", ["backing_id"])
    op.create_index(op.f("ix_backing_step_by_id"), "backing_step", ["by_id"])
    op.create_index(op.f("ix_backing_contact_email"), "backing", ["contact_email"])


def downgrade() -> None:
    op.drop_index(op.f("ix_backing_contact_email"), table_name="backing")
    op.drop_table("backing_step")
    for name in ("agreed", "asked_at", "message", *(name for name, _ in COLUMNS)):
        op.drop_column("backing", name)
