"""Pictures of events and venues, logos of organizations."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SHOWN = (("event", "picture_id"), ("venue", "picture_id"), ("organization", "logo_id"))


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("look", sa.String(length=20), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("key", name=op.f("uq_picture_key")),
    )
    op.create_table(
        "rendition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=4), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_rendition_picture_id_picture"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
        sa.UniqueConstraint("picture_id", "width", "format", name=op.f("uq_rendition_picture_id_width_format")),
    )
    for table, column in SHOWN:  # by hand: what others refer to is never written anew
        name = f"fk_{table}_{column}_picture"
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES picture (id)")
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in SHOWN:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    op.drop_table("rendition")
    op.drop_table("picture")
