"""Notices and wordings in further languages, and the language that a society writes in first."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("society", sa.Column("language", sa.String(35), nullable=False, server_default="en"))
    op.create_table(
        "notice_version",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_version_notice_id_notice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_version")),
        sa.UniqueConstraint("notice_id", "language", name=op.f("uq_notice_version_notice_id_language")),
    )
    with op.batch_alter_table("own_wording") as batch:
        batch.add_column(sa.Column("language", sa.String(35), nullable=False, server_default=""))
        batch.drop_constraint("uq_own_wording_of", type_="unique")
        batch.create_unique_constraint("uq_own_wording_of_language", ["of", "language"])


def downgrade() -> None:
    op.execute("DELETE FROM own_wording WHERE language != ''")
    with op.batch_alter_table("own_wording") as batch:
        batch.drop_constraint("uq_own_wording_of_language", type_="unique")
        batch.create_unique_constraint("uq_own_wording_of", ["of"])
        batch.drop_column("language")
    op.drop_table("notice_version")
    op.drop_column("society", "language")
