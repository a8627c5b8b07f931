"""When an organization said no, so that nobody says yes for it."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

BACKING = sa.table("backing", sa.column("id", sa.Integer), sa.column("said_no_at", sa.DateTime(timezone=True)))
STEP = sa.table(
    "backing_step",
    sa.column("id", sa.Integer),
    sa.column("backing_id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("word", sa.String),
)


def upgrade() -> None:
    op.add_column("backing", sa.Column("said_no_at", sa.DateTime(timezone=True), nullable=True))
    answers = sa.select(STEP.c.backing_id, STEP.c.at, STEP.c.word).order_by(STEP.c.id)
    connection, said_no = op.get_bind(), {}
    for number, at, word in connection.execute(answers.where(STEP.c.word.in_(["confirmed", "declined", "withdrawn"]))):
        said_no[number] = None if word == "confirmed" else at
    for number, at in said_no.items():
        if at is not None:
            connection.execute(BACKING.update().where(BACKING.c.id == number).values(said_no_at=at))


def downgrade() -> None:
    op.execute(STEP.update().where(STEP.c.word == "taken along").values(word="vouched"))
    op.drop_column("backing", "said_no_at")
