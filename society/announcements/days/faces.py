"""Times of day in words, as one reads them off the face of a clock: "half past seven", "halb acht".

Every pattern has bounded repetition, so that reading is linear in the length of the text.
"""

from datetime import time

from society.announcements.words import NUMBERS
from society.text import folded

_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eins?|zwei|drei|vier|fünf|sechs|sieben|acht"
    r"|neun|zehn|elf|zwölf|une|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|una|dos|tres|cuatro|cinco|seis"
    r"|siete|ocho|nueve|diez|once|doce)"
)
_NUMBER = rf"(?:{_WORD}|1[0-2]|[1-9])"
_HALF = r"(?:\s?[ap]\.?\s?m\b\.?)?"
HOUR = rf"{_WORD}\b"
"""An hour alone, which is a time of day only at the end of a span: "half past seven to nine"."""
FACE = (
    rf"(?:(?:half(?:\spast)?|(?:a\s)?quarter\s(?:past|to))\s{_NUMBER}\b{_HALF}"
    rf"|{_WORD}\s(?:[ap]\.?\s?m\b\.?|(?:o['’]clock|thirty|fifteen|forty-five)\b{_HALF})"
    rf"|{_WORD}\suhr(?:\s(?:dreißig|fünfzehn|fünfundvierzig))?\b"
    rf"|(?:halb|viertel\s(?:nach|vor))\s{_NUMBER}\b"
    rf"|{_NUMBER}\sheures?\s(?:et\s(?:demie?|quart)|moins\sle\squart|trente|quinze|quarante-cinq)\b"
    rf"|(?<=à\s){_WORD}\sheures?\b(?!\sde\s(?!l))"  # "à deux heures de Paris" is a way
    rf"|las?\s{_NUMBER}\s(?:y\s(?:media|cuarto)|menos\scuarto)\b"
    rf"|(?<=\ba\s)las?\s{_WORD}\b(?!\s(?!horas)[^\W\d_]{{4}})|(?<=\bde\s)las\s{_WORD}\b(?=\sa\slas?\s))"
)
_MINUTES = {
    **dict.fromkeys(("half past", "half ", "et demi", "y media", "thirty", "dreissig", "trente"), 30),
    **dict.fromkeys(("quarter past", "viertel nach", "et quart", "y cuarto", "fifteen", "funfzehn", "quinze"), 15),
    **dict.fromkeys(("forty-five", "funfundvierzig", "quarante-cinq"), 45),
    **dict.fromkeys(("quarter to", "viertel vor", "moins le quart", "menos cuarto"), -15),
    "halb": -30,
}
"""What is added to the hour."""
_HOURS = NUMBERS | {str(hour): hour for hour in range(1, 13)}


def read_face(words: str) -> time | None:
    """The time of day by a face of twelve hours, from 1:00 to 12:59; None if the words tell none."""
    plain = folded(words)
    hour = next((_HOURS[word] for word in plain.split() if word in _HOURS), None)
    minutes = next((added for said, added in _MINUTES.items() if said in plain), None)
    if hour is None or (minutes is None and not any(map(is_hour, plain.split()))):
        return None  # nothing of it is in words
    told = hour * 60 + (minutes or 0)
    return time(*divmod(told + 720 if told < 60 else told, 60))


def is_hour(words: str) -> bool:
    """Whether it is an hour in one word, which may as well be a number of something else."""
    return folded(words) in NUMBERS
