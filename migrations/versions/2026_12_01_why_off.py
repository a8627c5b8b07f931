"""What was said of why an event is cancelled or put off stands on its page; of those that are off already, nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("why_off", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("event", "why_off")
