"""Messages as they are copied from a chat, each behind when it was sent and by whom."""

import re

_CLOCK, _DAY = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?", r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
_STAMP = re.compile(
    rf"\s*(?:\[(?:{_CLOCK},?\s{_DAY}|{_DAY},?\s{_CLOCK})\]|{_DAY},?\s{_CLOCK}\s[–-])\s(?:[^:\n]{{2,30}}:\s?)",
    re.IGNORECASE,
)
"""[18:42, 09/02/2027] Ada Kay: / 09/02/2027, 18:42 - Ada Kay:"""


def unstamped(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines without the stamps, which tell of no event, and those."""
    bare, stamps = list[str](), list[str]()
    for line in lines:
        stamp = _STAMP.match(line)
        bare.append(line[stamp.end() :] if stamp else line)
        stamps += [stamp[0].strip()] if stamp else []
    return bare, stamps
