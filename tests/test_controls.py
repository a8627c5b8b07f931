"""Controls of the same label on one page say what each is about, so that a list of them tells them apart."""

import re
from collections import Counter
from html import unescape

import pytest

from society.db import db
from society.membership.models import Status
from society.notices.life import keep_as_template
from tests.builders import NOW, a_backing, a_membership, a_person, an_event


def controls(page: str) -> Counter[str]:
    """By their names: buttons, what unfolds, and links that look like buttons."""
    main = page.partition("<main")[2].partition("</main>")[0]
    found = re.findall(r'<(button|summary|a(?= class="button))\b([^>]*)>(.*?)</\1>', main, re.DOTALL)
    names = []
    for _, attributes, inner in found:
        label = re.search(r'aria-label="([^"]*)"', attributes)
        names.append(" ".join(unescape(label[1] if label else re.sub(r"<[^>]+>", "", inner)).split()))
    return Counter(names)


@pytest.fixture
def admin(client):
    return client.sign_in(a_person("Ada", "admin", "organizer", "secretary"))


def backed(_client) -> str:
    event = an_event()
    for name in ("A Club", "B Club", "C Club"):
        a_backing(event, name, "sponsor")
    return f"/organize/events/{event.id}/backings"


def applied(_client) -> str:
    for name in ("Ann", "Ben"):
        a_membership(a_person(name), status=Status.APPLIED, applied_at=NOW, starts_on=NOW.date(), ends_on=None)
    return "/organize/applications"


def templates(_client) -> str:
    for name in ("A lecture", "A walk"):
        keep_as_template(an_event(), name, by=a_person(), now=NOW)
    return "/organize/events/templates"


@pytest.mark.parametrize("several", [backed, applied, templates])
def test_no_two_controls_have_the_same_name(admin, several):
    path = several(admin)
    db.session.commit()
    found = controls(admin.get(path).text)
    assert len(found) > 3
    assert [name for name, number in found.items() if number > 1] == []
