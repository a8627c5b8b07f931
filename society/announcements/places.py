"""Where an announcement says that something is: the venue, the room in it, the address."""

import re
from dataclasses import dataclass

from society.announcements.online import without_online
from society.announcements.words import BUILDINGS, ROOMS, STREETS
from society.text import folded

_WITHIN_A_HOUSE = re.compile(r"\s(?:im|in der|in dem|in the|at the|dans la|dans le|en el|en la)\s(?=[A-ZÀ-Þ])")
_WITHIN = re.compile(r"^((?!meet|held|starts|upstairs)\S.*?)\s(?:at|in|im)\s(?=(?:the\s)?[A-ZÀ-Þ])", re.IGNORECASE)
_STREET = re.compile(r"\d{1,4}[a-z]?,?\s[^\W\d_]|[^\W\d_]\.?\s\d{1,4}[a-z]?$|\b\d{5}\b")
_ITALIAN = re.compile(r"(?:Via|Viale|Piazza|Corso|Vicolo) [A-ZÀ-Þ].*\d$")
LEADS = re.compile(
    r"^hybrid\s?[–:,-]\s|^(?:in person |upstairs |meet(?:ing)? |starts |starting |held )?"
    r"(?:at|in|im|à la|au|outside|near)\s(?:the\s(?=[A-ZÀ-Þ]))?",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\s\(([^()\n]{2,60})\)")
_OF = re.compile(
    r"\s(?:del|de la|de l['’]|der|des|du)\s?(?=[A-ZÀ-Þ]|mairie|médiathèque|biblioteca|bibliothèque)(?!Fêtes"
    r"|Mariages|Congrès|Sports|Conférences)"
)
_FOREIGN_ARTICLE = re.compile(r"^(?:la|le|les|el|los|las|der|dem|die|das)\s(?=\w)")
_ON_STREET = re.compile(r"\s(?:on|off) ((?:[A-ZÀ-Þ][\w'’.-]{1,20}\s?){2,4})$")
_NUMBERED = re.compile(r"\d{1,4}[a-z]?\s[A-ZÀ-Þ]")
"""The number of a house before what needs no word for a street: "3 Minster Yard"."""
_ROOM_OF = re.compile(r"((?:the )?[^,]{2,40}\s(?:hall|room|theatre|chapel|lounge)) of ([A-Z][^,]{2,60})", re.IGNORECASE)
_NUMBER_IN = re.compile(
    r"^([A-ZÀ-Þ][\w'’.-]{1,30} (?:[A-ZÀ-Þ][\w'’.-]{1,30} )?(?:Hall|Building|Library)) (\d{2,4}[A-Za-z]?)(?=,|$)"
)
"""A room by its number behind the building's name: "Emerson Hall 305"."""
_TRAILS = re.compile(r",?\s(?:or|and) (?:by|via|on|online|(?i:zoom|teams|webex))\b|,?\sby kind\b|\s(?:at|from|on)$")
_ROOMS_OF_A_NAME = {"auditorio", "room", "raum", "saal", "sala", "horsaal", "salle", "salon", "amphitheatre", "amphi"}
_LARGE_ROOMS = {"auditorium", "theatre", "theater", "gallery", "aula"}
_CAMPUSES = {"university", "universitat", "universidad", "universite", "college", "institute", "building"}


@dataclass(frozen=True)
class Place:
    """What was read, each empty if it is not told."""

    venue: str = ""
    room: str = ""
    address: str = ""
    quote: str = ""
    doubt: str = ""


def place_of(text: str) -> Place:
    """A venue's parts told apart: "Scott Hall, Room 221", "12 Harbour Street".

    What comes after the street is the town. A hall by itself is the venue.
    """
    text = LEADS.sub("", without_online(text).strip(" ,.+&"))
    text = _FOREIGN_ARTICLE.sub("", _IN_BRACKETS.sub(_bracketed, _TRAILS.split(text)[0]))
    pieces = [
        piece.strip(" .")
        for piece in re.split(r",\s|\s[|–-]\s|(?<=\w)\sof the\s(?=[A-Z])", _parted(text))
        if piece.strip(" .")
    ]
    pieces = numbered(pieces)
    streets = (n for n, piece in enumerate(pieces) if n and (is_address(piece) or _NUMBERED.match(piece)))
    street = next(streets, len(pieces))
    inside, behind = pieces[:street], pieces[street:]
    inside, address = inside + [p for p in behind if is_room(p)], [p for p in behind if not is_room(p)]
    if len(pieces) == 1 and is_address(pieces[0]) and re.search(r"\d", pieces[0]):
        return Place(address=pieces[0], quote=text)
    if len(pieces) > 1 and is_address(pieces[0]) and re.search(r"\d", pieces[0]) and all(map(is_room, pieces[1:])):
        return Place(address=pieces[0], room=", ".join(pieces[1:]), quote=text)
    rooms = [piece for piece in inside if is_room(piece)]
    names = [piece for piece in inside if piece not in rooms]
    if len(names) > 1 and (_rank(names[0]) < _rank(names[1])):
        rooms, names = [names[0], *rooms], names[1:]
    if len(names) > 1 and _is_building(names[0]) and folded(names[1]).split()[-1] in _LARGE_ROOMS:
        rooms, names = [names[1], *rooms], [names[0], *names[2:]]
    if not names and rooms:
        names, rooms = [rooms[0]], rooms[1:]
    return Place(names[0] if names else "", ", ".join(rooms), ", ".join([*names[1:], *address]), text)


def numbered(pieces: list[str]) -> list[str]:
    """With the number of a house behind the comma as a part of its street: "calle Mayor, 22"; or before it."""
    joined: list[str] = []
    for piece in pieces:
        if joined and (
            (re.fullmatch(r"\d{1,4}[a-z]?", piece) and is_address(joined[-1]))
            or (re.fullmatch(r"\d{1,4}[a-z]?", joined[-1]) and folded(piece).partition(" ")[0] in STREETS)
        ):
            joined[-1] += f", {piece}"
        else:
            joined.append(piece)
    return joined


def _bracketed(held: re.Match[str]) -> str:
    """A room or a street between brackets is one; a remark on the way is nothing."""
    if is_room(held[1]) or is_address(held[1]) or is_address(held[1].partition(",")[0]):
        return f", {held[1]}"
    return "" if held[1][:1].islower() else held[0]


def _parted(text: str) -> str:
    """With a comma between a room and the building that it is said to be of, "Salón de actos del Ateneo", and between
    what stands on a street and that: "the boathouse on Shore Drive"."""
    if (on := _ON_STREET.search(text)) and is_address(on[1]) and not is_address(text[: on.start()]):
        return f"{text[: on.start()]}, {on[1]}"
    within = _WITHIN_A_HOUSE.search(text)
    if within and is_room(text[: within.start()]):
        text = f"{text[: within.start()]}, {text[within.end() :]}"
    text = _NUMBER_IN.sub(r"\1, Room \2", text)
    parts = _OF.search(text, 0, text.find(",") if "," in text else len(text))
    if (of := _ROOM_OF.match(text)) and _is_building(of[2]):
        return f"{of[1]}, {text[of.start(2) :]}"
    return f"{text[: parts.start()]}, {text[parts.end() :]}" if parts and is_room(text[: parts.start()]) else text


def is_room(piece: str) -> bool:
    """Whether it names a part of a building: "Room 4", "Saal 1", "The Annexe", "Sala de Actos"."""
    words = folded(piece).replace("'", " ").split()
    if not words or (_is_building(piece) and not re.search(r"\d", piece)):
        return False
    numbered = bool(re.search(r"\d", piece)) and any(word in ROOMS for word in words)
    named = words[-1] in ROOMS or words[0] in _ROOMS_OF_A_NAME
    inner = (
        words[-1].endswith(("saal", "zimmer"))
        or "floor" in words
        or re.fullmatch(r"(?:lecture |seminar )?room [a-z]", " ".join(words))
    )
    return numbered or bool(inner) or (named and words[-1] not in _LARGE_ROOMS | {"hall"})


def tells_of_more(line: str) -> bool:
    """Whether something takes place "at" or "in" what it names: "Open evening at the Old Mill"."""
    parted = _WITHIN.search(line)
    return parted is not None and not is_room(parted[1]) and not is_address(parted[1])


def is_place(line: str) -> bool:
    """Whether it can be nothing else: a room or a street is among its parts."""
    return any(is_room(piece) or is_address(piece) for piece in re.split(r",\s", line))


def _is_building(piece: str) -> bool:
    words = folded(piece).replace("'", " ").split()
    return any(word in BUILDINGS for word in words)


def _rank(piece: str) -> int:
    """What is named after the comma holds what is named before it, if it is the larger kind of place."""
    words = folded(piece).split()
    return 2 if any(word in _CAMPUSES for word in words) else int(_is_building(piece))


def is_address(piece: str) -> bool:
    """Whether it is a street, with or without its number."""
    words = re.sub(r"[.,]", "", folded(piece)).split()
    if (
        not words
        or (len(words) < 2 and not re.search(r"(?:strasse|gasse|allee|platz|weg)$", "".join(words)))
        or words[0] == "st"
    ):
        return False
    streets = any(
        word in STREETS or word.endswith(("strasse", "str", "gasse", "allee", "platz", "weg")) for word in words
    )
    named = words[0] in STREETS or words[-1] in STREETS or not STREETS.intersection(words)
    return bool(_ITALIAN.match(piece)) or (streets and (bool(_STREET.search(piece)) or (named and len(words) <= 3)))
