"""Who gets a seat, who waits, and what they are told."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from society.db import db
from society.errors import Refused
from society.events.models import Event, RsvpPolicy
from society.mail.message import as_text
from society.mail.models import Letter
from society.people.models import Person
from society.rsvps.actions import ask_guest, confirm, reply, withdraw
from society.rsvps.counts import turnout
from society.rsvps.desk import decide
from society.rsvps.feed import refresh
from society.rsvps.forms import Decision
from society.rsvps.letters import anew
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.passing import promote
from society.rsvps.queries import history, of_person, rsvp_of, seated
from society.rsvps.render import link
from society.rsvps.waiting import before_newcomer, last_queued_at, place_in_queue, waiting
from tests.builders import NEXT_MONTH, NOW, a_membership, a_person, an_event, letters_to
from tests.rsvps.deciding import decided

pytestmark = pytest.mark.usefixtures("app")

LATER = NOW + timedelta(hours=1)


def say_yes(event: Event, *people: Person, size: int = 1) -> list[Rsvp]:
    """One after the other, a minute apart."""
    return [
        reply(event, person, Answer.YES, party_size=size, at=NOW + timedelta(minutes=minute))
        for minute, person in enumerate(people)
    ]


def steps(rsvp: Rsvp) -> list[str]:
    return [step.after.value for step in db.session.scalars(history(rsvp))]


def test_a_withdrawal_gives_the_seat_to_the_longest_waiting():
    event = an_event("Evening of readings", capacity=1)
    ann, ben, cem = a_person(), a_person(), a_person()
    say_yes(event, ann, ben, cem)

    withdraw(rsvp_of(event, ann), now=LATER)

    assert seated(event) == [ben]
    assert waiting(event) == [cem]
    assert letters_to(ben) == [
        "You are on the waiting list: Evening of readings",
        "You have a seat: Evening of readings",
    ]
    assert place_in_queue(rsvp_of(event, cem)) == 1


def test_a_seat_that_nobody_waits_for_looks_for_no_feeds_but_of_who_gave_it_back(counted):
    rsvp = reply(an_event(capacity=1), a_person(), Answer.YES, at=NOW)
    with counted() as count:
        withdraw(rsvp, now=LATER)
    looked_for = [sql for sql in count.statements if "FROM subscription" in sql]
    assert not looked_for, "the own one is read by the driver"


def test_letters_carry_the_own_link_and_the_event_where_they_are_going():
    event = an_event("*Stars* & [Bars](x)", capacity=1)
    refresh(event, NOW)
    ann, ben = a_person("Ann _Emphasis_"), a_person()
    first, second = say_yes(event, ann, ben)

    going = db.session.scalars(select(Letter).where(Letter.person_id == ann.id)).one()
    assert going.subject == "You are coming: *Stars* & [Bars](x)"
    assert "Dear Ann _Emphasis_," in as_text(going)
    assert f"https://society.example.org/rsvps/{first.id}-" in as_text(going)
    assert going.calendar.startswith(b"BEGIN:VCALENDAR")
    queued = db.session.scalars(select(Letter).where(Letter.person_id == ben.id)).one()
    assert "You are number 1 on the waiting list" in as_text(queued)
    assert f"/rsvps/{second.id}-" in as_text(queued)
    assert queued.calendar is None


def test_the_earliest_party_that_fits_moves_up():
    event = an_event(capacity=4, max_party_size=4)
    ann, ben, cem, dora = a_person(), a_person(), a_person(), a_person()
    say_yes(event, ann, ben, size=2)
    reply(event, cem, Answer.YES, party_size=3, at=NOW + timedelta(minutes=3))
    reply(event, dora, Answer.YES, party_size=2, at=NOW + timedelta(minutes=4))

    withdraw(rsvp_of(event, ann), now=LATER)

    assert seated(event) == [ben, dora]
    assert waiting(event) == [cem]


def test_on_each_database_the_last_of_a_queue_is_the_last_whose_hour_is_known():
    event = an_event(capacity=1)
    _, ben, cem = say_yes(event, a_person(), a_person(), a_person())
    cem.queued_at = None
    db.session.flush()
    assert last_queued_at(event) == before_newcomer(event, 1).last == ben.queued_at


def test_a_newcomer_does_not_pass_a_queue_that_they_would_fit_behind():
    event = an_event(capacity=2)
    say_yes(event, a_person(), a_person(), waits := a_person())
    event.capacity = 3  # nobody has called promote yet
    newcomer = reply(event, a_person(), Answer.YES, at=LATER)

    assert newcomer.status is RsvpStatus.WAITLISTED
    assert promote(event, LATER) == [rsvp_of(event, waits)]
    assert waiting(event) == [newcomer.person]


def test_a_newcomer_takes_a_seat_that_the_queue_cannot_use():
    event = an_event(capacity=3, max_party_size=3)
    say_yes(event, a_person(), size=2)
    big = reply(event, a_person(), Answer.YES, party_size=2, at=NOW)
    small = reply(event, a_person(), Answer.YES, at=LATER)
    assert (big.status, small.status) == (RsvpStatus.WAITLISTED, RsvpStatus.CONFIRMED)


def test_a_smaller_party_gives_its_seats_to_the_queue():
    event = an_event(capacity=3, max_party_size=3)
    ann, ben = a_person(), a_person()
    say_yes(event, ann, ben, size=2)

    reply(event, ann, Answer.YES, party_size=1, at=LATER)

    assert seated(event) == [ann, ben]
    assert turnout(event).free == 0


def test_a_party_grows_only_into_free_seats():
    event = an_event(capacity=3, max_party_size=3)
    (rsvp,) = say_yes(event, ann := a_person())
    reply(event, ann, Answer.YES, party_size=2, at=LATER)
    say_yes(event, a_person())

    with pytest.raises(Refused, match="You keep those for 2 people"):
        reply(event, ann, Answer.YES, party_size=3, at=LATER)
    assert (rsvp.status, rsvp.party_size) == (RsvpStatus.CONFIRMED, 2)


def test_a_party_does_not_grow_into_a_seat_that_someone_waits_for():
    event = an_event(capacity=2, max_party_size=3)
    say_yes(event, ann := a_person(), a_person(), a_person())
    event.capacity = 3
    with pytest.raises(Refused, match="not enough free seats"):
        reply(event, ann, Answer.YES, party_size=2, at=LATER)


def test_a_waiting_party_that_grows_keeps_its_place():
    event = an_event(capacity=2, max_party_size=2)
    _, ben, cem = [*say_yes(event, a_person(), size=2), *say_yes(event, a_person(), a_person())]

    reply(event, ben.person, Answer.YES, party_size=2, at=LATER)

    assert [place_in_queue(ben), place_in_queue(cem)] == [1, 2]


@pytest.mark.parametrize("answer", [Answer.NO, Answer.MAYBE])
def test_changing_ones_mind_frees_the_seat(answer):
    event = an_event(capacity=1)
    say_yes(event, ann := a_person(), ben := a_person())
    reply(event, ann, answer, at=LATER)
    assert seated(event) == [ben]


def test_the_same_answer_again_changes_nothing():
    event = an_event(capacity=1)
    (rsvp,) = say_yes(event, ann := a_person())
    log = steps(rsvp)
    reply(event, ann, Answer.YES, at=LATER)
    assert steps(rsvp) == log == ["confirmed"]
    assert len(letters_to(ann)) == 1


def test_who_comes_back_queues_anew():
    event = an_event(capacity=1)
    ann, ben, cem = a_person(), a_person(), a_person()
    say_yes(event, ann, ben, cem)
    withdraw(rsvp_of(event, ben), LATER)
    reply(event, ben, Answer.YES, at=LATER)
    assert waiting(event) == [cem, ben]
    assert steps(rsvp_of(event, ben)) == ["waitlisted", "cancelled", "waitlisted"]


def test_the_end_of_the_queue_is_its_end_whatever_a_clock_says():
    event = an_event(capacity=1)
    say_yes(event, a_person(), ben := a_person())
    cem = a_person()
    reply(event, cem, Answer.YES, at=NOW - timedelta(minutes=5))
    assert waiting(event) == [ben, cem]
    dora, eve = (reply(event, a_person(), Answer.MAYBE, at=NOW) for _ in range(2))
    for rsvp in (dora, eve):
        decided(rsvp, Decision.REMOVE, ben, NOW)
    decide(event, Decision.READMIT, [dora.id, eve.id], by=ben, now=NOW - timedelta(minutes=5))
    assert waiting(event) == [ben, cem, dora.person, eve.person]


def test_queues_of_other_events_count_for_nobody():
    for capacity in (1, 2):  # one beside each
        say_yes(an_event(capacity=capacity), *(a_person() for _ in range(4)))
    event = an_event(capacity=1)
    seated_one, waits = say_yes(event, a_person(), a_person())
    assert (seated_one.status, waits.status) == ("confirmed", "waitlisted")
    assert db.session.execute(of_person(waits.person)).all() == [(waits, 1)]
    told = select(Letter.body).where(Letter.person_id == waits.person_id)
    assert "You are number 1 on the waiting list" in db.session.scalars(told).one()


def test_a_lowered_capacity_drops_nobody_and_lets_nobody_in():
    event = an_event(capacity=3)
    ann, *others = [a_person() for _ in range(4)]
    say_yes(event, ann, *others)
    event.capacity = 1
    withdraw(rsvp_of(event, ann), LATER)
    assert seated(event) == others[:2]
    assert waiting(event) == others[2:]
    assert turnout(event).free == 0


def test_a_raised_or_lifted_capacity_lets_the_queue_in():
    event = an_event(capacity=1)
    people = [a_person() for _ in range(5)]
    say_yes(event, *people)
    event.capacity = 3
    assert [rsvp.person for rsvp in promote(event, LATER)] == people[1:3]
    event.capacity = None
    assert [rsvp.person for rsvp in promote(event, LATER)] == people[3:]


def test_a_long_queue_is_let_in_whole(monkeypatch):
    monkeypatch.setattr("society.rsvps.seats._BATCH", 2)
    event = an_event(capacity=1, max_party_size=2)
    say_yes(event, *(a_person() for _ in range(8)))
    event.capacity = 6
    promote(event, LATER)
    assert turnout(event).going == 6


@pytest.mark.parametrize(
    "changed",
    [
        {"cancelled_at": NOW},
        {"postponed_at": NOW},
        {"published_at": None},
        {"rsvp_closes_at": NOW},
        {"starts_at": NOW},
    ],
)
def test_nobody_moves_up_once_it_would_come_too_late(changed):
    event = an_event(capacity=1)
    say_yes(event, a_person(), ben := a_person())
    event.capacity = 2
    for field, value in changed.items():
        setattr(event, field, value)
    assert promote(event, LATER) == []
    assert waiting(event) == [ben]


def test_after_the_deadline_one_can_only_step_back():
    event = an_event(capacity=1, rsvp_deadline=NEXT_MONTH - timedelta(days=1))
    say_yes(event, ann := a_person(), ben := a_person())
    late = event.rsvp_closes_at + timedelta(minutes=1)
    with pytest.raises(Refused, match="Answers closed on"):
        reply(event, a_person(), Answer.YES, at=late)
    withdraw(rsvp_of(event, ann), late)
    reply(event, ben, Answer.NO, at=late)
    assert (seated(event), waiting(event)) == ([], [])


def test_nothing_is_withdrawn_once_it_has_begun():
    event = an_event()
    (rsvp,) = say_yes(event, a_person())
    with pytest.raises(Refused, match="has begun"):
        withdraw(rsvp, event.starts_at)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"published_at": None}, "not published"),
        ({"cancelled_at": NOW}, "cancelled"),
        ({"postponed_at": NOW}, "postponed"),
        ({"rsvp_policy": RsvpPolicy.CLOSED}, "takes no answers"),
        ({"rsvp_policy": RsvpPolicy.MEMBERS}, "good standing"),
        ({"starts": NEXT_MONTH - timedelta(days=60)}, "over"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_refused_in_words(values, sentence):
    with pytest.raises(Refused, match=sentence):
        reply(an_event(**values), a_person(), Answer.YES, at=NOW)


@pytest.mark.parametrize(("size", "sentence"), [(5, "at most 4"), (4, "for 3 people in all"), (-1, "at least one")])
def test_a_party_has_its_bounds(size, sentence):
    with pytest.raises(Refused, match=sentence):
        reply(an_event(capacity=3, max_party_size=4), a_person(), Answer.YES, party_size=size, at=NOW)


def test_members_answer_where_only_members_may():
    event = an_event(rsvp_policy=RsvpPolicy.MEMBERS)
    member = a_membership(a_person()).person
    assert reply(event, member, Answer.YES, at=NOW).status is RsvpStatus.CONFIRMED


def test_organizers_decide_where_the_policy_says_so():
    event = an_event(capacity=1, rsvp_policy=RsvpPolicy.APPROVAL)
    staff, ann, ben, cem = a_person("", "organizer"), a_person(), a_person(), a_person()
    say_yes(event, ann, ben, cem)
    assert turnout(event).pending == 3
    assert seated(event) == []

    assert decided(rsvp_of(event, ben), Decision.APPROVE, staff, LATER) == 1
    assert decided(rsvp_of(event, ann), Decision.APPROVE, staff, LATER) == 1
    assert decided(rsvp_of(event, cem), Decision.DECLINE, staff, LATER) == 1

    assert (seated(event), waiting(event)) == ([ben], [ann])
    assert [subject.partition(":")[0] for subject in letters_to(ann)] == [
        "We have your answer",
        "You are on the waiting list",
    ]
    assert letters_to(ben)[-1].startswith("You have a seat")
    with pytest.raises(Refused, match="could not offer"):
        reply(event, cem, Answer.YES, at=LATER)
    assert decided(rsvp_of(event, cem), Decision.APPROVE, staff, LATER) == 0
    event.max_party_size, event.capacity = 2, 9
    with pytest.raises(Refused, match="as it is"):
        reply(event, ben, Answer.YES, party_size=2, at=LATER)


def test_an_approval_after_the_deadline_gives_a_free_seat_and_promises_none_where_there_is_none():
    event = an_event("Late", capacity=1, rsvp_policy=RsvpPolicy.APPROVAL, rsvp_deadline=NEXT_MONTH - timedelta(days=1))
    staff = a_person("", "organizer")
    told = {
        "": ("You have no seat: Late", "Nobody moves up from the waiting list any more"),
        "de": ("Sie haben keinen Platz: Late", "Von der Warteliste rückt niemand mehr nach"),
        "fr": ("Vous n’avez pas de place\u202f: Late", "Plus personne ne quitte la liste d’attente"),
        "es": ("No tiene plaza: Late", "Ya nadie pasa de la lista de espera"),
    }
    first, *others = say_yes(event, a_person(), *(a_person(language=language) for language in told))
    late = event.rsvp_closes_at + timedelta(minutes=1)
    for rsvp in (first, *others):
        decided(rsvp, Decision.APPROVE, staff, late)
    assert [rsvp.status for rsvp in (first, *others)] == ["confirmed", *4 * ["waitlisted"]]
    for rsvp, (subject, sentence) in zip(others, told.values(), strict=True):
        mail = select(Letter).where(Letter.person_id == rsvp.person_id).order_by(Letter.id.desc()).limit(1)
        letter = db.session.scalars(mail).one()
        assert letter.subject == subject
        assert sentence in letter.body


@pytest.mark.parametrize("language", ["", "de", "fr", "es"])
@pytest.mark.parametrize("before", [None, RsvpStatus.PENDING])
def test_no_letter_says_for_now_once_nobody_moves_up_any_more(language, before):
    event = an_event("Late", capacity=1, rsvp_deadline=NEXT_MONTH - timedelta(days=1))
    rsvp = say_yes(event, a_person(), a_person(language=language))[1]
    step = db.session.scalars(history(rsvp)).one()
    step.before = before
    while_it_moves, late = (anew("waitlisted", step, at).body for at in (NOW, event.rsvp_closes_at))
    assert re.search("for now|zurzeit|pour l’instant|or ahora", while_it_moves)
    assert not re.search("for now|zurzeit|pour l’instant|or ahora", late)


def guest_asks(event: Event, email: str = "guest@example.org", at=NOW, size: int = 1) -> Rsvp:
    ask_guest(event, "Gale Guest", email, Answer.YES, size, "", at)
    return db.session.scalars(select(Rsvp).join(Rsvp.person).where(Person.email == email)).one()


def test_a_guest_takes_a_seat_only_when_they_confirm():
    event = an_event(capacity=1)
    rsvp = guest_asks(event)
    assert (rsvp.status, seated(event)) == (RsvpStatus.UNCONFIRMED, [])
    assert letters_to(rsvp.person)[0].startswith("Please confirm your answer")

    confirm(rsvp, LATER)
    confirm(rsvp, LATER)

    assert seated(event) == [rsvp.person]
    assert steps(rsvp) == ["unconfirmed", "confirmed"]
    assert rsvp.person.verified_at is None


def test_a_guest_who_confirms_late_queues_from_then():
    event = an_event(capacity=1)
    guest = guest_asks(event)
    say_yes(event, ann := a_person(), ben := a_person())
    confirm(guest, LATER)
    assert seated(event) == [ann]
    assert waiting(event) == [ben, guest.person]


def test_an_answer_that_stands_is_not_changed_by_who_types_its_address():
    event = an_event(max_party_size=5)
    ann = a_person("Ann", email="ann@example.org")
    (rsvp,) = say_yes(event, ann)
    guest_asks(event, "ann@example.org", LATER, size=5)
    assert (rsvp.status, rsvp.party_size, ann.name) == (RsvpStatus.CONFIRMED, 1, "Ann")
    assert letters_to(ann)[-1].startswith("You have answered already")


def test_an_address_is_asked_at_most_once_an_hour():
    event = an_event()
    for minute in range(3):
        guest = guest_asks(event, at=NOW.replace(minute=minute))
    assert len(letters_to(guest.person)) == 1
    guest_asks(event, at=NOW.replace(minute=0) + timedelta(hours=1))
    assert len(letters_to(guest.person)) == 2


def test_an_open_question_is_asked_with_the_latest_answer():
    event = an_event(max_party_size=5)
    guest_asks(event)
    assert guest_asks(event, size=3).party_size == 3


def test_the_log_tells_what_came_of_an_answer():
    event = an_event(capacity=1, max_party_size=2)
    _, ben = say_yes(event, a_person(), a_person())
    withdraw(ben, LATER)
    assert [step.reason for step in db.session.scalars(history(ben))] == ["Asked for 1 seat.", "Withdrawn."]


def test_letters_are_as_many_as_the_facts():
    event = an_event(capacity=1)
    people = [a_person() for _ in range(3)]
    say_yes(event, *people)
    promote(event, LATER)
    promote(event, LATER)
    assert db.session.scalar(select(func.count(Letter.id))) == 3


def test_a_lowered_limit_holds_for_whoever_holds_nothing_any_more():
    event = an_event(capacity=60, max_party_size=4)
    keeps, gave_up, guest = a_person(), a_person(), a_person()
    say_yes(event, keeps, gave_up, size=4)
    ask_guest(event, "Guest", guest.email, Answer.YES, 4, "", NOW)
    reply(event, gave_up, Answer.NO, at=LATER)
    event.max_party_size = 1

    assert reply(event, keeps, Answer.YES, party_size=3, at=LATER).party_size == 3
    for answer in (Answer.YES, Answer.MAYBE):
        with pytest.raises(Refused, match="at most 1 person"):
            reply(event, gave_up, answer, party_size=4, at=LATER)
    with pytest.raises(Refused, match="at most 1 person"):
        confirm(rsvp_of(event, guest), LATER)
    assert reply(event, guest, Answer.YES, party_size=1, at=LATER).status is RsvpStatus.CONFIRMED


def test_a_guest_is_told_before_they_confirm_that_their_party_has_become_too_large(client):
    event = an_event(capacity=4, max_party_size=4)
    guest = a_person()
    ask_guest(event, "Guest", guest.email, Answer.YES, 4, "", NOW)
    event.capacity = 2
    here = link(rsvp_of(event, guest))
    db.session.commit()
    page = client.get(here).text
    assert "There are seats for 2 people in all. Please choose another number below." in page
    assert "Confirm my answer" not in page
    assert client.post(here, data={"action": "change", "answer": "yes", "party_size": "4"}).status_code == 422
    assert client.post(here, data={"action": "change", "answer": "yes", "party_size": "2"}).status_code == 303


@pytest.mark.parametrize("policy", [RsvpPolicy.OPEN, RsvpPolicy.APPROVAL])
def test_who_was_removed_does_not_come_back_by_answering_again(policy):
    event, staff = an_event(capacity=5, rsvp_policy=policy), a_person("", "organizer")
    ann = a_person()
    (mine,) = say_yes(event, ann)
    decided(mine, Decision.REMOVE, staff, LATER)

    for answer in (Answer.YES, Answer.MAYBE, Answer.NO, Answer.YES):
        if answer is Answer.NO:
            reply(event, ann, answer, at=LATER)
            continue
        with pytest.raises(Refused, match="took you off the list"):
            reply(event, ann, answer, at=LATER)
    assert (mine.status, steps(mine)[-1]) == (RsvpStatus.CANCELLED, "cancelled")
    assert len(steps(mine)) == 2

    assert decided(mine, Decision.READMIT, staff, LATER) == 1
    assert (seated(event), letters_to(ann)[-1]) == ([ann], f"You have a seat: {event.title}")
    assert decided(mine, Decision.READMIT, staff, LATER) == 0


def test_who_gave_their_own_seat_back_can_answer_again():
    event, ann = an_event(capacity=5), a_person()
    (mine,) = say_yes(event, ann)
    withdraw(mine, LATER)
    assert decided(mine, Decision.READMIT, a_person("", "organizer"), LATER) == 0
    assert reply(event, ann, Answer.YES, at=LATER).status is RsvpStatus.CONFIRMED


def test_who_is_let_in_after_all_waits_where_there_is_no_seat():
    event, staff = an_event(capacity=1), a_person("", "organizer")
    ann, ben = a_person(), a_person()
    (mine,) = say_yes(event, ann)
    decided(mine, Decision.REMOVE, staff, LATER)
    say_yes(event, ben)
    assert decided(mine, Decision.READMIT, staff, LATER) == 1
    assert (seated(event), waiting(event)) == ([ben], [ann])


@pytest.mark.parametrize("answer", [Answer.NO, Answer.MAYBE])
def test_another_size_with_the_same_answer_is_in_the_log(answer):
    event, ann = an_event(max_party_size=3), a_person()
    reply(event, ann, answer, at=NOW)
    mine = reply(event, ann, answer, party_size=3, at=LATER)
    assert [step.party_size for step in db.session.scalars(history(mine))] == [1, 3] == [1, mine.party_size]
