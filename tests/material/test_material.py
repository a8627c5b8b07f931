"""What stays of an event: given, ordered, and sent to those who may have it."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import delete, func, select
from sqlalchemy import event as listener

from society.agenda.planning import Plan
from society.calendars.actions import refresh
from society.db import db
from society.events.models import Visibility
from society.mail.models import Letter
from society.material.actions import tell_how_it_was
from society.material.models import Material, MaterialFile
from society.material.queries import of_talks
from society.notices.letters import letters
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.queries import people_in
from society.notices.wording import suggested
from society.people.models import EventOrganizer
from society.rsvps.actions import reply
from society.rsvps.agenda import enter
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from tests.as_opened import fields_of, typed
from tests.builders import NEXT_MONTH, NOW, a_membership, a_person, a_photo, an_event

PDF = b"%PDF-1.7 a talk"


@pytest.fixture
def organizer(app):
    return app.test_client().sign_in(a_person("", "organizer"))


@pytest.fixture
def event(app):
    made = an_event("A talk")
    db.session.commit()
    return made


def give(browser, event, content=None, name="talk.pdf", **values):
    sent = {"kind": "slides", "title": "The slides", "seen_by": "everyone", **values}
    if content is not None:
        sent["file"] = (io.BytesIO(content), name)
    answer = browser.post(f"/organize/events/{event.id}/material", data=sent)
    db.session.expire_all()
    return answer


def the_only():
    return db.session.scalars(select(Material)).one()


def test_a_file_stands_on_the_events_page_and_is_sent(organizer, client, event):
    refresh(event, NOW)
    assert "the public ones that hold it have it at once" in organizer.get(f"/organize/events/{event.id}/material").text
    assert give(organizer, event, PDF).status_code == 303
    page = client.get(f"/events/{event.slug}").text
    there = f"/events/{event.slug}/material/{the_only().id}"
    answer = client.get(there)

    assert f'href="{there}"' in page
    assert ("Slides, PDF, 0 KB" in page, the_only().size) == (True, len(PDF))
    assert (answer.data, answer.content_type) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"] == "inline; filename=talk.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(there, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(("name", "said"), [("Žluť.pdf", "filename*=UTF-8''%C5%BDlu%C5%A5.pdf"), ("a.odp", "a.odp")])
def test_a_file_keeps_its_name_in_a_header_that_every_server_takes(organizer, client, event, name, said):
    give(organizer, event, PDF if name.endswith("pdf") else b"PK\x03\x04", name)
    there = client.get(f"/events/{event.slug}/material/{the_only().id}").headers["Content-Disposition"]

    assert there.isascii()
    assert said in there


def test_a_link_stands_there_as_it_is(organizer, client, event):
    give(organizer, event, url="https://video.example.org/1", kind="recording", title="The recording")

    assert 'href="https://video.example.org/1"' in client.get(f"/events/{event.slug}").text
    assert client.get(f"/events/{event.slug}/material/{the_only().id}").status_code == 404


@pytest.mark.parametrize(("seen_by", "sees"), [("everyone", "vmcs"), ("members", "ms"), ("came", "cs")])
def test_each_is_for_those_that_were_chosen(organizer, client, app, event, seen_by, sees):
    member, guest = a_person(), a_person()
    a_membership(member)
    reply(event, guest, Answer.YES, at=NOW)
    rsvp_of(event, guest).checked_in_at = NOW
    db.session.commit()
    give(organizer, event, PDF, seen_by=seen_by)
    there = f"/events/{event.slug}/material/{the_only().id}"
    readers = {"v": client, "m": member, "c": guest, "s": organizer}

    found = ""
    for letter, reader in readers.items():
        browser = reader if letter in "vs" else app.test_client().sign_in(reader)
        status = browser.get(there).status_code
        assert (status == 200) == ("The slides" in browser.get(f"/events/{event.slug}").text)
        found += letter if status == 200 else ""
    assert found == sees


def test_a_guest_without_an_account_opens_what_is_for_those_who_came_by_their_own_link(organizer, client):
    inside = an_event("Among us", visibility=Visibility.MEMBERS)
    came, stayed = a_person("Gus Guest"), a_person()
    for person in (came, stayed):
        reply(inside, person, Answer.YES, at=NOW)
    rsvp_of(inside, came).checked_in_at = NOW
    db.session.commit()
    (talk,) = enter(inside, [Plan("The talk", inside.starts, inside.ends)], by=a_person(), now=NOW)
    db.session.commit()
    give(organizer, inside, PDF, seen_by="came", title="What was said", session=str(talk.id))
    give(organizer, inside, a_photo(1200, 900), "party.jpg", kind="photograph", seen_by="came")
    give(organizer, inside, PDF, seen_by="members", title="Among members")
    numbers = db.session.scalars(select(Material.id).order_by(Material.id)).all()

    own, other = (link(rsvp_of(inside, person)) for person in (came, stayed))
    page = client.get(own).text
    addresses = [f"{own}/material/{numbers[0]}", f"{own}/material/{numbers[1]}/small"]
    assert all(f'"{address}"' in page for address in addresses)
    assert "of “The talk”" in page
    assert "Among members" not in page
    answers = [client.get(address) for address in addresses]
    assert [(answer.status_code, answer.headers["Cache-Control"]) for answer in answers] == [(200, "no-store")] * 2
    assert answers[0].data == PDF
    assert client.get(f"{own}/material/{numbers[2]}").status_code == 404
    assert "What was said" not in client.get(other).text
    assert client.get(f"{other}/material/{numbers[0]}").status_code == 404

    body = suggested(NoticeKind.MINUTES, inside, Audience.CAME)[1]
    notice = Notice(kind=NoticeKind.MINUTES, event=inside, audience=Audience.CAME, subject="It was", body=body)
    notice.created_at = NOW
    (letter,) = letters(notice, [came], NOW)
    assert f"What was said – <https://society.example.org{own}" in letter.body


def test_a_visitor_is_led_to_sign_in_the_same_whether_there_is_anything_or_not(organizer, client, event):
    give(organizer, event, PDF, seen_by="came")
    number = the_only().id
    answers = [client.get(f"/events/{event.slug}/material/{one}") for one in (number, number + 1)]
    assert [answer.status_code for answer in answers] == [404, 404]
    for one, answer in zip((number, number + 1), answers, strict=True):
        assert f'href="/login?next=/events/{event.slug}/material/{one}"' in answer.text
    assert "Sign in to" not in client.get(f"/events/hidden/material/{number}").text


def test_of_a_members_event_nothing_is_sent_to_visitors(organizer, client):
    inside = an_event("Among us", visibility=Visibility.MEMBERS)
    db.session.commit()
    give(organizer, inside, PDF)

    assert client.get(f"/events/{inside.slug}/material/{the_only().id}").status_code == 404


def test_a_photograph_is_made_smaller_and_loses_what_is_written_into_it(organizer, event):
    exif = Image.Exif()
    exif[0x010E] = "my garden"
    give(organizer, event, a_photo(2400, 1200, exif=exif), "IMG_1.JPEG", kind="photograph")
    kept = db.session.get(MaterialFile, the_only().id).content

    assert the_only().file_name == "IMG_1.jpg"
    assert Image.open(io.BytesIO(kept)).size == (1600, 800)
    assert b"garden" not in kept


def several(browser, event, *files, **values):
    sent = {"kind": "photograph", "title": "At dinner", "seen_by": "everyone", **values}
    sent["file"] = [(io.BytesIO(content), name) for content, name in files]
    answer = browser.post(f"/organize/events/{event.id}/material", data=sent)
    db.session.expire_all()
    return answer


def test_several_photographs_are_added_at_once_each_with_its_number(organizer, client, event):
    photos = [(a_photo(900, 600), f"IMG_{n}.jpg") for n in range(3)]
    added = several(organizer, event, *photos, title="x" * 200)
    assert "Added 3 photographs." in organizer.get(added.location).text
    titles = [one.title for one in db.session.scalars(select(Material).order_by(Material.position))]
    assert [title.lstrip("x") for title in titles] == [" (1 of 3)", " (2 of 3)", " (3 of 3)"]
    assert all(len(title) <= 200 for title in titles), "as many as its column holds"
    assert client.get(f"/events/{event.slug}").text.count("<figure>") == 3


def one_of_several(browser, event, content, name="IMG_1.jpg", **values):
    sent = {"kind": "photograph", "title": "At dinner (1 of 2)", "seen_by": "everyone", **values}
    if content is not None:
        sent["file"] = (io.BytesIO(content), name)
    answer = browser.post(f"/organize/events/{event.id}/material/photograph", data=sent)
    db.session.expire_all()
    return answer


def test_one_of_several_that_are_sent_one_by_one_is_kept_once_however_often_it_comes(organizer, event, guest):
    photo = a_photo(900, 600)
    for _ in range(2):
        answer = one_of_several(organizer, event, photo)
        assert answer.status_code == 201
    assert the_only().title == "At dinner (1 of 2)"
    assert "Added" not in organizer.get(answer.json["next"]).text, "there are more to come"
    last = {"title": "At dinner (2 of 2)", "tell": "yes", "message": "Photographs are there.", "added": "2"}
    for _ in range(2):
        answer = one_of_several(organizer, event, photo, **last)
        assert (answer.status_code, "kind=photograph" in answer.json["next"]) == (201, True)
        assert "Added 2 photographs." in organizer.get(answer.json["next"]).text
    assert db.session.scalar(select(func.count()).select_from(Material)) == 2
    assert len(lines_to(guest, "Photographs are there")) == 1


@pytest.mark.parametrize(
    ("tell", "message", "letters"), [("yes", "Photographs are there.", 1), ("no", "Photographs are there.", 0)]
)
def test_where_some_of_several_do_not_go_through_it_is_said_and_the_line_can_go_without(
    organizer, event, guest, tell, message, letters
):
    one_of_several(organizer, event, a_photo(900, 600))
    there = f"/organize/events/{event.id}/material/photographs"
    missing = "\n".join(["a.jpg", *(f"b{number}.jpg" for number in range(11))])
    sent = {"added": "1", "number": "13", "left": missing, "kind": "photograph", "seen_by": "came"}
    answer = organizer.post(there, data={**sent, "tell": tell, "message": message})
    assert (answer.status_code, "seen_by=came" in answer.location) == (303, True)
    page = organizer.get(answer.location).text
    assert "Added 1 of 13 photographs. Not added: “a.jpg”, “b0.jpg”" in page
    assert "“b8.jpg” and 2 others." in page
    assert ("Those who answered are written to." in page, "Your line was not sent" in page) == (
        letters == 1,
        letters == 0,
    )
    db.session.expire_all()
    assert len(lines_to(guest, "Photographs are there")) == letters
    answer = organizer.post(there, data={**sent, "tell": "yes", "message": "x" * 3000})
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text


@pytest.mark.parametrize(
    ("content", "name", "values", "status", "said"),
    [
        (b"no picture", "b.jpg", {}, 409, "This cannot"),
        (PDF, "talk.pdf", {}, 409, "add this file by itself"),
        (b"\xff", "b.jpg", {"title": ""}, 422, "Title: Please fill this in."),
        (b"\xff", "b.jpg", {"seen_by": "nobody"}, 422, "Who may see it: "),
        (None, "", {}, 422, "File: Please choose a file"),
        (None, "", {"url": "https://example.org"}, 409, "Only photographs"),
    ],
)
def test_of_one_of_several_it_is_told_whether_it_or_the_form_cannot_be_taken(
    organizer, event, content, name, values, status, said
):
    answer = one_of_several(organizer, event, content, name, **values)
    assert answer.status_code == status
    assert said in (answer.json["file"] if status == 409 else " ".join(answer.json["form"]))
    assert db.session.scalar(select(func.count()).select_from(Material)) == 0


def test_of_several_none_is_kept_where_one_cannot_be_and_that_one_is_named(organizer, event):
    photo = (a_photo(900, 600), "a.jpg")
    for other, said in (((b"no picture", "b.jpg"), "b.jpg: This cannot"), ((PDF, "talk.pdf"), "only be photographs")):
        answer = several(organizer, event, photo, other)
        assert answer.status_code == 422
        assert said in answer.text
    assert db.session.scalar(select(func.count()).select_from(Material)) == 0

    give(organizer, event, PDF)
    there = f"/organize/events/{event.id}/material/{the_only().id}"
    files = [(io.BytesIO(photo[0]), f"{n}.jpg") for n in range(2)]
    answer = organizer.post(there, data={"kind": "slides", "title": "x", "seen_by": "everyone", "file": files})
    assert answer.status_code == 422
    assert "Please choose one file" in answer.text
    assert "multiple" not in organizer.get(there).text


@pytest.mark.parametrize(
    ("content", "name", "values", "said"),
    [
        (None, "", {}, "choose a file, or give an address"),
        (b"", "a.pdf", {}, "empty"),
        (b"MZ\x90 a program", "talk.pdf", {}, "Please choose a PDF"),
        (PDF, "talk.exe", {}, "Please choose a PDF"),
        (b"<svg onload='x'>", "a.png", {}, "SVG"),
        (PDF, "talk.pdf", {"url": "https://example.org"}, "not both"),
        (None, "", {"url": "javascript:alert(1)"}, "web address"),
        (PDF, "talk.pdf", {"title": ""}, "fill this in"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field(organizer, event, content, name, values, said):
    answer = give(organizer, event, content, name, **values)

    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(select(func.count()).select_from(Material)) == 0


def test_it_is_changed_set_in_order_and_removed(organizer, client, event):
    give(organizer, event, PDF, title="First")
    give(organizer, event, PDF, title="Second")
    first, second = db.session.scalars(select(Material).order_by(Material.id)).all()
    base = f"/organize/events/{event.id}/material"
    organizer.post(f"{base}/{second.id}/up")
    page = client.get(f"/events/{event.slug}").text
    assert page.index("Second") < page.index("First")

    words = {"kind": "link", "title": "Elsewhere", "url": "https://example.org/talk", "seen_by": "everyone"}
    organizer.post(f"{base}/{first.id}", data=words)
    db.session.expire_all()
    assert (first.url, first.file_name) == ("https://example.org/talk", "")
    assert db.session.scalar(select(func.count()).select_from(MaterialFile)) == 1

    for one in (first.id, second.id):
        organizer.agree(organizer.post(f"{base}/{one}/remove"))
    db.session.expire_all()
    assert event.has_material is False
    assert db.session.scalar(select(func.count()).select_from(MaterialFile)) == 0


def test_of_talks_whoever_runs_them_finds_all_and_others_what_is_for_them(organizer, client, event):
    for number, seen_by in enumerate(("everyone", "members", "came")):
        give(organizer, event, title=f"Film {number}", kind="link", url="https://example.org/film", seen_by=seen_by)
    host, member, staff = a_person(), a_person(), a_person("", "secretary")
    a_membership(member)
    db.session.add(EventOrganizer(event_id=event.id, person_id=host.id, given_at=NOW))
    db.session.commit()
    found = [len(of_talks([event], person, NOW)) for person in (None, a_person(), member, host, staff)]
    assert found == [1, 1, 2, 3, 3]


def test_how_many_were_checked_in_is_shown_though_nothing_else_is_said(organizer, client, event):
    rsvp = reply(event, a_person(), Answer.YES, at=NOW)
    rsvp.checked_in_at = event.starts_at
    tell_how_it_was(event, {"report": "", "attendance": None, "attendance_shown": True}, by=a_person(), now=NOW)
    assert event.has_material is True


def test_what_somebody_removes_while_another_changes_it_is_not_there(organizer, event):
    give(organizer, event, PDF)
    kept = the_only().id
    removed: list[int] = []

    def remove(_session):
        if not removed:
            with db.engine.execution_options(writes=True).begin() as elsewhere:
                removed.append(elsewhere.execute(delete(Material).where(Material.id == kept)).rowcount)

    address, changed = f"/organize/events/{event.id}/material/{kept}", {"kind": "paper", "title": "A paper"}
    listener.listen(db.session, "after_rollback", remove)  # before what changes it begins
    try:
        answer = organizer.post(address, data={**changed, "seen_by": "members"})
    finally:
        listener.remove(db.session, "after_rollback", remove)
    assert (answer.status_code, removed) == (404, [1])


def test_how_it_was_is_told_and_how_many_came_only_if_wanted(organizer, client, event):
    guest = a_person()
    reply(event, guest, Answer.YES, at=NOW)
    rsvp_of(event, guest).checked_in_at = NOW
    db.session.commit()
    there = f"/organize/events/{event.id}/afterwards"
    organizer.post(there, data={"report": "It was **good**."})
    before = client.get(f"/events/{event.slug}").text
    organizer.post(there, data={"report": "It was **good**.", "attendance_shown": "y"})
    counted = client.get(f"/events/{event.slug}").text
    organizer.post(there, data={"attendance": "80", "attendance_shown": "y"})

    assert "It was <strong>good</strong>." in before
    assert "came." not in before
    assert "1 came." in counted
    assert "80 came." in client.get(f"/events/{event.slug}").text
    assert organizer.post(there, data={"attendance": "many"}).status_code == 422


def test_what_two_tell_of_how_it_was_comes_together(organizer, app, event):
    there, page = f"/organize/events/{event.id}/afterwards", f"/organize/events/{event.id}/material"
    other = app.test_client().sign_in(a_person("Theo Other", "organizer"))
    opened = fields_of(organizer.get(page).text, there)
    assert other.post(there, data=typed(opened, attendance="12")).status_code == 303

    answer = organizer.post(there, data=typed(opened, report="It was good."))

    assert answer.status_code == 422
    assert "Theo Other saved this report" in answer.text
    shown = fields_of(answer.text, there)
    assert (shown["attendance"], shown["report"]) == ("12", "It was good.")
    assert organizer.post(there, data=shown).status_code == 303
    db.session.refresh(event)
    assert (event.attendance, event.report) == (12, "It was good.")


def test_who_puts_another_file_in_the_place_of_one_sees_that_somebody_did_so_meanwhile(organizer, event):
    assert give(organizer, event, b"%PDF-1.4 as it was").status_code == 303
    kept = the_only()
    there = f"/organize/events/{event.id}/material/{kept.id}"
    opened = fields_of(organizer.get(there).text)
    theirs = {**opened, "file": (io.BytesIO(b"%PDF-1.4 as they have it"), "theirs.pdf")}
    assert organizer.post(there, data=theirs).status_code == 303

    mine = {**opened, "file": (io.BytesIO(b"%PDF-1.4 mine"), "mine.pdf")}
    answer = organizer.post(there, data=mine)

    assert answer.status_code == 422
    assert "<b>The file</b>" in answer.text
    assert "Please choose the file again." in answer.text
    assert "theirs.pdf" in answer.text


def test_the_page_of_what_is_over_leads_to_what_stays_of_it(organizer, client):
    over = an_event("Long ago", starts=NEXT_MONTH - timedelta(days=60))
    db.session.commit()
    there = f"/events/{over.slug}"
    assert "#afterwards" not in client.get(there).text
    give(organizer, over, PDF)
    page = client.get(there).text
    assert page.index('href="#afterwards"') < page.index('id="afterwards"')


def test_of_nobody_counted_nothing_is_said(organizer, client, event):
    organizer.post(f"/organize/events/{event.id}/afterwards", data={"attendance_shown": "y"})

    assert "Afterwards" not in client.get(f"/events/{event.slug}").text


def test_a_notice_goes_to_those_who_came(app, event):
    came, stayed = a_person(), a_person()
    for person in (came, stayed):
        reply(event, person, Answer.YES, at=NOW)
    rsvp_of(event, came).checked_in_at = NOW
    db.session.flush()

    assert db.session.scalars(people_in(Notice(audience=Audience.CAME, event=event), NOW)).unique().all() == [came]


def test_plain_events_cost_nothing_for_it_and_others_one_statement(organizer, client, counted, event):
    plain = an_event("Plain")
    db.session.commit()
    for number in range(3):
        give(organizer, event, PDF, title=f"Part {number}")

    def cost(one):
        with counted() as count:
            client.get(f"/events/{one.slug}")
        return len(count)

    first = [cost(one) for one in (plain, event)]
    assert first[1] == first[0] + 1


def test_photographs_are_a_gallery_of_small_ones_that_lead_to_the_large(organizer, client, event):
    give(organizer, event, a_photo(1200, 900), "party.jpg", kind="photograph", title="The toast")
    photo, there = the_only(), f"/events/{event.slug}/material/{the_only().id}"
    page = client.get(f"/events/{event.slug}").text

    assert (
        f'<a href="{there}"><img src="{there}/small" width="400" height="300" alt="The toast" loading="lazy">' in page
    )
    small = client.get(f"{there}/small")
    assert (small.content_type, Image.open(io.BytesIO(small.data)).size) == ("image/jpeg", (400, 300))
    assert Image.open(io.BytesIO(client.get(there).data)).width == 1200
    organizer.post(f"/organize/events/{event.id}/material/{photo.id}", data=said(photo, seen_by="members"))
    assert client.get(f"{there}/small").status_code == 404


def said(material, **values):
    return {"kind": material.kind, "title": material.title, "seen_by": "everyone", "session": "", **values}


def test_what_is_of_a_session_stands_there_too_for_those_who_may_see_it(organizer, client, event):
    plans = [Plan(f"Session {n}", event.starts, event.ends) for n in range(2)]
    first, second = enter(event, plans, by=a_person(), now=NOW)
    db.session.commit()
    give(organizer, event, PDF, session=str(first.id))
    give(organizer, event, PDF, session=str(first.id), title="The handout")
    give(organizer, event, PDF, session=str(second.id), title="For members", seen_by="members")
    give(organizer, event, url="https://video.example.org/1", session="", title="The whole day")

    agenda, page = client.get(f"/events/{event.slug}/agenda").text, client.get(f"/events/{event.slug}").text
    assert [title in agenda for title in ("The slides", "The handout", "For members", "The whole day")] == [
        True,
        True,
        False,
        False,
    ]
    assert page.count("of “Session 0”") == 2
    assert "For members" in organizer.get(f"/events/{event.slug}/agenda").text

    handout = db.session.scalars(select(Material).where(Material.title == "The handout")).one()
    organizer.post(f"/organize/events/{event.id}/material/{handout.id}", data=said(handout, session=str(second.id)))
    db.session.expire_all()
    assert handout.session_id == second.id
    organizer.agree(organizer.get(f"/organize/events/{event.id}/agenda/{second.id}/remove"))
    db.session.expire_all()
    assert handout.session_id is None
    wrong = give(organizer, event, PDF, session="99999")
    assert wrong.status_code == 422


@pytest.mark.parametrize(("seen_by", "sees"), [("everyone", "vmc"), ("members", "m"), ("came", "c")])
def test_a_speakers_page_leads_to_what_is_kept_of_their_talks(organizer, client, app, event, seen_by, sees):
    plans = [Plan(f"Talk {n}", event.starts, event.ends, speakers=((f"Ada {n}", ""),)) for n in range(2)]
    first, _ = enter(event, plans, by=a_person(), now=NOW)
    member, came = a_membership(a_person()).person, a_person()
    reply(event, came, Answer.YES, at=NOW)
    rsvp_of(event, came).checked_in_at = NOW
    db.session.commit()
    give(organizer, event, PDF, session=str(first.id), seen_by=seen_by)
    give(organizer, event, a_photo(1200, 900), "party.jpg", kind="photograph", title="At dinner", session=str(first.id))

    found = ""
    for letter, person in {"v": None, "m": member, "c": came}.items():
        browser = app.test_client().sign_in(person) if person else client
        page = browser.get("/speakers/ada-0").text
        assert "At dinner" not in page
        found += letter if "The slides" in page else ""
        assert "The slides" not in browser.get("/speakers/ada-1").text
    assert found == sees


def test_a_speakers_page_costs_the_same_however_many_talks_have_slides(organizer, app, counted):
    reader, found = app.test_client().sign_in(a_person()), []
    for n in range(3):
        event = an_event(f"Evening {n}")
        plan = Plan("Talk", event.starts, event.ends, speakers=(("Ada", ""),))
        (talk,) = enter(event, [plan], by=a_person(), now=NOW)
        db.session.commit()
        give(organizer, event, PDF, session=str(talk.id))
        with counted() as count:
            assert reader.get("/speakers/ada").text.count("The slides") == n + 1
        found.append(len(count))
    assert found[0] == found[2]


def test_a_form_begins_with_the_session_that_it_is_opened_for_and_goes_on_like_the_one_before(organizer, event):
    (talk,) = enter(event, [Plan("Talk", event.starts, event.ends)], by=a_person(), now=NOW)
    db.session.commit()
    here = f"/organize/events/{event.id}/material"

    there = f"{here}?kind=slides&amp;session={talk.id}#add"
    assert there in organizer.get(f"/organize/events/{event.id}/agenda/{talk.id}").text
    assert f'<option selected value="{talk.id}">' in organizer.get(f"{here}?kind=slides&session={talk.id}").text
    added = give(organizer, event, url="https://v.example.org", kind="recording", seen_by="members")
    page = organizer.get(added.location).text
    assert '<option selected value="recording">' in page
    assert re.search('<input checked[^>]*value="members"', page)
    assert organizer.get(f"{here}?kind=nonsense&session=x&seen_by=nobody").status_code == 200


def test_sessions_of_one_title_are_told_apart_by_their_days_where_one_is_chosen(organizer, event):
    plans = [Plan("Opening", event.starts + timedelta(days=n), event.ends + timedelta(days=n)) for n in range(2)]
    sessions = enter(event, plans, by=a_person(), now=NOW)
    db.session.commit()

    page = organizer.get(f"/organize/events/{event.id}/material").text

    for one in sessions:
        assert f"Opening ({one.starts:%a} {one.starts.day} {one.starts:%B}, " in page


def test_a_letter_to_those_who_came_begins_with_links_to_what_they_may_see(organizer, event):
    give(organizer, event, PDF, title="{{ *All* }} slides")
    give(organizer, event, PDF, title="For those who came", seen_by="came")
    give(organizer, event, PDF, title="For members", seen_by="members")
    event.starts_at, event.ends_at = NOW - timedelta(days=2), NOW - timedelta(days=1)
    db.session.commit()

    def begun(audience):
        form = organizer.get(f"/organize/notices/new?kind=minutes&event={event.id}&audience={audience}").text
        return form.partition("<textarea")[2].partition("</textarea>")[0]

    body = begun("came")
    assert "For those who came" in body
    assert "For members" not in body
    assert f"/events/{event.slug}/material/" in body
    assert "{{ *All*" not in body
    assert "For those who came" not in begun("members")
    assert "For members" in begun("members")

    here = f"/organize/events/{event.id}/material"
    page = organizer.get(here).text
    assert "Nobody has been written to about it yet." in page
    for audience in ("came", "answered", "members"):
        assert f"audience={audience}" in page
    told = {"subject": "Minutes", "body": "Here they are", "created_at": NOW, "sent_at": NOW}
    db.session.add(Notice(kind=NoticeKind.MINUTES, audience=Audience.CAME, event=event, **told))
    helper = a_person()
    db.session.add(EventOrganizer(event_id=event.id, person_id=helper.id, given_at=NOW))
    db.session.commit()
    assert "Last written about" in organizer.get(here).text
    assert "Tell of it" not in organizer.application.test_client().sign_in(helper).get(here).text


def test_who_may_see_nothing_of_it_reads_whom_it_is_for(organizer, client, event):
    refresh(event, NOW)
    give(organizer, event, PDF, seen_by="members")

    assert "for members, or for those who came. <a" in client.get(f"/events/{event.slug}").text


def test_who_may_see_a_part_of_it_reads_that_there_is_more(organizer, client, event):
    give(organizer, event, PDF)
    more, here = "More is kept of it for members.", f"/events/{event.slug}"
    assert more not in client.get(here).text
    give(organizer, event, PDF, seen_by="members")
    assert more in client.get(here).text
    assert "More is kept" not in organizer.get(here).text
    give(organizer, event, PDF, seen_by="came")
    assert "More is kept of it for members, or for those who came." in client.get(here).text


def lines_to(person, words):
    return db.session.scalars(select(Letter).where(Letter.person_id == person.id, Letter.body.contains(words))).all()


@pytest.fixture
def guest(event):
    """Who has the only seat; another waits for one."""
    event.capacity = 1
    guest = a_person()
    for person in (guest, a_person()):
        reply(event, person, Answer.YES, at=NOW)
    db.session.commit()
    return guest


def test_a_form_says_whom_it_reaches_and_those_who_answered_get_a_line_if_wanted(organizer, event, guest):
    page = organizer.get(f"/organize/events/{event.id}/material").text
    for words in ("<b>1</b> going", "<b>1</b> waiting", "2 people answered", "only with a line of your own"):
        assert words in page

    give(organizer, event, PDF, tell="no", message="The paper to read.")
    give(organizer, event, PDF, tell="yes", message="")
    assert lines_to(guest, "The paper") == []
    answer = give(organizer, event, PDF, tell="yes", message="The paper to read.")
    assert "Those who answered are written to." in organizer.get(answer.location).text
    assert len(lines_to(guest, "The paper to read")) == 1
    assert give(organizer, event, PDF, tell="yes", message="x" * 3000).status_code == 422


def test_what_is_removed_is_shown_first_with_whom_that_reaches(organizer, client, event, guest):
    give(organizer, event, PDF)
    shown = organizer.post(f"/organize/events/{event.id}/material/{the_only().id}/remove")
    for words in ("<del>The slides</del>", "<b>1</b> going", "and from calendars", "2 people answered"):
        assert words in shown.text
    assert "The slides" in client.get(f"/events/{event.slug}").text

    assert organizer.agree(shown, tell="yes", message="They were the wrong ones.").status_code == 303

    assert "The slides" not in client.get(f"/events/{event.slug}").text
    assert len(lines_to(guest, "They were the wrong ones")) == 1


def test_what_only_some_may_see_is_in_no_calendar_that_its_removal_would_change(organizer, event):
    give(organizer, event, PDF, seen_by="members")
    shown = organizer.post(f"/organize/events/{event.id}/material/{the_only().id}/remove").text
    assert "No calendar changes by this." in shown
    assert "and from calendars" not in shown


def test_of_what_is_over_a_form_writes_to_nobody_and_of_a_draft_all_is_done_at_once(organizer, event, guest):
    event.starts_at, event.ends_at = NOW - timedelta(days=2), NOW - timedelta(days=1)
    draft = an_event("Draft", published_at=None)
    db.session.commit()
    assert "nobody is written to by this" in organizer.get(f"/organize/events/{event.id}/material").text
    give(organizer, event, PDF, tell="yes", message="The paper.")
    assert lines_to(guest, "The paper") == []

    db.session.delete(the_only())
    db.session.commit()
    assert "Who is told" not in organizer.get(f"/organize/events/{draft.id}/material").text
    give(organizer, draft, PDF)
    assert organizer.post(f"/organize/events/{draft.id}/material/{the_only().id}/remove").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Material)) == 0


def test_a_letter_that_was_wanted_and_has_no_line_is_told_as_not_written(organizer, event, guest):
    answer = give(organizer, event, PDF, tell="yes", message="")

    assert "Nobody is written to: no line for them was typed." in organizer.get(answer.location).text
    assert lines_to(guest, "line") == []
