"""How texts are typed in languages other than English."""

import re

_NOT_TYPED = {
    "de": r'["”]',
    "fr": r"[ \u00a0][:;!?»]|«(?!\u202f)|[\"'·]",
    "es": r'["“”]',
}
"""French has narrow no-break spaces beside its signs. None has points in words: genders are avoided by wording."""
_FIELD = re.compile(r"\{\{.*?\}\}")


def mistyped(text: str, language: str) -> list[str]:
    """What the typography of that language does not know; fields of notices are left aside."""
    return re.findall(_NOT_TYPED.get(language, "(?!)"), _FIELD.sub("", text))
