"""A file that was sent as an answer: read and taken back by whoever sent it."""

import io
import zipfile
from base64 import b64encode

from sqlalchemy import select

from society.db import db
from society.events.models import RsvpPolicy
from society.questions.models import AnswerFile, Kind, QuestionAnswer
from society.rsvps.actions import withdraw
from society.rsvps.queries import rsvp_of
from society.rsvps.render import link
from tests.builders import NOW, a_person
from tests.questions.test_answering import answer, asked, name_of, said


def sent(question, content=b"%PDF-1.7"):
    return {name_of(question): (io.BytesIO(content), "plan.pdf")}


def number_of():
    return db.session.scalars(select(QuestionAnswer.id)).one()


def test_who_sent_a_file_reads_it_and_nobody_else_by_a_link_of_their_own(client, dinner, ann):
    plan = asked(dinner, Kind.FILE, "Your plan")
    answer(client, dinner, **sent(plan))
    own = link(rsvp_of(dinner, ann))
    address = f"{own}/files/{number_of()}"
    assert f'href="{address}"' in client.get(own).text
    got = client.get(address)
    assert (got.data, got.headers["X-Content-Type-Options"]) == (b"%PDF-1.7", "nosniff")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Cache-Control"] == "no-store"
    (said_so,) = client.get("/me/data.json").json["rsvps"][0]["said"]
    assert said_so["file"] == {"media_type": "application/pdf", "content": b64encode(b"%PDF-1.7").decode()}

    client.sign_in(ben := a_person("Ben"))
    answer(client, dinner)
    assert client.get(f"{link(rsvp_of(dinner, ben))}/files/{number_of()}").status_code == 404
    client.post(link(rsvp_of(dinner, ben)), data={"action": "take-back", "file": str(number_of())})
    assert said(dinner, ann) == {("Your plan", 0): "plan.pdf"}


def test_a_file_that_is_not_needed_is_taken_back_also_when_answers_are_closed(client, dinner, ann):
    plan = asked(dinner, Kind.FILE, "Your plan")
    answer(client, dinner, **sent(plan))
    dinner.rsvp_policy = RsvpPolicy.CLOSED
    db.session.commit()
    own = link(rsvp_of(dinner, ann))
    assert "Take it back" in client.get(own).text
    assert client.post(own, data={"action": "take-back", "file": str(number_of())}).status_code == 303
    assert said(dinner, ann) == {}
    assert db.session.scalars(select(AnswerFile)).all() == []


def test_a_file_that_is_needed_is_taken_back_by_one_who_does_not_come(client, app, dinner, organizer, ann):
    plan = asked(dinner, Kind.FILE, "Your plan", required=True)
    answer(client, dinner, **sent(plan))
    own = link(rsvp_of(dinner, ann))
    assert "Take it back" not in client.get(own).text
    client.post(own, data={"action": "take-back", "file": str(number_of())})
    assert said(dinner, ann) == {("Your plan", 0): "plan.pdf"}

    withdraw(rsvp_of(dinner, ann), NOW)
    db.session.commit()
    archive = app.test_client().sign_in(organizer).get(f"/organize/events/{dinner.id}/answers.zip").data
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == []
    assert "Take it back" in client.get(own).text
    client.post(own, data={"action": "take-back", "file": str(number_of())})
    assert said(dinner, ann) == {}


def test_an_empty_file_is_told_of(client, dinner, ann):
    plan = asked(dinner, Kind.FILE, "Your plan")
    page = answer(client, dinner, **sent(plan, b""))
    assert (page.status_code, "This file is empty." in page.text) == (422, True)
