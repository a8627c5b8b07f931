"""Letters that the program writes: each reader gets them in their language, and all that stands around them too."""

from datetime import date, datetime
from email import message_from_bytes, policy

import pytest
from sqlalchemy import update

from society.db import db
from society.events.render import backing_sentence
from society.languages import spoken_day, spoken_zone
from society.mail.actions import write_markdown
from society.mail.message import as_html, as_text
from society.mail.models import Letter, MailingList
from society.mail.sign_in import mail_to_new_address, tell_former_address
from society.mail.wire import in_full
from society.membership.render import money, spoken
from society.notices.forms import NoticeForm
from society.phrases import phrase
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.series.actions import begin
from society.series.rules import Every, Rule
from society.settings import Society, renew
from tests.builders import NOW, a_backing, a_person, a_venue, an_event

pytestmark = pytest.mark.once


def a_society_of(language):
    db.session.execute(update(Society).values(language=language))
    renew()


def letter_about(event, **reader) -> Letter:
    """That which tells somebody that they are coming."""
    person = a_person(**reader)
    reply(event, person, Answer.YES, at=NOW)
    return db.session.query(Letter).filter_by(person_id=person.id).one()


@pytest.mark.parametrize(
    ("theirs", "ours", "language"),
    [
        ("", "en", "en"),
        ("", "de", "de"),
        ("de", "en", "de"),
        ("de-AT", "en", "de"),
        ("en-GB", "de", "en"),
        ("pl", "de-CH", "de"),
        ("pl", "pl", "en"),
    ],
)
def test_a_letter_is_in_the_readers_language_else_in_the_societys_else_in_english(app, theirs, ours, language):
    a_society_of(ours)

    letter = letter_about(an_event("Talk"), language=theirs)

    assert letter.subject == {"de": "Sie kommen: Talk", "en": "You are coming: Talk"}[language]
    assert letter.language == language
    assert f'<html lang="{language}" dir="ltr">' in as_html(letter)


def test_what_is_written_from_the_right_runs_so_but_not_what_is_still_in_english(app):
    arabic, english = (
        as_html(write_markdown(a_person(), "S", text, "r", now=NOW, language="ar", mailing_list=MailingList.REMINDERS))
        for text in ("**مرحبا**\n\n- Tides", "**Hello**\n\n- Tides")
    )

    assert '<html lang="ar" dir="rtl">' in arabic
    assert "padding-right:24px" in arabic
    assert 'class="foot" dir="ltr" lang="en"' in arabic
    assert '<html lang="ar" dir="ltr">' in english
    assert "padding-left:24px" in english


def test_a_subject_in_french_keeps_the_space_before_its_colon(app):
    letter = letter_about(an_event("Talk"), language="fr")

    assert letter.subject == "Vous venez\u202f: Talk"
    assert message_from_bytes(in_full(letter), policy=policy.default)["Subject"] == letter.subject
    with app.test_request_context(method="POST", data={"subject": f" {letter.subject}\t "}):
        assert NoticeForm().subject.data == letter.subject


def test_who_changes_their_address_is_written_to_in_their_language_at_either(app):
    dora = a_person("Dora", language="de")

    mail_to_new_address(dora, "dora@new.example", NOW)
    tell_former_address(dora, "dora@old.example", NOW)

    assert [letter.language for letter in db.session.query(Letter)] == ["de", "de"]


def test_its_times_are_said_as_its_language_says_them(app):
    event = an_event("Talk", starts=datetime(2032, 3, 4, 20), venue=a_venue("Scott Hall"))

    letter = letter_about(event, language="de", zone="Asia/Tokyo")

    told = letter.body.replace("\\", "")
    assert "Donnerstag, 4. März 2032, 20:00 – 21:30 (New York, Ortszeit) = Freitag, 5. März 2032, 10:00 (" in told
    assert ")\nScott Hall" in told


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "You are coming: Talk (1 March 2032)"),
        ("de", "Sie kommen: Talk (1. März 2032)"),
        ("fr", "Vous venez\u202f: Talk (1er mars 2032)"),
        ("es", "Asistirá: Talk (1 de marzo de 2032)"),
    ],
)
def test_the_subject_of_a_letter_about_one_of_a_series_says_on_which_day_it_is(app, language, subject):
    event = an_event("Talk", starts=datetime(2032, 3, 1, 20))
    alone = letter_about(event, language=language).subject
    begin(event, Rule(Every.WEEK, count=2), by=a_person("", "organizer"), now=NOW)
    assert letter_about(event, language=language).subject == subject
    assert alone == subject.partition(" (")[0]


@pytest.mark.parametrize(
    ("language", "foot"),
    [
        ("en", "You are on our list for reminders of events. To leave it:"),
        ("de", "Sie stehen auf unserer Liste für Erinnerungen an Veranstaltungen. Um sie"),
    ],
)
def test_the_foot_says_in_the_letters_language_how_to_leave_its_list(app, language, foot):
    letter = write_markdown(a_person(), "S", "B", "r", now=NOW, language=language, mailing_list=MailingList.REMINDERS)
    assert foot in as_text(letter)
    assert foot.split(".")[0] in as_html(letter)


def test_amounts_and_days_are_written_as_the_language_does():
    assert [money(305000, "EUR", one) for one in ("en", "de", "fr")] == [
        "EUR 3,050",
        "3.050,00\xa0€",
        "3\u202f050,00\xa0€",
    ]
    assert money(500, "JPY", "de") == "500\xa0¥"
    assert [spoken(date(2032, 3, 4), one) for one in ("en", "de", "es")] == [
        "4 March 2032",
        "4. März 2032",
        "4 de marzo de 2032",
    ]


def test_in_french_a_month_begins_with_its_premier():
    first = datetime(2031, 1, 1)
    assert [spoken(first, one) for one in ("fr", "fr-CA")] == ["1er janvier 2031"] * 2
    assert [spoken_day(first, one) for one in ("fr", "es")] == [
        "mercredi 1er janvier 2031",
        "miércoles, 1 de enero de 2031",
    ]
    assert spoken(date(2031, 1, 21), "fr") == "21 janvier 2031"


@pytest.mark.parametrize(("language", "said"), [("de", "New York, Ortszeit"), ("es", "hora de Nueva York")])
def test_a_zone_that_stands_in_brackets_has_none_of_its_own(language, said):
    assert spoken_zone("America/New_York", language) == said


def test_who_stands_behind_an_event_is_said_with_the_article_of_our_own_language_alone(app):
    event = an_event("Talk")
    a_backing(event, "B Union", "sponsor")
    a_backing(event, "C League", "endorser")

    assert backing_sentence(event) == "Sponsored by the B Union, and endorsed by the C League."
    assert backing_sentence(event, "de") == "Gesponsert von B Union, unterstützt von C League."
    a_society_of("de-AT")
    assert backing_sentence(event, "de") == "Gesponsert von the B Union, unterstützt von the C League."


def test_a_phrase_that_no_catalogue_has_is_english():
    assert phrase("reminders of events", "pl") == phrase("reminders of events", "en-US") == "reminders of events"
    assert phrase("reminders of events", "de-CH") == "Erinnerungen an Veranstaltungen"
    assert phrase("Never said before", "de") == "Never said before"
