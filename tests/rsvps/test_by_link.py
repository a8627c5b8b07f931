"""What a guest without an account reads on the way: where the letter went, what to take along, what to do next."""

import re
from datetime import timedelta
from html import unescape

import pytest

from society.events.models import RsvpPolicy, Visibility
from society.rsvps.actions import reply, withdraw
from society.rsvps.forms import Decision
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from tests.builders import NOW, a_person, an_event, letters_to
from tests.rsvps.deciding import decided


def text_of(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", answer.text)).split())


def test_a_guest_reads_once_to_which_address_the_letter_went(client):
    event = an_event()
    given = {"name": "Gale Guest", "email": "gale@exmaple.org", "answer": "yes"}
    sent = client.post(f"/events/{event.slug}/rsvp", data=given).location
    assert "we have written to gale@exmaple.org." in text_of(client.get(sent))
    assert "we have written to the address you gave." in text_of(client.get(sent))


@pytest.mark.parametrize("path", ["/login/link", "/password/forgot"])
def test_who_asks_for_a_link_reads_to_which_address_it_went_known_or_not(client, path):
    for email in (a_person().email, "nobody@example.org"):
        page = client.post(path, data={"email": email}, follow_redirects=True)
        assert f"We have written to {email}." in text_of(page)


@pytest.mark.parametrize(("visibility", "offered"), [(Visibility.PUBLIC, True), (Visibility.MEMBERS, False)])
def test_who_comes_can_add_it_to_their_calendar_unless_only_an_account_opens_the_file(client, visibility, offered):
    event = an_event(visibility=visibility)
    rsvp = reply(event, a_person(), Answer.YES, at=NOW)
    file = f"/events/{event.slug}.ics?file=yes"
    assert (file in client.get(link(rsvp)).text) is offered
    assert client.get(file).status_code == (200 if offered else 404)


@pytest.mark.parametrize(
    ("waits", "free", "said"),
    [
        (2, 1, "1 seat is free now. If you come alone, save that number below"),
        (4, 2, "2 seats are free now. If no more than 2 of you come, save that number below"),
        (2, 0, None),
    ],
)
def test_a_party_that_waits_reads_that_fewer_of_them_would_fit(client, waits, free, said):
    event, person = an_event(capacity=4, max_party_size=4), a_person()
    reply(event, a_person(), Answer.YES, party_size=4 - free, at=NOW)
    rsvp = reply(event, person, Answer.YES, party_size=waits, at=NOW)
    page = text_of(client.get(link(rsvp)))
    assert "You are number 1 on the waiting list" in page
    assert said in page if said else "free now" not in page

    if said:
        client.post(link(rsvp), data={"action": "change", "answer": "yes", "party_size": str(free)})
        assert rsvp_of(event, person).status is RsvpStatus.CONFIRMED
        assert "free now" not in text_of(client.get(link(rsvp)))


def test_who_does_not_come_is_thanked_and_told_the_way_back(client):
    event, person = an_event(), a_person()
    no = reply(event, a_person(), Answer.NO, at=NOW)
    gone = reply(event, person, Answer.YES, at=NOW)
    withdraw(gone, NOW + timedelta(hours=1))
    assert "Thank you for telling us. If you can come after all, say so below." in text_of(client.get(link(no)))
    assert "No seat is kept for you any more. If you can come after all" in text_of(client.get(link(gone)))


def test_whom_the_organizers_declined_is_not_invited_to_ask_again(client):
    event = an_event(rsvp_policy=RsvpPolicy.APPROVAL)
    rsvp = reply(event, a_person(), Answer.YES, at=NOW)
    decided(rsvp, Decision.DECLINE, a_person(), NOW + timedelta(hours=1))
    page = text_of(client.get(link(rsvp)))
    assert "Declined by the organizers" in page
    assert "after all" not in page


def test_a_link_that_was_cut_says_how_to_get_it_again_and_that_works(client):
    event, person = an_event(), a_person()
    rsvp = reply(event, person, Answer.YES, at=NOW)
    dead = client.get(link(rsvp)[:-3])
    assert dead.status_code == 404
    assert "answer once more on the event’s page with the same address: we mail you your link again" in text_of(dead)

    client.post(f"/events/{event.slug}/rsvp", data={"name": "Ann", "email": person.email, "answer": "no"})
    assert "You have answered already" in letters_to(person)[-1]
    assert rsvp_of(event, person).status is RsvpStatus.CONFIRMED


def test_whoever_would_pass_their_link_on_is_warned_while_it_can_still_change_anything(client):
    said = "To tell others of it, pass on that page"
    event = an_event()
    rsvp = reply(event, a_person(), Answer.YES, at=NOW)
    assert said in client.get(link(rsvp)).text
    event.cancel(NOW)
    assert said not in client.get(link(rsvp)).text
