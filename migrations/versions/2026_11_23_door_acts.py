"""What was done at the door, act by act, also when a phone tells it late."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "door_act",
        sa.Column("rsvp_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.Enum("in", "undo", name="dooraction", native_enum=False, length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came", sa.Integer(), nullable=True),
        sa.Column("uid", sa.String(length=36), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rsvp_id"], ["rsvp.id"], name=op.f("fk_door_act_rsvp_id_rsvp"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_act")),
        sa.UniqueConstraint("uid", name=op.f("uq_door_act_uid")),
    )
    op.create_index(op.f("ix_door_act_rsvp_id"), "door_act", ["rsvp_id"])


def downgrade() -> None:
    op.drop_table("door_act")
