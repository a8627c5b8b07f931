"""An evening, a guest of it, and somebody at its door."""

from typing import Any

import pytest
from flask import Flask

from society.events.models import Event
from society.rsvps.actions import reply
from society.rsvps.models import Answer, Rsvp
from tests.builders import NOW, SOON, a_person, an_event


@pytest.fixture
def event(app: Flask) -> Event:
    """To begin in some hours, so that its door is open."""
    return an_event("Rivers", max_party_size=3, starts=SOON)


@pytest.fixture
def ann(event: Event) -> Rsvp:
    return reply(event, a_person("Ann Lee", email="ann@example.org"), Answer.YES, party_size=2, at=NOW)


@pytest.fixture
def organizer(client: Any) -> Any:
    return client.sign_in(a_person("Ora", "organizer"))


def at(event: Event) -> str:
    """The page of its door."""
    return f"/organize/events/{event.id}/checkin"


def a_key(organizer: Any, event: Event) -> str:
    """The path of a new key's link; nobody is signed in afterwards."""
    page: str = organizer.post(f"{at(event)}/keys").text
    organizer.post("/logout")
    return "/door/" + page.split("/door/", 1)[1].split("<", 1)[0]
