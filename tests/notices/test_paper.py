"""Notices on paper: who gets them, what stands on them, and that words stay words."""

import json
import re

import pytest
import typst

from society.db import db
from society.notices import paper, typesetting
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.sending import send
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from tests.builders import NOW, a_person, an_event

HOME = "1 Example Street\nExampleton EX1 2PL"


def a_notice(body="Dear {{ first_name }},\n\nWe meet.", subject="General meeting"):
    notice = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.EVERYONE, subject=subject, body=body)
    notice.created_at = NOW
    db.session.add(notice)
    db.session.flush()
    return notice


def pages(made: bytes) -> int:
    return max(int(count) for count in re.findall(rb"/Count (\d+)", made))


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("Ora", "organizer"))


def test_letters_go_to_those_without_email_and_to_those_who_chose_them(organizer):
    a_person("Ann", email="ann@example.org", address=HOME)
    ben = a_person("Ben", email="ben@example.org", address=HOME, by_letter=True)
    cem = a_person("Cem", email=None, address=HOME)
    a_person("Dee", email=None)
    notice = a_notice()
    db.session.commit()

    assert paper.on_paper(notice, NOW) == [ben, cem]
    given = json.loads(paper.letters_given(notice, [cem], paper.Format.A4, NOW))
    (letter,) = given["letters"]
    assert letter["to"] == ["Cem", "1 Example Street", "Exampleton EX1 2PL"]
    assert [block["runs"][0]["text"] for block in letter["body"]] == ["Dear Cem,", "We meet."]

    page = organizer.get(f"/organize/notices/{notice.id}").text
    assert "2 people get it by post" in page
    for address, count in (("letters.pdf", 2), ("letters.pdf?paper=us-letter", 2), ("labels.pdf?sheet=letter-30", 1)):
        answer = organizer.get(f"/organize/notices/{notice.id}/{address}")
        assert (answer.mimetype, pages(answer.data)) == ("application/pdf", count)

    send(notice, NOW)
    db.session.commit()
    assert paper.on_paper(notice, NOW) == [ben, cem], "of a sent one, whoever no mail went to"
    assert pages(organizer.get(f"/organize/notices/{notice.id}/letters.pdf").data) == 2


def test_where_nobody_is_reached_by_post_the_page_says_so(organizer):
    notice = a_notice()
    db.session.commit()
    for file in ("letters.pdf", "labels.pdf"):
        answer = organizer.get(f"/organize/notices/{notice.id}/{file}", follow_redirects=True)
        assert "It reaches nobody by post." in answer.text


def test_a_text_comes_as_blocks_with_lists_numbered_and_links_by_their_addresses():
    text = "# Agenda\n\nSee **all** of *it* [here](https://example.org/a).\nTwo lines.\n\n"
    text += "3. One\n4. Two\n   - Deep\n\n> Said"
    found = list(typesetting.blocks(text))
    assert [(block.kind, block.depth, block.mark) for block in found] == [
        ("heading", 0, ""),
        ("text", 0, ""),
        ("text", 1, "3."),
        ("text", 1, "4."),
        ("text", 2, "•"),
        ("text", 1, ""),
    ]
    runs = {run.text: run for run in found[1].runs}
    assert (runs["all"].bold, runs["it"].italic, runs["here"].link) == (True, True, "https://example.org/a")
    assert "\n" in runs


HOSTILE = '#panic("x") $ \\ @a <b> *c* _d_ `e` ] } = - + / "quoted" \u202e'


def test_nothing_in_a_name_or_a_text_is_read_as_the_typesetters_language(app):
    cem = a_person(HOSTILE, email=None, address=f"{HOSTILE}\n{'x' * 300}")
    notice = a_notice(f"{{{{ name }}}}\n\n    {HOSTILE}\n\n- {HOSTILE}\n\n" + "Long. " * 3_000, HOSTILE)
    given = paper.letters_given(notice, [cem] * 2, paper.Format.A4, NOW)
    made = paper.letters_pdf(given)
    assert made == paper.letters_pdf(given)
    assert pages(made) > 4
    for sheet in paper.Labels:
        assert pages(paper.labels_pdf(paper.labels_given([cem] * 31, sheet))) == 2


def test_a_notice_that_reaches_people_by_post_alone_is_noted_as_sent(organizer):
    event = an_event()
    reply(event, a_person("Cem", email=None, address=HOME), Answer.YES, at=NOW)
    notice = a_notice()
    notice.audience, notice.event = Audience.GOING, event
    db.session.commit()
    assert "Note it as sent" in organizer.get(f"/organize/notices/{notice.id}/send").text
    page = organizer.post(f"/organize/notices/{notice.id}/send", follow_redirects=True).text
    assert "1 letter still to be printed and posted" in page
    assert "letters.pdf" in page


def test_no_line_of_a_long_address_falls_out_of_the_window(app):
    """The last lines tell town and country: a page on which they are cut off would look the same with another."""
    name = "Professor Ada Wilhelmina Example-Longname of Somewhere and Elsewhere"

    def drawn(country):
        to = [name, *(f"Line {number} of it" for number in range(9)), country]
        given = {"paper": "a4", "society": "Us", "letters": [{"to": to, "date": "", "subject": "S", "body": []}]}
        sheet = {"given": json.dumps(given)}
        return typst.compile(paper._LETTERS, format="png", ppi=100, sys_inputs=sheet, ignore_system_fonts=True)

    assert drawn("UNITED KINGDOM") != drawn("NEW ZEALAND")
