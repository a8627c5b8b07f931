"""The HTML of every letter that the program writes: dark mode, Outlook, Gmail, and nothing that tells of its reader."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import current_app

from society.db import db
from society.dues import wording as dues
from society.mail.actions import composed
from society.mail.message import as_html, as_text
from society.mail.models import Letter
from society.mail.wording import Written, from_template
from society.notices.letters import letters
from society.notices.models import Audience, NoticeKind
from society.notices.render import SHOWN_WHOLE
from society.notices.wording import suggested, thanks
from society.phrases import languages
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier, a_venue, an_event
from tests.mail.test_injection import names_in, poisoned
from tests.notices.test_sending import a_notice

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.once]
TEMPLATES = sorted(path.stem for path in (Path(__file__).parents[2] / "templates" / "mail").glob("[a-z]*.md"))
OURS, THEIRS = "society.example.org", "https://elsewhere.example/a?b=c&d=%20e#f"
READABLE = 4.5
"""Contrast of text (WCAG 2.2, 1.4.3)."""
OWN = 4 * 1024
"""Octets that the sheet may take of what Gmail shows."""


def by_template(name: str, language: str) -> Letter:
    with db.session.no_autoflush, current_app.test_request_context():
        given = poisoned("Evening")
        person = given.pop("person")
        given["due"].tier, given["rsvp"].answer = None, "yes"
        given |= {"decision": "confirmed", "verb": "host"}
        given |= dict.fromkeys(names_in(name) - given.keys() - {"society", "person", "absolute"}, "Evening")
        subject, body, found = from_template(name, person, language, given)
        return composed(person, subject, body, "r", now=NOW, mailing_list=None, language=found)


def by_notice(kind: NoticeKind | None, language: str) -> Letter:
    """In the built-in wording, with a link to another server; without a kind, thanks to those who came."""
    event = an_event("Evening", venue=a_venue(), summary="A talk.")
    subject, body = suggested(kind, event, several=True) if kind else thanks(event)
    given = {"kind": kind or NoticeKind.MINUTES, "audience": Audience.EVERYONE, "events": [event]}
    notice = a_notice(event, subject=subject, body=f"{body}\n\n[There]({THEIRS})\n\n<{THEIRS}>", **given)
    return next(letters(notice, [a_person("Ann", language=language)], NOW))


def by_dues(which: str, language: str) -> Letter:
    period = a_membership(a_person("Ann", language=language), a_tier("Full"))
    written: Written = dues.said(which, period, (), TODAY, "/renew/x")
    return composed(period.person, *written[:2], "r", now=NOW, mailing_list=None, language=written.language)


KINDS: dict[str, Callable[[str], Letter]] = {
    **{name: partial(by_template, name) for name in TEMPLATES},
    **{f"notice {kind}": partial(by_notice, kind) for kind in NoticeKind},
    "notice of thanks": partial(by_notice, None),
    **{f"dues {which}": partial(by_dues, which) for which in dues.LABELS},
}


class Read(HTMLParser):
    """What is in a letter's HTML: tags with their attributes, in order, and comments."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.comments: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_can_be_read_everywhere_and_tells_nobody_of_its_reader(kind: str) -> None:
    for language in sorted({"en", *languages()}):
        letter = KINDS[kind](language)
        html = as_html(letter)
        read = Read(html)

        follows_the_readers_colours(html, read)
        keeps_its_width_in_outlook(html, read)
        assert len(html.encode()) < SHOWN_WHOLE
        assert len(html.encode()) - 3 * len(letter.body.encode()) < OWN, "the sheet takes no room from the letter"
        tells_nobody(html, read)
        if kind.startswith("notice"):
            links = [attrs["href"] for attrs in read.named("a")]
            assert links.count(THEIRS) == 2, "links stay as they were written"
            assert THEIRS in as_text(letter)
        db.session.rollback()


def follows_the_readers_colours(html: str, read: Read) -> None:
    """Says that it is made for both, and can be read in both: what a program inverts by itself comes out as it may."""
    told = {attrs.get("name"): attrs.get("content") for attrs in read.named("meta")}
    assert told["color-scheme"] == told["supported-color-schemes"] == "light dark"
    assert ":root { color-scheme: light dark;" in html
    light, dark = colours(read)
    for scheme in (light, dark):
        for text, ground in pairs(scheme):
            assert contrast(text, ground) >= READABLE, (text, ground)


def colours(read: Read) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """By class, colour and ground: as they stand in the letter, and as a style puts them in the dark."""
    inline: dict[str, dict[str, str]] = {}
    for tag, attrs in read.tags:
        name = attrs.get("class", tag)
        inline.setdefault(name, {}).update(declared(attrs.get("style", "")))
    texts = ("body", "foot", "name", "subject", "language", "direction", "foot_language", "foot_direction")
    style = current_app.jinja_env.get_template("mail/_paper.html").render(dict.fromkeys(texts, ""))
    inside = style.partition("(prefers-color-scheme: dark) {")[2].partition("\n}")[0]
    dark = {name: dict(values) for name, values in inline.items()}
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]+)\}", inside):
        assert all("!important" in rule for rule in rules.split(";") if rule.strip()), "inline styles would win"
        for selector in selectors.split(","):
            dark.setdefault(selector.split()[-1].strip(" ."), {}).update(declared(rules))
    return inline, dark


def declared(style: str) -> dict[str, str]:
    found = re.findall(r"(?:^|[;\s])(color|background):\s*(#[0-9a-f]{6})", style)
    return dict(found)


def pairs(scheme: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Each text on what it stands on."""
    desk, sheet = scheme["desk"]["background"], scheme["sheet"]["background"]
    yield scheme["sheet"]["color"], sheet
    yield scheme["name"]["color"], desk
    yield scheme["foot"]["color"], desk
    yield scheme["a"]["color"], sheet
    yield scheme["a"]["color"], desk


def contrast(one: str, other: str) -> float:
    """WCAG 2.2."""
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def keeps_its_width_in_outlook(html: str, read: Read) -> None:
    """Word, by which Outlook draws, knows no max-width: a table of that width stands around, for it alone."""
    (opening, closing) = read.comments
    assert opening.startswith("[if mso]><table")
    assert 'width="600"' in opening
    assert opening.endswith("<tr><td><![endif]")
    assert closing == "[if mso]></td></tr></table><![endif]"
    assert html.index(opening) < html.index("max-width:600px") < html.index(closing)
    tables = read.named("table")
    assert all(table["role"] == "presentation" and table["width"] == "100%" for table in tables)
    assert all(table["cellpadding"] == table["cellspacing"] == table["border"] == "0" for table in tables)
    assert not {"div", "section", "header"} & {tag for tag, _ in read.tags}, "Word draws no boxes but cells"


def tells_nobody(html: str, read: Read) -> None:
    """Nothing is fetched when it is opened, be it one pixel; links lead where they say, to us but for those typed."""
    loading = {"img", "link", "script", "iframe", "object", "embed", "video", "audio", "source", "picture", "form"}
    assert not loading & {tag for tag, _ in read.tags}
    given = {name for _, attrs in read.tags for name in attrs}
    assert not given & {"src", "srcset", "background", "poster", "ping", "data", "action"}
    assert not re.search(r"url\(|@import|@font-face|expression\(", html)
    for attrs in read.named("a"):
        led = urlsplit(attrs["href"])
        assert led.scheme == "mailto" or led.hostname == OURS or attrs["href"] == THEIRS, attrs["href"]
        assert not re.search(r"utm_|[?&](e?mail|uid|person|reader)=", attrs["href"]), attrs["href"]


def test_there_are_letters_of_each_kind() -> None:
    assert len(TEMPLATES) > 40
    assert {f"notice {kind}" for kind in NoticeKind} < set(KINDS)
