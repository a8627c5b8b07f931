"""Links in letters. Those by which a reader leaves a list are sealed for one person and one list, stored nowhere."""

from society.mail.models import MailingList
from society.people.models import Person
from society.people.queries import sealed_for
from society.settings import absolute
from society.tokens import number_in, opens, sealed


def naming(address: str, notice: int | None) -> str:
    """An address of ours as it stands in the letters of that notice (see `society.mail.acts`)."""
    return f"{address}?notice={notice}" if notice else address


def unsubscribe_address(person: Person, mailing_list: MailingList, notice: int | None = None) -> str:
    """Where a letter on that list, of that notice if it is of one, lets this person leave it."""
    return naming(absolute(f"/unsubscribe/{unsubscribe_token(person, mailing_list)}"), notice)


def preferences_address() -> str:
    """Where anyone who can sign in chooses their lists."""
    return absolute("/me/notices")


def unsubscribe_token(person: Person, mailing_list: MailingList) -> str:
    """The list's name, a full stop, and the seal."""
    return f"{mailing_list}.{sealed(_purpose(mailing_list), person.id, person.link_key)}"


def opened(token: str) -> tuple[Person, MailingList] | None:
    """Whose letter on which list the token came from, or None if it is none of ours or has been revoked."""
    name, _, seal = token.partition(".")
    if name not in list(MailingList):
        return None
    purpose = _purpose(MailingList(name))
    person = sealed_for(number_in(seal), lambda number, key: opens(seal, purpose, number, key))
    return (person, MailingList(name)) if person else None


def _purpose(mailing_list: MailingList) -> str:
    return f"unsubscribe {mailing_list}"
