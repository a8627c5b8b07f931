"""Nothing is left that tells who an erased person was, and the books and counts are right."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, select

from society.audit.actions import record
from society.audit.models import AuditEntry
from society.db import Base, db
from society.door.actions import at_the_door, make_key
from society.door.models import DoorAction, DoorKey
from society.door.walk_ins import walk_in
from society.dues.models import BankFile, BankLine, Due, DueKind, LineState, Method, Payment
from society.errors import Refused
from society.mail.actions import bury, leave, write, write_markdown, write_to_address
from society.mail.models import Letter, LetterState, MailingList
from society.membership.actions import apply
from society.membership.models import ApplicationMessage, Membership, Status
from society.membership.queries import in_good_standing, standing
from society.offices.models import Office, Term
from society.people.actions import one_time_link
from society.people.models import Consent, ErasedAddress, Person, Purpose, Rhythm, Role, RoleName, Tag
from society.people.privacy import was_erased
from society.questions.actions import ask, keep
from society.questions.asking import Filled
from society.questions.models import Kind, QuestionAnswer
from society.records.actions import check_erasable, erase
from society.records.mentions import Particulars, mentions
from society.register.models import ChangedRow, ChangeKind, ChangeSet, ImportFile, SavedView
from society.rsvps import feed
from society.rsvps.actions import reply
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import rsvp_of, seated
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier, an_event, letters_to
from tests.people.letters import link_in

SECRETS = ("Zacharias Quimby", "zquimby@example.org", "+49 5551 234567", "17 Foxglove Lane", "Allergic to xylophones")
NAME, EMAIL, PHONE, ADDRESS, NOTES = SECRETS


@pytest.fixture
def secretary(app):
    return a_person("Sec Retary", "secretary")


@pytest.fixture
def zach(app):
    return a_person(
        NAME,
        email=EMAIL,
        phone=PHONE,
        address=f"{ADDRESS}\n12345 Exampleton",
        city="Exampleton",
        zone="Pacific/Chatham",
        notes=NOTES,
        about="I paint.",
        external_id="M-77123",
        born_on=(NOW - timedelta(days=10_000)).date(),
        password_hash="$argon2$",
    )


def gone(person, by, now=NOW):
    particulars = Particulars.of(person)
    erase(person, mentions(particulars), particulars, now=now, by=by)
    db.session.commit()


def texts():
    """Every value of every column of every table, as it is written."""
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            for column in table.columns:
                value = row[column.name]
                if isinstance(column.type, LargeBinary):
                    value = (value or b"").decode("utf-8", "replace")
                yield f"{table.name}.{column.name}", value if isinstance(value, str) else json.dumps(value, default=str)


def found(*secrets):
    return {(where, secret) for where, text in texts() for secret in secrets if secret.lower() in text.lower()}


def a_full_life(zach, secretary):
    """A trace in every table that can hold one."""
    tier = a_tier("Full", needs_approval=True)
    period = a_membership(zach, tier, answers=[{"question": "Why?", "answer": NOTES}], proof=PHONE, decision_note=EMAIL)
    period.covers_name = NAME
    db.session.add(ApplicationMessage(membership_id=period.id, at=NOW, from_applicant=True, text=f"{NAME}: {NOTES}"))
    zach.tags = [Tag(name="choir")]
    db.session.add(Consent(person_id=zach.id, wording="I agree.", given_at=NOW))
    due = Due(number=1, person_id=zach.id, kind=DueKind.DUES, amount=5000, currency="EUR", issued_on=TODAY)
    due.due_on, due.recorded_at, due.about = TODAY, NOW, f"Dues of {NAME}"
    db.session.add(due)
    db.session.flush()
    payment = Payment(receipt=1, person_id=zach.id, due_id=due.id, amount=5000, currency="EUR", recorded_at=NOW)
    payment.method, payment.received_on, payment.note = Method.TRANSFER, TODAY, f"From {NAME}"
    db.session.add(payment)
    db.session.flush()
    line = {"booked_on": TODAY, "amount": 5000, "currency": "EUR", "read_at": NOW}
    db.session.add(BankLine(digest="1", payer=NAME, text=NAME, state=LineState.MATCHED, payment_id=payment.id, **line))
    db.session.add(BankLine(digest="2", payer=NAME.upper(), text=f"for {EMAIL}", **line))
    _audited(zach, period, secretary)
    views = [
        SavedView(person_id=zach.id, name=NAME, query=""),
        SavedView(person_id=secretary.id, name="z", query=EMAIL),
    ]
    db.session.add_all(views)
    changes = ChangeSet(kind=ChangeKind.BULK, what=f"Tagged {NAME}", at=NOW)
    db.session.add(changes)
    db.session.flush()
    rows = [("person", zach.id, {"phone": PHONE}), ("membership", period.id, {"answers": [NOTES]})]
    db.session.add_all(ChangedRow(change_set_id=changes.id, kind=k, row_id=n, before=b, after={}) for k, n, b in rows)
    db.session.add(ImportFile(name="m.csv", content=EMAIL.encode(), uploaded_at=NOW))
    db.session.add(BankFile(content=NAME.encode(), uploaded_at=NOW))
    a_person("Wilma Wife", notes=f"Married to {NAME} ({PHONE}).")
    _letters(zach, secretary)
    return period


def _audited(zach, period, secretary):
    record("person changed", zach, by=secretary, now=NOW, before={"phone": PHONE}, after={"address": ADDRESS})
    record("application approved", period, by=secretary, now=NOW, after={"person": NAME, "status": "active"})
    record("note", secretary, by=secretary, now=NOW, after={"said": f"Asked {NAME}, {EMAIL}."})


def _letters(zach, secretary):
    write_markdown(zach, f"Dear {NAME}", NOTES, "a", now=NOW)
    db.session.scalars(select(Letter).where(Letter.reason == "a")).one().succeed(NOW)
    write_markdown(zach, "Waits", "…", "b", now=NOW)
    write(
        secretary, "application", "application:1", now=NOW, application=db.session.scalars(select(Membership)).first()
    )
    write_to_address(EMAIL, "no_account", "c", now=NOW)
    for number in range(2):
        wrote = write_to_address(
            secretary.email,
            "forwarded",
            f"mail:{number}",
            now=NOW,
            reply_to=EMAIL.title(),
            text=NOTES,
            writer=NAME,
            theirs=EMAIL,
            about=NAME,
            enclosed=True,
        )
        wrote.enclosed = NOTES.encode()
    wrote.succeed(NOW)
    leave(zach, MailingList.NEWSLETTER, NOW)
    one_time_link(zach, Purpose.NEW_EMAIL, NOW, new_email="zach.new@example.org")
    one_time_link(secretary, Purpose.NEW_EMAIL, NOW, new_email=EMAIL)
    bury(EMAIL, "550", NOW)
    feed.subscribe(zach, feed.Wanted(everything=True), now=NOW)


def test_nothing_of_them_is_left_in_any_column_of_any_table(zach, secretary):
    a_full_life(zach, secretary)
    past, coming = an_event(capacity=1), an_event(capacity=1)
    for event in (past, coming):
        reply(event, zach, Answer.YES, note=NOTES, at=NOW)
    at_the_door(past, DoorAction.CHECK_IN, [rsvp_of(past, zach).id], by=secretary, now=NOW)
    past.starts_at = past.starts_at - timedelta(days=60)
    past.ends_at = past.ends_at - timedelta(days=60)
    assert {secret for _, secret in found(*SECRETS)} == set(SECRETS)

    gone(zach, secretary)

    assert found(*SECRETS, "M-77123", "Pacific/Chatham", "I paint.", "zach.new@example.org", "$argon2$") == set()
    assert db.session.get_one(Person, zach.id).name == "Erased person"


def test_ledger_receipts_and_counts_stay(zach, secretary):
    period = a_full_life(zach, secretary)

    gone(zach, secretary)

    due, payment = db.session.scalars(select(Due)).one(), db.session.scalars(select(Payment)).one()
    assert (due.number, due.amount, due.person_id) == (1, 5000, zach.id)
    assert (payment.receipt, payment.amount, payment.due_id) == (1, 5000, due.id)
    assert {line.digest for line in db.session.scalars(select(BankLine))} == {"1", "2"}
    assert db.session.get_one(Membership, period.id).status is Status.ACTIVE
    assert standing(zach, TODAY - timedelta(days=2)) is not None


def test_who_is_erased_is_no_member_any_more_nor_an_applicant(zach, secretary):
    apply(zach, a_tier("Student"), NOW)
    a_membership(zach)

    gone(zach, secretary)

    members = select(Person).where(in_good_standing((NOW + timedelta(days=1)).date()))
    assert zach not in db.session.scalars(members).all()


def test_seats_of_coming_events_go_to_whoever_waits(zach, secretary):
    event, waiting = an_event(capacity=1), a_person("Wim Waits")
    reply(event, zach, Answer.YES, at=NOW)
    reply(event, waiting, Answer.YES, at=NOW)

    gone(zach, secretary)

    assert seated(event) == [waiting]
    assert rsvp_of(event, zach).status is RsvpStatus.CANCELLED
    assert letters_to(zach) == []


def test_what_was_sent_is_counted_still_and_what_waits_is_not_sent(zach, secretary):
    a_full_life(zach, secretary)
    zach.by_letter, zach.rhythm = True, Rhythm.WEEKLY

    gone(zach, secretary)

    assert (zach.by_letter, zach.rhythm) == (False, Rhythm.AT_ONCE)
    own = db.session.scalars(select(Letter).where(Letter.person_id == zach.id)).all()
    assert [(letter.state, letter.to_address, letter.body) for letter in own] == [(LetterState.SENT, "", "")]


@pytest.mark.parametrize("left", [True, False])
def test_what_was_gathered_goes_with_a_digest_that_has_not_left(zach, secretary, left):
    part, digest = (write_markdown(zach, "S", "B", reason, now=NOW) for reason in ("notice:1", "digest:1"))
    part.gather(digest)
    if left:
        digest.succeed(NOW)
    db.session.commit()

    gone(zach, secretary)

    states = db.session.scalars(select(Letter.state).where(Letter.person_id == zach.id).order_by(Letter.id)).all()
    assert states == ([LetterState.GATHERED, LetterState.SENT] if left else [])


def test_what_stands_instead_of_a_short_name_fits_where_the_name_did(secretary):
    li = a_person("Bo Li")
    make_key(an_event(), f"Bo Li, {'x' * 53}", by=secretary, now=NOW)
    gone(li, secretary)
    assert db.session.scalars(select(DoorKey.name)).one() == f"(erased), {'x' * 50}"


def test_what_others_said_or_a_door_noted_of_them_goes_too(zach, secretary):
    event, host = an_event(max_party_size=3), a_person()
    zach.verified_at = NOW
    name = ask(
        event,
        {"kind": Kind.NAMES, "text": "Name", "hint": "", "options": "", "required": False, "of_each": True},
        by=secretary,
        now=NOW,
    )
    brings = reply(event, host, Answer.YES, party_size=2, at=NOW)
    make_key(event, f"{NAME}, side entrance", by=secretary, now=NOW)
    key = db.session.scalars(select(DoorKey)).one()
    walked = walk_in(event, "Other Name", EMAIL, 1, by=key, now=event.starts_at)
    keep(brings.id, 2, [Filled(name, 1, NAME)], NOW)
    assert walked.note == f"Gave the address {EMAIL} at the door."

    gone(zach, secretary)
    db.session.expire_all()
    assert walked.note == "Gave the address (erased) at the door."
    assert key.name == "(erased), side entrance"
    assert f"(erased), side entrance (key {key.id})" in [
        entry.after.get("key") for entry in db.session.scalars(select(AuditEntry))
    ]
    row = db.session.scalars(select(QuestionAnswer)).one()
    assert (row.text, row.folded) == ("(erased)", "(erased)")


def test_names_that_others_bear_stay_theirs(zach, secretary):
    twin = a_person(NAME, notes="the younger")
    record("person changed", twin, by=secretary, now=NOW, before={"name": NAME}, after={"name": "Zach"})
    record("person changed", zach, by=secretary, now=NOW, before={"name": NAME}, after={"name": "Z"})

    gone(zach, secretary)

    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.before.get("name") for entry in entries[:2]] == [NAME, ""]


def test_the_address_is_known_again_by_its_hash_alone(zach, secretary):
    gone(zach, secretary)

    assert was_erased(EMAIL.upper())
    assert len(db.session.scalars(select(ErasedAddress)).all()) == 1


def test_offices_end_and_those_of_before_stay_on_record_without_the_name(zach, secretary):
    office, today = Office(title="Chair"), TODAY
    days = [(-900, -500), (-100, None), (100, 200)]
    for first, last in days:
        ends = None if last is None else today + timedelta(days=last)
        db.session.add(Term(office=office, person=zach, starts_on=today + timedelta(days=first), ends_on=ends))
    db.session.flush()

    gone(zach, secretary)

    terms = db.session.scalars(select(Term).order_by(Term.starts_on)).all()
    assert [term.starts_on for term in terms] == [today + timedelta(days=first) for first, _ in days[:2]]
    assert today - timedelta(days=2) <= terms[1].ends_on < today


def test_the_only_admin_cannot_be_erased(app, secretary):
    ada = a_person("Ada", "admin")
    with pytest.raises(Refused, match="only admin"):
        check_erasable(ada, ada, NOW)

    second = a_person("Bea", "admin")
    gone(ada, second)
    assert not ada.is_staff


def test_staff_are_erased_by_admins_alone(zach, secretary):
    zach.roles = [Role(name=RoleName.ORGANIZER, given_at=NOW)]
    db.session.flush()
    a_person("Ada", "admin")

    with pytest.raises(Refused, match="Only an admin"):
        gone(zach, secretary)


def page_of(person):
    return f"/organize/people/{person.id}/erase"


def test_the_secretary_reads_what_goes_and_types_the_name(client, zach, secretary):
    client.sign_in(secretary)
    reply(an_event(), zach, Answer.YES, at=NOW)
    page = client.get(page_of(zach)).text
    assert "1 answer to coming events: withdrawn" in page

    assert client.post(page_of(zach), data={"typed": "Zach"}).status_code == 422
    assert client.post(page_of(zach), data={"typed": f" {NAME.lower()} "}).status_code == 303

    db.session.expire_all()
    assert zach.erased_at is not None
    assert client.get(page_of(zach)).status_code == 404
    assert client.post(page_of(zach), data={"typed": NAME}).status_code == 404


def test_ones_own_wish_takes_a_mailed_link_and_a_button(client, app, zach):
    client.sign_in(zach)
    assert client.post("/me/data").status_code == 303
    link = link_in(EMAIL, "/me/data/erase/")
    stranger = app.test_client()
    assert [stranger.get(link).status_code for _ in range(2)] == [200, 200]
    db.session.expire_all()
    assert zach.erased_at is None

    assert "It is done" in client.post(link).text

    db.session.expire_all()
    assert zach.erased_at is not None
    assert stranger.get(link).status_code == 410
    assert client.get("/me").status_code == 303
    assert found(EMAIL, NAME) == set()


def test_a_link_for_something_else_erases_nobody(client, zach):
    secret = one_time_link(zach, Purpose.SIGN_IN, NOW)
    db.session.commit()

    assert client.post(f"/me/data/erase/{secret}").status_code == 410


def test_a_consent_is_read_in_its_words_and_withdrawn_by_its_owner_alone(client, app, zach, secretary):
    consent = Consent(person_id=zach.id, wording="I *agree* to the rules.", given_at=NOW)
    db.session.add(consent)
    db.session.flush()
    assert app.test_client().sign_in(secretary).post("/me/consent", data={"consent_id": consent.id}).status_code == 404
    assert "<em>agree</em>" in client.sign_in(zach).get("/me/consent").text

    assert client.post("/me/consent", data={"consent_id": consent.id}).status_code == 303

    assert "Withdrawn" in client.get("/me/consent").text
    assert client.post("/me/consent", data={"consent_id": consent.id}).status_code == 404
