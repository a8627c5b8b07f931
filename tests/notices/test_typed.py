"""What is being written is looked at as any of its readers finds it, however many there are."""

import re

import pytest

from society.db import db
from society.notices.routes import typed
from tests.builders import a_person

GIVEN = {"kind": "newsletter", "audience": "everyone", "subject": "News", "body": "Dear {{ first_name }},"}


@pytest.fixture
def looked(app, client, counted, monkeypatch):
    """A function that looks at it: the readers offered, the page, and how many queries it took."""
    monkeypatch.setattr(typed, "MOST", 2)
    client.sign_in(a_person("Olga", "organizer"))

    def look(**more):
        db.session.commit()
        with counted() as queries:
            page = client.post("/organize/notices/new", data=GIVEN | more | {"preview": "yes"}).text
        offered = re.search(r'<select id="typed-reader".*?</select>', page, re.DOTALL)[0]
        return re.findall(r">([^<>]+)</option>", offered)[1:], page, len(queries)

    return look


def test_a_reader_beyond_those_offered_is_found_by_name_and_no_outsider(looked):
    _ann, _ben, zola = a_person("Ann"), a_person("Ben"), a_person("Émile Zola")
    outsider = a_person("Out Side", verified_at=None)
    assert looked()[0] == ["Ann", "Ben"]
    names, page, _ = looked(sought="emile zo")
    assert names == ["Émile Zola"]
    assert 'value="emile zo"' in page
    names, page, _ = looked(reader=str(zola.id))
    assert names == ["Émile Zola", "Ann", "Ben"]
    assert "Dear Émile," in page
    for nobody in (str(outsider.id), "x", "9" * 30):
        names, page, _ = looked(reader=nobody, sought="side")
        assert names == []
        assert "Dear all," in page


def test_looking_costs_the_same_however_many_readers_there_are(looked):
    first = a_person("Ann")
    few = looked(reader=str(first.id), sought="a")[2]
    for number in range(3):
        a_person(f"Ada {number}")
    assert looked(reader=str(first.id), sought="a")[2] == few
