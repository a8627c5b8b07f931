"""Several telephone numbers of one person, where the register keeps one field for them."""

from collections.abc import Iterable

LONGEST = 40


def together(phone: str, others: Iterable[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    """What is kept as the phone, and the lines that must be said in the notes, since there is no room for it. Each of
    the others has what it is called there."""
    lines = []
    for called, number in others:
        if not number or _digits(number) in _digits(phone):
            continue
        both = f"{phone}, {number}" if phone else number
        if len(both) <= LONGEST:
            phone = both
        else:
            lines.append(f"{called}: {number}")
    return phone, tuple(lines)


def _digits(phone: str) -> str:
    return "".join(phone.split())


def noted(notes: str, lines: Iterable[str]) -> str:
    """The notes with those lines, each of which is added once however often the file is read in."""
    there = notes.split("\n")
    return "\n".join([notes, *(line for line in lines if line not in there)]).strip()
