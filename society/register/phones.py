"""Two telephone numbers of one person, where the register keeps one field for them."""

LONGEST = 40


def together(phone: str, mobile: str) -> tuple[str, str]:
    """What is kept as the phone, and what must be said in the notes, since there is no room for it."""
    if not mobile or "".join(mobile.split()) in "".join(phone.split()):
        return phone, ""
    both = f"{phone}, {mobile}" if phone else mobile
    return (both, "") if len(both) <= LONGEST else (phone, f"Mobile: {mobile}")


def noted(notes: str, line: str) -> str:
    """The notes with that line, which is added once however often the file is read in."""
    return notes if not line or line in notes.split("\n") else f"{notes}\n{line}".strip()
