"""Applying for membership, and what becomes of it: every step adds a row to the register, and changes none."""

from datetime import datetime

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.mail.actions import write
from society.mail.sign_in import ask_to_verify
from society.membership.actions.inviting import passed_on, use_invitation
from society.membership.actions.steps import added, begin_period, hold, kept
from society.membership.applying_forms import Said
from society.membership.models import ApplicationMessage, Choice, Membership, Status, Tier
from society.membership.queries import deciders, decision_on, open_application, standing
from society.membership.render import ages, application_path
from society.people.actions import person_for
from society.people.models import Consent, Person
from society.people.queries import person_by_email
from society.settings import society
from society.times import today_in


def join(
    name: str, email: str, password_hash: str, tier: Tier, now: datetime, said: Said | None = None, invited: str = ""
) -> None:
    """Take up what somebody typed who claims that address; the mail to it tells the rest, whoever they are.

    What they typed is put aside until the address is verified. A verified person's password and name are never
    touched by it; a guest's name and history stay theirs. `invited` is the secret of the invitation they came by, if
    the tier is given by invitation: it is used up, and goes on in the letter to somebody who has a sign-in already.
    """
    invitation = use_invitation(invited, tier, now) if tier.choice is Choice.INVITATION else None
    known = person_by_email(email)
    if known is not None and known.verified_at is not None:
        onward = f"/join?invitation={passed_on(invitation, email, now)}" if invitation else "/join"
        reason = f"known:{invitation.id}:invited" if invitation else f"known:{now:%Y-%m-%d}"
        write(known, "known_address", reason, now=now, onward=onward, secret=invitation is not None)
        return
    person = known or person_for(email, name, now)
    person.password_hash = password_hash
    if standing(person, today_in(society().zone, now)) is None:
        apply(person, tier, now, said)
    ask_to_verify(person, now)


def apply(person: Person, tier: Tier, now: datetime, said: Said | None = None) -> Membership:
    """Note that they want to be a member; `begin` follows once their address is verified."""
    hold(person)
    said = said or Said()
    today = today_in(society().zone, now)
    if standing(person, today):
        raise Refused("You are a member already; there is nothing to apply for.")
    waiting = open_application(person)
    if waiting and person.verified_at:
        raise Refused("You have applied already; the society has not decided yet.")
    row = Membership(person=person, tier=tier, status=Status.APPLIED, starts_on=today, applied_at=now)
    row.replaces_id = waiting.id if waiting else None  # who applies again before verifying means the latest
    row.answers, row.proof, row.covers_name = said.answers, said.proof, said.covers_name
    if said.born_on and (person.born_on is None or waiting):
        person.born_on = said.born_on
    if said.consent:
        db.session.add(Consent(person_id=person.id, wording=said.consent, given_at=now))
    return added(row, now, None)


def begin(person: Person, now: datetime) -> Membership | None:
    """Act on their application now that the address is theirs: admit them, or tell those who decide.

    Returns the period that began, if one did.
    """
    application = open_application(person)
    if application is None:
        return None
    today = today_in(society().zone, now)
    if not application.tier.needs_approval and application.tier.is_open_to(person.born_on, today):
        return _admit(application, now, by=None)
    for decider in db.session.scalars(deciders(today)):
        write(decider, "application", f"application:{application.id}", now=now, application=application)
    path = application_path(application)
    write(person, "applied", f"applied:{application.id}", now=now, application=application, path=path)
    return None


def approve(application: Membership, now: datetime, by: Person) -> Membership:
    """Admit the applicant from today on, and welcome them."""
    admitted = _admit(application, now, by)
    record("application approved", admitted, by=by, now=now, after=kept(admitted))
    return admitted


def _admit(application: Membership, now: datetime, by: Person | None) -> Membership:
    hold(application.person)
    _must_be_open(application)
    today, tier = today_in(society().zone, now), application.tier
    if not tier.is_open_to(application.person.born_on, today):
        raise Refused(f"{tier.name} is for {ages(tier)}; {application.person.name} is not of that age today.")
    admitted = begin_period(
        application.person, tier, today, now=now, by=by, replaces=application, covers_name=application.covers_name
    )
    admitted.applied_at, admitted.decided_at, admitted.decided_by_id = (
        application.applied_at,
        now,
        by.id if by else None,
    )
    write(application.person, "welcome", f"welcome:{application.id}", now=now, membership=admitted)
    return admitted


def reject(application: Membership, note: str, now: datetime, by: Person) -> Membership:
    """Turn the applicant down, and tell them why."""
    hold(application.person)
    _must_be_open(application)
    row = Membership(
        person=application.person,
        tier=application.tier,
        status=Status.REJECTED,
        starts_on=today_in(society().zone, now),
        replaces_id=application.id,
        applied_at=application.applied_at,
        decided_at=now,
        decided_by_id=by.id,
        decision_note=note,
    )
    rejected = added(row, now, by)
    write(application.person, "rejected", f"rejected:{application.id}", now=now, note=note)
    record("application rejected", rejected, by=by, now=now, after=kept(rejected))
    return rejected


def _must_be_open(application: Membership) -> None:
    if application.status is not Status.APPLIED or decision_on(application) is not None:
        raise Refused("This application has been decided already.")


def ask_back(application: Membership, text: str, now: datetime, by: Person) -> ApplicationMessage:
    """Ask the applicant something before deciding; they are written to, with a link under which they answer."""
    hold(application.person)
    _must_be_open(application)
    message = _said(application, text, now, by=by, from_applicant=False)
    path = application_path(application)
    write(application.person, "asked_back", f"asked:{message.id}", now=now, text=text, path=path)
    record("applicant asked back", application, by=by, now=now, after={"question": text})
    return message


def answer(application: Membership, text: str, now: datetime) -> ApplicationMessage:
    """What the applicant answers; those who decide are told."""
    hold(application.person)
    _must_be_open(application)
    message = _said(application, text, now, by=None, from_applicant=True)
    for decider in db.session.scalars(deciders(today_in(society().zone, now))):
        write(decider, "answered", f"answered:{message.id}", now=now, application=application, text=text)
    return message


def _said(
    application: Membership, text: str, now: datetime, *, by: Person | None, from_applicant: bool
) -> ApplicationMessage:
    message = ApplicationMessage(
        membership_id=application.id, at=now, by_id=by.id if by else None, from_applicant=from_applicant, text=text
    )
    db.session.add(message)
    db.session.flush()
    return message
