"""Capital letters of the European scripts, as a pattern: "Šárka" and "Łukasz" begin with one as "Sara" does."""

from unicodedata import category

_LAST = 0x2000
"""Latin with all its marks, Greek and Cyrillic stand before it; behind it come signs."""

CAPITAL = f"[{''.join(chr(code) for code in range(_LAST) if category(chr(code)) == 'Lu')}]"
