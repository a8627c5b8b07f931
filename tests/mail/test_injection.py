"""What people type reaches mail by many ways; by none does it become a header, a reader, markup, or a template."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, current_app
from jinja2 import Environment, meta
from sqlalchemy import select

from society.config import configure
from society.db import db
from society.errors import Refused
from society.fields import clean, email_key, on_one_line
from society.mail import worker
from society.mail.actions import composed, write_markdown
from society.mail.message import in_bytes, message
from society.mail.models import Letter, MailingList
from society.mail.wording import escaped, from_template
from society.notices.letters import letters
from society.notices.merge import Reader, problems, values
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.render import draft, mail_link, mailbox, ready
from society.people.models import Person
from society.settings import society
from tests.builders import NOW, TODAY, a_backing, a_membership, a_person, a_tier, a_venue, an_event
from tests.mail.postbox import a_postbox
from tests.mail.readers import SecondReader, a_second_reader, by_python

pytestmark = (
    pytest.mark.once
)  # messages are made here; PostgreSQL takes none of the texts longer than forms let through

EVIL = [
    "x\r\nBcc: evil@evil.example",
    "x\nBcc: evil@evil.example\n\n<script>alert(1)</script>",
    "x\rBcc: evil@evil.example",
    "x\u2028Bcc: evil@evil.example\u2029\u0085To: evil@evil.example\x0b\x0c\x1cCc: evil@evil.example",
    "a\0b\x1b[31m\x7f",
    "{{ 7777*7 }} {{7777*7}} ${7777*7} #{7777*7} <%= 7777*7 %>",
    "{% for x in [1] %}{{ 7777*7 }}{% endfor %}{# no #}{% raw %}",
    "{{ society.__class__.__mro__ }} {{ config }} {{ {{ person.password_hash }} }}",
    "[x](javascript:alert(1)) [y](https://evil.example) ![z](https://evil.example/pixel.png)",
    "<https://evil.example> <mailto:evil@evil.example> [a]: https://evil.example\n[a]",
    '"><script>alert(1)</script><img src=x onerror=alert(1)><a href="https://evil.example">x</a>',
    "</td></table><style>*{display:none}</style><!-- <![CDATA[ -->",
    "a\u202eb\u2066c\u200f",
    "=?utf-8?q?x=0D=0ABcc:_evil@evil.example?= =?utf-8?b?DQpCY2M6IGV2aWxAZXZpbC5leGFtcGxl?=",
    "=?utf-8?q?\r\n?= <evil@evil.example>",
    'Ann <evil@evil.example>, "',
    'a@b>, <evil@evil.example>, "x" <c@d',
    "Friends: evil@evil.example, b@evil.example;",
    '\\", \\\\" <evil@evil.example> (comment (nested)',
    "wörter, " * 400,
    "x" * 3_000,
    "é" * 100 + '", <evil@evil.example>',
    "a\ud800b\udfff",
    "--===============0==\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n--b--",
    "x\r\n.\r\nMAIL FROM:<evil@evil.example>\r\nRCPT TO:<evil@evil.example>\r\nDATA\r\n",
    "\n.\n..\n. x",
    "\nFrom evil@evil.example Sat Nov 28 12:00:00 2026\nBcc: evil@evil.example\n\nx",
    "BEGIN:VEVENT\r\nATTENDEE:mailto:evil@evil.example\r\nEND:VEVENT",
]
SHARES = 6
"""Each template gets one of so many shares of them, for the sake of time."""
HEADERS = {"from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"}
ON_LISTS = {"list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "references", "reply-to", "x-unsent"}
LEFT = ("54439", "<class")
"""What would be there if a template were carried out."""


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondReader]:
    with a_second_reader(tmp_path_factory.mktemp("reader")) as reader:
        yield reader


class Markup(HTMLParser):
    """The tags of a letter, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]


def is_harmless(data: bytes, to: list[str], second: SecondReader, subject: str) -> bool:
    """Whether both readers find the headers, the readers and the parts that there should be, and nothing active."""
    for found in (by_python(data), second.message(data)):
        assert set(found["headers"]) <= HEADERS | ON_LISTS | ({"bcc"} if found["bcc"] else set())
        assert len(found["headers"]) == len(set(found["headers"]))
        assert [address for _, address in found["to"] + found["bcc"]] == to
        assert [address for _, address in found["from"]] == ["office@example.org"]
        assert "evil" not in str([address for _, address in found["reply-to"]])
        assert found["subject"] == subject == on_one_line(subject)
        text, html, *files = found["parts"]
        assert [part["kind"] for part in (text, html)] == ["text/plain", "text/html"]
        assert all(part["file"] == "event.ics" for part in files)
        assert not any(sign in text["text"] + html["text"] for sign in LEFT)
        read = Markup(html["text"])
        assert not read.tags & {"script", "img", "iframe", "form", "link"}
        assert not [link for link in read.links if urlsplit(link)[:2] != ("https", "society.example.org")]
    return True


def poisoned(evil: str) -> dict[str, Any]:
    """What templates speak of, with that for each name and note in it."""
    person = Person(id=7, name=evil, email="ann@example.org")
    event = an_event(slug="evening", venue=a_venue(), minimum=3)
    backing = a_backing(event, "Sponsor", "sponsor")
    tier = a_tier()
    membership = a_membership(a_person(), tier)
    backing.contact_name = backing.message = backing.organization.name = backing.organization.article = evil
    event.title = event.summary = event.room = event.venue.name = event.venue.address = evil
    tier.name = membership.decision_note = membership.covers_name = membership.person.name = evil
    due = SimpleNamespace(about=evil, number=evil, amount=100, currency="USD", due_on=TODAY)
    payment = SimpleNamespace(due=due, amount=100, currency="USD", receipt=evil, received_on=TODAY)
    session = SimpleNamespace(title=evil, room=evil, starts=event.starts, ends=event.ends, event=event)
    session.starts_at = event.starts_at
    stands = {"status": "confirmed", "online": False, "is_left_out": False, "has_seat": True, "offered_until": NOW}
    stands |= {"id": 1, "link_key": "key", "stands": True, "joins_online": False, "decided_against": False}
    rsvp = SimpleNamespace(party_size=2, answer=evil, event=event, person=person, **stands)
    letter = SimpleNamespace(subject=evil, body=escaped(evil))
    given: dict[str, Any] = {"person": person, "by": person, "event": event, "backing": backing, "tier": tier}
    given |= {"evenings": [event], "usual": event, "answers": [(rsvp, 1)], "now": NOW}
    given |= {"session": session, "was": session, "held": [(session, "/me", True, True, NOW)]}
    given |= dict.fromkeys(("membership", "application", "ended", "payer"), membership)
    given |= {"due": due, "first": due, "dues": [due], "payment": payment, "rsvp": rsvp, "letters": [letter]}
    given |= {"lines": [(due, "/me", 100)], "changes": [(evil, evil, evil)], "found": [evil], "number": 1, "seats": 1}
    given |= dict.fromkeys(("path", "ticket", "sessions", "link", "proposing", "onward", "choosing"), "/me")
    return given | {"step": SimpleNamespace(actor_id=None, before="pending"), "rhythm": "weekly", "until": NOW}


def names_in(template: str) -> set[str]:
    """The fields of a template and of those that it includes."""
    environment: Environment = current_app.jinja_env.overlay()
    environment.filters = {**environment.filters, "link": str}
    assert environment.loader
    source = environment.loader.get_source(environment, f"mail/{template}.md")[0]
    included = re.findall(r'include "mail/(\w+)\.md"', source)
    return meta.find_undeclared_variables(environment.parse(source)).union(*map(names_in, included))


@pytest.mark.usefixtures("app")
def test_no_letter_of_ours_is_made_to_say_or_do_something_else(second: SecondReader) -> None:
    folder = Path(current_app.root_path).parent / "templates" / "mail"
    templates = sorted(path.stem for path in folder.glob("[a-z]*.md"))
    assert len(templates) > 40
    for number, template in enumerate(templates):
        for evil in EVIL[number % SHARES :: SHARES]:
            with db.session.no_autoflush, current_app.test_request_context():
                given = poisoned(evil)
                person = given.pop("person")
                given |= dict.fromkeys(names_in(template) - given.keys() - {"society", "person", "absolute"}, evil)
                subject, body, _ = from_template(template, person, "", given)
                letter = composed(person, subject, body, "r", now=NOW, mailing_list=None)
                assert is_harmless(in_bytes(message(letter)), ["ann@example.org"], second, letter.subject), template
            db.session.rollback()


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("evil", EVIL)
def test_no_form_of_a_notice_is_made_to_say_or_do_something_else(second: SecondReader, evil: str) -> None:
    with db.session.no_autoflush:
        event = an_event(venue=a_venue(), slug="evening")
        notice = Notice(
            kind=NoticeKind.ANNOUNCEMENT,
            audience=Audience.EVERYONE,
            event=event,
            subject="{{ name }} {{ event_title }} {{ society }}",
            body="{{ name }} {{ event_title }} {{ event_summary }} {{ event_place }} {{ society }}\n\n{{ name }}",
            created_at=NOW,
        )
        db.session.add(notice)
        db.session.flush()
        event.title = event.summary = event.venue.name = event.room = society().name = clean(evil)
        notice.event.published_at = None  # its file has a test of its own
        people = [Person(id=900 + n, name=clean(evil), email=f"ann{n}@example.org") for n in range(2)]
        sent = list(letters(notice, people, NOW))
        for letter in sent:
            letter.message_id, letter.written_at = "<x@example.org>", NOW
            assert is_harmless(ready(letter), [letter.to_address], second, letter.subject)
        boxed = second.mailbox(b"".join(mailbox(sent)))
        assert [found["to"][0][1] for found in boxed] == [person.email for person in people]
        everyone = ["office@example.org", *(str(person.email) for person in people)]
        assert is_harmless(draft(sent[0], people, NOW), everyone, second, sent[0].subject)
        link = mail_link(sent[0], people)
        assert link is None or re.fullmatch(r"mailto:\?(bcc=[^&?\s]+&)?subject=[^&?\s]*&body=[^&?\s]*", link.address)
    db.session.rollback()


@pytest.mark.usefixtures("app")
def test_what_an_organizer_writes_is_no_template_and_no_header() -> None:
    for evil in EVIL:
        notice = Notice(kind=NoticeKind.ANNOUNCEMENT, subject=evil, body=evil)
        told = problems(evil, values(notice, Reader()))
        assert bool(told) is ("{{" in evil or "}}" in evil)
        assert all(sentence.endswith(".") for sentence in told)


def test_a_mail_server_is_told_of_the_one_reader_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, evil in enumerate(EVIL):
        person = a_person(on_one_line(evil)[:100], email=f"ann{number}@example.org")
        assert write_markdown(
            person, clean(evil), clean(evil), f"r{number}", now=NOW, mailing_list=MailingList.NEWSLETTER
        )
    db.session.commit()
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        assert worker.deliver_due(NOW + timedelta(hours=1)) == len(EVIL)
    assert sorted(box.recipients) == sorted(f"ann{number}@example.org" for number in range(len(EVIL)))
    assert not [sender for sender in box.senders if "evil" in sender]
    texts = [found.get_body(("plain",)).get_content().replace("\r\n", "\n") for found in box.messages]
    assert all("\n-- \n" in text for text in texts), "none was cut short by a dot"
    assert db.session.scalars(select(Letter.state)).all() == ["sent"] * len(EVIL)


@pytest.mark.parametrize("evil", [*EVIL, "a@b>, <c@d", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example"])
def test_no_such_thing_is_a_mail_address(evil: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"address|sign|character|long"):
        email_key(evil)
    with pytest.raises(Refused, match="MAIL_FROM must be one mail address"):
        configure(Flask(__name__, instance_path=str(tmp_path)), {"SECRET_KEY": "x", "MAIL_FROM": evil})


@pytest.mark.parametrize("good", ["", "office@example.org", "Office <office@example.org>", "us@localhost"])
def test_an_address_is_one(good: str, tmp_path: Path) -> None:
    app = Flask(__name__, instance_path=str(tmp_path))
    configure(app, {"SECRET_KEY": "x", "MAIL_FROM": good})
    assert app.config["MAIL_FROM"] == good
