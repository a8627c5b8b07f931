"""What single cells of a list of people mean, in the words and notations that lists have for it. Each raises ValueError
for what means nothing, with the reason as a sentence without its end."""

import re
from functools import lru_cache

from email_validator import EmailNotValidError

from society.fields import email_key, on_one_line
from society.membership.models import Status
from society.register.headings import plain
from society.text import folded
from society.times import known_zone

_MOST_TAGS, _LONGEST_TAG, _LONGEST_LANGUAGE = 50, 60, 35
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_LANGUAGES = {
    name: code
    for code, names in {
        "en": "english|englisch|anglais|ingles",
        "de": "german|deutsch|allemand|aleman",
        "fr": "french|franzosisch|francais|frances",
        "es": "spanish|spanisch|espagnol|espanol|castellano",
        "it": "italian|italienisch|italien|italiano",
        "nl": "dutch|niederlandisch|neerlandais|neerlandes|holandes",
    }.items()
    for name in names.split("|")
}
_FOR_LIFE = frozenset(
    {"life", "for life", "lifetime", "never", "none", "unlimited", "unbefristet", "lebenslang"}
    | {"a vie", "illimite", "vitalicio", "indefinido"}
)
_ACTIVE = ("aktiv", "actif", "active", "a jour", "activo", "activa", "alta")
_STATUSES = {
    **{status.value: status for status in Status},
    **dict.fromkeys(
        ("current", "member", "paid", "yes", "new", "grace", "pending renewal", "pendingrenewal", *_ACTIVE),
        Status.ACTIVE,
    ),
    **dict.fromkeys(("expired", "ended", "abgelaufen", "expire", "vencido", "caducado"), Status.LAPSED),
    **dict.fromkeys(("left", "cancelled", "canceled", "ausgetreten", "demissionnaire", "baja"), Status.RESIGNED),
    **dict.fromkeys(("pending", "applicant", "pending new", "pendingnew", "beantragt", "solicitado"), Status.APPLIED),
}


@lru_cache(maxsize=4_096)
def mail_address(text: str) -> str:
    if not text:
        return ""
    try:
        address = email_key(on_one_line(text.removeprefix("mailto:")))
    except EmailNotValidError as error:
        raise ValueError(f"“{text[:60]}” is not a mail address") from error
    if len(address) > 254:
        raise ValueError(f"the address “{text[:40]}…” is too long")
    return address


def language(text: str) -> str:
    """As its code, or by its name in one of the languages that headings are read in."""
    text = _LANGUAGES.get(folded(text), text.replace("_", "-"))
    if text and not (_LANGUAGE.fullmatch(text) and len(text) <= _LONGEST_LANGUAGE):
        raise ValueError(f"“{text[:40]}” is not a language such as en or pt-BR")
    return text


def zone(text: str) -> str:
    """As exports name it, or as forms show it."""
    name = text.replace(" ", "_")
    if name and not known_zone(name):
        raise ValueError(f"“{text[:40]}” is not a time zone such as Europe/London")
    return name


@lru_cache(maxsize=4_096)
def tags(text: str) -> tuple[str, ...]:
    """Words between commas, semicolons or bars; one written twice counts once. What Google marks by a star are lists
    of its own, in which everybody is."""
    parts = (on_one_line(word) for word in re.split(r"[,;|]|:::", text))
    words = dict.fromkeys(word for word in parts if word and not word.startswith("* "))
    if len(words) > _MOST_TAGS:
        raise ValueError(f"{len(words)} tags; at most {_MOST_TAGS} are kept")
    if too_long := [word for word in words if len(word) > _LONGEST_TAG]:
        raise ValueError(f"the tag “{too_long[0][:30]}…” has more than {_LONGEST_TAG} characters")
    return tuple(words)


def is_status(text: str) -> bool:
    return plain(text) in _STATUSES


def status_in(text: str) -> Status:
    if not text:
        return Status.ACTIVE
    found = _STATUSES.get(plain(text))
    if found is None:
        raise ValueError(f"“{text[:40]}” is no status; there are {', '.join(Status)}")
    return found


def is_for_life(text: str) -> bool:
    """Whether it is said in so many words that there is no last day."""
    return folded(text) in _FOR_LIFE
