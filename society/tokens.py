"""Secrets in links.

Two kinds. A *fresh* secret is random, used once, and only its SHA-256 is stored. A *sealed* link must be written
again in later mails, so it is stored nowhere: it is an HMAC over the row's number and the row's own random
`link_key`, under the installation's secret key; changing `link_key` revokes every link to the row.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode, urlsafe_b64encode

from flask import current_app


def fresh() -> str:
    """A secret of 256 bits, for a link or a session."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """How a fresh secret is stored; it is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sealed(purpose: str, number: int, link_key: str) -> str:
    """The token that opens row `number` for `purpose` (such as "rsvp")."""
    return f"{number}-{urlsafe_b64encode(mac(purpose, number, link_key)[:18]).decode()}"


def sealed_in_one_case(purpose: str, number: int, link_key: str) -> str:
    """The same for the local part of a mail address, where capitals do not always arrive as such."""
    return f"{number}-{b32encode(mac(purpose, number, link_key)[:15]).decode().lower()}"


def mac(purpose: str, number: int, link_key: str) -> bytes:
    """What only this installation can say of a row, for a purpose and as long as it has this `link_key`."""
    message = f"{purpose}\0{number}\0{link_key}".encode()
    return hmac.digest(str(current_app.secret_key).encode(), message, "sha256")


def number_in(token: str) -> int | None:
    """Which row a sealed token claims to open; believe it only after `opens`."""
    number = token.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def opens(token: str, purpose: str, number: int, link_key: str) -> bool:
    """Whether the token was sealed for that row and purpose and has not been revoked."""
    return hmac.compare_digest(token.encode(), sealed(purpose, number, link_key).encode())


def opens_in_any_case(token: str, purpose: str, number: int, link_key: str) -> bool:
    """The same for a token from a mail address."""
    return hmac.compare_digest(token.lower().encode(), sealed_in_one_case(purpose, number, link_key).encode())
