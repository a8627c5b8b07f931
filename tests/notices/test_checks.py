"""What is said of links in a notice that some of its readers cannot open."""

import pytest

from society.events.models import Visibility
from society.notices.checks import unopenable
from society.notices.models import Audience
from society.settings import absolute
from tests.builders import NOW, a_membership, a_person, an_event
from tests.notices.test_sending import a_notice


def said(*paths, **values):
    body = " and ".join(f"<{absolute(path)}>" for path in paths)
    return unopenable(a_notice(body=body, **values), NOW)


def test_of_pages_that_everyone_can_open_nothing_is_said(app):
    slug = an_event().slug
    links = ("", "/", "/events", "/events/past", f"/events/{slug}?x=1#y", f"/events/{slug}.ics", "/me/notices", "/join")

    assert said(*links) == []
    assert unopenable(a_notice(body=f"It is **{absolute('/events/' + slug)}**. Or {absolute('/join')}!"), NOW) == []
    assert unopenable(a_notice(body="https://example.net/organize and nothing"), NOW) == []


@pytest.mark.parametrize("address", ["http://[::1/a", "https://[]/", "https://exa\u2100mple.org/", "http://[x"])
def test_what_is_no_address_at_all_keeps_no_page_from_being_shown(app, client, address):
    olga = a_person("Olga", "organizer")
    notice = a_notice(body=f"See {address} there.", author=olga)
    client.sign_in(olga)

    assert unopenable(notice, NOW) == []
    assert "Readers cannot open" in client.get(f"/organize/notices/{notice.id}").text


@pytest.mark.parametrize("path", ["/event", "/events/x/y/z", "/%00", "/venue/somewhere"])
def test_a_page_that_is_not_there_is_named(app, path):
    assert said(path) == [f"There is no page at {absolute(path)}."]


def test_an_event_that_is_a_draft_or_never_was_is_named(app):
    draft = an_event(published_at=None, slug="soon")

    assert said(f"/events/{draft.slug}", "/events/never") == [
        f"There is no event at {absolute('/events/soon')}.",
        f"There is no event at {absolute('/events/never')}.",
    ]


def test_a_page_for_staff_is_named(app):
    assert said("/organize/people") == [f"Only those who work here can open {absolute('/organize/people')}."]


def test_an_event_for_members_is_named_with_the_number_of_readers_who_are_none(app):
    event = an_event(visibility=Visibility.MEMBERS)
    a_membership(a_person("Member"))
    a_person("Guest")

    for path in (f"/events/{event.slug}", f"/events/{event.slug}.ics"):
        [sentence] = said(path)
        assert "cannot open" in sentence
        assert "for members only" in sentence
    assert said(f"/events/{event.slug}", audience=Audience.MEMBERS) == []


def test_what_is_said_costs_the_same_however_many_links_there_are(app, counted):
    one, *more = [an_event(visibility=Visibility.MEMBERS).slug for _ in range(4)]
    few = a_notice(body=absolute(f"/events/{one}"))
    many = a_notice(body=" ".join(absolute(f"/events/{slug}") for slug in [one, *more]))
    for notice in (few, many):
        unopenable(notice, NOW)
    with counted() as first:
        assert len(unopenable(few, NOW)) == 1
    with counted() as second:
        assert len(unopenable(many, NOW)) == 4

    assert len(first) == len(second)


def test_it_stands_on_the_draft_and_before_sending(app, client):
    olga = a_person("Olga", "organizer")
    notice = a_notice(body=f"See {absolute('/events/never')}.", author=olga)
    client.sign_in(olga)

    for path in ("", "/send"):
        assert "There is no event at" in client.get(f"/organize/notices/{notice.id}{path}").text


def test_a_letter_that_gmail_would_cut_is_told_of(app, client):
    olga = a_person("Olga", "organizer")
    long, short = (a_notice(body="- and this too\n" * lines, author=olga) for lines in (3_000, 100))
    client.sign_in(olga)

    for path in ("", "/send"):
        assert "KB: Gmail shows 102" in client.get(f"/organize/notices/{long.id}{path}").text
        assert "Gmail" not in client.get(f"/organize/notices/{short.id}{path}").text
