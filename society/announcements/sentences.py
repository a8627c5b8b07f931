"""Where sentences end."""

import re

from society.announcements.words import ABBREVIATED

_END = re.compile(
    ABBREVIATED + r"(?:(?<=[^\W_]{2})|(?<=\b[ap]\.m)|(?<=[£€$]\d)|(?<=[”\"»)]))[.!?]{1,3}[”\"»)]?"
    r"(?!(?<=\d\.)\s(?i:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|stock"
    r"|jahrhundert)\b)\s(?=[A-ZÀ-Þ“\"«„¿¡£€(])"
)


def sentences(line: str) -> list[str]:
    """A line's sentences, each as it stands there."""
    ends = [match.end() for match in _END.finditer(line)]
    return [said for at, end in zip([0, *ends], [*ends, len(line)], strict=True) if (said := line[at:end].strip())]
