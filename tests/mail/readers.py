"""What two mail programs that share no code make of a message: Python's own parser and Perl's Email::MIME."""

import json
import mailbox
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import getaddresses
from pathlib import Path
from typing import Any, cast

PROGRAM = Path(__file__).with_name("second_reader.pl")
ADDRESSES = ("From", "To", "Bcc", "Reply-To")


class SecondReader:
    """The Perl program, asked over and over."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def message(self, body: bytes) -> dict[str, Any]:
        return self._asked("message", body)[0]

    def mailbox(self, body: bytes) -> list[dict[str, Any]]:
        return self._asked("mailbox", body)

    def _asked(self, kind: str, body: bytes) -> list[dict[str, Any]]:
        to, back = self._process.stdin, self._process.stdout
        assert to
        assert back
        to.write(f"{kind} {len(body)}\n".encode() + body)
        to.flush()
        return cast(list[dict[str, Any]], json.loads(back.readline()))


@contextmanager
def a_second_reader(folder: Path) -> Iterator[SecondReader]:
    """bin/system-packages installs its modules."""
    command = ["perl", str(PROGRAM)]
    environment = {"MAILBOX": str(folder / "read.mbox"), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        yield SecondReader(process)
        assert process.stdin
        process.stdin.close()


def by_python(body: bytes) -> dict[str, Any]:
    """The same, in the same form, as Python's library reads it."""
    return _told(message_from_bytes(body, policy=policy.default))


def mailbox_by_python(path: Path) -> list[dict[str, Any]]:
    """Python does not take the quotes off "From " within a letter; that is left to its reader (RFC 4155)."""
    with closing(mailbox.mbox(path)) as opened:
        return [_told(_unquoted(found)) for found in opened]


def _unquoted(found: Message) -> EmailMessage:
    lines = found.as_bytes().split(b"\n")
    body = b"\n".join(line[1:] if line.lstrip(b">").startswith(b"From ") else line for line in lines)
    return message_from_bytes(body, policy=policy.default)


def _told(read: EmailMessage) -> dict[str, Any]:
    return {
        "headers": [name.lower() for name in read],
        "subject": str(read["Subject"]),
        **{name.lower(): _addresses(_as_it_came(read, name)) for name in ADDRESSES},
        "parts": [_part(part) for part in read.walk() if not part.is_multipart()],
    }


def _as_it_came(read: EmailMessage, name: str) -> str | None:
    return next((str(value) for key, value in read.raw_items() if key.lower() == name.lower()), None)


def _addresses(header: str | None) -> list[list[str]]:
    """By the older of the library's two parsers: the other puts a space between two encoded words of a name."""
    found = getaddresses([header]) if header is not None else []
    return [[str(make_header(decode_header(name))), address] for name, address in found]


def _part(part: EmailMessage) -> dict[str, str]:
    content = part.get_content()
    text = content.decode() if isinstance(content, bytes) else content
    return {
        "kind": part.get_content_type(),
        "method": str(part.get_param("method") or ""),
        "file": part.get_filename() or "",
        "text": text.replace("\r\n", "\n"),
    }
