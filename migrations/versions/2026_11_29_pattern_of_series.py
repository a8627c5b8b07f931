"""What was chosen for all that follow in a series holds for those that are made later, too."""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event_series", sa.Column("pattern", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("event_series", "pattern")
