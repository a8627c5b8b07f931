"""The mailbox that answers arrive in, by IMAP. What was dealt with is moved aside; the rest waits to be read.

A message is moved after its transaction is committed: killed between the two, it is met again and known.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from imaplib import IMAP4
from urllib.parse import unquote, urlsplit

from flask import current_app
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted

from society.db import begin_write, db
from society.errors import Refused
from society.invitations.actions import take
from society.invitations.reading import LARGEST, Unsorted
from society.times import now

log = logging.getLogger("society.mail")

HANDLED, UNSORTED = "Handled", "Unsorted"
TIMEOUT = 30
AT_ONCE = 200
"""Messages of one look, so that a full mailbox does not keep letters from going out."""


def poll() -> Iterator[str]:
    """Read what has arrived; a line for each message."""
    with _opened(str(current_app.config["IMAP_URL"])) as box:
        for folder in (HANDLED, UNSORTED):
            if not box.folder.exists(folder):
                box.folder.create(folder)
        for uid in box.uids()[:AT_ONCE]:
            line, folder = _dealt_with(_raw(box, uid))
            box.move(uid, folder)
            yield line


def _dealt_with(raw: bytes) -> tuple[str, str]:
    """In a transaction of its own, so that no message stops another."""
    begin_write()
    try:
        line = take(raw, now())
        db.session.commit()
    except Unsorted as unsorted:
        db.session.rollback()
        return str(unsorted), UNSORTED
    except Exception:  # what nobody foresaw in one message must not keep all others waiting behind it
        db.session.rollback()
        log.exception("a message could not be dealt with")
        return "Not understood: it is left for people to read.", UNSORTED
    return line, HANDLED


def _raw(box: BaseMailBox, uid: str) -> bytes:
    """The message as it arrived, unread as before, and no more of it than is needed to know that it is too large."""
    _, data = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
    return next((bytes(part[1]) for part in data if isinstance(part, tuple)), b"")


@contextmanager
def _opened(url: str) -> Iterator[BaseMailBox]:
    """`imaps://user:password@host/FOLDER`; `imap://` only where the way there is safe by itself."""
    if not url:
        raise Refused("No mailbox is set: give IMAP_URL, as imaps://user:password@host/INBOX.")
    where = urlsplit(url)
    if where.scheme not in ("imap", "imaps") or not where.hostname:
        raise Refused("IMAP_URL is not of the form imaps://user:password@host/INBOX.")
    kinds: dict[str, Callable[..., BaseMailBox]] = {"imap": MailBoxUnencrypted, "imaps": MailBox}
    user, password = unquote(where.username or ""), unquote(where.password or "")
    folder = unquote(where.path.strip("/")) or "INBOX"
    try:
        port = {"port": where.port} if where.port else {}
        with kinds[where.scheme](where.hostname, timeout=TIMEOUT, **port).login(user, password, folder) as box:
            yield box
    except (OSError, IMAP4.error, ImapToolsError) as error:
        raise Refused(f"The mailbox at {where.hostname} does not answer as it should: {error}.") from error
