"""That the page before a change tells exactly who is then written to, whatever is changed and chosen."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from society.backings.models import Word
from society.backings.steps import step
from society.backings.versions import version
from society.db import db
from society.events.models import Event
from society.mail.actions import bury
from society.mail.models import Letter
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, a_venue, an_event
from tests.conftest import Browser
from tests.events.test_organizing import form_of
from tests.invitations.test_settling import wish
from tests.notices.test_following import said

LATER = {
    "starts_at": f"{NEXT_MONTH + timedelta(days=6):%Y-%m-%dT%H:%M}",
    "ends_at": f"{NEXT_MONTH + timedelta(days=6, minutes=90):%Y-%m-%dT%H:%M}",
}
CHANGES: list[dict[str, Any]] = [
    {"title": "Lakes"},
    {"title": "RIVERS!"},
    LATER,
    LATER | {"capacity": "9"},
    {"capacity": "9"},
    {"capacity": "2", "summary": "In short"},
    {"venue_name": "New House", "room": "Room 9"},
    {"description": "All about lakes.", "tags": "walks"},
    {"tags": "walks"},
    {"visibility": "members", "instructions": "Ring twice"},
    {"sponsors": [], "endorsers": []},
    {"sponsors": [], "title": "Lakes"},
]


@pytest.fixture
def event(app) -> Event:
    """Three have seats, three wait, one may come; of each some cannot be mailed. Four back it, each in another way."""
    event = an_event(
        "Rivers", starts=NEXT_MONTH, capacity=3, venue=a_venue("Old Hall"), description="All about rivers."
    )
    people = [a_person(email=None) if n in (1, 4) else a_person() for n in range(8)]
    for person, answer in zip(people, [Answer.YES] * 6 + [Answer.MAYBE, Answer.NO], strict=True):
        reply(event, person, answer, at=NOW - timedelta(hours=2))
    wish(event, people[0], 6)
    bury(str(people[2].email), "550", NOW)
    for name, role in (("A", "sponsor"), ("B", "endorser"), ("C", "host")):
        backing = a_backing(event, name, role)
        backing.contact_email = f"{name.lower()}@example.org"
    db.session.flush()
    for backing in event.backings[:2]:
        backing.agreed = version(event, backing)
        step(event, backing, Word.CONFIRMED, NOW, name="Cora", title="Chair")
    bury("b@example.org", "550", NOW)
    asked = a_backing(event, "D", "sponsor", "proposed")
    asked.contact_email, asked.asked_at = "d@example.org", NOW
    db.session.commit()
    return event


def promised(page: TestResponse, tell: str, note: str) -> Counter[str]:
    """How many letters of which kind the page says there will be."""
    text, found = said(page.text), Counter[str]()
    answered = re.search(r"(\d+) people answered(?:; (\d+) of them can be mailed)?", text)
    if tell == "yes" and answered and (note or "Of this no letter tells by itself" not in text):
        found["notice"] = int(answered[2] or answered[1])
    for number, end in re.findall(
        r"(\d+) (?:person|people) on the waiting list gets? seats by this([,;][^.]*)\.", text
    ):
        reached = re.match(r"; (\d+) of them", end)
        found["rsvp"] += int(reached[1]) if reached else 0 if "cannot" in end else int(number)
    if "proposed the new time, and is written to" in text and not found["notice"]:  # else by the letter to all
        found["proposal_taken"] = 1
    for names in re.findall(r"((?:\w, )*\w): they (?:gave their word for the event as it was|back it by their)", text):
        found["backing"] += len(names.split(", "))
    return found


@pytest.mark.parametrize(("tell", "note"), [("yes", ""), ("no", ""), ("yes", "A line."), ("no", "A line.")])
@pytest.mark.parametrize("act", [*CHANGES, "cancel", "postpone", "move"], ids=str)
def test_who_is_written_to_is_who_the_page_named(client: Browser, event: Event, act: Any, tell: str, note: str) -> None:
    organizer, path = client.sign_in(a_person("Ora Organizer", "organizer")), f"/organize/events/{event.id}"
    before = set(db.session.scalars(select(Letter.id)))
    if isinstance(act, dict):
        page = organizer.post(path, data=form_of(event, **act))
    else:
        page = organizer.post(f"{path}/postpone", data=LATER) if act == "move" else organizer.get(f"{path}/{act}")

    assert organizer.agree(page, tell=tell, message=note).status_code == 303

    written = db.session.scalars(select(Letter.reason).where(Letter.id.not_in(before)))
    assert Counter(reason.split(":")[0] for reason in written) == promised(page, tell, note)
