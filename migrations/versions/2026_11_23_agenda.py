"""Sessions of an event, and seats in them; pages of speakers."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = sa.Enum(
    "talk", "keynote", "panel", "workshop", "break", "social", name="sessionkind", native_enum=False, length=20
)
STATUSES = sa.Enum(
    *("unconfirmed", "pending", "confirmed", "waitlisted", "declined", "maybe", "cancelled"),
    name="rsvpstatus",
    native_enum=False,
    length=20,
)
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def upgrade() -> None:
    op.create_table(
        "event_session",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("room", sa.String(length=100), nullable=False),
        sa.Column("track", sa.String(length=100), nullable=False),
        sa.Column("chair", sa.String(length=200), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("slides_url", sa.String(length=500), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_event_session_capacity_positive")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_event_session_runs_forwards")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_session_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_session")),
    )
    op.create_index(op.f("ix_event_session_event_id_starts_at"), "event_session", ["event_id", "starts_at"])
    op.create_table(
        "session_speaker",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["event_session.id"],
            name=op.f("fk_session_speaker_session_id_event_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_speaker")),
    )
    op.create_index(op.f("ix_session_speaker_session_id"), "session_speaker", ["session_id"])
    op.create_index(op.f("ix_session_speaker_key"), "session_speaker", ["key"])
    op.create_table(
        "speaker_profile",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("same_as", sa.String(length=120), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_speaker_profile_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_profile")),
        sa.UniqueConstraint("key", name=op.f("uq_speaker_profile_key")),
    )
    op.create_index(op.f("ix_speaker_profile_person_id"), "speaker_profile", ["person_id"])
    op.create_index(op.f("ix_speaker_profile_same_as"), "speaker_profile", ["same_as"])
    op.create_table(
        "session_seat",
        sa.Column("rsvp_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("status", STATUSES, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_session_seat_seats_positive")),
        sa.CheckConstraint("status IN ('confirmed', 'waitlisted')", name=op.f("ck_session_seat_seated_or_waiting")),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], name=op.f("fk_session_seat_rsvp_id_rsvp"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["event_session.id"],
            name=op.f("fk_session_seat_session_id_event_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_seat")),
        sa.UniqueConstraint("rsvp_id", "session_id", name=op.f("uq_session_seat_rsvp_id_session_id")),
    )
    op.create_index(
        op.f("ix_session_seat_session_id_status_queued_at_id"),
        "session_seat",
        ["session_id", "status", "queued_at", "id"],
    )
    op.create_table(
        "calendar_sessions",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("vevents", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_calendar_sessions_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_calendar_sessions")),
    )
    op.add_column("event", sa.Column("has_agenda", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("subscription", sa.Column("sessions", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("speaker", sa.Column("key", sa.String(length=120), server_default="", nullable=False))
    _give_speakers_their_pages()
    op.create_index(op.f("ix_speaker_key"), "speaker", ["key"])


def _give_speakers_their_pages() -> None:
    """The addresses of those who are announced already, made of their names as the program makes them."""
    speaker = sa.table("speaker", sa.column("name", sa.String), sa.column("key", sa.String))
    connection = op.get_bind()
    for (name,) in connection.execute(sa.select(speaker.c.name).distinct()).all():
        connection.execute(sa.update(speaker).where(speaker.c.name == name).values(key=_in_an_address(name)))


def _in_an_address(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(LETTERS)
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", " ".join(plain.split()))).strip("-")
    return words[:120].rstrip("-")


def downgrade() -> None:
    op.drop_index(op.f("ix_speaker_key"), table_name="speaker")
    op.drop_column("speaker", "key")
    op.drop_column("subscription", "sessions")
    op.drop_column("event", "has_agenda")
    for table in ("calendar_sessions", "session_seat", "speaker_profile", "session_speaker", "event_session"):
        op.drop_table(table)
