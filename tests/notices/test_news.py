"""Word of what has changed: each reader gets it in their language, old and new, and by their own clock."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from society.db import db
from society.events.models import Event
from society.mail.models import Letter, OwnWording
from society.notices.actions import alter, cancel
from society.notices.life import place
from society.notices.minimum import judge
from society.notices.models import Notice
from society.notices.unusable import tell_of_unusable
from society.people.models import Person
from society.reminders.actions import plan, send_planned
from society.reminders.models import DAY, Occasion
from society.rsvps.actions import reply
from society.rsvps.models import Answer
from society.settings import Society, renew
from tests.builders import NOW, a_person, a_venue, an_event

pytestmark = pytest.mark.once


@pytest.fixture
def event(app) -> Event:
    return an_event("Talk", starts=datetime(2032, 3, 4, 20), venue=a_venue("Scott Hall"))


def coming(event: Event, language: str, **values) -> Person:
    person = a_person(language=language, **values)
    reply(event, person, Answer.YES, at=NOW)
    return person


def told(person: Person) -> Letter:
    """The letter of a notice to them."""
    return db.session.query(Letter).filter_by(person_id=person.id).filter(Letter.reason.startswith("notice:")).one()


def own(of: str, subject: str, body: str, language: str = "") -> None:
    db.session.add(OwnWording(of=of, subject=subject, body=body, language=language))
    db.session.flush()


def lines_of(letter: Letter) -> list[str]:
    return letter.body.replace("\\", "").split("\n")


def test_each_reader_is_told_of_a_change_in_their_language_and_by_their_clock(event):
    ann, dora, eva = coming(event, ""), coming(event, "de-AT", zone="Asia/Tokyo"), coming(event, "es")
    by, later = a_person("Olga", "organizer"), timedelta(days=1)

    alter(event, lambda: place(event, event.starts + later, event.ends + later), by=by, now=NOW, note="Sorry!")

    assert [told(one).subject for one in (ann, dora, eva)] == ["Changed: Talk", "Geändert: Talk", "Cambios: Talk"]
    assert [told(one).language for one in (ann, dora, eva)] == ["en", "de", "es"]
    english, german = lines_of(told(ann)), lines_of(told(dora))
    old = "until now: Thursday, 4 March 2032, 8:00 pm to 9:30 pm (New York time) "
    assert english[english.index("**When**") + 1] == old
    at = german.index("**Zeit**")
    first, second = "Donnerstag, 4. März 2032, 20:00 – 21:30", "Freitag, 5. März 2032, 20:00 – 21:30"
    assert german[at + 1].startswith(f"bisher: {first} (New York, Ortszeit) = Freitag, 5. März 2032, 10:00")
    assert german[at + 2].startswith(f"ab jetzt: {second} (New York, Ortszeit) = Samstag, 6. März 2032, 10:00")
    assert "> Sorry!" in german
    assert not {"So it is:", "until now"} & set(german)


def test_only_what_somebody_reads_is_written(event):
    coming(event, "")
    coming(event, "de")
    coming(event, "pl")

    alter(event, lambda: setattr(event, "room", "2"), by=a_person("Olga", "organizer"), now=NOW)

    assert [one.language for one in db.session.query(Notice).one().versions] == ["de"]


def test_a_german_society_tells_its_own_in_german_and_others_in_english(event):
    db.session.execute(update(Society).values(language="de-CH"))
    renew()
    ann, dora = coming(event, "en"), coming(event, "")

    cancel(event, by=a_person("Olga", "organizer"), now=NOW)

    assert [told(one).subject for one in (ann, dora)] == ["Cancelled: Talk", "Abgesagt: Talk"]
    german = lines_of(told(dora))
    assert german[german.index("**Stand**") + 1 :][:2] == ["bisher: Geplant", "ab jetzt: Abgesagt"]


def test_why_it_is_called_off_by_itself_is_said_in_each_language(event):
    event.minimum, event.minimum_by, event.minimum_cancels = 5, datetime(2032, 3, 1, 12), True
    dora = coming(event, "de")

    judge(event, datetime.fromisoformat("2032-03-02T12:00+00:00"))

    assert "> Zu wenige haben gesagt, dass sie kommen: Nötig sind mindestens 5." in lines_of(told(dora))


def test_it_says_the_societys_own_words_with_each_change_old_and_new(event):
    own("changed", "Ours: {{ event_title }}", "Hello {{ first_name }}.\n\n{{ changes }}\n\n{{ note }}\n\nBye.")
    own("called-off", "Aus: {{ event_title }}", "Hallo {{ first_name }}.\n\n{{ note }}", language="de")
    ann, dora, by = coming(event, ""), coming(event, "de"), a_person("Olga", "organizer")

    alter(event, lambda: setattr(event, "room", "{{ name }}"), by=by, now=NOW)

    assert [told(one).subject for one in (ann, dora)] == ["Ours: Talk", "Geändert: Talk"]
    assert "**Place**" in lines_of(told(ann))
    assert lines_of(told(ann))[-3:] == ["from now on: {{ name }}, Scott Hall", "", "Bye."], "no line for no note"
    cancel(event, by=by, now=NOW + timedelta(days=1), note="{{ name }}")
    latest = db.session.query(Letter).filter_by(person_id=dora.id).order_by(Letter.id.desc()).first()
    assert latest.subject == "Aus: Talk"
    assert lines_of(latest)[-1] == "> {{ name }}"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("{{ gone }}", "{{ changes }}\n\n{{ note }}"),
        ("Ours", "{{ note }}"),
        ("Ours", "{{ changes }} {{ note }}"),
        ("", ""),
    ],
)
def test_what_cannot_be_said_any_more_is_built_in_again_and_staff_are_told_once(event, subject, body):
    own("changed", subject, body)
    own("reminder", "Soon", "{{ gone }}")
    ann, by = coming(event, ""), a_person("Olga", "organizer")
    plan(event, Occasion.REMINDER, DAY, by=by, now=NOW)
    db.session.commit()

    alter(event, lambda: setattr(event, "room", "2"), by=by, now=NOW)
    assert told(ann).subject == "Changed: Talk"
    db.session.commit()
    send_planned(event.starts_at - timedelta(hours=20))
    for hour in range(2):
        tell_of_unusable(NOW + timedelta(hours=hour))

    assert db.session.query(Letter).filter_by(person_id=ann.id, subject="Soon: Talk").one()
    letters = db.session.query(Letter).filter(Letter.reason.startswith("wording-unused:")).all()
    assert sorted(letter.subject for letter in letters) == [
        "Not in use: your wording “News: it has changed”",
        "Not in use: your wording “Reminder”",
    ]


def test_a_name_that_nobody_knows_keeps_no_news_back(event):
    ann, nameless = coming(event, ""), coming(event, "de")
    nameless.name = " "

    cancel(event, by=a_person("Olga", "organizer"), now=NOW)

    assert told(ann).subject == "Cancelled: Talk"
    assert lines_of(told(nameless))[0] == "Guten Tag zusammen,"


@pytest.mark.parametrize("by_itself", [False, True])
def test_whoever_is_in_charge_is_told_what_of_it_is_to_be_printed(event, by_itself):
    event.minimum, event.minimum_by, event.minimum_cancels = 5, datetime(2032, 3, 1, 12), True
    olga = a_person("Olga", "organizer")
    coming(event, "", email=None, address="1 Example Street")

    if by_itself:
        judge(event, datetime.fromisoformat("2032-03-02T12:00+00:00"))
    else:
        cancel(event, by=olga, now=NOW)

    notice = db.session.query(Notice).one()
    printed = db.session.query(Letter).filter_by(reason=f"notice-to-print:{notice.id}:0").one()
    assert (printed.person_id, printed.subject) == (olga.id, "To be printed: Cancelled: Talk")
