"""Lines that a poster prints in capitals, as a sentence would write them."""

import re

_STATE = re.compile(r"(?<=, )[A-Z][a-z](?=(?: \d{5}(?:-\d{4})?)?$)")

_SMALL = {
    *("a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with", "de", "la", "le", "du", "del"),
    *("des", "les", "et", "y", "en", "el", "der", "die", "das", "und", "von", "van", "im", "am", "mit"),
}


def lowered(line: str) -> str:
    """With capitals where words begin, but for small words within; a line that is not shouted as it is, and so is a
    state: "Springfield, IL 62701"."""
    if not line.isupper() or len(line) <= 4:
        return line
    words = line.lower().split()
    raised = [w if n and w in _SMALL else w[:1].upper() + w[1:] for n, w in enumerate(words)]
    return _STATE.sub(lambda state: state[0].upper(), " ".join(raised))
