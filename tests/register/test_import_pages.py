"""Reading people in through the browser, and taking the register away."""

import io
import re
import threading
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from society.audit.models import AuditEntry
from society.db import db
from society.people.models import Person
from society.register.importing import forget_old_files
from society.register.models import ChangeSet, ImportFile
from society.register.routes import watched
from society.rsvps import feed
from tests.builders import NOW, a_membership, a_person, a_tier

HEAD = "email,name,tier,starts_on,ends_on\n"
ANN = "ann@example.org,Ann,Member,2024-01-01,2024-12-31\n"


@pytest.fixture
def secretary(client):
    a_tier("Member")
    return client.sign_in(a_person("Sec Retary", "secretary", email="sec@example.org"))


def upload(browser, text, name="people.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return browser.post("/organize/people/import", data={"file": (io.BytesIO(content), name)})


def names():
    return set(db.session.scalars(select(Person.name)))


def test_a_file_is_looked_at_then_read_in_then_undone(secretary):
    looked = upload(secretary, HEAD + ANN)
    page = secretary.get(looked.location).get_data(as_text=True)
    assert "1 person added" in page
    assert "Member from 1 January 2024 to 31 December 2024" in page
    assert names() == {"Sec Retary"}

    done = secretary.post(f"{looked.location}/confirm")
    assert names() == {"Sec Retary", "Ann"}
    assert secretary.post(f"{looked.location}/confirm").status_code == 404

    secretary.post(f"{done.location}/undo")
    assert names() == {"Sec Retary"}
    assert "Undone" in secretary.get(done.location).get_data(as_text=True)


def test_refused_lines_hold_up_the_rest_unless_they_are_left_out(secretary):
    looked = upload(secretary, HEAD + "nobody,X,,,\n" + ANN)
    assert "“nobody” is not a mail address." in secretary.get(looked.location).get_data(as_text=True)

    refused = secretary.post(f"{looked.location}/confirm")
    assert refused.status_code == 409
    assert names() == {"Sec Retary"}

    secretary.post(f"{looked.location}/confirm", data={"partial": "1"})
    assert names() == {"Sec Retary", "Ann"}


def test_a_doubtful_date_is_asked_about(secretary):
    looked = upload(secretary, HEAD + "ann@example.org,Ann,Member,03/04/2024,\n")
    assert "Does the day or the month come first?" in secretary.get(looked.location).get_data(as_text=True)
    assert secretary.post(f"{looked.location}/confirm").status_code == 409
    assert secretary.post(looked.location).status_code == 422

    secretary.post(looked.location, data={"dates": "month-first"})
    assert "Member from 4 March 2024" in secretary.get(looked.location).get_data(as_text=True)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"PK\x03\x04nothing", b"a,b\n1,2\n"])
def test_what_is_no_table_gets_a_sentence(secretary, content):
    answer = upload(secretary, content)

    assert answer.status_code == 422
    assert "This file cannot be read" in answer.get_data(as_text=True)
    assert names() == {"Sec Retary"}


def test_a_file_that_is_too_large_is_not_read(app, secretary, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)

    assert upload(secretary, HEAD + ANN * 100).status_code == 413


def test_files_are_forgotten_after_a_day(secretary):
    upload(secretary, HEAD + ANN)
    forget_old_files(NOW + timedelta(hours=1))
    assert db.session.scalar(select(func.count()).select_from(ImportFile)) == 1
    forget_old_files(NOW + timedelta(days=2))
    assert db.session.scalar(select(func.count()).select_from(ImportFile)) == 0


def test_the_register_is_taken_away_in_three_forms_and_it_is_noted(secretary):
    ann = a_person("Ann, the =Elder", email="ann@example.org", phone="+44 20", notes="=1+1", city="Köln; Bonn")
    a_membership(ann, a_tier("Fellow"))
    table = secretary.get("/organize/people.csv")
    assert table.data.startswith(b"\xef\xbb\xbfemail,name,tier,starts_on")
    assert ",'+44 20," in table.get_data(as_text=True)
    assert "'=1+1" in table.get_data(as_text=True)

    book = load_workbook(io.BytesIO(secretary.get("/organize/people.xlsx").data))
    row = next(row for row in book.active.iter_rows(min_row=2) if row[0].value == "ann@example.org")
    assert [cell.value for cell in row if cell.value == "=1+1" and cell.data_type != "f"] == ["=1+1"]

    card = secretary.get("/organize/people.vcf").get_data(as_text=True)
    assert "FN:Ann\\, the =Elder\r\n" in card
    assert "ADR:;;;Köln\\; Bonn;;;\r\n" in card
    assert "1+1" not in card

    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "register exported").order_by(AuditEntry.id)
    ).all()
    assert [entry.after["form"] for entry in entries] == ["csv", "xlsx", "vcf"]
    assert {entry.after["people"] for entry in entries} == {2}


def test_an_export_follows_the_filters_of_the_list(secretary):
    a_person("Ann", city="Paris")
    a_person("Ben", city="London")
    text = secretary.get("/organize/people.csv?city=Paris").get_data(as_text=True)

    assert ("Ann" in text, "Ben" in text) == (True, False)
    assert secretary.get("/organize/people.csv?as_of=soon").status_code == 409


def test_every_import_is_one_change_set(secretary):
    looked = upload(secretary, HEAD + ANN)
    secretary.post(f"{looked.location}/confirm")

    assert db.session.scalars(select(ChangeSet.what)).all() == ["Imported people.csv"]


@pytest.fixture
def long_work(monkeypatch):
    """Every file is large, and every line of it is told."""
    monkeypatch.setattr(watched, "LARGE", 0)
    monkeypatch.setattr(watched, "_OFTEN", 1)


def went_on(page):
    """Where the page leads when the work is done."""
    return re.search(r'class="button primary" href="([^"]+)"', page)[1]


def test_how_a_large_file_gets_on_is_shown_without_any_script(secretary, long_work):
    looked = upload(secretary, HEAD + ANN).text
    assert "<li>1 lines looked up, of 1</li>" in looked
    assert "<script" not in looked.partition("<main")[2]

    done = secretary.post(f"{went_on(looked)}/confirm").text
    assert "<li>2 people and periods written, of 2</li>" in done
    assert "1 person added" in done
    assert names() == {"Sec Retary", "Ann"}
    assert secretary.get(went_on(done)).status_code == 200


def test_what_a_large_file_is_refused_for_is_said_at_the_end_of_the_page(secretary, long_work):
    assert "does not end" in upload(secretary, HEAD + '"' + ANN).text

    looked = upload(secretary, HEAD + "nobody,X,,,\n" + ANN).text
    refused = secretary.post(f"{went_on(looked)}/confirm").text
    assert "Nothing was changed" in refused
    assert "“nobody” is not a mail address." in refused
    assert names() == {"Sec Retary"}


def test_a_date_is_asked_about_in_a_large_file_too(secretary, long_work):
    looked = went_on(upload(secretary, HEAD + "ann@example.org,Ann,Member,03/04/2024,\n").text)
    assert "Does the day or the month come first?" in secretary.get(looked).text

    assert (
        "Member from 4 March 2024"
        in secretary.get(went_on(secretary.post(looked, data={"dates": "month-first"}).text)).text
    )


def test_a_large_file_is_read_in_though_the_browser_leaves(secretary, long_work):
    looked = went_on(upload(secretary, HEAD + ANN).text)

    left = FlaskClient.open(secretary, f"{looked}/confirm", method="POST")  # not buffered, as that of `Browser` is
    next(left.iter_encoded())
    left.close()
    for thread in threading.enumerate():
        if thread.name == "watched work":
            thread.join(20)

    assert names() == {"Sec Retary", "Ann"}


def test_a_fault_changes_nothing_and_says_so(secretary, long_work, monkeypatch):
    looked = went_on(upload(secretary, HEAD + ANN).text)
    monkeypatch.setattr(feed, "standings_changed", None)

    assert "Something went wrong on our side" in secretary.post(f"{looked}/confirm").text
    assert names() == {"Sec Retary"}
