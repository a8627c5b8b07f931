"""Addresses that a letter gives for what comes back because of it: its bounces, and a wish to leave its list.

Each holds a token sealed for that one letter, so that whoever writes there proves to have had it.
"""

from flask import current_app
from sqlalchemy import select

from society.db import db
from society.mail.models import Letter
from society.text import in_ascii
from society.tokens import number_in, opens_in_any_case, sealed_in_one_case

BOUNCES, LEAVE = "bounces", "leave"


def return_address(letter: Letter) -> str | None:
    """Where a mail server reports that it could not be delivered (VERP); None where nobody reads such mail."""
    return _address(BOUNCES, letter)


def leave_address(letter: Letter) -> str | None:
    """Where an empty mail leaves its list; None where nobody reads such mail."""
    return _address(LEAVE, letter)


def _address(purpose: str, letter: Letter) -> str | None:
    domain = current_app.config["MAIL_REPLY_DOMAIN"]
    if not domain or not letter.id:
        return None
    return f"{purpose}+{sealed_in_one_case(purpose, letter.id, letter.message_id)}@{in_ascii(domain)}"


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
