"""Whom people and answers were before a merge, so that what was mailed to them still opens."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_person",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("link_key", sa.String(43), nullable=False),
        sa.Column("address", sa.String(254), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_former_person_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_person")),
    )
    op.create_index(op.f("ix_former_person_person_id"), "former_person", ["person_id"])
    op.create_index(op.f("ix_former_person_number"), "former_person", ["number"])
    op.create_table(
        "former_rsvp",
        sa.Column("rsvp_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("link_key", sa.String(43), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rsvp_id"], ["rsvp.id"], name=op.f("fk_former_rsvp_rsvp_id_rsvp"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_rsvp")),
    )
    op.create_index(op.f("ix_former_rsvp_rsvp_id"), "former_rsvp", ["rsvp_id"])
    op.create_index(op.f("ix_former_rsvp_number"), "former_rsvp", ["number"])


def downgrade() -> None:
    op.drop_table("former_rsvp")
    op.drop_table("former_person")
