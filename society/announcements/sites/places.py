"""The parts of a place told apart: the venue, the room in it, the address."""

import re
from dataclasses import dataclass
from itertools import takewhile

from society.announcements.online import without_online
from society.announcements.sites.cases import alone
from society.announcements.sites.grounds import (
    CHAMBERS,
    HOUSES,
    is_a_place_word,
    is_ground_word,
    is_house_word,
    is_room_word,
    is_unnamed,
    names_a_house,
    words_of,
)
from society.announcements.sites.streets import is_address, numbered
from society.announcements.words import BUILDINGS

LEADS = re.compile(
    r"^hybrid\s?[–:,-]\s|^(?:in person |meet(?:ing)? |starts |starting |held |rendez-vous |treffpunkt (?:ist )?)?"
    r"(?:at|in|im|à la|au|outside|near)\s(?:the\s(?=[A-ZÀ-Þ]))?",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"^((?!meet|held|starts|upstairs)\S.*?)\s(?:at|in|im)\s(?=(?:the\s)?[A-ZÀ-Þ])", re.IGNORECASE)
_BRACKETED = re.compile(r"\s\(([^()\n]{2,60})\)")
_LINK = re.compile(
    r",?\s(?P<link>of|at|in|inside|im|am|in der|in dem|dans la|dans le|de la|de l|du|des|der|del|de|en el|en la)(?:\s"
    r"|['’])(?:the\s|l['’])?(?=[A-ZÀ-Þ]|(?:mairie|médiathèque|bibliothèque|biblioteca|lycée|musée|école|collège"
    r"|château|gare)\b)(?!Fêtes|Mariages|Congrès|Sports|Conférences|Actos)"
)
"""Between a room and its house, or a house and its town: the first and the last of them part a phrase."""
_OF = frozenset(("of", "du", "de", "del", "de la", "de l"))
_GERMAN = frozenset(("im", "am", "des", "der", "in der", "in dem"))
"""Behind a room they may lead to a town as well: "salle des fêtes de Brécy"."""
_BESIDE = re.compile(r",?\s(?=(?:on|off|corner of|cnr) [A-ZÀ-Þ\d])(?:(?:on|off)\s)?")
_FOREIGN_ARTICLE = re.compile(r"^(?:la|le|les|el|los|las|der|dem|die|das)\s(?=\w)")
_NUMBER_IN = re.compile(
    r"^([A-ZÀ-Þ][\w'’.-]{1,30} (?:[A-ZÀ-Þ][\w'’.-]{1,30} )?(?:Hall|Building|Library)) (\d{2,4}[A-Za-z]?)(?=,|$)"
)
"""A room by its number behind the building's name: "Emerson Hall 305"."""
_NUMBERED = re.compile(r"\d{1,4}[a-z]?\s[A-ZÀ-Þ]")
"""The number of a house before what needs no word for a street: "3 Minster Yard"."""
_ROMANCE_WAYS = re.compile(r"(?:plaza|place|rue|calle|avenida|paseo|quai|boulevard)\s", re.IGNORECASE)
_REMARK = re.compile(r"[a-zß-ÿ]{3,14}\s[a-zß-ÿ]")
"""What begins in small letters behind a comma, and names nothing."""
_SHORT = re.compile(r"\b(?:St|Sq|Rd|Ave|Ln|Str)\.$")
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\d{4,5})\b")
"""Before which a street needs no number to be one."""
_TRAILS = re.compile(
    r",?\s(?:or|and) (?:(?i:live|also)|by|via|on|online|(?i:zoom|teams|webex))\b|,?\sby kind\b|\s(?:at|from|on)$"
)
_FIRST_IN_ROOMS = {*("auditorio", "room", "raum", "saal", "sala", "horsaal", "salle", "salon", "amphitheatre", "amphi")}
_HOUSES_TOO = {*("auditorium", "theatre", "theater", "gallery", "aula", "hall", "library", "kitchen", "bar", "hide")}
"""What is a house by itself, and a room before or behind a larger one."""
_CAMPUSES = {
    *("university", "universitat", "universidad", "universite", "college", "institute", "institution", "building"),
}


@dataclass(frozen=True)
class Place:
    """What was read, each empty if it is not told."""

    venue: str = ""
    room: str = ""
    address: str = ""
    quote: str = ""
    doubt: str = ""


def place_of(text: str) -> Place:
    """A venue's parts told apart: "Scott Hall, Room 221", "Learning Room at the Archives, Bridge End, Corvedale".

    What comes after the street is the town. A hall by itself is the venue.
    """
    text = _FOREIGN_ARTICLE.sub("", LEADS.sub("", without_online(text).strip(" ,.+&")))
    pieces = numbered(list(_pieces(_TRAILS.split(text)[0])))
    coded = bool(pieces) and bool(_POSTCODE.search(pieces[-1]))
    streets = (n for n, piece in enumerate(pieces) if _is_street(piece, first=not n, coded=coded))
    street = next(streets, len(pieces))
    inside, behind = pieces[:street], pieces[street:]
    rooms = [piece for piece in (*inside, *behind) if is_room(piece)]
    names = [piece for piece in inside if piece not in rooms]
    address = [piece for piece in behind if piece not in rooms]
    if len(names) > 1 and _is_within(names[0], names[1]):
        rooms, names = [names[0], *rooms], names[1:]
    if len(names) > 1 and names_a_house(names[0]) and (words_of(names[1]) or [""])[-1] in _HOUSES_TOO - {"hall"}:
        rooms, names = [names[1], *rooms], [names[0], *names[2:]]
    if (not names and rooms and not address) or (not names and rooms and street):
        names, rooms = [rooms[0]], rooms[1:]
    return Place(names[0] if names else "", ", ".join(rooms), ", ".join([*names[1:], *address]), text)


def _is_street(piece: str, *, first: bool, coded: bool) -> bool:
    """A piece that begins the address; what comes first may be a house's name unless there is a number."""
    if first:
        sure = re.search(r"\d", piece) or _ROMANCE_WAYS.match(piece) or coded
        return is_address(piece) and bool(sure) and not is_room(piece)
    return is_address(piece) or (bool(_NUMBERED.match(piece)) and not is_room(piece))


def _is_within(piece: str, other: str) -> bool:
    """Whether what comes first is in what follows: the latter is the larger, or a house by its own name."""
    return (is_unnamed(piece) and names_a_house(other) and not is_unnamed(other)) or _rank(piece) < _rank(other)


def _pieces(text: str) -> list[str]:
    """What commas, bars, dashes and brackets part, and words between a room and its house."""
    bracketed = _BRACKETED.sub(_opened, text)
    parted = re.split(r",\s|\s[|·–-]\s", _NUMBER_IN.sub(r"\1, Room \2", bracketed))
    told = takewhile(lambda piece: not _REMARK.match(piece) or _is_known(piece), parted)
    found = [part.strip(" ") for piece in told for part in _linked(LEADS.sub("", piece))]
    return [
        piece if n + 1 < len(found) and _SHORT.search(piece) else piece.strip(".")
        for n, piece in enumerate(found)
        if piece
    ]


def _is_known(piece: str) -> bool:
    return any(map(is_a_place_word, words_of(piece))) or is_address(piece)


def _opened(held: re.Match[str]) -> str:
    """A room or a street between brackets is one; a remark on the way is nothing."""
    if is_room(held[1]) or is_address(held[1]):
        return f", {held[1]}"
    return "" if held[1][:1].islower() else held[0]


def _linked(piece: str) -> list[str]:
    """A room and the house that it is said to be of, "Salón de actos del Ateneo"; a house and the street or town it is
    said to be in, "the boathouse on Shore Drive"."""
    for link in _LINK.finditer(piece):
        before, behind = piece[: link.start()], piece[link.end() :]
        of_town = link["link"] in _OF and not (names_a_house(behind) or "the " in link[0])
        if (is_room(before) and not of_town) or (
            link["link"] == "of" and words_of(before)[-1] in _HOUSES_TOO and names_a_house(behind)
        ):
            return [before, *_linked(alone(behind) if link["link"] in _GERMAN else behind)]
        if link["link"] in ("at", "in", "inside") and _ends_in_a_place(before):
            return [before, *_linked(behind)]
    house, _, part = piece.rpartition(" ")
    if names_a_house(house) and part.islower() and is_room(part):
        return [house, part]
    beside = _BESIDE.search(piece)
    if beside and is_address(piece[beside.end() :]) and not is_address(piece[: beside.start()]):
        return [piece[: beside.start()], piece[beside.end() :]]
    return [piece]


def _ends_in_a_place(piece: str) -> bool:
    last = (words_of(piece) or [""])[-1]
    return is_house_word(last) or is_ground_word(last) or last == "hall"


def is_room(piece: str) -> bool:
    """Whether it names a part of a building: "Room 4", "Saal 1", "The Annexe", "Sala de Actos", "upstairs"."""
    words = words_of(piece)
    if not words:
        return False
    if piece.islower() and is_room_word(piece):
        return True
    figures = bool(re.search(r"\d", piece))
    if any(word in BUILDINGS for word in words) and not figures:
        return False
    if figures and any(map(is_room_word, words)):
        return True
    if words[-1] in _HOUSES_TOO | (HOUSES - CHAMBERS):
        return False
    lettered = re.fullmatch(r"(?:[a-z]+ )?room [a-z]", " ".join(words))
    floor = {"floor", "upstairs", "downstairs", "piso", "etage"} & {*words}
    return bool(is_room_word(words[-1]) or words[0] in _FIRST_IN_ROOMS or lettered or floor)


def tells_of_more(line: str) -> bool:
    """Whether something takes place "at" or "in" what it names: "Open evening at the Old Mill"."""
    parted = _WITHIN.search(line)
    return parted is not None and not is_room(parted[1]) and not is_address(parted[1])


def is_place(line: str) -> bool:
    """Whether it can be nothing else: a room or a street is among its parts."""
    return any(is_room(piece) or is_address(piece) for piece in re.split(r",\s", line))


def is_larger(piece: str, other: str) -> bool:
    """Whether one is a university or the like, and the other a house of it."""
    return _rank(piece) == 2 > _rank(other)


def _rank(piece: str) -> int:
    """What is named after the comma holds what is named before it, if it is the larger kind of place."""
    return 2 if any(word in _CAMPUSES for word in words_of(piece)) else int(names_a_house(piece))
