"""Addresses that a letter gives for what comes back because of it: its bounces, and a wish to leave its list.

Each holds a token sealed for that one letter, so that whoever writes there proves to have had it.
"""

from email.utils import parseaddr

from flask import current_app
from sqlalchemy import select

from society.db import db
from society.mail.models import Letter
from society.mail.queries import sender
from society.text import in_ascii
from society.tokens import number_in, opens_in_any_case, sealed_in_one_case

LONGEST_LOCAL = 64
"""Characters before the @ (RFC 5321, 4.5.3.1.1)."""
BOUNCES, LEAVE = "bounces", "leave"


def return_address(letter: Letter) -> str | None:
    """Where a mail server reports that it could not be delivered (VERP); None where nobody reads such mail. Without a
    domain for it, that is behind a plus at the society's own address, whose mailbox is read."""
    return _address(BOUNCES, letter)


def leave_address(letter: Letter) -> str | None:
    """Where an empty mail leaves its list; None where nobody reads such mail."""
    return _address(LEAVE, letter)


def _address(purpose: str, letter: Letter) -> str | None:
    local, domain = purpose, current_app.config["MAIL_REPLY_DOMAIN"]
    if not domain and current_app.config["IMAP_URL"]:
        local, _, domain = (parseaddr(sender())[1] or sender()).rpartition("@")
    if not domain or not letter.id:
        return None
    plus = f"{local}+{sealed_in_one_case(purpose, letter.id, letter.message_id)}"
    return f"{plus}@{in_ascii(domain)}" if len(plus) <= LONGEST_LOCAL and plus.isascii() else None


def letter_behind(token: str, purpose: str) -> Letter | None:
    """The letter that such a token was sealed for."""
    number = number_in(token)
    letter = db.session.get(Letter, number) if number else None
    return letter if letter and opens_in_any_case(token, purpose, letter.id, letter.message_id) else None


def letter_named(message_id: str) -> Letter | None:
    """The letter of that Message-ID, which is random: whoever knows it has had the letter."""
    if not message_id.isprintable():
        return None
    return db.session.scalar(select(Letter).where(Letter.message_id == message_id).limit(1))
