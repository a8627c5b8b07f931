"""All that is kept on one person, from every slice: for them to read and to take along."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import and_, func, inspect, or_, select
from sqlalchemy.orm import joinedload

from society.agenda.models import Session, SpeakerProfile
from society.audit.models import AuditEntry
from society.backings.models import BackingStep
from society.calendars.models import Subscription
from society.db import Model, db
from society.dues.models import Due, Payment
from society.events.models import Backing, Event
from society.events.queries import organized_by
from society.invitations.models import TimeProposal
from society.mail.models import Letter, OptOut
from society.mail.plain import plain
from society.mail.queries import dead_address
from society.membership.models import ApplicationMessage, Membership
from society.membership.queries import periods_of
from society.offices.models import Term
from society.people.models import Consent, FormerPerson, Person
from society.questions.models import Agreement, AnswerFile, QuestionAnswer
from society.register.models import SavedView
from society.rsvps.models import Rsvp, Transition
from society.rsvps.session_models import SessionSeat

SECRET = {"password_hash", "session_key", "link_key", "card_key", "token_hash", "folded", "folded_name"}
"""What would let another act for them: only that it exists is told."""

INTERNAL = {"id", "person_id", "rsvp_id", "claimed_until", "claimed_by", "due_at", "attempts", "revision"}
INTERNAL |= {"membership_id", "replaces_id", "covered_by_id", "recorded_by_id", "office_id", "term_id"}
INTERNAL |= {"gathered_in_id"}


def kept_on(person: Person) -> dict[str, Any]:
    """In plain values (instants and dates in ISO 8601); as many queries however much it is."""
    return {
        "person": _plain(person) | {"has_password": person.password_hash is not None},
        "roles": _all_plain(person.roles),
        "organizes": [event.title for event in db.session.scalars(organized_by(person))],
        "tags": [tag.name for tag in person.tags],
        "merged_from": _all_plain(_rows(FormerPerson, person)),
        "consents": _all_plain(_rows(Consent, person)),
        "memberships": _steps(person),
        "dues": [_plain(due, "tier_id", "credits_id", "renews") for due in _rows(Due, person)],
        "payments": [_plain(payment, "due_id", "refunds_id") for payment in _rows(Payment, person)],
        "offices": [
            {"office": term.office.title, "committee": term.office.committee} | _plain(term)
            for term in _rows(Term, person)
        ],
        "rsvps": _answers(person),
        "proposed_times": _proposed(person),
        "asked_for_organizations": _asked(person),
        "speaks_as": _all_plain(_rows(SpeakerProfile, person)),
        "letters": [_letter(letter) for letter in _rows(Letter, person)],
        "wrote_back": [_letter(letter) for letter in _wrote_back(person)],
        "refuses_mail": _refusal(person),
        "lists_left": _all_plain(_rows(OptOut, person)),
        "calendar": _all_plain(_rows(Subscription, person)),
        "saved_views": _all_plain(_rows(SavedView, person)),
        "audit": _audit(person),
    }


def _steps(person: Person) -> list[dict[str, Any]]:
    """Every step of their membership, with what was asked and said."""
    said: dict[int, list[dict[str, Any]]] = {}
    own = select(ApplicationMessage).join(Membership).where(Membership.person_id == person.id)
    for message in db.session.scalars(own.order_by(ApplicationMessage.id)):
        by = "you" if message.from_applicant else "the society"
        said.setdefault(message.membership_id, []).append(_plain(message, "by_id", "from_applicant") | {"by": by})
    return [
        {"tier": step.tier.name} | _plain(step, "tier_id", "decided_by_id") | {"messages": said.get(step.id, [])}
        for step in db.session.scalars(periods_of(person))
    ]


def _proposed(person: Person) -> list[dict[str, Any]]:
    """Which other times for events, and what became of that."""
    rows = select(TimeProposal, Event.title).join(Event, Event.id == TimeProposal.event_id)
    own = db.session.execute(rows.where(TimeProposal.person_id == person.id).order_by(TimeProposal.id))
    return [{"event": title} | _plain(proposal, "event_id", "answered_by_id") for proposal, title in own]


def _asked(person: Person) -> list[dict[str, str]]:
    """For which organizations they were asked or answered, by their address, whether those back an event."""
    address = person.email or None
    answered = select(BackingStep.backing_id).where(BackingStep.address == address)
    theirs = select(Backing, Event.title).join(Event, Event.id == Backing.event_id)
    rows = theirs.where(or_(Backing.contact_email == address, Backing.id.in_(answered))).order_by(Backing.id)
    return [
        {"event": title, "organization": backing.organization.name, "role": backing.role}
        | ({"name": backing.contact_name} if backing.contact_email == address else {})  # another was asked since
        for backing, title in db.session.execute(rows)
    ]


def _audit(person: Person) -> list[dict[str, Any]]:
    """What they and staff did to their row, and to rows of theirs; not who of the staff."""
    rows: list[Any] = [AuditEntry.subject_kind == Person.__tablename__, AuditEntry.subject_id == person.id]
    about = [and_(*rows)]
    for model in (Membership, Due, Payment, Term):
        own = select(model.id).where(model.person_id == person.id)
        about.append(and_(AuditEntry.subject_kind == model.__tablename__, AuditEntry.subject_id.in_(own)))
    found = select(AuditEntry).where(or_(*about)).order_by(AuditEntry.id)
    by = {None: "the program", person.id: "you"}
    return [
        _plain(entry, "actor_id", "subject_id", "subject_name") | {"by": by.get(entry.actor_id, "the society")}
        for entry in db.session.scalars(found)
    ]


def _answers(person: Person) -> list[dict[str, Any]]:
    own = select(Rsvp).where(Rsvp.person_id == person.id).order_by(Rsvp.id).options(joinedload(Rsvp.event))
    steps: dict[int, list[dict[str, Any]]] = {}
    history = select(Transition).join(Transition.rsvp).where(Rsvp.person_id == person.id).order_by(Transition.id)
    for step in db.session.scalars(history):
        by = {None: "the program", person.id: "you"}.get(step.actor_id, "the society")
        steps.setdefault(step.rsvp_id, []).append(_plain(step, "actor_id") | {"by": by})
    sessions, said, agreed = _session_seats(person), _said(person), _agreed(person)
    return [
        {"event": rsvp.event.title, "starts": rsvp.event.starts.isoformat(), "zone": rsvp.event.zone}
        | _plain(rsvp, "event_id")
        | {"history": steps.get(rsvp.id, []), "sessions": sessions.get(rsvp.id, [])}
        | {"said": said.get(rsvp.id, []), "agreed": agreed.get(rsvp.id, [])}
        for rsvp in db.session.scalars(own)
    ]


def _said(person: Person) -> dict[int, list[dict[str, Any]]]:
    """By answer, what they were asked and said, with the files that they sent (in Base64)."""
    rows = select(QuestionAnswer, AnswerFile).join(Rsvp, Rsvp.id == QuestionAnswer.rsvp_id)
    rows = rows.outerjoin(AnswerFile, AnswerFile.answer_id == QuestionAnswer.id).where(Rsvp.person_id == person.id)
    found: dict[int, list[dict[str, Any]]] = {}
    for row, file in db.session.execute(rows.order_by(QuestionAnswer.id)):
        sent = {"media_type": file.media_type, "content": b64encode(file.content).decode()} if file else {}
        told = {"question": row.asked, "guest": row.guest, "answer": row.text}
        found.setdefault(row.rsvp_id, []).append(told | ({"file": sent} if sent else {}))
    return found


def _agreed(person: Person) -> dict[int, list[dict[str, Any]]]:
    """By answer, the consents that they gave, in the words that stood there, also those they took back."""
    rows = select(Agreement).join(Rsvp, Rsvp.id == Agreement.rsvp_id).where(Rsvp.person_id == person.id)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in db.session.scalars(rows.order_by(Agreement.id)):
        found.setdefault(row.rsvp_id, []).append(_plain(row, "question_id"))
    return found


def _session_seats(person: Person) -> dict[int, list[dict[str, Any]]]:
    """By answer, the sessions in which they have a seat or wait for one."""
    rows = select(SessionSeat, Session.title).join(SessionSeat.session).join(SessionSeat.rsvp)
    found: dict[int, list[dict[str, Any]]] = {}
    for seat, title in db.session.execute(rows.where(Rsvp.person_id == person.id).order_by(SessionSeat.id)):
        found.setdefault(seat.rsvp_id, []).append({"session": title} | _plain(seat, "session_id"))
    return found


def _letter(letter: Letter) -> dict[str, Any]:
    """Without what is for the reader of that mailbox alone: whoever sits at a borrowed browser may not be."""
    text = "" if letter.secret else plain(letter.body)
    return _plain(letter, "body", "calendar", "enclosed", "secret") | {"text": text}


def _wrote_back(person: Person) -> Iterable[Letter]:
    """What they wrote in answer to letters or when they proposed another time, as it was handed on."""
    words = or_(Letter.reason.startswith("mail:"), Letter.reason.startswith("proposal:"))
    rows = select(Letter).where(words, func.lower(Letter.reply_to) == person.email)
    return db.session.scalars(rows.order_by(Letter.id))


def _refusal(person: Person) -> dict[str, Any] | None:
    """Since when, and in what words, mail servers refuse their address."""
    dead = dead_address(person.email)
    return _plain(dead) if dead else None


def _rows(model: Any, person: Person) -> Iterable[Any]:
    return db.session.scalars(select(model).where(model.person_id == person.id).order_by(model.id))


def _all_plain(rows: Iterable[Model]) -> list[dict[str, Any]]:
    return [_plain(row) for row in rows]


def _plain(row: Model, *left_out: str) -> dict[str, Any]:
    names = (column.key for column in inspect(type(row)).column_attrs)
    return {name: _value(getattr(row, name)) for name in names if name not in SECRET | INTERNAL | set(left_out)}


def _value(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date() | datetime():
            return value.isoformat()
        case _:
            return value
