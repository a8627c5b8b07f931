"""Lines that a poster prints in capitals, as a sentence would write them."""

_SMALL = {
    "a",
    "an",
    "and",
    "at",
    "by",
    "for",
    "in",
    "of",
    "on",
    "or",
    "the",
    "to",
    "with",
    "de",
    "la",
    "le",
    "du",
    "del",
}
_SMALL |= {"des", "les", "et", "y", "en", "el", "der", "die", "das", "und", "von", "im", "am", "mit"}


def lowered(line: str) -> str:
    """With capitals where words begin, but for small words within; a line that is not shouted as it is."""
    if not line.isupper() or len(line) <= 4:
        return line
    words = line.lower().split()
    return " ".join(w if n and w in _SMALL else w[:1].upper() + w[1:] for n, w in enumerate(words))
