"""Which letters came back, and finding a letter by its Message-ID."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_letter_message_id", "letter", ["message_id"])


def downgrade() -> None:
    op.drop_index("ix_letter_message_id", "letter")
    op.drop_column("letter", "bounced_at")
