"""What letters about renewing say: built in, or in the society's own words and the language of their reader."""

from collections.abc import Mapping, Sequence
from datetime import date

from society.dues.models import Due
from society.dues.reference import reference
from society.languages import best, is_english
from society.mail.filling import begun, filled, filled_line, names
from society.mail.queries import own_wordings
from society.mail.wording import Written, link
from society.mail.wordings import Wording
from society.membership.models import Membership
from society.membership.render import money, spoken
from society.settings import absolute, society

BEFORE, AFTER, LAPSED = "renewal", "renewal-over", "lapsed"
LABELS = {BEFORE: "Before it ends", AFTER: "After it has ended", LAPSED: "When it has lapsed"}
"""The letters, and how each is called."""

FIELDS = {
    "name": "the reader's whole name",
    "first_name": "the reader's first name",
    "society": "the society's name",
    "tier": "the membership, as its tier is called",
    "ends_on": "its last day",
    "good_until": "until when they keep their good standing, in the days of grace",
    "dues": "what is to be paid for the next period, a line for each invoice",
    "reference": "what they are to give with a bank transfer, where something is to be paid",
    "renew_link": "where they renew, and see how to pay",
    "events_link": "our events",
}

_PAYING = """{{ dues }}

Here you renew it, and see how to pay:
{{ renew_link }}

If you pay by bank transfer, please give this reference, so that we know whose it is: {{ reference }}
If you have paid already, thank you: you need do nothing.

If you would rather not go on, you need do nothing either.

{{ society }}"""

BUILT_IN = {
    BEFORE: Wording(
        "Your membership of {{ society }} ends on {{ ends_on }}",
        """Dear {{ name }},

your membership of {{ society }} ({{ tier }}) lasts until {{ ends_on }}. We would be glad if you renewed it.

"""
        + _PAYING,
    ),
    AFTER: Wording(
        "Your membership of {{ society }} has ended",
        """Dear {{ name }},

your membership of {{ society }} ({{ tier }}) ended on {{ ends_on }}. We would be glad if you renewed it.

You keep your good standing until {{ good_until }}, so there is still time.

"""
        + _PAYING,
    ),
    LAPSED: Wording(
        "Your membership of {{ society }} has lapsed",
        """Dear {{ name }},

your membership of {{ society }} ({{ tier }}) ended on {{ ends_on }} and was not renewed: you are no member any more.

If that is not what you meant, come back: it is quick.

{{ renew_link }}

Thank you for having been one of us. You remain welcome at everything that is open to all:

{{ events_link }}

{{ society }}""",
    ),
}


def said(name: str, period: Membership, owed: Sequence[Due], on: date, path: str) -> Written:
    """Subject and Markdown of the letter of that name about a period, written on a day; `owed` is what is to be paid
    for the next one, and `path` leads to renewing."""
    wording, language = chosen(name, period.person.language)
    return Written(*filled_in(name, wording, values(period, owed, on, path, language)), language)


def chosen(name: str, wanted: str) -> tuple[Wording, str]:
    """The wording for somebody who reads the wanted language, and that which it is in."""
    own = {row.language: Wording(row.subject, row.body) for row in own_wordings(name)}
    language = best(wanted, [one for one in own if one]) if wanted else None
    if language:
        return own[language], language
    return own.get("", BUILT_IN[name]), society().language


def filled_in(name: str, wording: Wording, known: Mapping[str, str]) -> tuple[str, str]:
    """Without the lines that nothing is known for; a subject that would have a hole is the built-in one."""
    lacking = {field for field, value in known.items() if not value}
    subject = BUILT_IN[name].subject if names(wording.subject) & lacking else wording.subject
    return filled_line(subject, known), filled(begun(wording.body, lacking, {}), known)


def values(period: Membership, owed: Sequence[Due], on: date, path: str, language: str) -> Mapping[str, str]:
    """What each field stands for."""
    person = period.person
    over = period.ends_on is not None and period.ends_on < on
    graceful = over and period.good_until is not None and period.good_until >= on
    return {
        "name": person.name,
        "first_name": (person.name.split() or [""])[0],
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
    """In other languages without words, which would need a translator."""
    amount, day = money(due.amount, due.currency, language), _day(due.due_on, language)
    if is_english(language):
        number = f" (invoice {due.number})" if due.number else ""
        return f"{due.about}: {amount}, to be paid by {day}{number}"
    return f"{due.about}: {amount}, {day}" + (f" ({due.number})" if due.number else "")
