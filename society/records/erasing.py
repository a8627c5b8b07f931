"""What goes of people who are erased or, as guests, forgotten; what stays keeps ledger and counts right."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from society.agenda.models import SpeakerProfile
from society.audit.models import AuditEntry
from society.backings.models import BackingStep
from society.calendars.models import Feed, Subscription
from society.db import db
from society.dues.models import BankLine, Due, Payment
from society.events.models import Backing
from society.invitations.models import TimeProposal
from society.mail.models import GONE_OUT, DeadAddress, Letter, OptOut
from society.membership.models import ApplicationMessage, Invitation, Membership
from society.notices.models import Delivery
from society.offices.models import Term
from society.people.models import Consent, EventOrganizer, FormerPerson, OneTimeLink, Person, Rhythm, Role, person_tag
from society.questions.models import Agreement, QuestionAnswer
from society.register.models import ChangedRow, SavedView
from society.rsvps.models import FormerRsvp, Rsvp

ERASED = "Erased person"
FORGOTTEN = "Former guest"

_OWN = (FormerPerson, Consent, OptOut, OneTimeLink, Subscription, SavedView, Role, EventOrganizer, TimeProposal)
"""Rows of theirs that go as they are."""

_KEPT_VALUES = ("role", "status", "amount", "currency", "starts_on", "ends_on", "rsvp", "tier")
"""What entries of the audit log about them go on to tell."""


def blank(people: Sequence[Person], name: str, now: datetime) -> None:
    """Take out all that tells who they were, in as many statements however many they are."""
    numbers = [person.id for person in people]
    addresses = [person.email for person in people if person.email]
    words = or_(Letter.reason.startswith("mail:"), Letter.reason.startswith("proposal:"))
    wrote = words & func.lower(Letter.reply_to).in_(addresses)
    _blank_letters(or_(Letter.person_id.in_(numbers), Letter.to_address.in_(addresses), wrote))
    _blank_audit(numbers)
    _blank_steps_and_ledger(numbers)
    for model in _OWN:
        _gone(model, model.person_id.in_(numbers))
    _gone(OneTimeLink, OneTimeLink.new_email.in_(addresses))
    _gone(Invitation, Invitation.email.in_(addresses))
    _blank_contacts(addresses)
    _gone(DeadAddress, DeadAddress.address.in_(addresses))
    _gone(Feed, Feed.key.in_([f"person/{number}" for number in numbers]))
    db.session.execute(delete(person_tag).where(person_tag.c.person_id.in_(numbers)))
    for person in people:
        _blank_person(person, name, now)
    db.session.flush()


def _blank_contacts(addresses: Sequence[str]) -> None:
    """The word of an organization stays; who gave it does not."""
    _set(BackingStep, BackingStep.address.in_(addresses), name="", title="", address="")
    _end_links(Backing, Backing.contact_email.in_(addresses))
    _set(Backing, Backing.contact_email.in_(addresses), contact_name="", contact_email="", message="")


def _gone(model: Any, *which: ColumnElement[bool]) -> None:
    db.session.execute(delete(model).where(*which).execution_options(synchronize_session=False))


def _set(model: Any, which: ColumnElement[bool], **values: Any) -> None:
    db.session.execute(update(model).where(which).values(**values).execution_options(synchronize_session=False))


def _end_links(model: Any, which: ColumnElement[bool]) -> None:
    """What was mailed opens nothing any more, and nothing else opens it."""
    keys = [
        {"id": number, "link_key": token_urlsafe(16)} for number in db.session.scalars(select(model.id).where(which))
    ]
    if keys:
        db.session.execute(update(model), keys)


def _blank_letters(theirs: ColumnElement[bool]) -> None:
    """What waits, by itself or in a digest, is not sent any more; of what was sent, that it was stays, for the counts
    of notices."""
    digest = aliased(Letter)
    waits_in_one = exists().where(digest.id == Letter.gathered_in_id, digest.state.not_in(GONE_OUT))
    unsent = select(Letter.id).where(theirs, or_(Letter.state.not_in(GONE_OUT), waits_in_one))
    _set(Delivery, Delivery.letter_id.in_(unsent), letter_id=None)
    _gone(Letter, Letter.id.in_(unsent))
    blanks = {"to_name": "", "to_address": "", "subject": "", "body": "", "calendar": None, "enclosed": None}
    _set(Letter, theirs, **blanks, reply_to=None, last_error=None)


def _blank_steps_and_ledger(numbers: Sequence[int]) -> None:
    """Standing, amounts and numbers stay as they are; what was said beside them goes."""
    steps = select(Membership.id).where(Membership.person_id.in_(numbers))
    _gone(ApplicationMessage, ApplicationMessage.membership_id.in_(steps))
    own = Membership.person_id.in_(numbers)
    _set(Membership, own, answers=[], proof="", decision_note="", covers_name="")
    payments = select(Payment.id).where(Payment.person_id.in_(numbers))
    _set(BankLine, BankLine.payment_id.in_(payments), payer="", text="")
    _set(Payment, Payment.person_id.in_(numbers), note="")
    _set(Rsvp, Rsvp.person_id.in_(numbers), note="")
    _end_links(Rsvp, Rsvp.person_id.in_(numbers))
    _gone(FormerRsvp, FormerRsvp.rsvp_id.in_(select(Rsvp.id).where(Rsvp.person_id.in_(numbers))))
    _gone(Agreement, Agreement.rsvp_id.in_(select(Rsvp.id).where(Rsvp.person_id.in_(numbers))))
    _gone(QuestionAnswer, QuestionAnswer.rsvp_id.in_(select(Rsvp.id).where(Rsvp.person_id.in_(numbers))))
    _set(SpeakerProfile, SpeakerProfile.person_id.in_(numbers), about="", person_id=None)
    for kind, rows in _rows_of(numbers):
        _gone(ChangedRow, ChangedRow.kind == kind, ChangedRow.row_id.in_(rows))
    _gone(ChangedRow, ChangedRow.kind.in_([Person.__tablename__, person_tag.name]), ChangedRow.row_id.in_(numbers))


def _rows_of(numbers: Sequence[int]) -> list[tuple[str, Select[int]]]:
    """What is theirs of each table whose rows the audit log and changes of many rows name."""
    models: tuple[Any, ...] = (Membership, Due, Payment, Term, Rsvp, Consent, Role, SavedView, SpeakerProfile)
    return [(model.__tablename__, select(model.id).where(model.person_id.in_(numbers))) for model in models]


def _blank_audit(numbers: Sequence[int]) -> None:
    """Entries about them, or about rows of theirs, tell what was done and when, by numbers and words of ours alone."""
    about = [(AuditEntry.subject_kind == kind) & AuditEntry.subject_id.in_(rows) for kind, rows in _rows_of(numbers)]
    about.append((AuditEntry.subject_kind == Person.__tablename__) & AuditEntry.subject_id.in_(numbers))
    for entry in db.session.scalars(select(AuditEntry).where(or_(*about))):
        entry.subject_name = ERASED
        entry.before, entry.after = _impersonal(entry.before), _impersonal(entry.after)
    answers = dict(db.session.execute(select(Rsvp.id, Rsvp.event_id).where(Rsvp.person_id.in_(numbers))).all())
    at_events = AuditEntry.subject_kind == "event", AuditEntry.subject_id.in_(set(answers.values()))
    for entry in db.session.scalars(select(AuditEntry).where(*at_events)):
        if {**entry.before, **entry.after}.get("rsvp") in answers:
            entry.before, entry.after = _impersonal(entry.before), _impersonal(entry.after)
    db.session.flush()


def _impersonal(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value if key in _KEPT_VALUES or not isinstance(value, str) else "" for key, value in values.items()}


def _blank_person(person: Person, name: str, now: datetime) -> None:
    person.name, person.email, person.external_id, person.born_on = name, None, None, None
    person.phone = person.address = person.city = person.language = person.zone = ""
    person.notes = person.about = person.shown = ""
    person.by_letter, person.rhythm = False, Rhythm.AT_ONCE
    person.password_hash = person.verified_at = None
    person.link_key = token_urlsafe(16)
    person.erased_at = now
    person.revision += 1
    person.sign_out_everywhere()
    db.session.flush()
    db.session.expire(person, ["tags", "roles"])
