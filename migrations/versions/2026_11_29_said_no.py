"""When an organization said no, so that nobody says yes for it; and by whose link each word was given."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

BACKING = sa.table(
    "backing",
    sa.column("id", sa.Integer),
    sa.column("contact_email", sa.String),
    sa.column("said_no_at", sa.DateTime(timezone=True)),
)
STEP = sa.table(
    "backing_step",
    sa.column("id", sa.Integer),
    sa.column("backing_id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("word", sa.String),
    sa.column("name", sa.String),
    sa.column("address", sa.String),
)


def upgrade() -> None:
    op.add_column("backing", sa.Column("said_no_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("backing_step", sa.Column("address", sa.String(254), nullable=False, server_default=""))
    op.create_index(op.f("ix_backing_step_address"), "backing_step", ["address"])
    contact = sa.select(BACKING.c.contact_email).where(BACKING.c.id == STEP.c.backing_id).scalar_subquery()
    op.execute(STEP.update().where(STEP.c.name != "").values(address=contact))
    answers = sa.select(STEP.c.backing_id, STEP.c.at, STEP.c.word).order_by(STEP.c.id)
    connection, said_no = op.get_bind(), {}
    for number, at, word in connection.execute(answers.where(STEP.c.word.in_(["confirmed", "declined", "withdrawn"]))):
        said_no[number] = None if word == "confirmed" else at
    for number, at in said_no.items():
        if at is not None:
            connection.execute(BACKING.update().where(BACKING.c.id == number).values(said_no_at=at))


def downgrade() -> None:
    op.execute(STEP.update().where(STEP.c.word == "taken along").values(word="vouched"))
    op.drop_index(op.f("ix_backing_step_address"), table_name="backing_step")
    op.drop_column("backing_step", "address")
    op.drop_column("backing", "said_no_at")
