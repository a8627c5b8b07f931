"""Several evenings of a series answered at once: by the rules of one, and told in one letter."""

import re
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from society.calendars.actions import refresh
from society.db import begin_write, db, waited_to_write
from society.events.models import Event, RsvpPolicy, Visibility
from society.invitations.actions import take
from society.mail.message import as_text
from society.mail.models import Letter, LetterState
from society.people.models import Person
from society.questions.actions import ask
from society.questions.models import Kind, QuestionAnswer
from society.rsvps import joint_letters
from society.rsvps.actions import reply, withdraw
from society.rsvps.at_once import answer_one
from society.rsvps.evenings import MOST
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from society.series.actions import begin
from society.series.queries import occurrences
from society.series.rules import Every, Rule
from society.times import now
from tests.builders import NEXT_MONTH, NOW, a_membership, a_person, an_event
from tests.rsvps.deciding import decided


@pytest.fixture
def staff(app) -> Person:
    return a_person("Ora", "organizer")


def a_series(staff: Person, count: int = 4, every: Every = Every.WEEK, **values: Any) -> list[Event]:
    first = an_event("Reading", **{"starts": NEXT_MONTH, "room": "Green Room", **values})
    refresh(first, NOW)
    series = begin(first, Rule(every, count=count), by=staff, now=NOW)
    return list(db.session.scalars(occurrences(series)))


@pytest.fixture
def ann(client) -> Person:
    person = a_person("Ann")
    client.sign_in(person)
    return person


def address(events: list[Event]) -> str:
    return f"/events/{events[0].slug}/evenings"


def send(client, events: list[Event], *said: str, every: str = ""):
    """Say something to each of them, or leave it to what is said to all."""
    answers = {f"answer_{event.id}": answer for event, answer in zip(events, said or [""] * len(events), strict=True)}
    done = client.post(address(events), data={"every": every, **answers})
    db.session.expire_all()
    return done


def became(events: list[Event], person: Person) -> list[RsvpStatus | None]:
    return [rsvp.status if (rsvp := rsvp_of(event, person)) else None for event in events]


def words(page) -> str:
    main = page.text[page.text.index("<main") :]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def letters(person: Person) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.person_id == person.id).order_by(Letter.id)))


COMING, WAITS, NO, MAYBE = RsvpStatus.CONFIRMED, RsvpStatus.WAITLISTED, RsvpStatus.DECLINED, RsvpStatus.MAYBE


# The page


def test_each_is_answered_as_it_is_said_and_the_others_as_all_are(client, staff, ann):
    events = a_series(staff)
    reply(events[3], ann, Answer.MAYBE, at=NOW)
    done = send(client, events, "", "no", "maybe", "leave", every="yes")
    assert done.status_code == 303
    assert became(events, ann) == [COMING, NO, MAYBE, MAYBE]
    page = words(client.get(done.location))
    told = page[page.index("What became of your answers") : page.index("Each counts as if")]
    states = zip(events, ["Coming", "Not coming", "Maybe"], strict=False)
    assert [f"{event.starts:%A, %-d %B %Y}: {state}" in told for event, state in states] == [True] * 3
    assert f"{events[3].starts:%-d %B}" not in told


def test_nothing_is_answered_where_nothing_is_said(client, staff, ann):
    events = a_series(staff)
    page = send(client, events, "leave", "", "", "leave")
    assert page.status_code == 422
    assert "choose an answer for one of these dates" in page.text
    assert page.text.count('<option selected value="leave">') == 2, "what was chosen stays"
    assert became(events, ann) == [None] * 4


@pytest.mark.parametrize("data", [{}, {"every": "yes"}, {"every": "x"}, {"answer_99": "yes"}, {"answer_x": "\0"}])
def test_bad_input_is_the_page_again(client, staff, ann, data):
    events = a_series(staff)
    assert client.post(address(events), data=data).status_code == 422
    odd = client.post(address(events), data={f"answer_{events[0].id}": "perhaps"})
    assert odd.status_code == 422
    assert "Please choose one from the list." in odd.text
    assert became(events, ann) == [None] * 4


def test_a_party_and_a_way_to_join_stay_as_they_were(client, staff, ann):
    events = a_series(staff, max_party_size=4, online_url="https://meet.example.org/r")
    reply(events[0], ann, Answer.YES, party_size=3, at=NOW)
    reply(events[1], ann, Answer.MAYBE, party_size=2, at=NOW)
    reply(events[2], ann, Answer.YES, online=True, at=NOW)
    send(client, events, every="yes")
    found = [rsvp_of(event, ann) for event in events]
    assert [(rsvp.party_size, rsvp.online) for rsvp in found] == [(3, False), (2, False), (1, True), (1, False)]


def test_what_a_yes_would_take_along_from_an_earlier_answer_is_said_before(client, staff, ann):
    events = a_series(staff, max_party_size=4, online_url="https://meet.example.org/r")
    reply(events[0], ann, Answer.YES, party_size=3, at=NOW)
    withdraw(rsvp_of(events[0], ann), NOW)
    reply(events[1], ann, Answer.YES, online=True, at=NOW)
    reply(events[1], ann, Answer.MAYBE, at=NOW)
    first, second, third = (client.get(address(events)).text.split("<tr>")[place] for place in (2, 3, 4))
    assert "Not coming any more" in first
    assert "A yes is for a party of 3." in first
    assert "A yes is to join online, as you had it." in second
    assert "A yes asks for a seat." in third
    send(client, events, every="yes")
    assert [(rsvp_of(one, ann).party_size, rsvp_of(one, ann).online) for one in events[:2]] == [(3, False), (1, True)]


def test_it_shows_seats_places_and_what_differs(client, staff, ann):
    events = a_series(staff, capacity=2, max_party_size=2)
    reply(events[1], a_person(), Answer.YES, party_size=2, at=NOW)
    reply(events[1], ann, Answer.YES, at=NOW)
    reply(events[2], ann, Answer.YES, at=NOW)
    events[3].room, events[3].rsvp_policy = "Attic", RsvpPolicy.APPROVAL
    rows = re.findall(r"<tr>(.*?)</tr>", client.get(address(events)).text, re.DOTALL)[1:]
    first, full, mine, other = (
        " ".join(re.sub(r"<option.*</select>|<[^>]*>", " ", r, flags=re.DOTALL).split()) for r in rows
    )
    assert "2 of 2 left No answer" in first
    assert "Green Room" not in first
    assert "Full , 1 person waiting On the waiting list Number 1." in full
    assert "1 of 2 left Coming" in mine
    assert "Attic" in other
    assert "The organizers decide." in other
    assert "<br>Green Room" in client.get(address(events[3:])).text, "where most are, whichever one came from"


def test_what_takes_no_answers_of_theirs_is_not_listed_and_not_taken(client, staff, ann):
    events = a_series(staff, count=8)
    events[1].cancel(NOW)
    events[2].postpone(NOW)
    events[3].rsvp_policy = RsvpPolicy.CLOSED
    events[4].rsvp_policy = RsvpPolicy.MEMBERS
    events[5].members_first_until = events[5].starts - timedelta(days=1)
    events[6].visibility = Visibility.MEMBERS
    page = client.get(address(events))
    assert re.findall(r'name="answer_(\d+)"', page.text) == [str(events[0].id), str(events[7].id)]
    assert "Only members in good standing can answer." in page.text
    assert "Members come first" in page.text
    refused = send(client, events, every="yes")
    assert refused.status_code == 409
    assert words(refused).count("not taken.") == 5, "what they may not see is not named"
    assert became(events, ann) == [COMING, *[None] * 6, COMING]
    a_membership(ann)
    assert send(client, events, every="yes").status_code == 409
    assert became(events, ann) == [COMING, None, None, None, COMING, COMING, COMING, COMING]


def test_one_that_is_refused_in_the_midst_is_named_and_the_others_stand(client, staff, ann):
    events = a_series(staff)
    page = client.get(address(events))
    assert f'name="answer_{events[1].id}"' in page.text
    events[1].rsvp_deadline, events[1].rsvp_closes_at = NEXT_MONTH, NOW - timedelta(days=1)
    reply(events[2], ann, Answer.YES, at=NOW)
    decided(rsvp_of(events[2], ann), Decision.REMOVE, staff, NOW)
    answer = send(client, events, every="yes")
    assert answer.status_code == 409
    assert became(events, ann) == [COMING, None, RsvpStatus.CANCELLED, COMING]
    said = words(answer)
    assert f"{events[1].starts:%A, %-d %B %Y}: not taken. Answers closed on" in said
    assert f"{events[2].starts:%A, %-d %B %Y}: not taken. The organizers took you off the list." in said
    assert f"{events[0].starts:%A, %-d %B %Y}: Coming" in said
    assert [letter.reason.partition(":")[0] for letter in letters(ann)][-1] == joint_letters.KIND
    listed = re.findall(r'name="answer_(\d+)"', answer.text)
    assert listed == [str(events[0].id), str(events[3].id)], "nor can they be answered again from here"


def test_what_was_said_to_one_that_is_refused_is_kept(client, staff, ann):
    events = a_series(staff, max_party_size=2)
    reply(events[1], ann, Answer.MAYBE, party_size=2, at=NOW)
    events[1].max_party_size = 1
    answer = send(client, events, every="yes")
    assert "A party can be at most 1 person." in words(answer)
    chosen = re.findall(r'name="answer_(\d+)"><option (selected )?value="">.*?</select>', answer.text, re.DOTALL)
    assert [number for number, first in chosen if not first] == [str(events[1].id)]
    assert answer.text.count('<option selected value="yes">') == 1


@pytest.mark.parametrize(
    ("kind", "party", "why"), [(Kind.LINE, 1, "ask something"), (Kind.NAMES, 2, "ask for the names")]
)
def test_one_that_asks_first_is_answered_on_its_own_page(client, staff, ann, kind, party, why):
    events = a_series(staff, max_party_size=2)
    values = {"hint": "", "options": "", "required": True, "of_each": kind is Kind.NAMES}
    question = ask(events[1], {"kind": kind, "text": "Which?", **values}, by=staff, now=NOW)
    ask(events[2], {"kind": Kind.LINE, "text": "A wish?", **values, "required": False}, by=staff, now=NOW)
    reply(events[1], ann, Answer.MAYBE, party_size=party, at=NOW)
    page = client.get(address(events))
    assert why in page.text
    assert f'/events/{events[1].slug}/rsvp"' in page.text
    assert f"answer_{events[1].id}" not in page.text
    answer = send(client, events, every="yes")
    assert answer.status_code == 409
    assert why in words(answer)
    assert became(events, ann) == [COMING, MAYBE, COMING, COMING]
    mine = rsvp_of(events[1], ann)
    db.session.add(
        QuestionAnswer(rsvp_id=mine.id, question_id=question.id, guest=party - 1, text="This", asked="Which?")
    )
    db.session.commit()
    assert f"answer_{events[1].id}" in client.get(address(events)).text
    assert send(client, events, every="yes").status_code == 303
    assert became(events, ann) == [COMING] * 4


def test_at_most_so_many_at_once(client, staff, ann):
    events = a_series(staff, MOST + 2, Every.DAY)
    page = client.get(address(events))
    assert page.text.count('name="answer_') == MOST
    assert f"These are the next {MOST}" in page.text
    answer = send(client, events, every="no")
    assert answer.status_code == 422
    assert f"At most {MOST} at once" in answer.text
    assert send(client, events[:MOST], every="no").status_code == 303
    assert became(events, ann) == [NO] * MOST + [None] * 2


def test_who_may_see_it(client, app, staff):
    events = a_series(staff)
    alone = an_event("Alone")
    asked = client.get(address(events))
    assert asked.status_code == 303
    assert "/login" in asked.location
    client.sign_in(a_person())
    assert client.get(address(events)).status_code == 200
    assert client.get(f"/events/{alone.slug}/evenings").location == f"/events/{alone.slug}"
    assert client.get("/events/none/evenings").status_code == 404
    for event in events:
        event.visibility = Visibility.MEMBERS
    assert client.get(address(events)).status_code == 404


@pytest.mark.parametrize("count", [2, 7])
def test_pages_lead_to_it_where_there_are_several(client, staff, ann, count):
    events = a_series(staff, count=count)
    reply(events[0], ann, Answer.YES, at=NOW)
    way = f'href="{address(events)}"'
    pages = [f"/events/{events[0].slug}", "/me/rsvps"]
    assert [way in client.get(page).text for page in pages] == [True, True]
    for event in events[1:]:
        event.cancel(NOW)
    assert [way in client.get(page).text for page in pages] == [False, False]


def test_its_queries_are_as_many_however_many_they_are(client, staff, ann, counted):
    numbers = []
    for count in (2, 9):
        events = a_series(staff, count=count)
        for event in events:
            values = {"hint": "", "options": "", "required": True, "of_each": False}
            ask(event, {"kind": Kind.CONSENT, "text": "Yes?", **values}, by=staff, now=NOW)
            event.rsvp_policy = RsvpPolicy.APPROVAL
            reply(event, ann, Answer.YES, at=NOW)
            withdraw(rsvp_of(event, ann), NOW)
        reply(events[0], ann, Answer.YES, at=NOW)
        db.session.commit()
        done = "&".join(f"done={event.id}" for event in events)
        client.get(address(events))
        for page in (address(events), f"{address(events)}?{done}", f"/events/{events[0].slug}"):
            db.session.expunge_all()
            with counted() as count_of:
                assert client.get(page).status_code == 200
            numbers.append(len(count_of))
    assert numbers[:3] == numbers[3:]


# The letter


def test_one_letter_tells_of_all(client, staff, ann):
    events = a_series(staff, count=5, capacity=1)
    ann.zone = "Asia/Tokyo"
    reply(events[1], a_person(), Answer.YES, at=NOW)
    events[2].rsvp_policy = RsvpPolicy.APPROVAL
    events[4].room = "Attic"
    send(client, events, "yes", "yes", "yes", "no", "yes")
    (letter,) = letters(ann)
    assert letter.subject == "Your answers: Reading"
    assert letter.due_at <= letter.written_at
    said = as_text(letter)
    states = ["Coming", "On the waiting list", "Waiting for the organizers", "Not coming", "Coming"]
    lines = " ".join(said.split()).split("- ")[1:]
    for event, state, line in zip(events, states, lines, strict=False):
        assert f"{event.starts:%A, %-d %B %Y}, 8:00 pm" in line
        assert state in line
    assert re.findall(r"\[\d\] https://society.example.org(\S+)", said) == [
        link(rsvp_of(event, ann)) for event in events
    ]
    assert "number 1" in lines[1]
    assert "by your clock" in lines[0]
    assert ["Attic" in line for line in lines[:5]] == [False] * 4 + [True]
    assert said.count("Green Room") == 1
    assert "earliest party that fits" in " ".join(said.split())
    assert letter.calendar.count(b"BEGIN:VEVENT") == letter.calendar.count(b"TRANSP:OPAQUE") == 2
    assert [event.uid.encode() in letter.calendar for event in events] == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("language", "subject", "state"),
    [
        ("de", "Ihre Antworten: Reading", "Sie kommen"),
        ("fr", "Vos réponses\u202f: Reading", "Vous venez"),
        ("es", "Sus respuestas: Reading", "Asistirá"),
    ],
)
def test_it_is_in_its_readers_language(client, staff, ann, language, subject, state):
    ann.language = language
    send(client, a_series(staff), every="yes")
    (letter,) = letters(ann)
    assert letter.subject == subject
    assert " ".join(as_text(letter).split()).count(f"{state} [") == 4


@pytest.mark.parametrize(("language", "subject"), [("en", "Your answers"), ("de", "Ihre Antworten")])
def test_evenings_with_titles_of_their_own_are_told_by_these(client, staff, ann, language, subject):
    ann.language = language
    events = a_series(staff, count=3)
    events[1].title = "On *Stars*"
    send(client, events, every="yes")
    (letter,) = letters(ann)
    assert letter.subject == f"{subject}: Reading, …"
    lines = " ".join(as_text(letter).split()).split(" - ")[1:]
    assert [line.partition(",")[0] for line in lines] == ["Reading", "On *Stars*", "Reading"]


def test_a_party_is_told_of_whoever_comes(client, staff, ann):
    events = a_series(staff, count=2, max_party_size=3)
    for event in events:
        reply(event, ann, Answer.YES, party_size=3, at=NOW)
    send(client, events, every="no")
    assert "party of" not in letters(ann)[-1].body
    send(client, events, every="yes")
    assert letters(ann)[-1].body.count("party of 3") == 2


def test_of_one_alone_it_is_the_letter_of_that_one(client, staff, ann):
    events = a_series(staff)
    send(client, events, "yes", "no", "maybe", "leave")
    (letter,) = letters(ann)
    assert letter.subject.startswith("You are coming: Reading (")
    assert letter.due_at - letter.written_at < joint_letters.WAIT
    assert letter.calendar.count(b"BEGIN:VEVENT") == 1
    send(client, events, "yes", "no", "maybe", "leave")
    assert letters(ann) == [letter], "nothing has changed"


def test_where_calendars_answer_each_has_the_letter_that_updates_it_there(client, app, staff, ann, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")
    events = a_series(staff)
    assert "each letter is an invitation" in client.get(address(events)).text
    send(client, events, every="yes")
    assert [letter.calendar.count(b"METHOD:REQUEST") for letter in letters(ann)] == [1] * 4
    assert all(letter.due_at - letter.written_at < joint_letters.WAIT for letter in letters(ann))
    ann.feed_only = True
    send(client, events, "leave", "leave", "no", "no")
    assert len([one for one in letters(ann) if one.reason.startswith("evenings:")]) <= 1


def test_who_follows_by_their_own_feed_gets_one_letter_without_a_file(client, app, staff, ann, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_REPLY_DOMAIN", "answers.example.org")
    ann.feed_only = True
    send(client, a_series(staff), every="yes")
    (letter,) = letters(ann)
    assert letter.calendar is None
    assert "attached" not in letter.body


def test_what_is_not_gathered_leaves_by_itself_after_a_minute(staff):
    events, ann = a_series(staff), a_person()
    for event in events[:2]:
        answer_one(event, ann, Answer.YES, NOW)
    assert [letter.due_at for letter in letters(ann)] == [NOW + joint_letters.WAIT] * 2
    before = {letter.reason for letter in letters(ann)}
    answer_one(events[2], ann, Answer.YES, NOW + timedelta(seconds=1))
    joint_letters.gather(ann, NOW + timedelta(seconds=1), NOW + timedelta(seconds=2))
    db.session.flush()
    assert before < {letter.reason for letter in letters(ann)}, "those of another act are none of this one's"


def test_their_letters_are_not_held_before_they_are_who_become_another_meanwhile(app, staff):
    if db.engine.dialect.name != "postgresql":
        return  # where one writes at a time
    events, ann = a_series(staff), a_person()
    for event in events:
        answer_one(event, ann, Answer.YES, NOW)
    db.session.commit()
    number = ann.id

    def gather() -> None:
        with app.app_context():
            begin_write()
            joint_letters.gather(db.session.get_one(Person, number), NOW, NOW)
            db.session.commit()

    other = threading.Thread(target=gather)
    begin_write()
    db.session.execute(select(Person.id).where(Person.id == number).with_for_update())  # as where two become one
    other.start()
    while other.is_alive() and waited_to_write() == 0:
        time.sleep(0.01)
    free = select(Letter.id).where(Letter.person_id == number).with_for_update(skip_locked=True)
    assert len(db.session.scalars(free).all()) == len(events)
    db.session.commit()
    other.join()
    assert [letter.reason.partition(":")[0] for letter in letters(ann)] == [joint_letters.KIND]


def gathered(events: list[Event], person: Person) -> Letter:
    now = NOW + timedelta(minutes=1)
    for event in events:
        answer_one(event, person, Answer.YES, now)
    joint_letters.gather(person, now, now)
    db.session.commit()
    (letter,) = letters(person)
    return letter


def test_what_has_waited_says_what_is_so_by_then(staff):
    events, ann = a_series(staff), a_person("Ann")
    letter = gathered(events, ann)
    later = NOW + timedelta(hours=1)
    assert joint_letters.untrue([letter], later) == set()
    withdraw(rsvp_of(events[0], ann), NOW + timedelta(minutes=2))
    events[1].cancel(NOW)
    assert joint_letters.untrue([letter], later) == {letter.id}
    letter.keep_until(later)
    db.session.commit()
    joint_letters.settle(later)
    db.session.expire_all()
    assert letter.state is LetterState.QUEUED
    assert as_text(letter).count("Coming") == 2
    assert letter.calendar.count(b"BEGIN:VEVENT") == 2
    assert joint_letters.untrue([letter], later) == set()


def test_what_was_said_otherwise_before_it_left_is_told_by_the_later_one_alone(client, staff, ann):
    events = a_series(staff, capacity=2, max_party_size=2)
    reply(events[0], a_person(), Answer.YES, party_size=2, at=NOW)
    for answer in ("yes", "no"):
        send(client, events, every=answer)
    send(client, events, "yes", "yes", "leave", "leave")
    reply(events[0], ann, Answer.YES, party_size=2, at=now())
    later = now() + timedelta(hours=1)
    for letter in letters(ann):
        letter.keep_until(later)
    db.session.commit()
    joint_letters.settle(later)
    db.session.expire_all()
    assert [letter.state for letter in letters(ann)] == [LetterState.REFUSED, LetterState.QUEUED, LetterState.QUEUED]
    said = [" ".join(as_text(letter).split()) for letter in letters(ann)[1:]]
    states = "Coming", "Not coming", "On the waiting list", "party of 2"
    assert [[text.count(state) for state in states] for text in said] == [[0, 2, 0, 0], [1, 0, 1, 1]]


def test_what_tells_of_nothing_any_more_does_not_leave(staff):
    events, ann = a_series(staff), a_person("Ann")
    letter = gathered(events, ann)
    for event in events:
        event.cancel(NOW)
    letter.keep_until(NOW)
    db.session.commit()
    joint_letters.settle(NOW + timedelta(minutes=2))
    db.session.expire_all()
    assert letter.state is LetterState.REFUSED


def test_what_is_written_back_to_it_is_handed_on_to_the_organizer(staff):
    letter = gathered(a_series(staff, organizer=staff), a_person("Ann"))
    heads = {"From": "ann@example.org", "Subject": "Re: it", "In-Reply-To": letter.message_id}
    raw = "".join(f"{name}: {value}\r\n" for name, value in heads.items()) + "\r\nI bring a cake.\r\n"
    assert take(raw.encode(), NOW + timedelta(hours=1)).startswith("Handed on")
    assert db.session.scalars(select(Letter.to_address).where(Letter.reason.startswith("mail:"))).all() == [staff.email]


# The rules of one


def test_a_seat_that_is_offered_on_the_last_day_is_taken_by_a_yes(client, staff, ann):
    events = a_series(staff)
    other = Rsvp(event=events[0], person=ann, answer=Answer.YES, status=RsvpStatus.OFFERED, answered_at=NOW)
    other.offered_until = NOW + timedelta(hours=2)
    db.session.add(other)
    db.session.commit()
    assert "a yes confirms it" in client.get(address(events)).text
    send(client, events, every="yes")
    assert became(events, ann) == [COMING] * 4


def test_seats_given_back_go_to_who_waits(client, staff, ann):
    events = a_series(staff, capacity=1)
    ben = a_person("Ben")
    for event in events:
        reply(event, ann, Answer.YES, at=NOW)
        reply(event, ben, Answer.YES, at=NOW)
    send(client, events, every="no")
    assert became(events, ann) == [NO] * 4
    assert became(events, ben) == [COMING] * 4
