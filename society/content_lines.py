"""The lines that a calendar is written in (RFC 5545, 3.1)."""

WIDTH = 74
"""Octets of a line; those that continue it begin with a space besides, and none has more than 75."""


def folded(line: bytes) -> bytes:
    """The line within its width: no character is cut, nor an escape, which some programs misread."""
    if len(line) <= WIDTH:
        return line + b"\r\n"
    parts, start = [], 0
    while len(line) - start > WIDTH:
        end = start + WIDTH
        while line[end] & 0xC0 == 0x80:  # amid a character of UTF-8
            end -= 1
        if line[end - 1] in b"\\^":
            end -= 1
        parts.append(line[start:end])
        start = end
    return b"\r\n ".join([*parts, line[start:]]) + b"\r\n"


def unfolded(calendar: bytes) -> bytes:
    """What `folded` wrote, each line in one piece however long."""
    return calendar.replace(b"\r\n ", b"")
