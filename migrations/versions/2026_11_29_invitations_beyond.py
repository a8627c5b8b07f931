"""How far somebody's invitations are ahead of their events, whether answered or not."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("sequence_beyond", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("person", "sequence_beyond")
