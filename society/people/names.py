"""What a letter calls a person by."""

import re

_TITLE = re.compile(
    r"(?:prof(?:essor|essorin|\.)?|dr\.?|dra\.?|ing\.|dipl\.-?\S*|mag\.|med\.|phil\.|jur\.|theol\.|nat\.|rer\.|habil\.|h\.|c\."
    r"|sir|dame|lord|lady|rev(?:erend|d)?\.?|fr\.|hon\.?|mr\.?|mrs\.?|ms\.?|mx\.?|miss|herr|frau|mme\.?|mlle\.?|m\."
    r"|don|doña|sr\.|sra\.|emeritus|emerita|capt(?:ain|\.)|judge|em\.)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?:[A-Z]{2,5}|(?:[A-Z]\.){1,4}|Ph\.? ?D\.?|MdB|MdL|Jr\.?|Sr\.?|Esq\.?|e\.h\.)")
"""What follows a name behind a comma: "PhD", "OBE", "B.A."."""
_INITIAL = re.compile(r"\w\.?(?:-?\w\.)?")


def first_name(name: str) -> str:
    """The first name in a whole one, without titles: "Ann" of "Prof. Dr. Ann Ash" and of "Ash, Ann".

    The whole name where that tells none ("Prof. Ash", "A. Ash"); nothing where there is no name.
    """
    family, _, given = name.partition(",")
    turned = given.split() if not all(_AFTER.fullmatch(word) for word in given.replace(",", " ").split()) else []
    words = turned or family.split()
    while len(words) > 1 and _TITLE.fullmatch(words[0]):
        words.pop(0)
    titled = not turned and len(words) == 1
    return " ".join(family.split()) if titled or not words or _INITIAL.fullmatch(words[0]) else words[0]
