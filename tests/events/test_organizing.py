"""Entering, publishing and changing events, as organizers do it in a browser."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from society.audit.models import AuditEntry
from society.db import db
from society.events.changes import UNTOLD, fingerprint, snapshot, told
from society.events.models import BackingRole, BackingState, Event, Speaker, Venue
from society.events.render import backers, backing_sentence
from society.mail.models import Letter
from society.organizations.models import Organization
from society.people.models import EventOrganizer
from society.pictures.actions import keep
from society.pictures.models import Look
from society.pictures.reading import made
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.series.actions import begin
from society.series.rules import Every, Rule
from tests.builders import (
    NEXT_MONTH,
    NOW,
    TODAY,
    a_membership,
    a_person,
    a_photo,
    a_venue,
    an_event,
    an_organization,
    letters_to,
)
from tests.conftest import Browser

BY_THE_BOOK = {
    "title": "Title: Subtitle",
    "summary": "Prof. A talks about her new book.",
    "description": "A *new* book.",
    "category_name": "Book talks",
    "starts_at": f"{NEXT_MONTH:%Y-%m-%dT%H:%M}",
    "ends_at": "",
    "timezone": "America/New_York",
    "venue_name": "Scott Hall",
    "venue_address": "B University",
    "room": "Room 221",
    "visibility": "public",
    "rsvp_policy": "open",
    "max_party_size": "1",
    "speakers": "Prof. A | author of Title: Subtitle",
    "new_sponsors": "the B Debating Union",
    "new_endorsers": "the C League, the D Society",
}


@pytest.fixture
def organizer(client: Browser) -> Browser:
    return client.sign_in(a_person("Olive Organizer", "organizer"))


def the_event() -> Event:
    return db.session.scalars(select(Event).execution_options(populate_existing=True)).one()


def form_of(event: Event, **changed: Any) -> dict[str, Any]:
    """What a browser would post from the event's form, with some fields typed anew."""
    values = {
        "revision": fingerprint(event),
        "title": event.title,
        "summary": event.summary,
        "description": event.description,
        "category": event.category_id or "",
        "starts_at": f"{event.starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{event.ends:%Y-%m-%dT%H:%M}",
        "timezone": event.zone,
        "venue": event.venue_id or "",
        "room": event.room,
        "online_url": event.online_url,
        "instructions": event.instructions,
        "visibility": event.visibility.value,
        "rsvp_policy": event.rsvp_policy.value,
        "capacity": event.capacity or "",
        "max_party_size": event.max_party_size,
        "speakers": "\n".join(f"{s.name} | {s.about}" for s in event.speakers),
        **{f"{role}s": [o.id for o in backers(event, role)] for role in BackingRole},
    }
    return {**values, **changed}


def test_an_announcement_is_entered_with_all_that_it_names_in_one_form(organizer: Browser) -> None:
    answer = organizer.post("/organize/events/new", data={**BY_THE_BOOK, "then": "preview"})

    event = the_event()
    assert answer.status_code == 303
    assert answer.location == f"/organize/events/{event.id}/preview"
    assert event.venue
    assert (event.venue.name, event.room) == ("Scott Hall", "Room 221")
    assert event.ends - event.starts == timedelta(minutes=90)
    assert [speaker.about for speaker in event.speakers] == ["author of Title: Subtitle"]
    assert backing_sentence(event) == (
        "Sponsored by the B Debating Union, and endorsed by the C League and the D Society."
    )
    assert {(b.state, b.confirmed_at is not None) for b in event.backings} == {(BackingState.CONFIRMED, True)}
    assert "Sponsored by the" in organizer.get(answer.location).text


def test_what_exists_by_that_name_is_found_and_not_doubled(organizer: Browser) -> None:
    union, hall = an_organization("B Debating Union"), a_venue("Scott Hall", address="B University")

    organizer.post("/organize/events/new", data={**BY_THE_BOOK, "new_sponsors": "The b debating union"})

    event = the_event()
    assert event.venue == hall
    assert union in [backing.organization for backing in event.backings]
    assert db.session.scalar(select(func.count()).select_from(Organization)) == 3
    assert db.session.scalar(select(func.count()).select_from(Venue)) == 1


def test_a_draft_is_seen_by_organizers_only_until_it_is_published(organizer: Browser, client: Browser) -> None:
    organizer.post("/organize/events/new", data=BY_THE_BOOK)
    event = the_event()
    assert "Title: Subtitle" not in organizer.get("/events").text

    answer = organizer.post(f"/organize/events/{event.id}/publish")

    assert answer.location == "/events/title-subtitle"
    assert organizer.get(answer.location).status_code == 200


def test_publishing_from_the_form_saves_first_what_was_typed(organizer: Browser) -> None:
    organizer.post("/organize/events/new", data=BY_THE_BOOK)
    here = f"/organize/events/{the_event().id}"
    buttons = re.findall(r'<button[^>]*form="event-form"[^>]*>([^<]+)', organizer.get(here).text)
    usual = ["Save the draft", "Preview", "Publish", "Publish later…", "Duplicate", "Keep as a template…"]
    assert buttons == usual
    typed = form_of(the_event(), title="As typed", then="publish")

    assert organizer.post(here, data={**typed, "title": ""}).status_code == 422
    long_ago = {"starts_at": "2020-01-01T19:00", "ends_at": "2020-01-01T20:00", "rsvp_deadline": ""}
    assert organizer.post(here, data={**typed, **long_ago}).location == here
    assert "Saved, but not published" in organizer.get(here).text
    assert (the_event().title, the_event().published_at) == ("As typed", None)

    answer = organizer.post(
        here,
        data=form_of(
            the_event(), title="At last", starts_at=typed["starts_at"], ends_at=typed["ends_at"], then="publish"
        ),
    )
    assert answer.location == "/events/at-last"
    assert (the_event().title, the_event().published_at is None) == ("At last", False)


@pytest.mark.parametrize(
    ("then", "page"), [("preview", "/preview"), ("later", "/schedule"), ("template", "/template"), ("x", "")]
)
def test_a_button_beside_the_form_saves_first_what_was_typed(organizer: Browser, then: str, page: str) -> None:
    event = an_event("Reading", published_at=None)
    db.session.commit()
    here = f"/organize/events/{event.id}"

    assert organizer.post(here, data=form_of(event, title="", then=then)).status_code == 422
    answer = organizer.post(here, data=form_of(event, title="As typed", then=then))

    assert (answer.status_code, answer.location) == (303, f"{here}{page}")
    assert the_event().title == "As typed"


def test_a_copy_has_what_was_typed_just_before(organizer: Browser) -> None:
    event = an_event("Reading", published_at=None)
    db.session.commit()

    answer = organizer.post(f"/organize/events/{event.id}", data=form_of(event, title="As typed", then="copy"))

    db.session.expire_all()
    copy = db.session.get_one(Event, int(answer.location.rsplit("/", 1)[-1]))
    assert copy is not event
    assert (event.title, copy.title, copy.published_at) == ("As typed", "As typed", None)
    assert "This is a copy" in organizer.get(answer.location).text


def test_a_copy_of_what_is_announced_is_made_once_what_was_typed_is_confirmed(organizer: Browser) -> None:
    event = an_event("Reading")
    db.session.commit()
    here = f"/organize/events/{event.id}"

    page = organizer.post(here, data=form_of(event, title="As typed", then="copy"))
    assert "Once it is changed, a copy of it is made" in page.text
    assert '<input type="hidden" name="then" value="copy">' in page.text
    assert the_event().title == "Reading"

    assert organizer.agree(page).status_code == 303
    titles = db.session.execute(select(Event.title, Event.published_at.is_(None)).order_by(Event.id)).all()
    assert [tuple(row) for row in titles] == [("As typed", False), ("As typed", True)]


def test_a_copy_of_what_is_announced_and_stays_as_it_is_is_made_at_once(organizer: Browser) -> None:
    event = an_event("Reading")
    db.session.commit()

    answer = organizer.post(f"/organize/events/{event.id}", data=form_of(event, then="copy"))

    assert answer.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Event)) == 2


def test_who_organizes_one_event_makes_no_copy_of_it_by_the_form(client: Browser) -> None:
    event = an_event("Reading", published_at=None)
    helper = a_person("Hana Helper")
    db.session.add(EventOrganizer(event_id=event.id, person_id=helper.id, given_at=NOW))
    db.session.commit()
    client.sign_in(helper)

    assert client.post(f"/organize/events/{event.id}", data=form_of(event, then="copy")).status_code == 403
    assert client.post(f"/organize/events/{event.id}", data=form_of(event, title="Mine")).status_code == 303
    assert the_event().title == "Mine"


def test_an_event_begins_with_a_template_as_it_was_typed(organizer: Browser) -> None:
    template = an_event("A usual evening", published_at=None, template_name="Usual")
    db.session.commit()

    answer = organizer.post(
        f"/organize/events/{template.id}", data=form_of(template, title="A long evening", then="begin")
    )

    db.session.expire_all()
    begun = db.session.get_one(Event, int(answer.location.rsplit("/", 1)[-1]))
    assert (begun.title, begun.template_name, template.title) == ("A long evening", "", "A long evening")


def test_one_draft_of_a_series_is_asked_about_before_publishing_only_if_it_changes(organizer: Browser) -> None:
    event = an_event("Reading", published_at=None)
    db.session.commit()
    here = f"/organize/events/{event.id}"
    rule = {"every": "week", "interval": "2", "count": "2"}
    assert organizer.agree(organizer.post(f"{here}/series", data=rule)).status_code == 303
    db.session.expire_all()
    assert event.series_id

    page = organizer.post(here, data=form_of(event, title="Changed", then="publish"))
    assert (page.status_code, event.published_at) == (200, None)
    assert '<input type="hidden" name="then" value="publish">' in page.text
    assert "Nothing would change" not in page.text
    assert organizer.post(here, data=form_of(event, then="publish")).location == "/events/reading"


def test_whole_days_are_entered_with_their_last_day_and_kept_with_the_midnight_after(organizer: Browser) -> None:
    first = NEXT_MONTH.date()
    days = {"all_day": "y", "starts_at": str(first), "ends_at": str(first + timedelta(days=2))}

    organizer.post("/organize/events/new", data={**BY_THE_BOOK, **days})

    event = the_event()
    assert event.ends - event.starts == timedelta(days=3)
    form = organizer.get(f"/organize/events/{event.id}").text
    assert f'value="{first + timedelta(days=2)}T00:00"' in form


def test_a_change_to_a_published_event_is_shown_before_it_is_done(organizer: Browser) -> None:
    event = an_event("Old title", capacity=2)
    for answer in (Answer.YES, Answer.YES, Answer.YES, Answer.MAYBE):
        reply(event, a_person(), answer, at=NOW)
    later = {"title": "New title", "description": "Two\nlines"}

    shown = organizer.post(f"/organize/events/{event.id}", data=form_of(event, **later))

    assert shown.status_code == 200
    assert "<del>Old title</del>" in shown.text
    assert "<ins>New title</ins>" in shown.text
    for number in ("<b>2</b> going", "<b>1</b> waiting", "<b>1</b> maybe", "4 people answered"):
        assert number in shown.text
    assert '<input type="hidden" name="description" value="Two\nlines">' in shown.text
    assert the_event().title == "Old title"


def test_a_body_that_is_taken_for_a_known_one_written_otherwise_is_said_before_and_after(organizer: Browser) -> None:
    an_organization("Dunne & Sons")
    said = "“Dunne and Sons” is taken as Dunne &amp; Sons, which is known already."
    page = organizer.post("/organize/events/new", data={**BY_THE_BOOK, "new_sponsors": "Dunne and Sons"})
    assert said in organizer.get(page.location).text

    here = f"/organize/events/{the_event().id}"
    typed = form_of(the_event(), new_endorsers="Dunne and Sons", then="publish")
    assert said in organizer.get(organizer.post(here, data=typed).location).text

    announced = an_event("Announced")
    typed = form_of(announced, new_endorsers="Dunne and Sons")
    assert said in organizer.post(f"/organize/events/{announced.id}", data=typed).text


def test_a_confirmed_change_is_made_and_told(organizer: Browser) -> None:
    event = an_event("Old title")
    page = organizer.post(f"/organize/events/{event.id}", data=form_of(event, title="New title"))
    reply(event, a_person(), Answer.YES, at=NOW)

    page = organizer.agree(page)
    assert (page.status_code, "Nothing is done yet" in page.text) == (200, True)
    answer = organizer.agree(page, tell="yes", message="See you there.")

    event = the_event()
    assert answer.status_code == 303
    assert (event.title, event.sequence) == ("New title", 1)
    assert db.session.scalars(select(AuditEntry.before)).all() == [{"title": "Old title"}]


def test_a_line_is_sent_with_a_change_that_no_letter_tells_by_itself(organizer: Browser) -> None:
    event = an_event("Talk", capacity=40)
    reply(event, guest := a_person(), Answer.YES, at=NOW)
    address, before = f"/organize/events/{event.id}", letters_to(guest)

    for message, letters in (("", []), ("The balcony is open.", ["Changed: Talk"])):
        data = form_of(the_event(), capacity="50" if message else "45")
        shown = organizer.post(address, data=data)
        assert "only with a line of your own" in shown.text
        assert re.search(r'value="no"[^>]* checked|checked[^>]* value="no"', shown.text)
        organizer.agree(shown, tell="yes", message=message)
        assert letters_to(guest) == before + letters

    body = db.session.scalars(select(Letter.body).order_by(Letter.id.desc())).first()
    assert "those who organize" in body
    assert "> The balcony is open" in body


def test_what_no_letter_tells_is_what_differs_from_what_guests_are_told(app: Flask) -> None:
    event = an_event()
    assert snapshot(event).keys() - told(event, "en").keys() == UNTOLD


def test_nothing_changed_is_said(organizer: Browser) -> None:
    event = an_event()

    shown = organizer.post(f"/organize/events/{event.id}", data=form_of(event))

    assert "Nothing would change" in shown.text


def test_going_back_from_the_change_keeps_what_was_typed(organizer: Browser) -> None:
    event = an_event()

    shown = organizer.post(f"/organize/events/{event.id}", data=form_of(event, title="Half thought", again="yes"))

    assert shown.status_code == 200
    assert 'value="Half thought"' in shown.text


def test_fewer_seats_than_are_taken_are_pointed_out_and_drop_nobody(organizer: Browser) -> None:
    event = an_event(capacity=3)
    for _ in range(3):
        reply(event, a_person(), Answer.YES, at=NOW)

    shown = organizer.post(f"/organize/events/{event.id}", data=form_of(event, capacity=1))

    assert "3 seats are taken already" in shown.text


@pytest.mark.parametrize(("act", "said"), [("cancel", "Cancelled"), ("postpone", "Postponed")])
def test_the_page_before_says_who_will_be_told(organizer: Browser, act: str, said: str) -> None:
    event = an_event()
    page = organizer.get(f"/organize/events/{event.id}/{act}")
    assert "Nobody has answered yet" in page.text
    reply(event, a_person(), Answer.YES, at=NOW)

    page = organizer.agree(page)
    assert (page.status_code, "Nothing is done yet" in page.text) == (200, True)
    assert "1 person answered" in page.text
    assert organizer.agree(page, tell="no").status_code == 303
    assert said in organizer.get(f"/events/{the_event().slug}").text


def test_a_duplicate_is_a_draft_with_the_same_backers_and_no_address(organizer: Browser) -> None:
    organizer.post("/organize/events/new", data={**BY_THE_BOOK, "instructions": "Ring at Sample"})
    first = the_event()

    answer = organizer.post(f"/organize/events/{first.id}/duplicate")

    copy = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert copy
    assert answer.location == f"/organize/events/{copy.id}"
    assert (copy.title, copy.slug, copy.published_at) == (first.title, None, None)
    assert copy.instructions == "Ring at Sample"
    assert backing_sentence(copy) == backing_sentence(first)
    assert copy.uid != first.uid


def test_a_time_that_clocks_show_twice_is_resolved_and_said(organizer: Browser) -> None:
    answer = organizer.post(
        "/organize/events/new",
        data={**BY_THE_BOOK, "starts_at": "2027-11-07T01:30", "ends_at": "2027-11-07T04:00"},
        follow_redirects=True,
    )

    assert "show 1:30 am twice on 7 November 2027; the earlier one is meant" in answer.text
    assert the_event().starts_at.isoformat() == "2027-11-07T05:30:00+00:00"


def test_the_list_asks_the_database_as_often_for_three_as_for_one(organizer: Browser, counted: Any) -> None:
    an_event(venue=a_venue())
    with counted() as one:
        organizer.get("/organize/events")
    for _ in range(2):
        an_event(venue=a_venue())
    with counted() as three:
        organizer.get("/organize/events")

    assert len(one) == len(three)


PAGES = ["/organize/events", "/organize/events/new", "/organize/events/1", "/organize/events/1/preview"]
PAGES += ["/organize/events/1/cancel", "/organize/events/1/postpone"]
PAGES += ["/organize/venues", "/organize/venues/new", "/organize/venues/1", "/organize/categories"]
PAGES += ["/organize/categories/new", "/organize/organizations", "/organize/organizations/new"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_organizers_are_theirs_alone(client: Browser, address: str) -> None:
    an_event(id=1, venue=a_venue(id=1))
    assert client.get(address).status_code == 303
    assert client.sign_in(a_person()).get(address).status_code == 403
    assert client.sign_in(a_person("", "organizer")).get(address).status_code == 200


@pytest.mark.parametrize("act", ["publish", "cancel", "postpone", "duplicate"])
def test_acts_of_organizers_are_theirs_alone(client: Browser, act: str) -> None:
    event = an_event()
    address = f"/organize/events/{event.id}/{act}"
    assert client.post(address).status_code == 303
    assert client.sign_in(a_person("", "secretary")).post(address).status_code == 403
    assert (the_event().cancelled_at, the_event().postponed_at) == (None, None)


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({}, True),
        ({"room": "room 2"}, True),
        ({"room": "Room 3"}, False),
        ({"room": "Room 2", "published_at": None}, True),
        ({"room": "Room 2", "cancelled_at": NOW}, False),
        ({"room": "Room 2", "starts": NEXT_MONTH + timedelta(minutes=90)}, False),
        ({"room": "Room 2", "starts": NEXT_MONTH + timedelta(minutes=89)}, True),
    ],
)
def test_a_place_booked_twice_is_told(organizer: Browser, other: dict[str, Any], named: bool) -> None:
    hall = a_venue("Scott Hall")
    event = an_event(venue=hall, room="Room 2")
    an_event("The Other Evening", venue=hall, **other)
    an_event("Elsewhere", venue=a_venue("Mill House"))

    page = organizer.get(f"/organize/events/{event.id}").text
    assert ("The Other Evening" in page) is named
    assert "Elsewhere" not in page


def test_a_move_onto_another_event_is_told_before_it_is_made(organizer: Browser) -> None:
    hall = a_venue("Scott Hall")
    event = an_event(starts=NEXT_MONTH + timedelta(days=1), venue=hall)
    an_event("The Other Evening", venue=hall)
    moved = form_of(event, starts_at=f"{NEXT_MONTH:%Y-%m-%dT%H:%M}", ends_at="")

    page = organizer.post(f"/organize/events/{event.id}", data=moved).text
    assert "Booked twice" in page
    assert "The Other Evening" in page


def with_picture(content: bytes, alt: str) -> dict[str, Any]:
    return {**BY_THE_BOOK, "image": (BytesIO(content), "river.jpg"), "image_alt": alt}


def test_an_event_is_entered_with_a_picture(organizer, app):
    for content, alt, sentence in (
        (a_photo(), "", "Please say what the picture shows."),
        (b"no picture", "A river", "picture"),
    ):
        answer = organizer.post("/organize/events/new", data=with_picture(content, alt))
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert "Title: Subtitle" in answer.text
    assert organizer.post("/organize/events/new", data=with_picture(a_photo(), "A river")).status_code == 303
    event = the_event()
    assert event.picture_alt == "A river"

    organizer.post(f"/organize/events/{event.id}/publish")
    announced = the_event()
    given = form_of(announced) | {"image": (BytesIO(a_photo(400)), "b.jpg"), "image_alt": "Another"}
    answer = organizer.post(f"/organize/events/{event.id}", data=given)
    assert (answer.status_code, "changed on its own page" in answer.text) == (422, True)


def test_a_draft_whose_date_is_past_is_asked_about_and_one_to_come_is_not(organizer):
    asked = "Is the year right?"
    for starts, is_past in (("2020-01-01T19:00", True), (BY_THE_BOOK["starts_at"], False)):
        sent = {**BY_THE_BOOK, "starts_at": starts}
        page = organizer.post("/organize/events/new", data=sent, follow_redirects=True).text
        assert (asked in page) == is_past


def test_an_announced_event_whose_new_date_is_past_is_asked_about_before_it_is_saved(organizer):
    event = an_event(starts=NEXT_MONTH)
    reply(event, a_person(), Answer.YES, at=NOW)
    db.session.commit()
    address, last_year = f"/organize/events/{event.id}", NEXT_MONTH.replace(year=NOW.year - 1)
    for starts, is_past in ((last_year, True), (NEXT_MONTH + timedelta(days=1), False)):
        times = {"starts_at": f"{starts:%Y-%m-%dT%H:%M}", "ends_at": f"{starts + timedelta(hours=2):%Y-%m-%dT%H:%M}"}
        page = organizer.post(address, data=form_of(event, **times)).text
        assert ("It would be over already" in page, "Is the year right?" in page) == (is_past, is_past)
        assert "Nobody has answered yet" not in page


@pytest.mark.parametrize(("tell", "said"), [("yes", "Saved."), ("no", "Saved. Guests were not written to.")])
def test_what_is_said_once_a_change_is_made_tells_whether_guests_were_written_to(organizer, tell, said):
    event = an_event(starts=NEXT_MONTH)
    reply(event, a_person(), Answer.YES, at=NOW)
    db.session.commit()
    address = f"/organize/events/{event.id}"
    organizer.agree(organizer.post(address, data=form_of(event, title="Another")), tell=tell)
    assert f">{said}<" in organizer.get(address).text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("meet.example.org/x?pwd=1", "https://meet.example.org/x?pwd=1"),
        (" zoom.example ", "https://zoom.example"),
        ("http://meet.example.org", "http://meet.example.org"),
        ("ada@example.org", None),
        ("tomorrow", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_link_may_be_typed_as_it_is_spoken(organizer, typed, kept):
    answer = organizer.post("/organize/events/new", data={**BY_THE_BOOK, "online_url": typed})
    assert answer.status_code == (303 if kept else 422)
    if kept:
        assert the_event().online_url == kept


def test_a_picture_that_was_sent_with_a_form_that_did_not_hold_need_not_be_chosen_again(organizer):
    sent = with_picture(a_photo(), "A river") | {"ends_at": "2020-01-01T19:00"}
    page = organizer.post("/organize/events/new", data=sent)
    assert (page.status_code, "The picture that you sent" in page.text) == (422, True)
    (kept,) = re.findall(r'name="image_kept" value="([^"]+)"', page.text)

    assert organizer.post("/organize/events/new", data={**BY_THE_BOOK, "image_kept": kept}).status_code == 422
    again = {**BY_THE_BOOK, "image_alt": "A river", "image_kept": kept}
    assert organizer.post("/organize/events/new", data=again).status_code == 303

    event = the_event()
    assert (event.picture_alt, event.picture.width) == ("A river", 500)
    organizer.post(f"/organize/events/{event.id}/publish")
    late = organizer.post(f"/organize/events/{event.id}", data=form_of(event, image_kept=kept, image_alt="Another"))
    assert (late.status_code, "changed on its own page" in late.text) == (422, True)
    gone = organizer.post("/organize/events/new", data={**again, "image_kept": "x.y"})
    assert (gone.status_code, "Please choose it again." in gone.text) == (422, True)


def test_a_picture_that_somebody_sent_is_theirs_alone_to_show(organizer):
    sent = with_picture(a_photo(), "A river") | {"ends_at": "2020-01-01T19:00"}
    (kept,) = re.findall(r'name="image_kept" value="([^"]+)"', organizer.post("/organize/events/new", data=sent).text)
    organizer.sign_in(a_person("Ben", "organizer"))
    theirs = organizer.post("/organize/events/new", data={**BY_THE_BOOK, "image_alt": "A river", "image_kept": kept})
    assert (theirs.status_code, "Please choose it again." in theirs.text) == (422, True)


def test_a_picture_for_one_draft_of_a_series_goes_through_the_page_before_the_change(organizer):
    event = an_event(starts=NEXT_MONTH, published_at=None)
    begin(event, Rule(Every.WEEK, count=2), by=a_person("", "organizer"), now=NOW)
    db.session.commit()
    given = form_of(event, title="Changed", image=(BytesIO(a_photo()), "a.jpg"), image_alt="A river")
    organizer.agree(organizer.post(f"/organize/events/{event.id}", data=given))
    db.session.expire_all()
    assert (event.title, event.picture_alt) == ("Changed", "A river")
    assert event.picture is not None


def test_an_announced_event_has_a_poster_of_one_page_whatever_stands_on_it(organizer):
    event = an_event('#panic("x") $ ' + "Very long words " * 11, summary="A *summary*. " * 20, venue=a_venue("Hall"))
    event.speakers = [Speaker(position=n, name=f"Speaker {n}", about="of somewhere " * 20) for n in range(40)]
    event.picture = keep(made(a_photo(900, 900), Look.PHOTO), Look.PHOTO, NOW)
    draft = an_event("Draft", published_at=None)
    db.session.commit()
    for paper in ("", "?paper=us-letter"):
        answer = organizer.get(f"/organize/events/{event.id}/poster.pdf{paper}")
        assert (answer.mimetype, re.findall(rb"/Count (\d+)", answer.data)) == ("application/pdf", [b"1"])
    assert organizer.get(f"/organize/events/{draft.id}/poster.pdf").status_code == 303


def test_every_page_of_an_event_has_one_head(client: Browser) -> None:
    event = an_event("An evening")
    client.sign_in(a_person("", "organizer"))
    start = client.get(f"/organize/events/{event.id}").text
    groups = re.findall(groups_of(event), start)

    paths = {path for group in groups for path in [group, *re.findall(groups_of(event), client.get(group).text)]}

    assert len(paths) == 14
    for path in paths:
        page = client.get(path).text
        assert re.findall(r"<h1>.*</h1>", page) == ["<h1>An evening</h1>"], path
        assert f'<li><a href="{path}" aria-current="page">' in page, path


def groups_of(event: Event) -> str:
    return rf'<li><a href="(/organize/events/{event.id}[^"?]*)"'


@pytest.mark.parametrize(("then", "label"), [("postpone", "Postpone…"), ("cancel", "Cancel the event…")])
def test_what_was_typed_is_asked_about_before_an_event_is_put_off_or_called_off(
    organizer: Browser, then: str, label: str
) -> None:
    event = an_event("Rivers")
    there = f"/organize/events/{event.id}"
    assert re.search(f'name="then" value="{then}"[^>]*>{label}<', organizer.get(there).text)

    same = organizer.post(there, data={**form_of(event), "then": then})
    assert (same.status_code, same.location) == (303, f"{there}/{then}")
    assert "Nothing was changed" not in organizer.get(same.location).text

    typed = {**form_of(event, title="Lakes"), "then": then}
    page = organizer.post(there, data=typed)
    assert f'<input type="hidden" name="then" value="{then}">' in page.text
    assert f'<a href="{there}/{then}">{then.capitalize()} it without this change</a>' in page.text
    done = organizer.agree(page)
    assert done.location == f"{there}/{then}"
    assert db.session.get_one(Event, event.id, populate_existing=True).title == "Lakes"


def test_what_cannot_be_saved_keeps_nobody_from_calling_an_event_off(organizer: Browser) -> None:
    event = an_event("Rivers")
    there = f"/organize/events/{event.id}"
    page = organizer.post(there, data={**form_of(event, title=""), "then": "cancel"})
    assert page.status_code == 422
    assert f'<a href="{there}/cancel">cancel the event as it stands</a>' in page.text


def test_the_page_before_an_event_becomes_one_for_members_counts_who_is_shut_out(organizer: Browser) -> None:
    event = an_event("A talk")
    member, former, guest, staff, waiting = (a_person("", *roles) for roles in ((), (), (), ("secretary",), ()))
    a_membership(member)
    a_membership(former, ends_on=TODAY - timedelta(days=3))
    for person in (member, former, guest, staff, waiting):
        reply(event, person, Answer.YES if person is not waiting else Answer.MAYBE, at=NOW)
    db.session.commit()
    address = f"/organize/events/{event.id}"
    page = organizer.post(address, data=form_of(event, visibility="members")).text
    assert "2 of those going are no members, and can open the page no more" in page
    a_membership(former)
    assert "One of those going is no member" in organizer.post(address, data=form_of(event, visibility="members")).text
    assert "no member" not in organizer.post(address, data=form_of(event, title="Another")).text
