"""Notices on paper: who gets them, what stands on them, and that words stay words."""

import json
import re

import pytest
import typst

from society import typeset
from society.db import db
from society.mail.models import DeadAddress, OptOut
from society.notices import paper, typesetting
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.sending import send
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.settings import renew
from society.site.actions import the_row
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


def test_everyone_with_a_postal_address_can_be_given_a_letter_but_those_who_left(organizer):
    ann = a_person("Ann", email="ann@example.org", address=HOME)
    a_person("Ben", email="ben@example.org", address=" ")
    cem = a_person("Cem", email=None, address=HOME)
    dee = a_person("Dee", email="dee@example.org", address=HOME)
    notice = a_notice()
    db.session.add(OptOut(person_id=dee.id, mailing_list=notice.kind.mailing_list, at=NOW))
    db.session.commit()

    assert paper.on_paper(notice, NOW, everyone=True) == [ann, cem]
    page = organizer.get(f"/organize/notices/{notice.id}").text
    assert "2 people of those it is for have a postal address" in page
    for address in ("letters.pdf?all=1", "letters.pdf?paper=us-no10&all=1"):
        assert address.replace("&", "&amp;") in page or "paper" not in address
        assert pages(organizer.get(f"/organize/notices/{notice.id}/{address}").data) == 2


def test_the_societys_own_address_stands_above_the_readers(app):
    row = the_row()
    row.name, row.postal_address = "Exampleton Society", "The Old Hall,\n 1 High Street \n\nExampleton"
    renew()
    cem = a_person("Cem", email=None, address=HOME)
    given = json.loads(paper.letters_given(a_notice(), [cem], paper.Format.NUMBER_10, NOW))

    assert given["sender"] == "Exampleton Society, The Old Hall, 1 High Street, Exampleton"
    assert (given["paper"], given["window"]) == ("us-letter", "us-no10")


def test_those_whom_nobody_can_reach_are_listed(organizer):
    a_person("Ann", email="ann@example.org")
    a_person("Ben", email="ben@example.org")
    a_person("Cem", email=None)
    a_person("Dee", email="dee@example.org", address=HOME)
    for address in ("ben@example.org", "dee@example.org"):
        db.session.add(DeadAddress(address=address, at=NOW, answer="550 no such mailbox"))
    notice = a_notice()
    db.session.commit()

    assert "2 people nobody can reach" in organizer.get(f"/organize/notices/{notice.id}").text
    listed = organizer.get(f"/organize/notices/{notice.id}/recipients?which=unreachable").text
    assert re.findall(r'<th scope="row"><a [^>]*>(.*?)</a>', listed) == ["Ben", "Cem"]


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


@pytest.mark.parametrize("size", [paper.Format.A4, paper.Format.NUMBER_10])
def test_no_line_of_a_long_address_falls_out_of_the_window(app, size):
    """The last lines tell town and country: a page on which they are cut off would look the same with another."""
    name = "Professor Ada Wilhelmina Example-Longname of Somewhere and Elsewhere"

    def drawn(country):
        to = [name, *(f"Line {number} of it" for number in range(9)), country]
        given = {"paper": size.sheet, "window": size.value, "society": "Us", "sender": "Us, Here"}
        given["letters"] = [
            {"to": to, "date": "", "language": "en", "page": "page", "begins": "left", "subject": "S", "body": []}
        ]
        sheet = {"given": json.dumps(given)}
        return typst.compile(paper._LETTERS, format="png", ppi=100, sys_inputs=sheet, ignore_system_fonts=True)

    assert drawn("UNITED KINGDOM") != drawn("NEW ZEALAND")


def test_names_in_scripts_beyond_the_typesetters_own_are_set_in_fonts_of_the_machine():
    own = ["Łukasz Žižek, Nguyễn Thị Ánh", "Γιώργος Иван אברהם محمد თამარ Թամար", "“€ 5” – № 1 → ✓"]
    other = ["山田太郎", "สมชาย", "김철수", "🎉"]

    assert [name for name in own + other if typeset.needs_more_fonts(json.dumps([name]))] == other
    assert paper.labels_pdf(json.dumps({"sheet": "a4-24", "labels": [other]})).startswith(b"%PDF")
