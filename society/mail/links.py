"""The links by which a reader leaves a list: sealed for one person and one list, stored nowhere."""

from society.db import db
from society.mail.models import MailingList
from society.people.models import Person
from society.settings import absolute
from society.tokens import number_in, opens, sealed


def unsubscribe_address(person: Person, mailing_list: MailingList) -> str:
    """Where a letter on that list lets this person leave it."""
    return absolute(f"/unsubscribe/{unsubscribe_token(person, mailing_list)}")


def preferences_address() -> str:
    """Where anyone who can sign in chooses their lists."""
    return absolute("/me/notices")


def unsubscribe_token(person: Person, mailing_list: MailingList) -> str:
    """The list's name, a full stop, and the seal."""
    return f"{mailing_list}.{sealed(_purpose(mailing_list), person.id, person.link_key)}"


def opened(token: str) -> tuple[Person, MailingList] | None:
    """Whose letter on which list the token came from, or None if it is none of ours or has been revoked."""
    name, _, seal = token.partition(".")
    number = number_in(seal)
    person = db.session.get(Person, number) if number and name in list(MailingList) else None
    if person is None or not opens(seal, _purpose(MailingList(name)), person.id, person.link_key):
        return None
    return person, MailingList(name)


def _purpose(mailing_list: MailingList) -> str:
    return f"unsubscribe {mailing_list}"
