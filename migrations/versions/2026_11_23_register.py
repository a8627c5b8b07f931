"""The register: people's particulars, steps of membership, the ledger, offices, views, changes of many rows.

Columns come with a default where rows stand already, so that no table that others refer to has to be written anew.
"""

import secrets
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHO_DID = (
    *(("audit_entry", "actor_id"), ("rsvp_transition", "actor_id"), ("event", "created_by_id")),
    *(("backing", "confirmed_by_id"), ("notice", "created_by_id"), ("membership", "recorded_by_id")),
    *(("membership", "decided_by_id"), ("due", "recorded_by_id"), ("payment", "recorded_by_id")),
    *(("application_message", "by_id"), ("invitation", "by_id")),
)
"""What refers to people by what they did: without an index, taking people away would read all of it for each."""


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_counter")),
    )
    op.create_table(
        "erased_address",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_address")),
        sa.UniqueConstraint("digest", name=op.f("uq_erased_address_digest")),
    )
    op.create_table(
        "office",
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("committee", sa.String(length=100), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("organizer", "secretary", "admin", name="rolename", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "tag",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("name", name=op.f("uq_tag_name")),
    )
    op.create_table(
        "change_set",
        sa.Column("kind", sa.Enum("import", "bulk", name="changekind", native_enum=False, length=20), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_change_set_by_id_person"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_change_set_undone_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set")),
    )
    op.create_table(
        "consent",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_person_id"), ["person_id"], unique=False)

    op.create_table(
        "import_file",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_import_file_by_id_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_table(
        "invitation",
        sa.Column("tier_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_invitation_by_id_person"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_invitation_tier_id_tier"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_tier_id"), ["tier_id"], unique=False)

    op.create_table(
        "person_tag",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_tag_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_person_tag_tag_id_tag"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "tag_id", name=op.f("pk_person_tag")),
    )
    with op.batch_alter_table("person_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_tag_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_view_person_id_name")),
    )
    op.create_table(
        "term",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_term_runs_forwards")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_term_office_id_office")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_term_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_term_office_id_starts_on"), ["office_id", "starts_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_term_person_id"), ["person_id"], unique=False)

    op.create_table(
        "application_message",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("from_applicant", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_application_message_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_application_message_membership_id_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_message")),
    )
    with op.batch_alter_table("application_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_message_membership_id"), ["membership_id"], unique=False)

    op.create_table(
        "changed_row",
        sa.Column("change_set_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set_id"],
            ["change_set.id"],
            name=op.f("fk_changed_row_change_set_id_change_set"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_row")),
    )
    with op.batch_alter_table("changed_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_changed_row_change_set_id_id"), ["change_set_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_changed_row_kind_row_id"), ["kind", "row_id"], unique=False)

    op.create_table(
        "due",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("dues", "joining_fee", "other", name="duekind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("tier_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("renews", sa.Boolean(), nullable=False),
        sa.Column("period_starts_on", sa.Date(), nullable=True),
        sa.Column("period_ends_on", sa.Date(), nullable=True),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("credits_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "period_ends_on IS NULL OR period_starts_on <= period_ends_on", name=op.f("ck_due_runs_forwards")
        ),
        sa.ForeignKeyConstraint(["credits_id"], ["due.id"], name=op.f("fk_due_credits_id_due")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_due_membership_id_membership")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_due_person_id_person")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_due_recorded_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["tier_id"], ["tier.id"], name=op.f("fk_due_tier_id_tier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due")),
        sa.UniqueConstraint("credits_id", name=op.f("uq_due_credits_id")),
        sa.UniqueConstraint("number", name=op.f("uq_due_number")),
    )
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_due_issued_on"), ["issued_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_membership_id"), ["membership_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_person_id_issued_on"), ["person_id", "issued_on"], unique=False)

    op.create_table(
        "payment",
        sa.Column("receipt", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("due_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "method",
            sa.Enum("cash", "transfer", "cheque", "card", "waived", name="method", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("refunds_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_payment_not_nothing")),
        sa.ForeignKeyConstraint(["due_id"], ["due.id"], name=op.f("fk_payment_due_id_due")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payment_person_id_person")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_payment_recorded_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["refunds_id"], ["payment.id"], name=op.f("fk_payment_refunds_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("receipt", name=op.f("uq_payment_receipt")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_due_id"), ["due_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_payment_person_id_received_on"), ["person_id", "received_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_payment_received_on"), ["received_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_refunds_id"), ["refunds_id"], unique=False)

    op.create_table(
        "bank_line",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "matched", "ignored", name="linestate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_bank_line_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("digest", name=op.f("uq_bank_line_digest")),
    )
    with op.batch_alter_table("bank_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_line_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_line_state"), ["state"], unique=False)

    op.create_table(
        "bank_file",
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_bank_file_by_id_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
    )
    op.create_index(op.f("ix_bank_file_by_id"), "bank_file", ["by_id"])

    _change_membership()
    _change_person()
    for table, column in WHO_DID:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    with op.batch_alter_table("role") as batch_op:
        batch_op.add_column(sa.Column("term_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_role_term_id"), ["term_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_role_term_id_term"), "term", ["term_id"], ["id"], ondelete="CASCADE")
    _add("society", "join_questions", sa.Text(), "")
    _add("society", "consent", sa.Text(), "")
    _add("society", "reminder_days", sa.String(length=100), "30 7 -7")
    op.add_column("society", sa.Column("guests_kept_months", sa.Integer(), nullable=True))
    _add("society", "iban", sa.String(length=34), "")
    _add("society", "bic", sa.String(length=11), "")
    _add("society", "account_holder", sa.String(length=70), "")
    _add("society", "payment_terms", sa.Text(), "")
    _add("society", "bank_columns", sa.JSON(), "{}")
    _add("society", "salt", sa.String(length=43), "")
    op.execute(sa.text("UPDATE society SET salt = :salt").bindparams(salt=secrets.token_urlsafe(32)))
    _add("tier", "choice", _words("choice", "anyone", "invitation", "secretary"), "anyone")
    _add("tier", "joining_fee", sa.Integer(), "0")
    _add("tier", "pro_rata", _words("prorata", "none", "months"), "none")
    _add("tier", "grace_days", sa.Integer(), "0")
    op.add_column("tier", sa.Column("youngest", sa.Integer(), nullable=True))
    op.add_column("tier", sa.Column("oldest", sa.Integer(), nullable=True))
    _add("tier", "proof", sa.String(length=200), "")
    _add("tier", "covers", _words("covers", "person", "household", "organization"), "person")
    _add("tier", "places", sa.Integer(), "1")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=20)


def _add(table: str, column: str, kind: sa.types.TypeEngine, default: str) -> None:
    op.add_column(table, sa.Column(column, kind, nullable=False, server_default=default))


def _change_membership() -> None:
    """What is recorded of a row so far is when it was applied for or decided; good standing ended with its period."""
    op.add_column("membership", sa.Column("good_until", sa.Date(), nullable=True))
    for column, target in (
        ("replaces_id", "membership (id)"),
        ("covered_by_id", "membership (id)"),
        ("recorded_by_id", "person (id)"),
    ):  # in plain SQL: Alembic would write the whole table anew on SQLite
        name = f"fk_membership_{column}_{target.split()[0]}"
        op.execute(f"ALTER TABLE membership ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {target}")
    _add("membership", "covers_name", sa.String(length=200), "")
    _add("membership", "recorded_at", sa.DateTime(timezone=True), "1970-01-01 00:00:00")
    _add("membership", "answers", sa.JSON(), "[]")
    _add("membership", "proof", sa.String(length=500), "")
    op.drop_index(op.f("ix_membership_status_ends_on"), "membership")
    op.create_index(op.f("ix_membership_status_ends_on_person_id"), "membership", ["status", "ends_on", "person_id"])
    op.create_index(
        op.f("ix_membership_person_id_status_starts_on"), "membership", ["person_id", "status", "starts_on"]
    )
    op.create_index(op.f("ix_membership_covered_by_id"), "membership", ["covered_by_id"])
    op.create_index(op.f("ix_membership_replaces_id_starts_on"), "membership", ["replaces_id", "starts_on"])
    op.create_index(
        op.f("ix_membership_status_starts_on_person_id"), "membership", ["status", "starts_on", "person_id"]
    )
    op.execute(
        "UPDATE membership SET good_until = ends_on, recorded_by_id = decided_by_id,"
        " recorded_at = coalesce(decided_at, applied_at, (SELECT created_at FROM person WHERE person.id = person_id))"
    )


def _change_person() -> None:
    for column, kind in (
        ("card_key", sa.String(length=43)),
        ("phone", sa.String(length=40)),
        ("address", sa.Text()),
        ("city", sa.String(length=100)),
        ("language", sa.String(length=35)),
        ("notes", sa.Text()),
        ("about", sa.Text()),
        ("shown", sa.String(length=100)),
        ("folded", sa.Text()),
    ):
        _add("person", column, kind, "")
    _add("person", "revision", sa.Integer(), "1")
    op.add_column("person", sa.Column("born_on", sa.Date(), nullable=True))
    op.add_column("person", sa.Column("external_id", sa.String(length=100), nullable=True))
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_person_city"), "person", ["city"], unique=False)
    op.create_index(op.f("ix_person_external_id"), "person", ["external_id"], unique=True)
    _fold_people()
    _index_for_searches()


def _fold_people() -> None:
    """Fill what searches read."""
    connection = op.get_bind()
    person = sa.table("person", sa.column("id"), sa.column("name"), sa.column("email"), sa.column("folded"))
    rows = connection.execute(sa.select(person.c.id, person.c.name, person.c.email)).all()
    values = [{"number": row.id, "words": _folded(f"{row.name} {row.email or ''}")} for row in rows]
    if values:
        own = person.update().where(person.c.id == sa.bindparam("number")).values(folded=sa.bindparam("words"))
        connection.execute(own, values)


def _folded(text: str) -> str:
    letters = str.maketrans(
        {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
    )
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.translate(letters).split())


def _index_for_searches() -> None:
    """Parts of words by their trigrams: FTS5 on SQLite, pg_trgm on PostgreSQL where the database may have it."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE person_search"
            " USING fts5(folded, content='person', content_rowid='id', tokenize='trigram')"
        )
        op.execute("INSERT INTO person_search(person_search) VALUES ('rebuild')")
        op.execute("CREATE INDEX person_search_order ON person (folded, id) WHERE erased_at IS NULL")
        gone = "INSERT INTO person_search(person_search, rowid, folded) VALUES ('delete', old.id, old.folded);"
        come = "INSERT INTO person_search(rowid, folded) VALUES (new.id, new.folded);"
        op.execute(f"CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN {come} END")
        op.execute(f"CREATE TRIGGER person_search_delete AFTER DELETE ON person BEGIN {gone} END")
        op.execute(
            "CREATE TRIGGER person_search_update AFTER UPDATE OF folded ON person"
            f" WHEN old.folded <> new.folded BEGIN {gone} {come} END"
        )
        return
    op.execute("CREATE INDEX person_search_order ON person (left(folded, 80), id) WHERE erased_at IS NULL")
    if connection.scalar(sa.text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")):
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX person_search ON person USING gin (folded gin_trgm_ops)")


def downgrade() -> None:
    for table, column in WHO_DID:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    _drop_search()
    _drop_columns()
    _drop_tables()
    _restore_membership()


def _drop_search() -> None:
    op.execute("DROP INDEX person_search_order")
    if op.get_bind().dialect.name == "sqlite":
        for moment in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER person_search_{moment}")
        op.execute("DROP TABLE person_search")
    else:
        op.execute("DROP INDEX IF EXISTS person_search")


def _drop_columns() -> None:
    for column in (
        "choice",
        "joining_fee",
        "pro_rata",
        "grace_days",
        "youngest",
        "oldest",
        "proof",
        "covers",
        "places",
    ):
        op.drop_column("tier", column)
    for column in (
        *("join_questions", "consent", "reminder_days", "guests_kept_months", "iban", "bic", "account_holder"),
        *("payment_terms", "bank_columns", "salt"),
    ):
        op.drop_column("society", column)
    op.drop_index(op.f("ix_person_external_id"), "person")
    op.drop_index(op.f("ix_person_city"), "person")
    for column in (
        *("phone", "address", "city", "language", "born_on", "external_id", "notes", "about", "shown", "folded"),
        *("card_key", "revision", "erased_at"),
    ):
        op.drop_column("person", column)
    with op.batch_alter_table("role") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_role_term_id_term"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_role_term_id"))
        for column in ("term_id", "starts_on", "ends_on"):
            batch_op.drop_column(column)


def _drop_tables() -> None:
    for table in (
        *(
            "bank_file",
            "bank_line",
            "payment",
            "due",
            "changed_row",
            "change_set",
            "application_message",
            "term",
            "office",
        ),
        *("saved_view", "person_tag", "tag", "invitation", "import_file", "consent", "erased_address", "counter"),
    ):
        op.drop_table(table)


def _restore_membership() -> None:
    op.drop_index(op.f("ix_membership_person_id_status_starts_on"), "membership")
    op.drop_index(op.f("ix_membership_status_ends_on_person_id"), "membership")
    op.create_index(op.f("ix_membership_status_ends_on"), "membership", ["status", "ends_on"])
    with op.batch_alter_table("membership") as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_status_starts_on_person_id"))
        batch_op.drop_index(batch_op.f("ix_membership_replaces_id_starts_on"))
        batch_op.drop_index(batch_op.f("ix_membership_covered_by_id"))
        for column in (
            *("proof", "answers", "recorded_by_id", "recorded_at", "covers_name", "covered_by_id", "replaces_id"),
            "good_until",
        ):
            batch_op.drop_column(column)
