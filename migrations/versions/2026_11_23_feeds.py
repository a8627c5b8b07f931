"""Reminders in people's own calendar feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscription", sa.Column("alarm_minutes", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("subscription", "alarm_minutes")
