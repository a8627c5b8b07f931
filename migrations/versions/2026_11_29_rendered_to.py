"""How far calendar entries are rendered anew, so that it goes on where it was broken off."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("society", sa.Column("rendered_to", sa.Integer()))


def downgrade() -> None:
    op.drop_column("society", "rendered_to")
