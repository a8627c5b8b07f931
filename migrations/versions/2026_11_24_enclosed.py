"""Letters that people wrote to us, enclosed in those by which they are handed on."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("enclosed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("letter", "enclosed")
