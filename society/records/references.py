"""All that refers to a person, by table and column, and what a merge does with it.

A test compares this with the database's foreign keys, so that nothing new is forgotten.
"""

from collections.abc import Iterator

from sqlalchemy import Column, Table

from society.db import Base
from society.people.models import Person

MOVED = frozenset(
    {
        *{"application_message.by_id", "audit_entry.actor_id", "backing.confirmed_by_id", "backing_step.by_id"},
        *{"bank_file.by_id", "former_person.person_id"},
        *{"change_set.by_id"},
        *{"change_set.undone_by_id", "consent.person_id", "due.person_id", "due.recorded_by_id", "event.created_by_id"},
        *{"event_series.created_by_id"},
        *{
            "calendar_file.by_id",
            "import_file.by_id",
            "invitation.by_id",
            "membership.decided_by_id",
            "membership.person_id",
        },
        *{"membership.recorded_by_id", "notice.created_by_id", "payment.person_id", "payment.recorded_by_id"},
        *{"role.person_id", "rsvp_transition.actor_id", "saved_view.person_id", "speaker_profile.person_id"},
        *{"term.person_id", "time_proposal.answered_by_id"},
    }
)
"""Simply goes over to the one who is kept (roles and views once those that are held twice are gone)."""

ONCE_EACH = {
    "delivery.person_id": ("notice_id",),
    "event_organizer.person_id": ("event_id",),
    "letter.person_id": ("reason",),
    "opt_out.person_id": ("mailing_list",),
    "person_tag.person_id": ("tag_id",),
    "rsvp.person_id": ("event_id",),
    "subscription.person_id": (),
    "time_proposal.person_id": ("event_id",),
}
"""Goes over where the one who is kept has none with the same values in these columns."""

ENDED = frozenset({"one_time_link.person_id"})
"""Mailed to somebody who is no more: deleted."""


def referring() -> Iterator[tuple[Table, Column[int]]]:
    """Every column that refers to a person."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == Person.__tablename__:
                yield table, table.c[key.parent.name]
