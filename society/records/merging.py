"""Two rows that are one person become one. What belongs to the one who goes moves to the one who is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, delete, func, select, update

from society.audit.actions import record
from society.audit.models import AuditEntry
from society.calendars.models import Feed
from society.db import db
from society.errors import Refused
from society.mail.models import GONE_OUT, Letter
from society.people.actions import end_links
from society.people.models import FormerPerson, Person, Rhythm, Role, RoleName
from society.records import answers, proposals
from society.records.references import ENDED, MOVED, ONCE_EACH, referring
from society.register.models import SavedView
from society.rsvps.feed import answered as refresh_feed
from society.rsvps.feed import follow_by_feed

FIELDS = {
    "name": "Name",
    "email": "Email",
    "phone": "Phone",
    "address": "Address",
    "city": "City",
    "language": "Language",
    "zone": "Time zone",
    "born_on": "Born on",
    "external_id": "Number elsewhere",
    "notes": "Notes",
    "about": "About",
    "shown": "Shown to members",
}
"""What one chooses between, with its words on the page."""

BOTH = "both"


def merge(keep: Person, gone: Person, chosen: Mapping[str, str], revisions: tuple[int, int], **act: Any) -> None:
    """Make one of two. `chosen` says of each field whose value stays ("keep", "gone" or "both"); `act` is by, now.

    The sign-in goes with the address: password and proof are those of the one whose address stays. All sessions end.
    """
    by: Person = act["by"]
    now: datetime = act["now"]
    check(keep, gone, by)
    answers.hold_events(keep, gone)
    _hold(keep, gone, revisions)
    was = {f"gone_{name}": getattr(gone, name) for name in FIELDS if getattr(gone, name)} | {"gone_number": gone.id}
    before = {name: getattr(keep, name) for name in FIELDS}
    was |= proposals.merge(keep, gone)
    moved = _move_all(keep, gone, now)
    if "moved subscription.person_id" in moved:  # what was chosen beside the feed goes along with it
        follow_by_feed(keep, alone=gone.feed_only)
    keep.sequence_beyond = max(keep.sequence_beyond, gone.sequence_beyond)
    keep.by_letter = keep.by_letter or gone.by_letter
    keep.rhythm = max(keep.rhythm, gone.rhythm, key=list(Rhythm).index)  # whoever asked for less mail gets less
    db.session.add(_former(keep, gone, chosen, now))
    _take_over(keep, gone, chosen)
    refresh_feed(keep, now)
    after = {name: getattr(keep, name) for name in FIELDS if getattr(keep, name) != before[name]}
    was |= {name: before[name] for name in after}
    record("people merged", keep, by=by, now=now, before=was, after={**after, **moved})
    db.session.expire_all()


def check(keep: Person, gone: Person, by: Person) -> None:
    """Whether they may be merged, by that person."""
    if keep.id == gone.id:
        raise Refused("These are one and the same person already.")
    if keep.erased_at or gone.erased_at:
        raise Refused("An erased person cannot be merged with anybody.")
    if gone.id == by.id:
        raise Refused("You cannot merge yourself away. Keep yourself, or ask somebody else to do it.")
    if (keep.roles or gone.roles) and not by.has_role(RoleName.ADMIN):
        raise Refused("One of them has a role here. Only an admin can merge people who have roles.")


def _hold(keep: Person, gone: Person, revisions: tuple[int, int]) -> None:
    """Nobody has changed either of them since the page was shown, and nobody does meanwhile."""
    both = select(Person).where(Person.id.in_([keep.id, gone.id])).order_by(Person.id).with_for_update(of=Person)
    db.session.scalars(both.execution_options(populate_existing=True)).all()
    if (keep.revision, gone.revision) != revisions:
        raise Refused("Somebody has changed one of them in the meantime. Please look at both again.")


def _move_all(keep: Person, gone: Person, now: datetime) -> dict[str, str]:
    """What has moved, by table and column: the numbers of its rows."""
    answers.merge(keep, gone, now)
    _drop_what_is_held_twice(keep, gone)
    moved = {}
    for table, column in referring():
        name = f"{table.name}.{column.name}"
        if name in ENDED:
            db.session.execute(delete(table).where(column == gone.id))
        elif name in MOVED or name in ONCE_EACH:
            moved[name] = _move(table, column, keep, gone)
    subject = AuditEntry.subject_kind == Person.__tablename__, AuditEntry.subject_id == gone.id
    db.session.execute(update(AuditEntry).where(*subject).values(subject_id=keep.id))
    db.session.execute(delete(Feed).where(Feed.key == f"person/{gone.id}"))
    return {f"moved {name}": numbers for name, numbers in moved.items() if numbers}


def _move(table: Table, column: Column[int], keep: Person, gone: Person) -> str:
    name = f"{table.name}.{column.name}"
    if name in ONCE_EACH:
        held = table.alias()
        same = [held.c[key] == table.c[key] for key in ONCE_EACH[name]]
        twice = select(held.c[column.name]).where(held.c[column.name] == keep.id, *same).exists()
        db.session.execute(delete(table).where(column == gone.id, twice))
    key = table.c.id if "id" in table.c else table.c.tag_id
    numbers = db.session.scalars(select(key).where(column == gone.id).order_by(key)).all()
    db.session.execute(update(table).where(column == gone.id).values({column.name: keep.id}))
    return " ".join(map(str, numbers))


def _drop_what_is_held_twice(keep: Person, gone: Person) -> None:
    """Roles that both have, and letters to both about one thing: what was sent stays, what waits is not sent twice."""
    same = {(role.name, role.term_id) for role in keep.roles}
    for role in [role for role in gone.roles if (role.name, role.term_id) in same]:
        db.session.execute(delete(Role).where(Role.id == role.id))
    reasons = select(Letter.reason).where(Letter.person_id == keep.id)
    double = select(Letter).where(Letter.person_id == gone.id, Letter.reason.in_(reasons))
    for letter in db.session.scalars(double).all():
        if letter.state in GONE_OUT:
            _keep_that_it_moved(letter, keep)
            letter.reason = f"{letter.reason[:80]} to {gone.id}"
    names = select(SavedView.name).where(SavedView.person_id == keep.id)
    for view in db.session.scalars(select(SavedView).where(SavedView.person_id == gone.id, SavedView.name.in_(names))):
        view.name = f"{view.name[:85]} ({gone.id})"
    db.session.flush()
    _unlink_deliveries(keep, gone)


def _keep_that_it_moved(double: Letter, keep: Person) -> None:
    """Whoever acted by the one letter has acted by the notice."""
    if double.acted_at is not None:
        kept = select(Letter).where(Letter.person_id == keep.id, Letter.reason == double.reason)
        if letter := db.session.scalar(kept):
            letter.act(double.acted_at)


def _unlink_deliveries(keep: Person, gone: Person) -> None:
    """Deliveries of letters that are about to go point at none."""
    delivery, letter = (Person.metadata.tables[name] for name in ("delivery", "letter"))
    reasons = select(letter.c.reason).where(letter.c.person_id == keep.id)
    going = select(letter.c.id).where(letter.c.person_id == gone.id, letter.c.reason.in_(reasons))
    db.session.execute(update(delivery).where(delivery.c.letter_id.in_(going)).values(letter_id=None))


def _former(keep: Person, gone: Person, chosen: Mapping[str, str], now: datetime) -> FormerPerson:
    """By what the links and calendars that were sent to them so far are known again."""
    address = keep.email if chosen.get("email") == "gone" else gone.email
    keys = {"link_key": gone.link_key, "card_key": gone.card_key}
    return FormerPerson(person_id=keep.id, number=gone.id, address=address, merged_at=now, **keys)


def _take_over(keep: Person, gone: Person, chosen: Mapping[str, str]) -> None:
    """Set what was chosen, then let the other row go: no two may have one address or number."""
    values = {name: _value(keep, gone, name, chosen.get(name, "keep")) for name in FIELDS}
    password, verified = gone.password_hash, gone.verified_at
    first = min(keep.created_at, gone.created_at)
    db.session.execute(delete(Person).where(Person.id == gone.id).execution_options(synchronize_session=False))
    db.session.expunge(gone)
    if chosen.get("email") == "gone":
        keep.password_hash, keep.verified_at = password, verified
        end_links(keep)
    for name, value in values.items():
        setattr(keep, name, value)
    keep.created_at = first
    keep.revision += 1
    keep.sign_out_everywhere()
    db.session.flush()


def _value(keep: Person, gone: Person, name: str, whose: str) -> Any:
    own, other = getattr(keep, name), getattr(gone, name)
    if whose == BOTH:
        return "\n\n".join(dict.fromkeys(filter(None, [own, other])))
    return other if whose == "gone" else own


def differences(keep: Person, gone: Person) -> list[tuple[str, Any, Any]]:
    """The fields in which they differ: (field, the kept one's value, the other's)."""
    rows = ((name, getattr(keep, name), getattr(gone, name)) for name in FIELDS)
    return [(name, own, other) for name, own, other in rows if (own or "") != (other or "")]


def belongings(person: Person) -> dict[str, int]:
    """How much of each kind is theirs, in one query."""
    kinds = {"membership": "Membership periods", "due": "Invoices", "payment": "Payments", "rsvp": "Answers to events"}
    kinds |= {"letter": "Letters", "term": "Terms of office", "consent": "Consents"}
    tables = {name: Person.metadata.tables[name] for name in kinds}
    counts = [select(func.count()).where(table.c.person_id == person.id).scalar_subquery() for table in tables.values()]
    row = db.session.execute(select(*counts)).one()
    return {kinds[name]: number for name, number in zip(tables, row, strict=True) if number}
