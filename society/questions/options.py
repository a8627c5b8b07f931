"""What becomes of the choices of a question when they are worded anew."""

from difflib import SequenceMatcher


def renamed(before: str, after: str) -> dict[str, str]:
    """By its old name each choice that has another now: one that is gone, where as many others stand in its place."""
    old, new = before.split("\n"), after.split("\n")
    parts = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    pairs = [zip(old[a:b], new[c:d], strict=True) for _, a, b, c, d in parts if b - a == d - c]
    return {was: now for pair in pairs for was, now in pair if was not in new and now not in old}


def dropped(before: str, after: str) -> list[str]:
    """Those that cannot be chosen any more, by whatever name."""
    gone = renamed(before, after)
    return [
        option for option in before.split("\n") if option and option not in after.split("\n") and option not in gone
    ]
