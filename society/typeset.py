"""PDFs, made of a template and of words that come into it as data (JSON), never as the typesetter's own language."""

import re
from pathlib import Path

import typst

_IN_OTHER_SCRIPTS = re.compile(r"\\u(?!0[0-8]|10[a-f]|1[ef]|2[0-9ab]|f[be])[0-9a-f]{4}")
"""A letter, as JSON in ASCII has it, that is none of Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic or Georgian."""


def needs_more_fonts(given: str) -> bool:
    """Whether letters stand in it that the typesetter's own fonts do not have."""
    return bool(_IN_OTHER_SCRIPTS.search(given))


def pdf(template: Path, **given: str) -> bytes:
    """The same words give the same bytes, save with names in Chinese, Thai and other scripts, which are in the fonts
    of the machine. It takes a part of a second, for many pages some seconds: not within a write."""
    own_fonts = not any(map(needs_more_fonts, given.values()))
    made = typst.compile(template, format="pdf", sys_inputs=given, ignore_system_fonts=own_fonts, timestamp=0)
    assert isinstance(made, bytes)
    return made
