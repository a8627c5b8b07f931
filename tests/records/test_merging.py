"""Two rows that are one person."""

import threading
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, select, update

from society.agenda.planning import Plan
from society.audit.models import AuditEntry
from society.audit.render import changed
from society.db import Base, begin_write, db, waited_to_write
from society.errors import Refused
from society.mail.actions import choose as choose_lists
from society.mail.actions import write_markdown
from society.mail.models import Letter, LetterState, MailingList, OptOut
from society.membership.models import Membership
from society.people.actions import one_time_link
from society.people.models import Consent, Person, Purpose, Rhythm, Role, RoleName, Tag
from society.records.merging import merge
from society.records.references import ENDED, MOVED, ONCE_EACH, referring
from society.register.models import SavedView
from society.rsvps import feed
from society.rsvps.actions import ask_guest, reply, withdraw
from society.rsvps.agenda import choose, enter
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.queries import history, rsvp_of, seated
from society.rsvps.seats import lock
from society.rsvps.session_seats import held_by
from tests.builders import NOW, a_membership, a_person, an_event, letters_to
from tests.rsvps.deciding import decided


@pytest.fixture
def secretary(app):
    return a_person("Sec Retary", "secretary")


@pytest.fixture
def two(app):
    return a_person("Ann Ash", email="ann@example.org"), a_person("Ann Asch", email="asch@example.org", phone="5551234")


def made_one(two, by, **chosen):
    keep, gone = two
    merge(keep, gone, chosen, (keep.revision, gone.revision), by=by, now=NOW)
    return db.session.get_one(Person, keep.id)


def test_everything_that_refers_to_a_person_is_dealt_with(app):
    columns = {f"{table.name}.{column.name}" for table, column in referring()}

    assert columns == MOVED | set(ONCE_EACH) | ENDED


def test_what_is_unique_for_a_person_is_known_to_be(app):
    """A constraint that names a person, and is not dealt with, would make a merge fail."""
    unique = {
        f"{table.name}.{column.name}"
        for table, column in referring()
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint) and column in list(constraint.columns)
    }

    assert unique - {"saved_view.person_id"} == set(ONCE_EACH)


def test_what_was_chosen_stays_and_the_other_row_is_gone(two, secretary):
    number = two[1].id
    ann = made_one(two, secretary, email="gone", phone="gone")

    assert (ann.name, ann.email, ann.phone) == ("Ann Ash", "asch@example.org", "5551234")
    assert ann.folded == "ann ash asch@example.org 5551234"
    assert db.session.get(Person, number) is None


def test_notes_of_both_can_stay(two, secretary):
    two[0].notes, two[1].notes = "Plays the viola.", "Moved in May."

    assert made_one(two, secretary, notes="both").notes == "Plays the viola.\n\nMoved in May."


def test_what_belongs_to_the_other_moves(two, secretary):
    keep, gone = two
    membership = a_membership(gone)
    gone.tags = [Tag(name="choir")]
    keep.tags = [gone.tags[0]]
    db.session.add(Consent(person_id=gone.id, wording="I agree.", given_at=NOW))
    choose_lists(gone, [], NOW)
    choose_lists(keep, [MailingList.REMINDERS], NOW)
    write_markdown(gone, "To both", "…", "notice:1", now=NOW)
    db.session.execute(update(Letter).values(state=LetterState.SENT, acted_at=NOW))
    write_markdown(keep, "To both", "…", "notice:1", now=NOW)
    write_markdown(gone, "Waits", "…", "notice:2", now=NOW)
    write_markdown(keep, "Waits", "…", "notice:2", now=NOW)
    db.session.add_all(SavedView(person_id=person.id, name="Mine", query="") for person in two)
    feed.subscribe(gone, feed.Wanted(everything=True), now=NOW)
    gone.feed_only = gone.by_letter = True
    gone.rhythm = Rhythm.DAILY
    one_time_link(gone, Purpose.RESET, NOW)

    ann = made_one(two, secretary)

    assert db.session.get_one(Membership, membership.id).person_id == ann.id
    assert [tag.name for tag in ann.tags] == ["choir"]
    assert db.session.scalars(select(Consent.person_id)).all() == [ann.id]
    assert len(db.session.scalars(select(OptOut).where(OptOut.person_id == ann.id)).all()) == 4
    letters = select(Letter.subject, Letter.acted_at).where(Letter.person_id == ann.id).order_by(Letter.id)
    assert db.session.execute(letters).all() == [("To both", NOW), ("To both", NOW), ("Waits", None)]
    assert len(db.session.scalars(select(SavedView.name)).all()) == 2
    assert db.session.scalars(select(Base.metadata.tables["subscription"].c.person_id)).all() == [ann.id]
    assert ann.feed_only
    assert ann.by_letter
    assert ann.rhythm is Rhythm.DAILY
    assert db.session.scalars(select(Base.metadata.tables["one_time_link"].c.id)).all() == []


def test_the_audit_log_tells_all_that_was_and_follows_the_person(two, secretary):
    made_one(two, secretary, email="gone")

    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.act, entry.subject_id, entry.actor_id) == ("people merged", two[0].id, secretary.id)
    assert entry.before["email"] == "ann@example.org"
    assert entry.before["gone_phone"] == "5551234"
    assert entry.after["email"] == "asch@example.org"
    said = changed(entry, "UTC", lambda amount, currency: f"{amount} {currency}")
    assert ("Email", "ann@example.org", "asch@example.org") in said
    assert ("Other record’s name", "Ann Asch", "") in said
    assert not [name for name, *_ in said if name == "Name" or name.startswith("Moved")]


def test_the_page_says_that_both_are_members_and_each_would_be_renewed(client, two, secretary):
    client.sign_in(secretary)
    a_membership(two[0])
    assert "Both are members now" not in client.get(address(*two)).text
    a_membership(two[1], covers_name="The Ash household")
    assert "(The Ash household), until" in client.get(address(*two)).text.partition("Both are members now")[2]


def test_of_two_answers_the_one_further_along_stays_with_the_steps_of_both(two, secretary):
    keep, gone = two
    event = an_event(capacity=10)
    reply(event, gone, Answer.YES, at=NOW)
    reply(event, keep, Answer.MAYBE, at=NOW)

    ann = made_one(two, secretary)

    answer = rsvp_of(event, ann)
    assert answer.status is RsvpStatus.CONFIRMED
    steps = db.session.scalars(select(Transition.after).where(Transition.rsvp_id == answer.id)).all()
    assert sorted(steps) == ["confirmed", "confirmed", "maybe"]
    assert len(db.session.scalars(select(Rsvp)).all()) == 1


def test_a_seat_held_twice_goes_to_whoever_waits(two, secretary):
    event, waiting = an_event(capacity=2), a_person("Wim Waits")
    for person in (*two, waiting):
        reply(event, person, Answer.YES, at=NOW)
    assert waiting not in seated(event)

    ann = made_one(two, secretary)

    assert {person.id for person in seated(event)} == {ann.id, waiting.id}
    assert any("seat" in subject for subject in letters_to(waiting))


@pytest.mark.parametrize("sizes", [(1, 4), (4, 1)])
def test_of_two_answers_with_seats_the_larger_party_keeps_its_own_and_the_log_says_so(two, secretary, sizes):
    event, waiting = an_event(capacity=5, max_party_size=4), a_person()
    for person, size in zip((*two, waiting), (*sizes, 2), strict=True):
        reply(event, person, Answer.YES, party_size=size, at=NOW)
    rsvp_of(event, two[0]).check_in(NOW)
    event.capacity = 6

    answer = rsvp_of(event, made_one(two, secretary))

    assert (answer.party_size, answer.came, rsvp_of(event, waiting).status) == (4, sizes[0], RsvpStatus.CONFIRMED)
    reason = db.session.scalars(history(answer)).all()[-1].reason
    assert ("with the other’s party of 4" in reason) is (sizes[0] == 1)


def test_seats_in_a_session_are_those_of_the_larger_party_too(two, secretary):
    event = an_event(max_party_size=4)
    (session,) = enter(event, [Plan("Workshop", event.starts, event.ends, capacity=9)], by=secretary, now=NOW)
    for person, size in zip(two, (1, 4), strict=True):
        choose(reply(event, person, Answer.YES, party_size=size, at=NOW), session, NOW)
    (seat,) = held_by(rsvp_of(event, made_one(two, secretary)))
    assert seat.seats == 4


@pytest.mark.parametrize("other", ["withdrawn", "maybe", "unconfirmed"])
@pytest.mark.parametrize("first", [0, 1])
def test_whom_the_organizers_removed_under_either_record_stays_off_the_list(two, secretary, other, first):
    event, out, back = an_event(), two[first], two[1 - first]
    decided(reply(event, out, Answer.YES, at=NOW), Decision.REMOVE, secretary, NOW)
    if other == "unconfirmed":
        ask_guest(event, "Ann", back.email, Answer.YES, 1, "", NOW)
    elif other == "maybe":
        reply(event, back, Answer.MAYBE, at=NOW)
    else:
        withdraw(reply(event, back, Answer.YES, at=NOW), NOW)

    ann = made_one(two, secretary)

    with pytest.raises(Refused, match="took you off the list"):
        reply(event, ann, Answer.YES, at=NOW)
    decided(rsvp_of(event, ann), Decision.READMIT, secretary, NOW)
    assert seated(event) == [ann]


def test_the_page_names_what_of_the_answers_is_not_kept(client, two, secretary):
    event = an_event("Supper", capacity=2, max_party_size=4)
    waits, stays = an_event("Picnic", capacity=1), an_event("Walk")
    for person, size in zip(two, (1, 2), strict=True):
        reply(event, person, Answer.YES, party_size=size, at=NOW)
    for person in two:
        reply(waits, person, Answer.YES, at=NOW)
        reply(stays, person, Answer.YES, at=NOW)
    decided(rsvp_of(stays, two[1]), Decision.REMOVE, secretary, NOW)
    db.session.commit()
    page = client.sign_in(secretary).get(address(*two)).text
    assert "Supper: “On the waiting list” for 2 people is given up; “Coming” for 1 person stays." in page
    assert "Walk: the organizers removed Ann Asch; “Coming” for 1 person stays, as Ann Ash answered." in page
    assert "Picnic:" not in page
    assert rsvp_of(stays, made_one(two, secretary)).status is RsvpStatus.CONFIRMED


def hybrid(title, **values):
    return an_event(title, **{"room": "Great Hall", "online_url": "https://meet.example.org/hall", **values})


def test_the_page_names_the_place_in_a_queue_and_the_seat_offered_that_give_way_to_joining_online(
    client, two, secretary
):
    waits, offered = hybrid("Supper", capacity=1), hybrid("Picnic", capacity=1)
    reply(waits, a_person(), Answer.YES, at=NOW)
    for event in (waits, offered):
        reply(event, two[0], Answer.YES, at=NOW)
        reply(event, two[1], Answer.YES, online=True, at=NOW)
    rsvp_of(offered, two[0]).become(RsvpStatus.OFFERED, at=NOW, actor=None, reason="A seat became free.")
    db.session.commit()
    page = client.sign_in(secretary).get(address(*two)).text
    assert "Supper: “On the waiting list” for 1 person is given up; “Joining online” for 1 person stays." in page
    assert "Picnic: “Seat offered” for 1 person is given up; “Joining online” for 1 person stays." in page


@pytest.mark.parametrize("online", [0, 1])
def test_a_place_in_the_queue_stays_before_what_cannot_be_joined_online_any_more(two, secretary, online):
    event = hybrid("Supper", capacity=1)
    reply(event, a_person(), Answer.YES, at=NOW)
    reply(event, two[online], Answer.YES, online=True, at=NOW)
    reply(event, two[1 - online], Answer.YES, at=NOW)
    event.online_url = ""

    answer = rsvp_of(event, made_one(two, secretary))

    assert (answer.status, answer.online) == (RsvpStatus.WAITLISTED, False)


@pytest.mark.parametrize("online", [0, 1])
def test_what_cannot_be_joined_online_any_more_stays_before_a_maybe(two, secretary, online):
    event = hybrid("Supper")
    reply(event, two[online], Answer.YES, online=True, at=NOW)
    reply(event, two[1 - online], Answer.MAYBE, at=NOW)
    event.online_url = ""
    assert rsvp_of(event, made_one(two, secretary)).is_left_out


def test_an_answer_of_the_other_alone_just_moves(two, secretary):
    event = an_event()
    reply(event, two[1], Answer.YES, at=NOW)

    assert rsvp_of(event, made_one(two, secretary)).status is RsvpStatus.CONFIRMED


def test_the_sign_in_goes_with_the_address(two, secretary):
    two[0].password_hash, two[1].password_hash = "of ann", "of asch"
    key = two[0].session_key

    ann = made_one(two, secretary, email="gone")

    assert ann.password_hash == "of asch"
    assert ann.session_key != key


def test_people_with_roles_are_merged_by_admins_alone(two, secretary):
    two[1].roles = [Role(name=RoleName.ORGANIZER, given_at=NOW)]
    two[0].roles = [Role(name=RoleName.ORGANIZER, given_at=NOW)]
    db.session.flush()

    with pytest.raises(Refused, match="Only an admin"):
        made_one(two, secretary)

    ann = made_one(two, a_person("Ada", "admin"))
    assert [role.name for role in ann.roles] == [RoleName.ORGANIZER]


def test_nobody_merges_themselves_away_nor_with_themselves(two, secretary):
    admin = a_person("Ada", "admin")
    with pytest.raises(Refused, match="yourself"):
        made_one((two[0], admin), admin)
    with pytest.raises(Refused, match="already"):
        made_one((two[0], two[0]), secretary)


def test_a_page_that_is_out_of_date_is_refused(two, secretary):
    keep, gone = two
    with pytest.raises(Refused, match="in the meantime"):
        merge(keep, gone, {}, (keep.revision, gone.revision - 1), by=secretary, now=NOW)


def address(keep, gone):
    return f"/organize/people/merge?keep={keep.id}&gone={gone.id}"


def test_the_two_are_not_held_before_the_events_that_somebody_answers_meanwhile(app, two, secretary):
    if db.engine.dialect.name != "postgresql":
        return  # where one writes at a time
    event = an_event()
    for person in two:
        reply(event, person, Answer.YES, at=NOW)
    db.session.commit()
    numbers = [person.id for person in two]

    def become_one() -> None:
        with app.app_context():
            begin_write()
            made_one([db.session.get_one(Person, n) for n in numbers], db.session.get_one(Person, by))
            db.session.commit()

    by, other = secretary.id, threading.Thread(target=become_one)
    begin_write()
    lock(event)  # as whoever answers does first
    other.start()
    while other.is_alive() and waited_to_write() == 0:
        time.sleep(0.01)
    free = select(Person.id).where(Person.id.in_(numbers)).with_for_update(skip_locked=True)
    assert sorted(db.session.scalars(free)) == numbers
    db.session.commit()
    other.join()
    assert db.session.scalars(select(Rsvp.person_id)).all() == numbers[:1]


def test_the_page_shows_both_and_merges_them(client, two, secretary):
    client.sign_in(secretary)
    page = client.get(address(*two)).text
    assert "asch@example.org" in page
    assert "5551234" in page
    form = {"keep_revision": 1, "gone_revision": 1, "name": "gone", "email": "keep", "phone": "gone"}

    answer = client.post(address(*two), data=form)

    assert (answer.status_code, answer.location) == (303, f"/organize/people/{two[0].id}")
    db.session.expire_all()
    assert db.session.get_one(Person, two[0].id).name == "Ann Asch"


@pytest.mark.parametrize(
    ("field", "value"), [("name", "both"), ("email", ""), ("keep_revision", "x"), ("gone_revision", "-1")]
)
def test_a_form_that_does_not_hold_changes_nothing(client, two, secretary, field, value):
    form = {"keep_revision": 1, "gone_revision": 1, "name": "gone", "email": "keep", "phone": "gone", field: value}

    assert client.sign_in(secretary).post(address(*two), data=form).status_code == 422
    assert db.session.get(Person, two[1].id) is not None


@pytest.mark.parametrize("query", ["", "?keep=ann@example.org", "?keep=0&gone=99999999999", "?keep=%00&gone=x"])
def test_whoever_names_nobody_is_asked_whom(client, two, secretary, query):
    page = client.sign_in(secretary).get(f"/organize/people/merge{query}")

    assert page.status_code == 200
    assert "Look at both" in page.text


def test_of_several_of_a_name_one_is_chosen_and_who_is_known_already_stands_there(client, two, secretary):
    a_person("Ann Other", email="other@example.org")
    client.sign_in(secretary)
    page = client.get(f"/organize/people/merge?keep={two[0].id}&gone=ann").text

    assert f'name="keep" value="{two[0].id}" checked' in page
    assert "2 people are found by “ann”" in page
    assert f'name="gone" value="{two[1].id}">' in page
    assert "other@example.org" in page
    assert "Make one of them" in client.get("/organize/people/merge?keep=ann ash&gone=asch@exam").text
    assert "Nobody is found by “ann ask”" in client.get("/organize/people/merge?keep=ann ask").text


def test_an_address_names_somebody_too(client, two, secretary):
    page = client.sign_in(secretary).get("/organize/people/merge?keep=Ann@example.org&gone=asch@example.org").text

    assert "Make one of them" in page


def test_what_is_chosen_between_is_told_in_words(client, two, secretary):
    two[0].born_on, two[1].shown = date(1937, 11, 11), "name city"
    page = client.sign_in(secretary).get(address(*two)).text
    for words in ("11 November 1937", "name and city"):
        assert words in page


def test_a_withdrawn_answer_gives_way_to_one_that_stands(two, secretary):
    event = an_event()
    withdraw(reply(event, two[0], Answer.YES, at=NOW), NOW + timedelta(minutes=1))
    reply(event, two[1], Answer.YES, at=NOW)

    assert rsvp_of(event, made_one(two, secretary)).status is RsvpStatus.CONFIRMED
    assert db.session.scalars(select(Letter.id)).all()
