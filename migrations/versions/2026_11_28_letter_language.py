"""The language that a letter is written in."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("language", sa.String(35), nullable=False, server_default="en"))


def downgrade() -> None:
    op.drop_column("letter", "language")
