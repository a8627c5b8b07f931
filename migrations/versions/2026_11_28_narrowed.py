"""Notices to those alone who live in a city, or read a language."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("city", sa.String(100), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("reads", sa.String(35), nullable=False, server_default=""))
    op.create_index(op.f("ix_person_language"), "person", ["language"])


def downgrade() -> None:
    op.drop_index(op.f("ix_person_language"), table_name="person")
    op.drop_column("notice", "reads")
    op.drop_column("notice", "city")
