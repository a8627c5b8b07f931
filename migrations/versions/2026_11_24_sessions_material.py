"""What stays of one session of an agenda, and small renditions of photographs."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_material",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_session_material_material_id_material"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["event_session.id"],
            name=op.f("fk_session_material_session_id_event_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("material_id", name=op.f("pk_session_material")),
    )
    op.create_index(op.f("ix_session_material_session_id"), "session_material", ["session_id"])
    for name in ("preview_width", "preview_height"):
        op.add_column("material", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.add_column("material_file", sa.Column("preview", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("material_file", "preview")
    for name in ("preview_width", "preview_height"):
        op.drop_column("material", name)
    op.drop_table("session_material")
