"""What an organization's contact reads besides the wording: where it stands, and how to have it put right."""

import pytest

from society.backings.render import link
from society.db import db
from society.events.models import Event, Visibility
from tests.backings.test_pages import asked
from tests.builders import NOW, a_person, an_event

YES = {"decision": "confirm", "name": "Cora", "title": "Chair"}


@pytest.mark.parametrize(("visibility", "shown"), [(Visibility.PUBLIC, True), (Visibility.MEMBERS, False)])
def test_who_has_said_yes_finds_the_page_that_names_them_unless_only_members_see_it(client, visibility, shown):
    event = an_event(visibility=visibility)
    backing = asked(client.sign_in(a_person("Ora", "organizer")), event)
    client.post("/logout")
    address = f'href="/events/{event.slug}">See the event’s page'
    assert address not in client.get(link(backing)).text
    assert client.post(link(backing), data=YES).status_code == 303
    assert (address in client.get(link(backing)).text) is shown


def test_a_contact_reads_how_to_have_their_name_written_otherwise_while_that_helps(client):
    event = an_event()
    backing = asked(client.sign_in(a_person("Ora", "organizer")), event)
    said = "If your name should be written otherwise, answer our letter and say how"
    assert f"{said}, before you say yes." in client.get(link(backing)).text
    client.post(link(backing), data=YES)
    assert f"{said}." in client.get(link(backing)).text
    db.session.get_one(Event, event.id).cancel(NOW)
    db.session.commit()
    assert said not in client.get(link(backing)).text
