"""How often people want what can wait."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = sa.Enum("at-once", "daily", "weekly", name="rhythm", native_enum=False, length=20)
    op.add_column("person", sa.Column("rhythm", words, server_default="at-once", nullable=False))


def downgrade() -> None:
    op.drop_column("person", "rhythm")
