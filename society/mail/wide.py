"""Lines of text in scripts whose letters are two columns wide, and of which some have no spaces between words."""

import re
from unicodedata import combining, east_asian_width

_OWN = r"\u2e80-\u2fff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
"""Of Chinese and Japanese, between which a line may end; in Korean it ends between words."""
_OPENING = "（「『【〔《〈"
_CLOSING = "、。，．：；？！）」』】〕》〉ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…"
"""What no line ends with, and none begins with."""
_SPACES = r" \t\u3000"
_UNITS = re.compile(rf"[{_SPACES}]+|[{_OPENING}]*(?:[{_OWN}]|[^{_SPACES}{_OWN}{_OPENING}{_CLOSING}]+|.)[{_CLOSING}]*")


def has_wide(text: str) -> bool:
    """Whether some of its letters are wider than others."""
    return not text.isascii() and any(east_asian_width(letter) in "WF" for letter in text)


def columns(text: str) -> int:
    """How wide it is where letters stand below one another."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else not combining(letter) for letter in text)


def filled(text: str, width: int) -> str:
    """The text in lines of that width, save for what cannot be broken, such as an address."""
    lines, line = [], ""
    for unit in _UNITS.findall(text):
        if line.strip() and not unit.isspace() and columns(line) + columns(unit) > width:
            lines.append(line.rstrip())
            line = ""
        line += unit if line or not unit.isspace() else ""
    return "\n".join([*lines, line.rstrip()])
