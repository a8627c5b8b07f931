"""What a writer is told about a notice before it leaves."""

import pytest

from society.notices.remarks import remarks
from tests.builders import a_person
from tests.notices.test_routes import a_notice


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("An evening with the AGM in NATO's hall", "See https://www.example.org/a(b)."),
        ("RSVP", "Write to <http://[2606:4700::1111]/>."),
        ("A" * 78, "No address at all, and localhost as a word."),
        ("{{ EVENT }} {{ TITLE }}", ""),
    ],
)
def test_of_a_usual_notice_nothing_is_remarked(subject, body):
    assert remarks(subject, body) == [], subject


def test_a_subject_that_is_cut_or_shouts_is_remarked():
    assert "has 79 characters" in remarks("a" * 79, "")[0]
    assert "capitals" in remarks("COME TONIGHT, ALL OF YOU", "")[0]


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:5000/x",
        "https://127.0.0.1/",
        "http://[::1",
        "https://events/",
        "http://192.168.1.20/a.pdf",
        "http://nas.local/b",
        "http://[fd00::1]/",
    ],
)
def test_an_address_that_readers_cannot_open_is_named_once(address):
    said = remarks("Hello", f"Look at {address} and {address}")
    assert len(said) == 1
    assert said[0].startswith("Readers cannot open http")


def test_the_draft_shows_what_is_remarked_as_text(app, client):
    olga = a_person("Olga", "organizer")
    plain, doubtful = a_notice(olga), a_notice(olga, body="See http://localhost/&x")
    client.sign_in(olga)

    assert "Before it leaves" not in client.get(f"/organize/notices/{plain.id}").text
    assert "Readers cannot open http://localhost/&amp;x." in client.get(f"/organize/notices/{doubtful.id}").text


def test_a_picture_is_remarked_since_letters_load_nothing_and_one_without_words_leaves_nothing():
    worded, silent = "![The hall](https://example.net/a.png)", "![ ](https://example.net/b.png)"
    told, nothing = remarks("Hello", f"{worded} {silent}\n\n{silent}")
    assert told == "The picture “The hall” does not come with the letter: lead to it by a link."
    assert nothing.startswith("Readers get nothing of the picture https://example.net/b.png: ")
    assert nothing.endswith("Put what it shows between the brackets.")
