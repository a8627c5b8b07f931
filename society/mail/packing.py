"""A letter in its envelope, as the post office carries it."""

import re
from email.errors import MessageError

from society.mail.headers import POLICY
from society.mail.message import address, from_society, is_ascii
from society.mail.models import Letter
from society.mail.parcels import Parcel, TurnedDown
from society.mail.returns import return_address
from society.mail.wire import in_full
from society.people.models import Person
from society.text import slug

_SIMPLE = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*")


def packed(letter: Letter, reader: Person | None) -> Parcel | TurnedDown:
    """The parcel, or why there can be none. It asks the database for nothing."""
    try:
        name = f"{letter.written_at:%Y-%m-%d}-{letter.id}-{slug(letter.to_address)}.eml"
        sender = return_address(letter) or from_society().addr_spec
        return Parcel(in_full(letter, reader), not is_ascii(letter), sender, _recipient(letter), name)
    except (MessageError, ValueError) as error:
        return TurnedDown(f"This letter cannot be put in the form of a message: {error}.")


def _recipient(letter: Letter) -> str:
    """As the library writes the address, which leaves most as they are."""
    if _SIMPLE.fullmatch(letter.to_address):
        return letter.to_address
    to = POLICY.header_store_parse("To", address(letter.to_name, letter.to_address))[1]
    return str(to.addresses[0].addr_spec)
