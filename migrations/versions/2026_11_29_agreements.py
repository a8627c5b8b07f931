"""Consents in the words that stood there, with when each was given and when it was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

OF_BEFORE = """
    INSERT INTO agreement (question_id, rsvp_id, guest, wording)
    SELECT a.question_id, a.rsvp_id, a.guest,
        CASE WHEN a.asked = q.text AND q.hint <> '' THEN a.asked || chr_10 || q.hint ELSE a.asked END
    FROM question_answer a JOIN question q ON q.id = a.question_id
    WHERE q.kind = 'consent' ORDER BY a.id
"""


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("rsvp_id", sa.Integer(), nullable=False),
        sa.Column("guest", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_agreement_question_id_question")),
        sa.ForeignKeyConstraint(["rsvp_id"], ["rsvp.id"], name=op.f("fk_agreement_rsvp_id_rsvp"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_question_id"), "agreement", ["question_id"])
    op.create_index(op.f("ix_agreement_rsvp_id"), "agreement", ["rsvp_id"])
    line = "char(10)" if op.get_bind().dialect.name == "sqlite" else "chr(10)"
    op.execute(OF_BEFORE.replace("chr_10", line))


def downgrade() -> None:
    op.drop_table("agreement")
