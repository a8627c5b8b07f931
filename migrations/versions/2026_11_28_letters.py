"""The society's own postal address, for letters; and what seals the cards of people who were merged."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("society", sa.Column("postal_address", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("former_person", sa.Column("card_key", sa.String(length=43), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("former_person", "card_key")
    op.drop_column("society", "postal_address")
