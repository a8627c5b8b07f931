"""What a notice leads to on other servers is tried when somebody asks for that, and keeps nothing from leaving."""

import pytest

from society.imports.visits import Found, Visit
from society.notices.checks import elsewhere
from society.notices.routes import links
from society.settings import absolute
from tests.builders import a_person
from tests.notices.test_sending import a_notice

BODY = "See https://one.example.net/a?b=1, <https://two.example.net> and https://one.example.net/a?b=1."


@pytest.fixture
def tried(monkeypatch):
    """What was tried, in place of any server."""
    asked: list[str] = []

    def visits(addresses):
        asked.extend(addresses)
        return [Visit(one, Found.BROKEN if "two" in one else Found.OPENS, "<b>why</b>") for one in addresses]

    monkeypatch.setattr(links, "visits", visits)
    return asked


@pytest.fixture
def olga(app, client):
    client.sign_in(person := a_person("Olga", "organizer"))
    return person


def test_each_address_of_others_counts_once(app):
    assert elsewhere(a_notice(body=BODY)) == ["https://one.example.net/a?b=1", "https://two.example.net"]
    ours = f"{absolute('/events')} http://localhost/ http://10.0.0.7/ https://example.net/{{{{ first_name }}}}"
    assert elsewhere(a_notice(body=ours)) == []


def test_they_are_tried_by_a_button_alone_and_told_in_words(olga, client, tried):
    notice = a_notice(body=f"{BODY} {absolute('/events/never')}", author=olga)
    here = f"/organize/notices/{notice.id}"
    for path in ("", "/send"):
        assert f'action="{here}/links"' in client.get(here + path).text
    assert tried == []

    page = client.post(f"{here}/links").text
    assert tried == ["https://one.example.net/a?b=1", "https://two.example.net"]
    assert "Readers cannot open one of them" in page
    assert "&lt;b&gt;why&lt;/b&gt;" in page
    assert "There is no event at" in page
    assert "The notice can be sent all the same." in page
    assert client.post(f"{here}/send").status_code == 303


def test_nothing_is_offered_where_it_leads_nowhere_else(olga, client, tried):
    notice = a_notice(body="Come.", author=olga)
    here = f"/organize/notices/{notice.id}"

    assert "/links" not in client.get(here).text + client.get(f"{here}/send").text
    assert "It leads to no other server." in client.post(f"{here}/links").text


def test_only_organizers_have_them_tried(app, client, tried):
    notice = a_notice(body=BODY)
    client.sign_in(a_person("Max"))

    assert client.post(f"/organize/notices/{notice.id}/links").status_code == 403
    assert tried == []
