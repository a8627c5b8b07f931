"""The door: codes, tickets, photos, keys for helpers."""

import re
import threading
import time
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import begin_write, db, waited_to_write
from society.door import codes, tickets
from society.door.actions import at_the_door, scan
from society.door.badges import badges
from society.door.models import AFTER_THE_END, DoorAction, DoorKey
from society.door.queries import expected
from society.door.syncing import Act, take_over
from society.errors import Refused
from society.events.models import Event
from society.people.models import Person
from society.questions.actions import ask
from society.questions.models import Kind, QuestionAnswer
from society.records import answers
from society.rsvps import desk, letters
from society.rsvps.actions import reply, withdraw
from society.rsvps.counts import arrived
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, Rsvp
from society.rsvps.render import link
from tests.builders import NOW, a_person, an_event
from tests.door.conftest import a_key, at
from tests.rsvps.deciding import decided


def scanned(client, address, code):
    return client.post(address, data={"code": code}, follow_redirects=True)


def in_since(rsvp):
    db.session.expire_all()
    return db.session.get_one(Rsvp, rsvp.id).checked_in_at


@given(number=st.integers(1, 2**24), key=st.text("abc", min_size=1, max_size=3))
@settings(max_examples=30)
def test_a_code_finds_its_answer_however_it_is_typed(application, number, key):
    with application.app_context():
        rsvp = Rsvp(id=number, link_key=key)
        word = codes.code(rsvp)
        typed = codes.spoken(word).lower().replace("0", "o").replace("1", "l")
        assert codes.as_meant(f" {typed} ") == word
        assert number in codes.numbers_in(word)
        assert codes.fits(word, rsvp)
        assert not codes.fits(word, Rsvp(id=number, link_key=key + "d"))


def test_the_first_scan_counts_and_the_second_says_since_when(organizer, event, ann):
    word = codes.code(ann)
    assert "Ann Lee is in" in scanned(organizer, at(event), codes.spoken(word).lower()).text
    first = in_since(ann)
    page = scanned(organizer, at(event), word).text
    assert "Ann Lee is in already" in page
    assert "In since" in page
    assert in_since(ann) == first
    organizer.post(at(event), data={"action": "undo", "rsvp": str(ann.id)})
    assert in_since(ann) is None
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["guest checked in", "check-in undone"]


def test_a_wrong_code_comes_back_in_words_and_as_typed(organizer, event, ann):
    other = reply(an_event(), a_person(), Answer.YES, at=NOW)
    word = codes.code(ann)
    wrong = ("Z" if word[0] != "Z" else "Y") + word[1:]
    for code, sentence in (
        (codes.code(other), "No ticket to this event has that code"),
        (wrong, "No ticket to this event has that code"),
        ("7QK2", "eight letters and digits"),
        ("", "eight letters and digits"),
    ):
        answer = organizer.post(at(event), data={"code": code})
        assert (answer.status_code, sentence in answer.text) == (422, True), code
        assert f'value="{code}"' in answer.text
    assert in_since(ann) is None


def test_whoever_gave_the_seat_back_is_not_let_in_by_the_old_ticket(organizer, client, event, ann):
    word = codes.code(ann)
    withdraw(ann, NOW)
    db.session.commit()
    answer = organizer.post(at(event), data={"code": word})
    assert answer.status_code == 422
    assert "Ann Lee has no seat. Their answer: withdrawn." in answer.text
    assert client.get(f"{link(ann)}/ticket").location == link(ann)


def photo(word: str) -> BytesIO:
    file = BytesIO()
    segno.make(word, error="m", micro=False).save(file, kind="png", scale=6)
    file.seek(0)
    return file


@pytest.mark.parametrize("broken", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_photo_is_read_and_one_that_cannot_be_is_answered_in_words(organizer, event, ann, broken):
    answer = organizer.post(at(event), data={"code": "", "picture": (BytesIO(broken), "a.jpg")})
    assert answer.status_code == 422
    answer = organizer.post(at(event), data={"code": "", "picture": (photo("https://example.org"), "a.png")})
    assert "No ticket’s code could be read" in answer.text
    answer = organizer.post(at(event), data={"code": "", "picture": (photo(codes.code(ann)), "a.png")})
    assert answer.status_code == 303
    assert in_since(ann)


def test_the_ticket_is_a_page_and_a_pdf_for_the_bearer_of_the_link_alone(client, organizer, event, ann):
    organizer.post("/logout")
    page = client.get(f"{link(ann)}/ticket")
    assert codes.spoken(codes.code(ann)) in page.text
    assert "Admits 2 people" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert f'href="{link(ann)}"' in page.text
    assert f'href="{link(ann)}/ticket.pdf"' in page.text
    assert client.get(f"{link(ann)}/ticket.pdf").data.startswith(b"%PDF")
    assert f"{link(ann)}/ticket" in client.get(link(ann)).text
    assert client.get(f"{link(ann)[:-1]}/ticket").status_code == 404


def test_the_tickets_of_all_are_printed_for_organizers(organizer, event, ann):
    sheets = organizer.get(f"{at(event)}/tickets.pdf")
    assert sheets.data.startswith(b"%PDF")
    assert organizer.get(f"{at(an_event())}/tickets.pdf").status_code == 303


def test_a_helper_checks_in_by_a_key_and_sees_no_addresses(client, organizer, event, ann):
    key = a_key(organizer, event)
    page = client.get(key)
    assert "Ann Lee" in page.text
    assert "ann@example.org" not in page.text
    assert "/organize/" not in page.text
    assert "Ann Lee" not in client.get(f"{key}?q=ann@example").text
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert client.get("/events").headers["Permissions-Policy"] == "camera=()"

    assert "Ann Lee is in" in scanned(client, key, codes.code(ann)).text
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    stored = db.session.scalars(select(DoorKey)).one()
    assert (entry.actor_id, entry.after["key"]) == (None, stored.id)
    assert stored.used_at
    assert stored.hashed not in key


def test_a_key_opens_its_own_event_alone(client, organizer, event, ann):
    key = a_key(organizer, an_event("Another"))
    assert "Ann Lee" not in client.get(f"{key}?guest={ann.id}").text
    client.post(key, data={"action": "in", "rsvp": str(ann.id)})
    assert client.post(key, data={"code": codes.code(ann)}).status_code == 422
    assert in_since(ann) is None


def test_a_key_taken_back_or_past_its_end_leads_nowhere(client, organizer, event, ann):
    key = a_key(organizer, event)
    stored = db.session.scalars(select(DoorKey)).one()
    assert stored.opens(event.ends_at + AFTER_THE_END - timedelta(minutes=1))
    assert not stored.opens(event.ends_at + AFTER_THE_END)
    client.sign_in(a_person("Oz", "organizer"))
    other = an_event("Another")
    assert client.post(f"{at(other)}/keys", data={"revoke": str(stored.id)}).status_code == 404
    assert client.get(key).status_code == 200
    client.post(f"{at(event)}/keys", data={"revoke": str(stored.id)})
    assert client.get(key).status_code == 404
    assert client.post(key, data={"code": codes.code(ann)}).status_code == 404
    assert in_since(ann) is None


def test_a_key_is_known_by_its_name_in_the_list_at_the_door_and_in_the_log(client, organizer, event, ann):
    page = organizer.post(f"{at(event)}/keys", data={"name": " Anna,  side entrance "}).text
    stored = db.session.scalars(select(DoorKey)).one()
    assert stored.name == "Anna, side entrance"
    assert 'id="name" name="name" type="text" value=""' in page, "the next key is another's"
    listed = organizer.get(f"{at(event)}/keys").text
    assert "<b>Anna, side entrance</b>" in listed
    assert f"Key {stored.id}, made" in listed

    organizer.post("/logout")
    key = "/door/" + page.split("/door/", 1)[1].split("<", 1)[0]
    for address in (key, f"{key}/offline"):
        assert "Your key: <b>Anna, side entrance</b>" in client.get(address).text
    client.post(key, data={"action": "in", "rsvp": ann.id})
    client.sign_in(a_person("Ada", "admin"))
    assert f"Key: <ins>Anna, side entrance (key {stored.id})</ins>" in client.get("/organize/audit").text


def test_a_key_can_be_called_otherwise_and_the_log_keeps_what_it_was_called(client, organizer, event, ann):
    key = a_key(organizer, event)
    stored = db.session.scalars(select(DoorKey)).one()
    assert "Your key" not in client.get(key).text
    client.sign_in(a_person("Oz", "organizer"))
    client.post(f"{at(event)}/keys", data={"name": ""})
    other = db.session.scalars(select(DoorKey).where(DoorKey.id != stored.id)).one()
    for name in ("Ben", "Ben", "Bea"):
        answer = client.post(f"{at(event)}/keys", data={"rename": stored.id, "name": name})
        assert answer.status_code == 303
    named = select(AuditEntry).where(AuditEntry.act == "door key renamed").order_by(AuditEntry.id)
    steps = [(entry.before["key"], entry.after["key"]) for entry in db.session.scalars(named)]
    assert steps == [(stored.id, f"Ben (key {stored.id})"), (f"Ben (key {stored.id})", f"Bea (key {stored.id})")]

    long = "x" * 61
    answer = client.post(f"{at(event)}/keys", data={"rename": stored.id, "name": long})
    assert answer.status_code == 422
    assert f'href="#name-{stored.id}"' in answer.text
    assert re.findall(r'<input [^>]*name="name"[^>]*value="([^"]*)"', answer.text) == ["", long, ""]
    assert answer.text.index(f'id="name-{other.id}"') < answer.text.index(f'id="name-{stored.id}"')
    elsewhere = f"{at(an_event('Another'))}/keys"
    assert client.post(elsewhere, data={"rename": stored.id, "name": "Cem"}).status_code == 404
    client.post(f"{at(event)}/keys", data={"rename": stored.id, "name": ""})
    assert f"<b>Key {stored.id}</b>" in client.get(f"{at(event)}/keys").text


def test_the_door_asks_the_database_as_often_for_three_as_for_one(organizer, client, event, ann, counted):
    with counted() as one:
        client.get(at(event))
    for name in ("Ben", "Cem"):
        reply(event, a_person(name), Answer.YES, at=NOW)
    db.session.commit()
    with counted() as three:
        client.get(at(event))
    assert len(one) == len(three)
    with counted() as letting_in:
        organizer.post(at(event), data={"action": "in", "rsvp": ann.id})
    looked_back = [sql for sql in letting_in.statements if "FROM rsvp_transition" in sql]
    assert not looked_back, "an undoing alone does"


def test_an_undoing_from_an_old_page_does_not_say_that_one_who_had_answered_had_no_seat(organizer, event, ann):
    organizer.post(at(event), data={"action": "in", "rsvp": ann.id})
    decided(ann, Decision.REMOVE, a_person(), NOW)
    db.session.commit()
    page = organizer.post(at(event), data={"action": "undo", "rsvp": ann.id}, follow_redirects=True).text
    assert "off the list" not in page


def test_a_party_comes_in_parts_and_counts_as_many_as_are_here(organizer, event):
    rsvp = reply(event, a_person("Cora Lee"), Answer.YES, party_size=3, at=NOW)
    db.session.commit()
    organizer.post(at(event), data={"action": "in", "rsvp": rsvp.id, "came": "1"})
    db.session.expire_all()
    since, first = rsvp.checked_in_at, arrived(event)
    assert (rsvp.came, first) == (1, 1)
    assert "1 of 3" in organizer.get(at(event)).text

    organizer.post(at(event), data={"action": "in", "rsvp": rsvp.id, "came": "2"})
    db.session.expire_all()
    assert (rsvp.came, rsvp.checked_in_at, arrived(event)) == (2, since, 2)
    page = scanned(organizer, at(event), codes.code(rsvp)).text.split('id="count"')[0]
    db.session.expire_all()
    assert (rsvp.came, rsvp.checked_in_at, arrived(event)) == (3, since, 3)
    assert "Cora Lee is in</h2>" in page, "not all of them were"
    assert re.search(r'name="came" min="1" max="3" value="3"', page), "fewer can be said at once"
    organizer.post(at(event), data={"action": "in", "rsvp": rsvp.id, "came": "2"})
    assert "2 of 3" in organizer.get(f"{at(event)}?q=nobody&guest={rsvp.id}").text
    assert organizer.post(at(event), data={"action": "in", "rsvp": rsvp.id, "came": "4"}).status_code == 409


def test_who_is_in_stays_so_when_their_party_changes_and_nobody_else_is(event):
    grows, shrinks = (reply(event, a_person(), Answer.YES, party_size=size, at=NOW) for size in (2, 3))
    by, later = a_person("", "organizer"), event.starts_at - timedelta(minutes=20)
    at_the_door(event, DoorAction.CHECK_IN, [grows.id], by=by, now=later)
    at_the_door(event, DoorAction.CHECK_IN, [shrinks.id], came=2, by=by, now=later)
    reply(event, grows.person, Answer.YES, party_size=3, at=later)
    reply(event, shrinks.person, Answer.YES, party_size=1, at=later)
    assert (grows.came, shrinks.came, arrived(event)) == (2, 1, 3)
    (outcome,) = take_over(event, [Act("a", later, DoorAction.CHECK_IN, grows.id, 3)], by=by, now=later)
    assert (outcome.fate, grows.came) == ("done", 3), "the third comes after the others"


def _tapped_or_scanned(rsvp, scanned, here, by):
    if scanned:
        scan(here, codes.code_of(rsvp.id, rsvp.link_key), by=by, now=NOW)
    else:
        at_the_door(here, DoorAction.CHECK_IN, [rsvp.id], by=by, now=NOW)


@pytest.mark.parametrize("scanned", [False, True])
@pytest.mark.parametrize("how", ["withdraws", "is removed"])
def test_whoever_gives_up_a_seat_is_not_checked_in_meanwhile(app, event, ann, monkeypatch, how, scanned):
    if db.engine.dialect.name != "postgresql":
        return  # where one writes at a time
    organizer, refused = a_person("", "organizer"), []
    numbers, act = (event.id, organizer.id), partial(_tapped_or_scanned, ann, scanned)
    db.session.commit()

    def check_in():
        with app.app_context():
            here, by = db.session.get_one(Event, numbers[0]), db.session.get_one(Person, numbers[1])
            try:
                act(here, by)
            except Refused as why:
                refused.append(str(why))
            db.session.commit()

    door, write_down = threading.Thread(target=check_in), Rsvp.become

    def read_and_not_yet_written(*step, **values):
        door.start()
        while door.is_alive() and waited_to_write() == 0:
            time.sleep(0.01)
        return write_down(*step, **values)

    monkeypatch.setattr(Rsvp, "become", read_and_not_yet_written)
    begin_write()
    if how == "withdraws":
        withdraw(ann, NOW)
    else:
        desk.decide(event, Decision.REMOVE, [ann.id], by=organizer, now=NOW)
    db.session.commit()
    door.join()
    db.session.expire_all()
    assert (ann.status, ann.checked_in_at) == ("cancelled", None)
    assert refused == ["Ann Lee has no seat, so cannot be checked in."]


def test_nobody_is_let_in_by_the_one_of_two_records_that_goes_while_they_become_one(app, event, ann, monkeypatch):
    if db.engine.dialect.name != "postgresql":
        return  # where one writes at a time
    organizer = a_person("", "organizer")
    other = reply(event, a_person("Ann Leigh"), Answer.YES, party_size=1, at=NOW + timedelta(minutes=1))
    goes, numbers, let_in = other.id, (event.id, organizer.id), list[int]()
    db.session.commit()

    def check_in():
        with app.app_context():
            here, by = db.session.get_one(Event, numbers[0]), db.session.get_one(Person, numbers[1])
            at_the_door(here, DoorAction.CHECK_IN, [goes], by=by, now=NOW)
            db.session.commit()
            let_in.extend(db.session.scalars(select(Rsvp.id).where(Rsvp.id == goes, Rsvp.checked_in_at.is_not(None))))

    door, kept = threading.Thread(target=check_in), letters.refile

    def read_and_not_yet_gone(*two):
        door.start()
        door.join(timeout=1)
        kept(*two)

    monkeypatch.setattr(answers, "refile", read_and_not_yet_gone)
    begin_write()
    answers.merge(ann.person, other.person, NOW)
    db.session.commit()
    door.join()
    assert let_in == []


def named_to(event, *parties):
    """Of these names the first answers each time, and brings the others."""
    asked = ask(event, {"kind": Kind.NAMES, "text": "Names", "of_each": True}, by=a_person(), now=NOW)
    for name, *brought in parties:
        rsvp = reply(event, a_person(name), Answer.YES, party_size=1 + len(brought), at=NOW)
        for guest, text in enumerate(brought, 1):
            said = {"question_id": asked.id, "rsvp_id": rsvp.id, "guest": guest, "asked": "Names", "text": text}
            db.session.add(QuestionAnswer(**said))
    db.session.commit()


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("weiss", ["Anna Weiß"]),
        ("WEISS", ["Anna Weiß"]),
        ("Weiß anna", ["Anna Weiß"]),
        ("gross", ["Hans Groß"]),
        ("aebelo", ["Øyvind Æbelø"]),
        ("ØYVIND", ["Øyvind Æbelø"]),
        ("zebedee", ["Anna Weiß"]),
        ("anna quux", ["Anna Weiß"]),
        ("loic", ["Hans Groß"]),
        ("@example.org", []),
    ],
)
def test_a_guest_is_found_by_any_name_of_the_party_however_it_is_typed(organizer, event, typed, names):
    named_to(event, ["Anna Weiß", "Zebedee Quux"], ["Hans Groß", "Loïc", "Mae"], ["Øyvind Æbelø"])
    page = organizer.get(at(event), query_string={"q": typed}).text
    assert re.findall(r"<b>([^<]+)</b>", page[page.index('id="guests"') :]) == names
    list_page = organizer.get(f"/organize/events/{event.id}/rsvps", query_string={"q": typed}).text
    assert [name for name in ("Anna Weiß", "Hans Groß", "Øyvind Æbelø") if name in list_page] == (
        names if "@" not in typed else ["Anna Weiß", "Hans Groß", "Øyvind Æbelø"]
    )


def test_the_door_shows_whom_a_party_brings_and_who_of_them_was_looked_for(organizer, event):
    named_to(event, ["Hans Groß", "Loïc", "Mae"])
    assert "with Loïc and Mae<" in organizer.get(at(event)).text
    assert "with Loïc<" in organizer.get(at(event), query_string={"q": "loic"}).text
    (line,) = organizer.get(f"{at(event)}/guests.json").json["guests"]
    assert (line["names"], line["words"]) == (["Loïc", "Mae"], "hans gross loic mae")


@pytest.mark.parametrize(("sheet", "pages"), [("a4", 2), ("letter", 2), ("a6", 12), ("", 2)])
def test_everybody_and_whom_they_bring_gets_a_badge(organizer, event, sheet, pages):
    for number in range(11):
        reply(event, a_person(f"Guest {number}"), Answer.YES, party_size=2 if number == 0 else 1, at=NOW)
    db.session.commit()
    answer = organizer.get(f"{at(event)}/badges.pdf", query_string={"sheet": sheet})

    assert answer.content_type == "application/pdf"
    assert len(re.findall(rb"/Type\s*/Page\b", answer.data)) == pages
    shown = list(badges(event, db.session.scalars(expected(event)).all()))
    assert [(one.name, one.line) for one in shown[:2]] == [("Guest 0", ""), ("", "with Guest 0")]


def test_a_badge_tells_what_was_asked_for_it_and_the_names_of_whom_they_bring(organizer, event):
    by = {"by": a_person(), "now": NOW}
    home = ask(event, {"kind": Kind.LINE, "text": "From where?", "on_badge": True}, **by)
    names = ask(event, {"kind": Kind.NAMES, "text": "Names", "of_each": True}, **by)
    food = ask(event, {"kind": Kind.LINE, "text": "What do you eat?"}, **by)
    rsvp = reply(event, a_person("Ann"), Answer.YES, party_size=3, at=NOW)
    for question, guest, text in ((home, 0, "B University"), (names, 1, "Ben"), (food, 0, "Bread")):
        db.session.add(QuestionAnswer(question_id=question.id, rsvp_id=rsvp.id, guest=guest, asked="", text=text))
    db.session.commit()

    shown = list(badges(event, db.session.scalars(expected(event)).all()))
    assert [(one.name, one.under, one.line) for one in shown] == [
        ("Ann", "B University", ""),
        ("Ben", "", "with Ann"),
        ("", "", "with Ann"),
    ]
    assert organizer.get(f"{at(event)}/badges.pdf?sheet=a6").data.startswith(b"%PDF")


def test_sheets_go_on_in_further_files_and_never_stop_silently(organizer, event, monkeypatch):
    monkeypatch.setattr(tickets, "MOST_ON_SHEETS", 2)
    for number in range(3):
        reply(event, a_person(f"Guest {number}"), Answer.YES, at=NOW)
    db.session.commit()

    assert ">file 2</a>" in organizer.get(f"{at(event)}/keys").text
    assert organizer.get(f"{at(event)}/badges.pdf?part=2").status_code == 200
    assert organizer.get(f"{at(event)}/tickets.pdf?part=3").status_code == 303
