"""The pages of RSVPs: who may see them, what they say, and what they make of bad input."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import render_template
from sqlalchemy import delete, func, select

from society.audit.models import AuditEntry
from society.db import db
from society.events.models import Event, RsvpPolicy, Visibility
from society.mail.message import as_html
from society.mail.models import Letter
from society.people.models import Person
from society.rsvps import desk, seats
from society.rsvps.actions import ask_guest, confirm, reply, withdraw
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.queries import card, rsvp_of, seated
from society.rsvps.render import link
from society.rsvps.waiting import waiting
from society.times import now, to_wall
from tests.builders import NEXT_MONTH, NOW, SOON, a_membership, a_person, an_event, letters_to
from tests.rsvps.deciding import decided

HOSTILE = [
    "",
    "x" * 10_000,
    "🎻" * 40,
    "\u202egnp.exe",
    "a\x00b\x07",
    "<script>alert(1)</script>",
    "Bcc: x@example.org\r\nSubject: y",
    "'; DROP TABLE rsvp; --",
    "{{ 7 * 7 }}",
    "-1",
    "0",
    "99999999999999999999",
    "1e3",
    "٣",
]


def guest_form(**values):
    return {"name": "Gale Guest", "email": "gale@example.org", "answer": "yes", **values}


def a_guest(event: Event, email: str = "gale@example.org") -> Rsvp:
    ask_guest(event, "Gale Guest", email, Answer.YES, 1, "", NOW)
    return db.session.scalars(select(Rsvp).join(Rsvp.person).where(Person.email == email)).one()


def text_of(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", answer.text)).split())


# Answering on the event's page


def test_a_person_signed_in_answers_with_one_click(client):
    event, person = an_event(capacity=1), a_person()
    client.sign_in(person)
    page = client.get(f"/events/{event.slug}")
    assert "1 of 1 seats left" in text_of(page)

    answer = client.post(f"/events/{event.slug}/rsvp", data={"answer": "yes"})

    assert (answer.status_code, answer.location) == (303, f"/events/{event.slug}#rsvp")
    assert seated(event) == [person]
    assert "You are coming: your seat is kept." in text_of(client.get(f"/events/{event.slug}"))


def test_who_finds_no_seat_reads_their_place(client):
    event = an_event(capacity=1)
    reply(event, a_person(), Answer.YES, at=NOW)
    person = a_person()
    client.sign_in(person).post(f"/events/{event.slug}/rsvp", data={"answer": "yes"})
    page = text_of(client.get(f"/events/{event.slug}"))
    assert "Full: 1 person is waiting" in page
    assert "You are number 1 on the waiting list" in page
    assert "Asked for 1 seat. Put on the waiting list." in text_of(client.get(link(rsvp_of(event, person))))


def test_who_is_approved_and_seated_at_once_was_on_no_waiting_list(client):
    event, organizer = an_event(capacity=1, rsvp_policy=RsvpPolicy.APPROVAL), a_person()
    first, second = (reply(event, a_person(), Answer.YES, at=NOW) for _ in range(2))
    for rsvp in (first, second):
        decided(rsvp, Decision.APPROVE, organizer, NOW + timedelta(minutes=1))
    told = [text_of(client.get(link(rsvp))).count("Put on the waiting list.") for rsvp in (first, second)]
    assert told == [0, 1]


def test_who_answers_anew_reads_what_is_true_of_it_now(client, monkeypatch):
    morning = now().replace(hour=9)
    for module in ("society.rsvps.routes.answering.now", "tests.rsvps.test_routes.now"):
        monkeypatch.setattr(module, lambda: morning)
    soon = to_wall(morning + timedelta(hours=10), "UTC").replace(tzinfo=None)
    event, ann, ben = an_event(starts=soon, zone="UTC", capacity=5, max_party_size=5), a_person(), a_person()
    reply(event, ann, Answer.YES, party_size=4, at=morning - timedelta(days=3))
    reply(event, ben, Answer.YES, party_size=2, at=morning - timedelta(days=2))
    here, said = f"/events/{event.slug}/rsvp", f"A seat is kept for you until {morning:%A}"
    client.sign_in(ben)

    def answers(**values) -> str:
        return text_of(client.post(here, data=values, follow_redirects=True))

    page = answers(answer="yes", party_size="1")
    assert rsvp_of(event, ben).status == "offered"
    assert said in page
    assert "not coming" not in page
    assert "your seat is kept. A letter with the details" in answers(answer="yes", party_size="1")
    assert "A letter" not in answers(answer="yes", party_size="1"), "nothing has changed, so nothing is written"


def test_a_guest_is_sent_to_their_mail_whoever_they_are(client):
    event = an_event()
    known = a_person("Known", email="known@example.org")
    reply(event, known, Answer.YES, at=NOW)
    pages = []
    for email in ("new@example.org", "known@example.org"):
        answer = client.post(f"/events/{event.slug}/rsvp", data=guest_form(email=email, name="Mallory"))
        assert answer.status_code == 303
        pages.append(client.get(answer.location).text.replace(email, "typed"))
    assert pages[0] == pages[1]
    assert known.name == "Known"
    assert seated(event) == [known]


@pytest.mark.parametrize("name", ["Prize at www.example.org", "HTTPS://x.example Ann"])
def test_no_guest_puts_an_address_for_a_name_into_our_letters(client, name):
    answer = client.post(f"/events/{an_event().slug}/rsvp", data=guest_form(name=name))
    assert answer.status_code == 422
    assert "Please give a name without a web address in it." in answer.text
    assert not db.session.scalars(select(Letter)).all()


def test_the_same_work_is_done_for_known_and_unknown_addresses(client, counted):
    event = an_event()
    reply(event, a_person(email="known@example.org"), Answer.YES, at=NOW)
    client.post(f"/events/{event.slug}/rsvp", data=guest_form())  # the first request of all does some work of its own
    counts = []
    for email in ("new@example.org", "known@example.org"):
        with counted() as count:
            client.post(f"/events/{event.slug}/rsvp", data=guest_form(email=email))
        counts.append(len(count))
    assert abs(counts[0] - counts[1]) <= 3, counts


def test_a_guest_confirms_changes_and_withdraws_by_the_link(client):
    event = an_event(max_party_size=3)
    client.post(f"/events/{event.slug}/rsvp", data=guest_form(party_size="2", note="By wheelchair"))
    rsvp = db.session.scalars(select(Rsvp)).one()
    here = link(rsvp)
    assert here in db.session.scalars(select(Letter.body)).one()

    for _ in range(2):  # looking does nothing
        page = client.get(here)
        assert page.headers["Cache-Control"] == "no-store"
        assert "Please confirm your answer" in page.text
    assert rsvp_of(event, rsvp.person).status is RsvpStatus.UNCONFIRMED

    assert client.post(here, data={"action": "confirm"}).location == here
    assert rsvp_of(event, rsvp.person).status is RsvpStatus.CONFIRMED
    client.post(here, data={"action": "change", "answer": "yes", "party_size": "3"})
    assert rsvp_of(event, rsvp.person).party_size == 3
    page = text_of(client.get(here))
    assert "You have 3 seats" in page
    assert "Party changed from 2 to 3." in page
    assert "By wheelchair" in page

    client.post(here, data={"action": "withdraw"})
    assert rsvp_of(event, rsvp.person).status is RsvpStatus.CANCELLED
    with client.session_transaction() as session:
        assert "_user_id" not in session


@pytest.mark.parametrize(
    ("values", "heading", "buttons"),
    [
        ({}, "Or answer otherwise", ["Maybe", "I cannot come"]),
        ({"max_party_size": 3}, "Or change it first", ["Confirm it as changed here", "Maybe", "I cannot come"]),
    ],
)
def test_a_guest_who_has_to_confirm_finds_one_button_for_it(client, values, heading, buttons):
    page = client.get(link(a_guest(an_event(**values)))).text

    found = re.findall(r"<button[^>]*>([^<]*)</button>", page.partition("<main")[2])
    assert found == ["Confirm my answer", *buttons, "Withdraw my answer"]
    assert f"<h2>{heading}</h2>" in page


def test_a_guest_who_would_join_online_confirms_that_once(client):
    event = an_event(online_url="https://meet.example.org/a", room="Room 1", max_party_size=1)
    ask_guest(event, "Gale Guest", "gale@example.org", Answer.YES, 1, "", NOW, online=True)
    page = client.get(link(db.session.scalars(select(Rsvp)).one())).text

    assert "to join online. It counts when you press the button" in page
    assert "I will join online" not in page
    assert "I will come" not in page
    assert "Ask for a seat instead" in page


@pytest.mark.parametrize(
    ("by", "page", "letter"),
    [
        ("themselves", "Withdrawn", "you withdrew your answer"),
        ("organizers", "The organizers took you off the list", "the organizers took you off the list"),
        (
            "time",
            "not confirmed in timeIt is kept for you no longer. If you would still like to come, answer again below",
            "the seat that was kept for you was not confirmed in time",
        ),
    ],
)
def test_who_is_off_the_list_reads_how_that_came(client, by, page, letter):
    event = an_event()
    rsvp = a_guest(event)
    confirm(rsvp, NOW)
    if by == "time":
        for status in (RsvpStatus.OFFERED, RsvpStatus.CANCELLED):
            seats.log(rsvp, status, NOW, None, "By the clock.")
    elif by == "organizers":
        decided(rsvp, Decision.REMOVE, a_person(), NOW)
    else:
        withdraw(rsvp, NOW)
    a_guest(event)
    assert letter in db.session.scalars(select(Letter.body).order_by(Letter.id.desc())).first()
    assert page in text_of(client.get(link(rsvp)))
    rsvp.person.verified_at = NOW
    assert "Not coming any more" in text_of(client.sign_in(rsvp.person).get("/me/rsvps"))


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_wrong_link_opens_nothing(client, method):
    here = link(a_guest(an_event()))
    number, seal = here.removeprefix("/rsvps/").split("-", 1)
    wrong = [f"{number}-{seal[:-1]}{'A' if seal[-1] != 'A' else 'B'}", f"9{number}-{seal}", number, "x", f"{number}-é"]
    for token in [*wrong, "9" * 30, f"{'9' * 12}-{seal}"]:
        assert getattr(client, method)(f"/rsvps/{token}").status_code == 404, token
    assert client.head(here).status_code == 200


def test_a_withdrawal_by_the_link_lets_the_next_one_in(client):
    event = an_event(capacity=1)
    first = reply(event, a_person(), Answer.YES, at=NOW)
    reply(event, waits := a_person(), Answer.YES, at=NOW)
    client.post(link(first), data={"action": "withdraw"})
    assert seated(event) == [waits]
    assert letters_to(waits)[-1].startswith("You have a seat")


def test_a_refusal_is_a_sentence(client):
    event = an_event(capacity=2, max_party_size=2)
    mine = reply(event, a_person(), Answer.YES, at=NOW)
    reply(event, a_person(), Answer.YES, at=NOW)
    answer = client.post(link(mine), data={"action": "change", "answer": "yes", "party_size": "2"})
    assert answer.status_code == 409
    assert "You keep those for 1 person." in text_of(answer)
    (size,) = re.findall('<input[^>]*name="party_size"[^>]*>', answer.text)
    assert 'value="2"' in size


def test_who_is_refused_finds_what_they_typed_or_why_nothing_can_be_said_any_more(client):
    event = an_event(capacity=2, max_party_size=2)
    client.sign_in(ann := a_person("Ann"))
    here = f"/events/{event.slug}/rsvp"
    reply(event, ann, Answer.YES, at=NOW)
    reply(event, a_person(), Answer.YES, at=NOW)
    db.session.commit()
    typed = {"answer": "yes", "party_size": "2", "note": "With my aunt"}
    full = client.post(here, data=typed)
    event.rsvp_closes_at = NOW
    db.session.commit()
    late = client.post(here, data=typed)

    assert (full.status_code, late.status_code) == (409, 409)
    assert "You keep those for 1 person." in text_of(full)
    assert "With my aunt</textarea>" in full.text
    assert "Answers closed on" in text_of(late)
    assert f'<a href="/events/{event.slug}">' in late.text
    assert "textarea" not in late.text


# Who may


def test_members_only_events_are_nothing_to_others(client):
    event = an_event(visibility=Visibility.MEMBERS)
    member, other = a_membership(a_person()).person, a_person()
    for address in (f"/events/{event.slug}/rsvp", f"/events/{event.slug}/rsvp/sent"):
        assert client.get(address).status_code == 404
    assert client.post(f"/events/{event.slug}/rsvp", data=guest_form()).status_code == 404
    client.sign_in(other)
    assert client.post(f"/events/{event.slug}/rsvp", data={"answer": "yes"}).status_code == 404
    client.sign_in(member)
    assert client.post(f"/events/{event.slug}/rsvp", data={"answer": "yes"}).status_code == 303


def test_a_guest_cannot_answer_where_only_members_may(client):
    event = an_event(rsvp_policy=RsvpPolicy.MEMBERS)
    for page in (f"/events/{event.slug}", f"/events/{event.slug}/rsvp"):
        shown = client.get(page).text
        assert "Only members can answer" in shown
        assert f'<a class="button primary" href="/login?next={page}">Sign in</a>' in shown.replace("%2F", "/")
        assert '<a class="button" href="/join">Join the society</a>' in shown
    answer = client.post(f"/events/{event.slug}/rsvp", data=guest_form())
    assert answer.status_code == 409
    assert db.session.scalar(select(func.count(Person.id))) == 0


@pytest.mark.parametrize("page", ["rsvps", "rsvps.csv", "checkin"])
def test_only_organizers_see_who_answered(client, page):
    event = an_event()
    address = f"/organize/events/{event.id}/{page}"
    assert client.get(address).status_code == 303
    assert client.sign_in(a_person()).get(address).status_code == 403
    assert client.sign_in(a_person("", "secretary")).get(address).status_code == 403
    client.sign_in(a_person("", "organizer"))
    assert client.get(address).status_code == 200
    assert client.get(f"/organize/events/99/{page}").status_code == 404


def test_ones_answers_are_ones_own(client):
    mine, theirs = an_event("My evening", capacity=1), an_event("Their evening")
    person, other = a_person(), a_person()
    reply(mine, other, Answer.YES, at=NOW)
    reply(mine, person, Answer.YES, at=NOW)
    reply(theirs, other, Answer.YES, at=NOW)
    assert client.get("/me/rsvps").status_code == 303
    page = text_of(client.sign_in(person).get("/me/rsvps"))
    assert "My evening" in page
    assert "Number 1." in page
    assert "Their evening" not in page


def test_a_ticket_is_a_tap_away_and_a_withdrawal_is_not(client):
    person, full = a_person(), an_event(capacity=1)
    sits = reply(an_event(), person, Answer.YES, at=NOW)
    reply(full, a_person(), Answer.YES, at=NOW)
    waits = reply(full, person, Answer.YES, at=NOW)
    client.sign_in(person)
    for page in ("/me", "/me/rsvps"):
        shown = client.get(page).text
        assert f'href="{link(sits)}/ticket"' in shown
        assert f'href="{link(waits)}/ticket"' not in shown
    assert "Change or withdraw" in shown
    assert 'value="withdraw"' not in shown


def test_answers_to_what_is_over_are_gone_through_page_by_page(client):
    person = a_person()
    for days in range(31):
        past = an_event(f"Evening {days} ago.", starts=NEXT_MONTH - timedelta(days=100 + days))
        db.session.add(Rsvp(event=past, person=person, answer=Answer.YES, status=RsvpStatus.CONFIRMED, answered_at=NOW))
    first, second = (text_of(client.sign_in(person).get(f"/me/rsvps?page={page}")) for page in (1, 2))
    assert "Evening 29 ago." in first
    assert "Evening 30 ago." not in first
    assert "Next" in first
    assert "Evening 30 ago." in second
    assert "Evening 29 ago." not in second
    assert "still to come" not in second
    assert client.get("/me/rsvps?page=99999999999999999999").status_code == 200


def test_what_is_over_is_folded_below_what_is_to_come_and_that_too_is_gone_through_page_by_page(client, counted):
    client.sign_in(person := a_person())

    def answered(title: str, days: int) -> None:
        event = an_event(title, starts=NEXT_MONTH + timedelta(days=days))
        db.session.add(
            Rsvp(event=event, person=person, answer=Answer.YES, status=RsvpStatus.CONFIRMED, answered_at=NOW)
        )

    answered("Coming 0.", 0)
    answered("Gone 0.", -100)
    db.session.commit()
    with counted() as few:
        page = client.get("/me/rsvps").text
    assert page.index("Coming 0.") < page.index("<summary>Past: 1 answer</summary>") < page.index("Gone 0.")
    assert page.count("What happened so far") == 0, "the title leads there, too"
    for number in range(1, 21):
        answered(f"Coming {number}.", number)
        answered(f"Gone {number}.", -100 - number)
    db.session.commit()
    with counted() as many:
        first = client.get("/me/rsvps").text
    assert len(many) == len(few)
    assert "<summary>Past: 21 answers</summary>" in first
    assert ("Coming 19." in first, "Coming 20." in first) == (True, False)
    assert '<a class="button" rel="next" href="/me/rsvps?coming=2">' in first
    second = client.get("/me/rsvps?coming=2").text
    assert ("Coming 20." in second, "Coming 19." in second, "Gone" in second) == (True, False, False)
    assert '<a class="button" rel="prev" href="/me/rsvps">' in second
    for beyond in ("coming=3", "page=2", "coming=2&page=2"):
        page = client.get(f"/me/rsvps?{beyond}").text
        assert 'href="/me/rsvps">All your answers' in page
        assert "You have not answered anything" not in page


AGO = {"starts": NEXT_MONTH - timedelta(days=60)}
CLOSED = {"rsvp_deadline": NEXT_MONTH - timedelta(days=40)}
ASKED = {"rsvp_policy": RsvpPolicy.APPROVAL}
MOVING = ("Your ticket", "is kept for you", "We write to you", "number 1 on")


@pytest.mark.parametrize(
    ("values", "status", "sentence", "own"),
    [
        ({"cancelled_at": NOW}, "confirmed", "There is nothing to come to any more", "Had a seat"),
        ({"cancelled_at": NOW}, "waitlisted", "There is nothing to come to any more", "Was on the waiting list"),
        ({"postponed_at": NOW}, "confirmed", "You keep your seat.", "Coming"),
        ({"postponed_at": NOW}, "offered", "You keep the seat that we offered you.", "Seat offered"),
        ({"postponed_at": NOW}, "pending", "can decide once it has a new date", "Waiting for the organizers"),
        (AGO, "confirmed", "You had a seat.", "Had a seat"),
        (AGO, "waitlisted", "no seat became free for you", "Was on the waiting list"),
        (AGO, "pending", "The organizers had not decided", "Waited for the organizers"),
        (CLOSED, "waitlisted", "Nobody moves up from the waiting list any more", "On the waiting list"),
        ({}, "offered", "Your seat passes on", "Seat offered"),
    ],
)
def test_the_mailed_link_and_ones_own_pages_promise_nothing_that_is_past(client, values, status, sentence, own):
    event, person = an_event(**values), a_person()
    rsvp = Rsvp(event=event, person=person, answer=Answer.YES, status=RsvpStatus(status), answered_at=NOW)
    rsvp.queued_at = NOW if status == "waitlisted" else None
    rsvp.offered_until = NOW - timedelta(hours=1) if status == "offered" else None
    db.session.add(rsvp)
    db.session.flush()
    here = link(rsvp)
    page = text_of(client.get(here))
    assert sentence in page
    assert not [words for words in MOVING if words in page]
    client.sign_in(person)
    for listing in ("/me/rsvps", "/me", f"/events/{event.slug}"):
        mine = text_of(client.get(listing))
        assert (own in mine) is (listing != "/me" or values is not AGO)
        assert not [words for words in (*MOVING, "Number 1 in") if words in mine]
    for ticket in ("ticket", "ticket.pdf"):
        assert client.get(f"{here}/{ticket}").status_code == 303


# The card


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"cancelled_at": NOW}, "This event is cancelled."),
        ({"postponed_at": NOW}, "This event is postponed."),
        ({"rsvp_policy": RsvpPolicy.CLOSED}, "This event takes no answers."),
        ({"starts": NEXT_MONTH - timedelta(days=60)}, "This event is over."),
        ({"rsvp_deadline": NEXT_MONTH - timedelta(days=40)}, "Answers closed on "),
        ({"rsvp_policy": RsvpPolicy.APPROVAL}, "The organizers decide who can come"),
        ({"rsvp_policy": RsvpPolicy.APPROVAL, "capacity": 5}, "in the order in which the organizers approve"),
    ],
)
def test_the_card_says_plainly_what_can_be_done(client, values, sentence):
    assert sentence in text_of(client.get(f"/events/{an_event(**values).slug}"))


def test_the_card_tells_no_rule_whose_time_is_over(app):
    by = NEXT_MONTH - timedelta(days=7)
    event = an_event(zone="UTC", members_first_until=by, minimum=2, minimum_by=by)
    told = "only members can answer", "must have said yes by"
    for moment, still in ((event.minimum_by_at - timedelta(minutes=1), True), (event.minimum_by_at, False)):
        with app.test_request_context():
            shown = render_template("rsvps/_policy.html", card=card(event, None, moment), event=event)
        assert [words in shown for words in told] == [still, still]


@pytest.mark.parametrize("answers", [1, 3])
def test_the_card_costs_a_visitor_one_query(app, counted, answers):
    event = an_event(capacity=2)
    for _ in range(answers):
        reply(event, a_person(), Answer.YES, at=NOW)
    with counted() as count, app.test_request_context():
        card(event, None, NOW)
    assert len(count) == 1


# Bad input


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["answer", "party_size", "note", "name", "email"])
def test_whatever_is_typed_is_answered_in_words(client, field, text):
    event = an_event(max_party_size=3)
    answer = client.post(f"/events/{event.slug}/rsvp", data=guest_form(**{field: text}))
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert 'class="error"' in answer.text or "callout danger" in answer.text
        assert field == "email" or 'value="gale@example.org"' in answer.text
        assert "<script>alert" not in answer.text
    else:
        letter = db.session.scalars(select(Letter)).one()
        assert "\n" not in letter.subject
        assert "<script>" not in as_html(letter)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["action", "answer", "party_size"])
def test_whatever_the_link_is_sent_is_answered_in_words(client, field, text):
    rsvp = a_guest(an_event(max_party_size=3))
    data = {"action": "change", "answer": "yes", "party_size": "1", field: text}
    assert client.post(link(rsvp), data=data).status_code in (303, 422)


def test_what_was_typed_stays(client):
    event = an_event(max_party_size=3)
    typed = guest_form(email="no address", note="We come by <train>", party_size="9")
    page = client.post(f"/events/{event.slug}/rsvp", data=typed)
    assert page.status_code == 422
    for shown in ('value="no address"', "We come by &lt;train&gt;", 'value="9"', 'value="Gale Guest"'):
        assert shown in page.text
    assert "That is not a mail address" in page.text
    assert "A number from 1 to 3" in page.text


def test_where_each_comes_alone_no_number_from_1_to_1_is_asked_for(client):
    event = an_event(max_party_size=1)
    page = client.post(f"/events/{event.slug}/rsvp", data=guest_form(party_size="2"))
    assert page.status_code == 422
    assert "Each answers for one person alone here, so please give 1." in page.text
    assert "from 1 to 1" not in page.text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("page", ["rsvps", "checkin"])
def test_whatever_an_organizer_sends_is_answered_in_words(client, page, text):
    event = an_event(starts=SOON)
    client.sign_in(a_person("", "organizer"))
    address = f"/organize/events/{event.id}/{page}"
    for data in ({"action": text, "rsvp": "1"}, {"action": "remove", "rsvp": text}, {"action": "in", "rsvp": text}):
        assert client.post(address, data=data).status_code in (303, 422)
    assert client.get(address, query_string={"q": text, "status": text, "page": text}).status_code == 200
    assert client.post(address, query_string={"event_id": "1", "_external": "1"}, data={}).status_code == 422


# Organizers


def test_more_ticks_than_any_page_shows_are_refused_with_a_sentence(client):
    event = an_event()
    client.sign_in(a_person("", "organizer"))
    ticks = [str(number) for number in range(1, 40_000)]

    answer = client.post(f"/organize/events/{event.id}/rsvps", data={"action": "remove", "rsvp": ticks})

    assert answer.status_code == 422
    assert "At most 1,000 at once, please." in answer.text


def test_all_that_were_found_are_decided_on_other_pages_too(client, monkeypatch):
    monkeypatch.setattr("society.rsvps.routes.lists.ON_A_PAGE", 2)
    event = an_event(rsvp_policy=RsvpPolicy.APPROVAL)
    asking = [reply(event, a_person(name), Answer.YES, at=NOW) for name in ("Ann A", "Ann B", "Ann C", "Ben")]
    client.sign_in(a_person("Ora", "organizer"))
    address = f"/organize/events/{event.id}/rsvps?status=pending&q=ann"
    assert "All that were found" in client.get(address).text
    page = client.post(address, data={"action": "approve", "every": "1"})
    assert "Approve 3 answers?" in page.text
    page = client.post(address, data=carried(page), follow_redirects=True)
    assert "Approved 3 answers." in page.text
    db.session.expire_all()
    assert [rsvp.status for rsvp in asking] == [RsvpStatus.CONFIRMED] * 3 + [RsvpStatus.PENDING]


def test_more_than_can_be_decided_at_once_are_decided_in_parts_first_come_first(client, monkeypatch):
    monkeypatch.setattr("society.rsvps.routes.lists.MOST_PICKED", 2)
    event = an_event(rsvp_policy=RsvpPolicy.APPROVAL)
    minutes = range(5)
    asking = [reply(event, a_person(), Answer.YES, at=NOW + timedelta(minutes=minute)) for minute in minutes]
    client.sign_in(a_person("Ora", "organizer"))
    address = f"/organize/events/{event.id}/rsvps"
    seated = []
    for left in ("3 more can be decided after them", "1 more can be decided after them", ""):
        page = client.post(address, data={"action": "approve", "every": "1"})
        assert left in page.text
        client.post(address, data=carried(page))
        db.session.expire_all()
        seated.append([rsvp.status for rsvp in asking].count(RsvpStatus.CONFIRMED))
        assert all(rsvp.status is RsvpStatus.CONFIRMED for rsvp in asking[: seated[-1]])
    assert seated == [2, 4, 5]
    assert "more can be decided" not in page.text


@pytest.mark.parametrize(("closed", "said"), [(False, "the others wait"), (True, "nobody moves up from the waiting")])
def test_before_several_are_approved_it_is_told_what_becomes_of_those_without_a_seat(client, closed, said):
    event = an_event(rsvp_policy=RsvpPolicy.APPROVAL, capacity=1)
    for name in ("Ann", "Ben"):
        reply(event, a_person(name), Answer.YES, at=NOW)
    event.rsvp_closes_at = now() - timedelta(hours=1) if closed else None
    client.sign_in(a_person("Ora", "organizer"))
    page = client.post(f"/organize/events/{event.id}/rsvps", data={"action": "approve", "every": "1"})
    assert said in page.text


def test_the_link_of_an_answer_off_the_list_opens_also_where_no_log_tells_how_it_came(client):
    rsvp = reply(an_event(), a_person(), Answer.YES, at=NOW)
    withdraw(rsvp, NOW)
    db.session.execute(delete(Transition).where(Transition.rsvp_id == rsvp.id))
    db.session.commit()
    assert client.get(link(rsvp)).status_code == 200


def test_what_became_another_since_the_list_was_shown_is_left_alone(client):
    event = an_event(rsvp_policy=RsvpPolicy.APPROVAL, max_party_size=5)
    ann, *_ = [reply(event, a_person(name), Answer.YES, at=now()) for name in ("Ann", "Ben", "Cem")]
    client.sign_in(a_person("Ora", "organizer"))
    address = f"/organize/events/{event.id}/rsvps"
    page = client.get(address).text
    seen = re.search('name="seen" value="([0-9]+)"', page)[1]
    reply(event, ann.person, Answer.YES, party_size=5, at=now())
    reply(event, a_person("Dora"), Answer.YES, at=now())
    db.session.commit()
    asked = client.post(address, data={"action": "approve", "every": "1", "seen": seen})
    told = client.post(address, data=carried(asked), follow_redirects=True).text
    assert "Approved 2 answers." in told
    assert "Changed since the list was shown, and left alone: Ann and Dora." in told
    assert {person.name for person in seated(event)} == {"Ben", "Cem"}
    seen = re.search('name="seen" value="([0-9]+)"', told)[1]
    told = client.post(address, data={"action": "approve", "rsvp": [ann.id], "seen": seen}, follow_redirects=True).text
    assert "Approved 1 answer." in told
    assert "left alone" not in told


def carried(page) -> dict[str, list[str]]:
    """What the page that asks once more sends on."""
    hidden = re.findall('<input type="hidden" name="([a-z]+)" value="([^"]*)">', page.text)
    return {name: [value for other, value in hidden if other == name] for name, _ in hidden}


def test_nobody_is_taken_off_the_list_before_that_was_asked_once_more(client):
    event = an_event(capacity=1)
    ann, ben = [reply(event, a_person(name), Answer.YES, at=NOW) for name in ("Ann", "Ben")]
    client.sign_in(a_person("", "organizer"))
    address = f"/organize/events/{event.id}/rsvps"
    first_button = client.get(address).text.partition('name="seen"')[0].rpartition("<button")[2]
    assert first_button.startswith(' hidden name="action" value=""'), "Enter in a tick box presses the first one"
    pressed = client.post(address, data={"action": "", "rsvp": [ann.id]})
    assert (pressed.status_code, pressed.text.count("checked>")) == (422, 1)
    asked = client.post(f"{address}?status=confirmed", data={"action": "remove", "rsvp": [ann.id]})
    assert "Remove 1 answer?" in asked.text
    assert "Ann is written to" in text_of(asked)
    assert seated(event) == [ann.person]
    assert client.post(address, data=carried(asked)).status_code == 303
    assert seated(event) == [ben.person]


def test_before_it_takes_people_off_the_page_says_who_of_them_is_written_to(client):
    event = an_event()
    ann, ben = reply(event, a_person("Ann"), Answer.YES, at=NOW), reply(event, a_person("Ben"), Answer.MAYBE, at=NOW)
    client.sign_in(a_person("", "organizer"))
    address = f"/organize/events/{event.id}/rsvps"

    alone = client.post(address, data={"action": "remove", "rsvp": [ben.id]})
    both = client.post(address, data={"action": "remove", "rsvp": [ann.id, ben.id]})

    assert "Nobody is written to" in text_of(alone)
    assert "Only who has a seat, or asked for one, is written to" in text_of(both)
    client.post(address, data=carried(both))
    assert (letters_to(ben.person), len(letters_to(ann.person))) == ([], 2)


@pytest.mark.parametrize("capacity", [1, 100])
@pytest.mark.parametrize("act", ["approve", "decline", "remove", "readmit"])
def test_many_are_decided_in_no_more_statements_than_few(client, counted, act, capacity):
    organizer, needed = a_person("Ora", "organizer"), set()
    for number in (3, 12):
        event = an_event(capacity=capacity, rsvp_policy=RsvpPolicy.APPROVAL)
        rsvps = [reply(event, a_person(), Answer.YES, at=NOW) for _ in range(number)]
        if act == "readmit":
            desk.decide(event, Decision.DECLINE, [rsvp.id for rsvp in rsvps], by=organizer, now=NOW)
        db.session.commit()
        with counted() as count:
            desk.decide(event, Decision(act), [rsvp.id for rsvp in rsvps], by=organizer, now=NOW)
            db.session.commit()
        needed.add(len(count))
    assert len(needed) == 1


def test_organizers_decide_several_at_once(client):
    event = an_event(capacity=1, rsvp_policy=RsvpPolicy.APPROVAL)
    rsvps = [reply(event, a_person(), Answer.YES, at=NOW + timedelta(minutes=n)) for n in range(3)]
    client.sign_in(a_person("", "organizer"))
    address = f"/organize/events/{event.id}/rsvps"
    chosen = [str(rsvp.id) for rsvp in rsvps[:2]]

    answer = client.post(f"{address}?status=pending", data={"action": "approve", "rsvp": [*chosen, "999"]})

    assert answer.location == f"{address}?status=pending"
    assert "Approved 2 answers, 1 of them for the waiting list. 1 other did not wait for a decision." in text_of(
        client.get(answer.location)
    )
    assert seated(event) == [rsvps[0].person]
    assert waiting(event) == [rsvps[1].person]
    client.post(address, data={"action": "remove", "rsvp": chosen[0], "sure": "1"})
    assert seated(event) == [rsvps[1].person]
    client.post(address, data={"action": "decline", "rsvp": str(rsvps[2].id)})
    assert db.session.get(Rsvp, rsvps[2].id, populate_existing=True).decided_against
    assert "Let in after all" in client.get(address).text
    answer = client.post(address, data={"action": "readmit", "rsvp": [str(rsvp.id) for rsvp in rsvps]})
    assert "Let in 2 answers, for the waiting list. 1 other was neither declined nor removed" in text_of(
        client.get(answer.location)
    )
    assert waiting(event) == [rsvps[0].person, rsvps[2].person]
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["RSVP approved", "RSVP approved", "RSVP removed", "RSVP declined", *["RSVP readmitted"] * 2]


def test_an_answer_to_another_event_is_out_of_reach(client):
    mine, other = an_event(), an_event()
    rsvp = reply(other, a_person(), Answer.YES, at=NOW)
    client.sign_in(a_person("", "organizer"))
    client.post(f"/organize/events/{mine.id}/rsvps", data={"action": "remove", "rsvp": str(rsvp.id), "sure": "1"})
    assert seated(other) == [rsvp.person]


def test_the_list_is_searched_filtered_and_paged(client, monkeypatch):
    monkeypatch.setattr("society.rsvps.routes.lists.ON_A_PAGE", 2)
    event = an_event(capacity=2)
    for name in ("Zoë Ångström", "Ben", "Cem", "Dora"):
        reply(event, a_person(name), Answer.YES, at=NOW)
    client.sign_in(a_person("", "organizer"))
    address = f"/organize/events/{event.id}/rsvps"
    assert "Dora" not in client.get(f"{address}?status=confirmed").text
    for words in ("ångström", "angstrom", "ZOE", "Zoë Ångström", "zoe ångström"):
        for page in (f"{address}?q={words}", f"/organize/events/{event.id}/checkin?q={words}"):
            found = client.get(page).text
            assert "Zoë Ångström" in found
            assert "Cem" not in found
    first, second = client.get(address).text, client.get(f"{address}?page=2").text
    assert 'rel="next"' in first
    assert "Cem" in first  # who waits comes first
    assert "Ben" in second
    assert 'rel="prev"' in second


@pytest.mark.parametrize("page", ["rsvps", "rsvps.csv", "checkin"])
def test_a_list_costs_the_same_however_long(client, counted, page):
    event = an_event(capacity=2, price=500, currency="EUR", members_free=True)
    staff = a_person("", "organizer")
    client.sign_in(staff)
    counts = []
    for answers in (1, 2):
        for _ in range(answers):
            reply(event, a_person(), Answer.YES, at=NOW)
        with counted() as count:
            client.get(f"/organize/events/{event.id}/{page}")
        counts.append(len(count))
    assert counts[0] == counts[1]


def test_ones_own_list_costs_the_same_however_long(client, counted):
    person = a_person()
    client.sign_in(person)
    counts = []
    for answers in (1, 2):
        for _ in range(answers):
            reply(an_event(), person, Answer.YES, at=NOW)
        with counted() as count:
            client.get("/me/rsvps")
        counts.append(len(count))
    assert counts[0] == counts[1]


def test_a_spreadsheet_runs_nothing(client):
    event = an_event("Café")
    for name in ("=1+1", "+1", "-1", "@sum", 'A "quoted", one'):
        reply(event, a_person(name), Answer.YES, note="=HYPERLINK(1)", at=NOW)
    answer = client.sign_in(a_person("", "organizer")).get(f"/organize/events/{event.id}/rsvps.csv")
    assert answer.data.startswith(b"\xef\xbb\xbfname,email,")
    rows = answer.data.decode("utf-8-sig").splitlines()[1:]
    assert sorted(row[:3] for row in rows) == ['"A ', "'+1", "'-1", "'=1", "'@s"]
    assert all("'=HYPERLINK(1)" in row for row in rows)


def test_guests_are_checked_in_and_out_again(client):
    event = an_event(max_party_size=2, starts=SOON)
    rsvp = reply(event, a_person("Ann"), Answer.YES, party_size=2, at=NOW)
    client.sign_in(a_person("", "organizer"))
    address = f"/organize/events/{event.id}/checkin"
    assert "0 of 2 have arrived" in text_of(client.get(address))
    for _ in range(2):
        answer = client.post(f"{address}?q=ann", data={"action": "in", "rsvp": str(rsvp.id)})
    assert answer.location == f"{address}?q=ann"
    assert "2 of 2 have arrived" in text_of(client.get(answer.location))
    client.post(address, data={"action": "undo", "rsvp": str(rsvp.id)})
    assert "0 of 2 have arrived" in text_of(client.get(address))
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["guest checked in", "check-in undone"]


def test_who_has_no_seat_is_not_checked_in(client):
    event = an_event(capacity=1, starts=SOON)
    reply(event, a_person(), Answer.YES, at=NOW)
    waits = reply(event, a_person(), Answer.YES, at=NOW)
    client.sign_in(a_person("", "organizer"))
    answer = client.post(f"/organize/events/{event.id}/checkin", data={"action": "in", "rsvp": str(waits.id)})
    assert answer.status_code == 409


def test_what_narrows_the_list_further_is_folded_away_until_it_does(client):
    here = f"/organize/events/{an_event().id}/rsvps"
    client.sign_in(a_person("Olga", "organizer"))
    folded = "<details><summary>Order and more filters</summary>"
    shown = [folded in client.get(f"{here}?{query}").text for query in ("", "q=ann&status=maybe", "parties=1")]
    assert shown == [True, True, False]


@pytest.mark.parametrize(("cancels", "then"), [(True, "the event is cancelled"), (False, "the organizers decide")])
def test_the_card_tells_what_becomes_of_it_if_too_few_come(client, cancels, then):
    event = an_event(minimum=5, minimum_by=NEXT_MONTH - timedelta(days=2), minimum_cancels=cancels)
    assert f"otherwise {then}" in text_of(client.get(f"/events/{event.slug}"))
