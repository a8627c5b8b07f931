"""What stays of an event."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "material",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("seen_by", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_material_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
    )
    op.create_index(op.f("ix_material_event_id_position"), "material", ["event_id", "position"])
    op.create_table(
        "material_file",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_material_file_material_id_material"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("material_id", name=op.f("pk_material_file")),
    )
    op.add_column("event", sa.Column("has_material", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("event", sa.Column("report", sa.Text(), nullable=False, server_default=""))
    op.add_column("event", sa.Column("attendance", sa.Integer(), nullable=True))
    op.add_column("event", sa.Column("attendance_shown", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for column in ("attendance_shown", "attendance", "report", "has_material"):
        op.drop_column("event", column)
    op.drop_table("material_file")
    op.drop_table("material")
