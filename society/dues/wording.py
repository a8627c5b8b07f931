"""What letters about renewing say: built in, or in the society's own words and the language of their reader."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from society.dues.models import Due
from society.dues.reference import reference
from society.dues.render import about
from society.mail.filling import begun, filled, filled_line, names
from society.mail.queries import own_wordings
from society.mail.wording import Written, link
from society.mail.wordings import Wording, said_in, strangers, usable
from society.membership.models import Membership
from society.membership.render import money, spoken
from society.people.names import first_name
from society.phrases import marked, phrase
from society.settings import absolute, society

BEFORE, AFTER, LAPSED = "renewal", "renewal-over", "lapsed"
LABELS = {BEFORE: "Before it ends", AFTER: "After it has ended", LAPSED: "When it has lapsed"}
"""The letters, and how each is called."""

FIELDS = {
    "name": "the reader's whole name",
    "first_name": "the reader's first name, without titles; the whole name where it tells none",
    "society": "the society's name",
    "tier": "the membership, as its tier is called",
    "ends_on": "its last day",
    "good_until": "until when they keep their good standing, in the days of grace",
    "dues": "what is to be paid for the next period, a line for each invoice",
    "reference": "what they are to give with a bank transfer, where something is to be paid",
    "renew_link": "where they renew, and see how to pay",
    "events_link": "our events",
}

_RENEWING = marked("""{{ dues }}

Here you renew it, and see how to pay:
{{ renew_link }}

If you pay by bank transfer, please give this reference, so that we know whose it is: {{ reference }}
If you have paid already, thank you: you need do nothing.

If you would rather not go on, you need do nothing either.""")

_BUILT_IN = {
    BEFORE: [
        marked("Your membership of {{ society }} ends on {{ ends_on }}"),
        marked("Dear {{ name }},"),
        marked(
            "your membership of {{ society }} ({{ tier }}) lasts until {{ ends_on }}. "
            "We would be glad if you renewed it."
        ),
        _RENEWING,
        "{{ society }}",
    ],
    AFTER: [
        marked("Your membership of {{ society }} has ended"),
        marked("Dear {{ name }},"),
        marked(
            "your membership of {{ society }} ({{ tier }}) ended on {{ ends_on }}. We would be glad if you renewed it."
        ),
        marked("You keep your good standing until {{ good_until }}, so there is still time."),
        _RENEWING,
        "{{ society }}",
    ],
    LAPSED: [
        marked("Your membership of {{ society }} has lapsed"),
        marked("Dear {{ name }},"),
        marked(
            "your membership of {{ society }} ({{ tier }}) ended on {{ ends_on }} and was not renewed: "
            "you are no member any more."
        ),
        marked("If that is not what you meant, come back: it is quick."),
        "{{ renew_link }}",
        marked("Thank you for having been one of us. You remain welcome at everything that is open to all:"),
        "{{ events_link }}",
        "{{ society }}",
    ],
}
"""Subject, then the body's parts."""


def built_in(name: str, language: str) -> Wording:
    """The program's own words in that language."""
    subject, *body = _BUILT_IN[name]
    return Wording(phrase(subject, language), "\n\n".join(phrase(part, language) for part in body))


def faults(wording: Wording) -> list[str]:
    """Why no letter can say that, a sentence each."""
    missing = "renew_link" not in names(wording.body)
    found = ["{{ renew_link }} is missing: without it nobody finds where to renew."] if missing else []
    return [*strangers(wording, FIELDS), *found]


def said(name: str, period: Membership, owed: Sequence[Due], on: date, path: str) -> Written:
    """Subject and Markdown of the letter of that name about a period, written on a day; `owed` is what is to be paid
    for the next one, and `path` leads to renewing."""
    own = usable(own_wordings(name), faults)
    wording, language = said_in(period.person.language, own, partial(built_in, name))
    return filled_in(name, wording, values(period, owed, on, path, language), language)


def filled_in(name: str, wording: Wording, known: Mapping[str, str], language: str) -> Written:
    """Without the lines that nothing is known for; a subject that would have a hole is the built-in one."""
    lacking = {field for field, value in known.items() if not value}
    subject = built_in(name, language).subject if names(wording.subject) & lacking else wording.subject
    return Written(filled_line(subject, known), filled(begun(wording.body, lacking, {}), known), language)


def values(period: Membership, owed: Sequence[Due], on: date, path: str, language: str) -> Mapping[str, str]:
    """What each field stands for."""
    person = period.person
    over = period.ends_on is not None and period.ends_on < on
    graceful = over and period.good_until is not None and period.good_until >= on
    return {
        "name": person.name.strip() or phrase("members and friends", language),
        "first_name": first_name(person.name) or phrase("all", language),
        "society": society().name,
        "tier": period.tier.name,
        "ends_on": _day(period.ends_on, language),
        "good_until": _day(period.good_until, language) if graceful else "",
        "dues": "\n".join(_owed(due, language) for due in owed),
        "reference": reference(person) if owed else "",
        "renew_link": link(absolute(path)),
        "events_link": link(absolute("/events")),
    }


def _day(day: date | None, language: str) -> str:
    return spoken(day, language) if day else ""


def _owed(due: Due, language: str) -> str:
    known = {"about": about(due, language), "amount": money(due.amount, due.currency, language)}
    known["day"] = _day(due.due_on, language)
    if due.number:
        return phrase("{about}: {amount}, to be paid by {day} (invoice {number})", language, **known, number=due.number)
    return phrase("{about}: {amount}, to be paid by {day}", language, **known)
