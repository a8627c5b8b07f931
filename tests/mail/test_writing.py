"""Letters: what is written, to whom, and how it reads as a message."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader
from jinja2.exceptions import UndefinedError

from society.db import db
from society.inserts import post_once
from society.mail.actions import bury, composed, leave, lift, write, write_markdown, write_to_address
from society.mail.message import as_html, as_text, in_bytes, message
from society.mail.models import DeadAddress, Letter, MailingList
from society.mail.wording import link
from society.people.models import Person
from society.settings import society
from tests.builders import NOW, a_person
from tests.mail.test_plain import INJECTIONS

TEMPLATE = """Subject: For {{ person.name if person else "you" }}: {{ what }}

Dear {{ person.name if person else "friend" }},

{{ what }}

{{ absolute("/me") | link("Your page") }}
Or: [here]({{ absolute("/me") }})
"""


@pytest.fixture
def _templates(app, monkeypatch):
    monkeypatch.delitem(app.extensions, "letter_templates", raising=False)
    loader = app.jinja_env.loader
    mail = DictLoader(
        {"mail/test.md": TEMPLATE, "mail/_paper.html": loader.get_source(app.jinja_env, "mail/_paper.html")[0]}
    )
    monkeypatch.setattr(app.jinja_env, "loader", mail)
    yield
    app.extensions.pop("letter_templates", None)


def sent(letter) -> EmailMessage:
    """The letter as its reader's mail program takes it in."""
    return message_from_bytes(in_bytes(message(letter)), policy=policy.default)


@pytest.mark.usefixtures("_templates")
def test_a_template_becomes_plain_text_and_html():
    letter = write(a_person("Ann"), "test", "test:1", now=NOW, what="a * b")

    assert letter.subject == "For Ann: a * b"
    assert as_text(letter).startswith(
        "Dear Ann,\n\na * b\n\nYour page [1]\nOr: here [1]\n\n[1] https://society.example.org/me"
    )
    assert '<a href="https://society.example.org/me"' in as_html(letter)


@pytest.mark.usefixtures("_templates")
def test_a_letter_that_was_not_translated_is_english_as_a_whole():
    letter = write(a_person("Ann", language="de"), "test", "test:1", now=NOW, what="x")

    assert (letter.subject, letter.language) == ("For Ann: x", "en")


@pytest.mark.usefixtures("_templates")
def test_nothing_that_people_type_formats_a_letter():
    for number, value in enumerate(INJECTIONS):
        letter = write(a_person(value.split("\n")[0]), "test", f"test:{number}", now=NOW, what=value)
        assert 'evil.example"' not in as_html(letter)
        assert "<script" not in as_html(letter)
        assert "<img" not in as_html(letter)
        assert "\n" not in letter.subject
        assert letter.subject.endswith(" ".join(value.split()))


@pytest.mark.usefixtures("_templates")
def test_a_field_that_nobody_gave_is_an_error_and_no_hole():
    with pytest.raises(UndefinedError):
        write(a_person(), "test", "test:1", now=NOW)


@pytest.mark.usefixtures("_templates")
def test_one_letter_per_person_and_reason():
    ann = a_person()
    assert write(ann, "test", "test:1", now=NOW, what="x")
    assert write(ann, "test", "test:1", now=NOW, what="x") is None
    assert write(ann, "test", "test:2", now=NOW, what="x")
    assert write_to_address("club@example.org", "test", "test:1", now=NOW, what="x")
    assert write_to_address("club@example.org", "test", "test:1", now=NOW, what="x") is None


@pytest.mark.usefixtures("app")
def test_of_two_who_write_to_an_address_at_once_one_does_and_neither_fails():
    club, former = Person(name="Club", email="club@example.org"), Person(name="Former", email="")
    asked = [composed(club, "S", "B", reason, now=NOW) for reason in ("test:1", "test:1", "test:2")]
    erased = [composed(former, "S", "B", "test:1", now=NOW) for _ in range(2)]

    written = [post_once(letter) for letter in (*asked, *erased)]  # each had looked before the other wrote
    db.session.commit()

    assert [letter is not None for letter in written] == [True, False, True, True, True]
    assert db.session.query(Letter).count() == 4


@pytest.mark.usefixtures("app")
def test_nobody_is_written_to_who_cannot_get_it_or_does_not_want_it():
    by_post, ann, ben = a_person(email=None), a_person(), a_person()
    leave(ann, MailingList.NEWSLETTER, NOW)
    bury(ben.email, "550 5.1.1 no such user", NOW)

    assert write_markdown(by_post, "S", "B", "r", now=NOW) is None
    assert write_markdown(ann, "S", "B", "r", now=NOW, mailing_list=MailingList.NEWSLETTER) is None
    assert write_markdown(ann, "S", "B", "r", now=NOW, mailing_list=MailingList.REMINDERS) is not None
    assert write_markdown(ben, "S", "B", "r", now=NOW) is None
    lift(db.session.query(DeadAddress).one())
    assert write_markdown(ben, "S", "B", "r", now=NOW) is not None


@pytest.mark.usefixtures("app")
def test_whether_to_write_is_asked_in_one_statement_at_most(counted):
    ann = a_person()
    write_markdown(ann, "S", "B", "first", now=NOW)
    db.session.flush()

    with counted() as count:
        write_markdown(ann, "S", "B", "second", now=NOW, mailing_list=MailingList.NEWSLETTER)

    assert len(count) <= 1


@pytest.mark.usefixtures("app")
def test_a_message_has_what_mail_programs_need():
    letter = write_markdown(
        a_person("Ann"),
        "Ünïcode",
        "Hi *you*",
        "r",
        now=NOW,
        calendar=b"BEGIN:VCALENDAR\r\n",
        reply_to="org@example.org",
    )
    made = sent(letter)

    assert str(made["From"]) == "The Test Society <office@example.org>"
    assert made["To"].addresses[0].addr_spec == letter.to_address
    assert made["Subject"] == "Ünïcode"
    assert made["Date"].datetime == NOW
    assert made["Message-ID"] == letter.message_id
    assert made["Reply-To"] == "org@example.org"
    assert made["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in made.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    file = next(made.iter_attachments())
    assert file.get_filename() == "event.ics"
    assert file.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\n"


@pytest.mark.usefixtures("app")
def test_a_letter_on_a_list_can_be_left_by_one_click():
    letter = write_markdown(a_person(), "S", "B", "r", now=NOW, mailing_list=MailingList.REMINDERS)
    made = sent(letter)

    assert made["List-Id"] == "<reminders.society.example.org>"
    assert made["List-Unsubscribe"].startswith("<https://society.example.org/unsubscribe/reminders.")
    assert made["List-Unsubscribe"].strip("<>") in as_text(letter).replace("\n", "")
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert made["Auto-Submitted"] == "auto-generated"


@pytest.mark.usefixtures("app")
def test_a_letter_is_kept_as_it_was_composed_and_gets_its_foot_when_it_is_read():
    letter = write_markdown(a_person(), "S", "Hi *you*", "r", now=NOW, mailing_list=MailingList.REMINDERS)

    assert letter.body == "Hi *you*"
    assert as_text(letter).startswith("Hi _you_\n\n-- \nhttps://society.example.org\n\nYou are on our list")
    assert "<em>you</em>" in as_html(letter)


@pytest.mark.usefixtures("app")
def test_nobodys_letter_on_a_list_leads_to_the_lists():
    letter = composed(Person(name="", email=None), "S", "B", "r", now=NOW, mailing_list=MailingList.REMINDERS)

    assert as_text(letter).endswith("To leave it:\nhttps://society.example.org/me/notices\n")


@pytest.mark.usefixtures("app")
def test_the_same_letter_has_the_same_headers_however_often_it_is_sent():
    letter = write_markdown(a_person(), "S", "B", "r", now=NOW)

    assert list(message(letter).items())[:-1] == list(message(letter).items())[:-1]


NASTY = [
    "x\r\nBcc: victim@example.org",
    'Ann", <victim@example.org>, "',
    "Ann <victim@example.org>",
    "=?utf-8?q?x=0D=0ABcc:_victim@example.org?=",
    "=?utf-8?b?DQpCY2M6IHZpY3RpbUBleGFtcGxlLm9yZw==?=",
    "Ann, victim@example.org",
    "é" * 90 + '", <victim@example.org>',
    "a, " * 60,
    "\u202eevil\u2066",
    "\x00\x1b[31m",
    "(comment) Ann: victim@example.org;",
    "\\",
    "\ud800",
]


def unharmed(name: str, subject: str) -> None:
    person = Person(name=name, email="ann@example.org")
    data = in_bytes(message(composed(person, subject, "Body", "r", now=NOW)))
    made = message_from_bytes(data, policy=policy.default)
    assert {key.lower() for key in made} == {
        *("from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type")
    }
    assert [mailbox.addr_spec for mailbox in made["To"].addresses] == ["ann@example.org"]
    assert not made["To"].defects
    assert max(map(len, data.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("text", NASTY)
def test_no_header_can_be_injected(text):
    unharmed(text, text)


@pytest.mark.usefixtures("app")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120), st.text(max_size=200))
def test_no_text_at_all_breaks_the_headers(name, subject):
    unharmed(name, subject)


@pytest.mark.usefixtures("app")
def test_a_name_is_read_back_as_it_was_given():
    for name in ["Ann Lee", "Lee, Ann", "Änne Ö'Lee, Dr.", "李安", "O'Neil (Bob)", "名" * 60, "a.b@c"]:
        person = Person(name=name, email="ann@example.org")
        made = message_from_bytes(in_bytes(message(composed(person, "S", "B", "r", now=NOW))), policy=policy.compat32)
        words, address = parseaddr(made["To"])
        assert (str(make_header(decode_header(words))), address) == (name, "ann@example.org")


@pytest.mark.usefixtures("app")
def test_addresses_beyond_ascii_go_through():
    for address, needs in [("ann@bücher.example", False), ("jürgen@example.org", True)]:
        made = message(composed(Person(name="A", email=address), "S", "B", "r", now=NOW))
        data = in_bytes(made)
        assert ("jürgen@example.org".encode() in data) is needs
        assert (b"ann@xn--bcher-kva.example" in data) is not needs


@pytest.mark.usefixtures("app")
def test_the_society_may_have_any_name():
    society().name = 'The "A, B" Society: ü <x@y>'

    made = sent(write_markdown(a_person(), "S", "B", "r", now=NOW))

    assert [mailbox.addr_spec for mailbox in made["From"].addresses] == ["office@example.org"]


def test_a_template_link_is_a_link_to_a_plain_address():
    assert link(link("https://a.example/x"), "Go") == "[Go](<https://a.example/x>)"
