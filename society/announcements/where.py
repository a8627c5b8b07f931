"""Which line of an announcement tells the place: one by itself, or what stands beside the date or beneath it."""

import re
from dataclasses import replace

from society.announcements import backers, bodies, dates, names, people, places, wording
from society.announcements.hours import hours_in, zone_of
from society.announcements.online import is_online
from society.announcements.placed import places_in
from society.announcements.words import ABBREVIATED, BUILDINGS, ROOMS, STREETS
from society.text import folded

_UP_TO = (
    r" (?!\d)(?:the )?([^.(\n]{4,100}?)(?=(?: any ?time)? (?:at|from|for|on|between) (?:\d|[A-Z][a-z]+day)"
    r"|, (?:led|with|and|back)\b|[.(]|$)"
)
_MEET = re.compile(
    r"(?:^|[,;:.]\s)(?:we(?:['’]ll| will| shall)? )?(?:meet|gather|assemble)(?:ing)? "
    rf"(?:(?:at )?\d[\d.:]{{0,4}}\s?(?:[ap]\.?m\.?)? )?(?:at|in|by|outside|near){_UP_TO}",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    r"\b(?:(?:leav(?:es?|ing)|set(?:s|ting)? off|depart(?:s|ing)?|start(?:s|ing)?) from|come to(?= the\s))" + _UP_TO,
    re.IGNORECASE,
)
"""Where one sets off, which is the place if no line beside the day tells another."""
_SENTENCE = re.compile(
    ABBREVIATED + r"(?:(?<=[^\W\d_]{3})[.!?]|(?<=[^\W\d_]{3}[.!?])[”\"»]|(?<=[”\"»])\.)\s(?=[A-ZÀ-Þ])"
)
_BEHIND_TITLE = "”, ", '", ', "», ", "“, "
_IN_ROOM = re.compile(
    r"\bin the ((?:[A-ZÀ-Þ][\w'’-]{1,20} ){1,3}(?:Room|Hall|Gallery|Theatre|Studio|Suite|Lounge|Chamber|Annexe"
    r"|Library))\b"
)
_DOORS = re.compile(
    r"\((?:doors|einlass)[^)]{0,30}\)|^,\s(?:doors|einlass)[^,;]{0,30}|,\s(?:doors|einlass)\b[^,;]{0,30}$",
    re.IGNORECASE,
)
_PLACED = re.compile(r"\b(?:at|in) (?:the )?[A-ZÀ-Þ]")
NEAR = 3
"""Lines beneath the day within which its place may stand."""
_OF_PLACES = BUILDINGS | ROOMS | STREETS
_AMONG = re.compile(r"\s(?:aux?|à la|en la|en el|in der)\s(?=[A-ZÀ-Þ])")
_IN_TITLE = "It may be part of the title."


def place_line(text: str, title: str) -> places.Place | None:
    """A line that is nothing but a place; or what follows the date, in its line or beneath, and is no sentence.

    The line that is nothing but the title tells of none.
    """
    told = [said for line in text.split("\n") for said in _SENTENCE.split(line) if said]
    listed = [line.rpartition(mark)[2] for line in told for mark in _BEHIND_TITLE if mark in line]
    lines = [places.LEADS.sub("", line) if line[:1].islower() else line for line in told]
    parted = [_beside_when(line) for line in lines]
    bare = [_of_either(before, after) for before, after in parted]
    for held in dict.fromkeys((*bare, *(held.strip(" .") for held in bare), *listed)):
        if _could_be_place(held) and _surely_place(held):
            return _with_room(_with_venue_above(places.place_of(held), held, bare, title), told)
    if met := next(filter(None, map(_MEET.search, told)), None):
        return places.place_of(_beside_when(met[1])[0])
    dated = next((n for n, line in enumerate(lines) if parted[n] != (line, "")), None)
    beside = "" if dated is None else bare[dated] if parted[dated][1] or dated else ""
    titled = beside.casefold().startswith(title.casefold() or "\0")
    if beside and not titled and _could_be_place(beside) and not places.tells_of_more(beside):
        return places.place_of(beside)
    if named := _beneath_when(bare, dated, title):
        return places.place_of(named)
    if read := _left_from(told) or _in_prose(told, title):
        return read
    beneath = bare[dated + 1 : dated + 2] if dated is not None else []
    above = bare[dated - 1 : dated] if dated and dated > 1 else []
    guessed = next((held for held in (*beneath, *above) if held != title and _could_be_place(held)), None)
    if guessed:
        return replace(places.place_of(guessed), doubt=_unlike(guessed))
    head = lines[0] if lines and dated else ""
    headed = folded(head) != folded(title) and _could_be_place(head) and folded(head).split()[-1] in BUILDINGS
    return replace(places.place_of(head), doubt="Taken from the first line.") if headed else None


def _left_from(told: list[str]) -> places.Place | None:
    left = next(filter(None, map(_LEAVES.search, told)), None)
    return places.place_of(_beside_when(left[1])[0]) if left else None


def _in_prose(told: list[str], title: str) -> places.Place | None:
    """Without the title, which can name a place, "Women in the Middle Ages", and without whom a letter greets; what a
    title names is asked about where nothing else is named."""
    lines = (line for line in told if line.casefold() != title.casefold())
    prose = "\n".join(line for line in lines if not (wording.is_greeting(line) and line[-1:] in ":,"))
    if (places.tells_of_more(title) or _AMONG.search(title)) and wording.before_place(title) == title:
        untitled = places_in(re.sub(re.escape(title), " ", prose, flags=re.IGNORECASE))
        read = untitled if untitled.venue or untitled.room else replace(places_in(prose), doubt=_IN_TITLE)
    else:
        read = places_in(prose)
    return read if read.venue or read.room else None


def _with_venue_above(place: places.Place, line: str, lines: list[str], title: str) -> places.Place:
    """Of a line that is but a street the venue is what stands above it."""
    at = next((n for n, one in enumerate(lines) if one.strip(" .") == line.strip(" .")), 0)
    above = lines[at - 1] if at else ""
    if place.venue or not place.address or not above or folded(above) == folded(title) or not _could_be_place(above):
        return place
    if bodies.is_letterhead(above) or people.is_alone(above) or wording.says_little(above):
        return place
    held = places.place_of(above)
    return replace(held, address=place.address, quote=f"{above}; {line}") if not held.address else place


def _with_room(place: places.Place, told: list[str]) -> places.Place:
    """With the room that the sentence with the day names, "in the Coin Room", where the place stands elsewhere."""
    if place.room or not place.venue:
        return place
    rooms = (match for said in told if dates.dated_in(said) for match in _IN_ROOM.finditer(said))
    room = next((match[1] for match in rooms if match[1] not in place.venue and match[1] not in place.address), "")
    return replace(place, room=room, quote=f"{place.quote}; {room}") if room else place


def _beneath_when(told: list[str], dated: int | None, title: str) -> str:
    """A line near below the day that is nothing but a building's or a room's name, without its street."""
    for line in told[dated + 1 : dated + 1 + NEAR] if dated is not None else []:
        ends = [
            word
            for piece in re.sub(r"\s\([^)]*\)", "", folded(line)).split(", ")
            for word in (piece.split()[:1] + piece.split()[-1:])
        ]
        named = not any(word.islower() and len(word) > 4 for word in line.split())
        plain = named and not places.tells_of_more(line) and folded(line) != folded(title)
        if plain and {*ends} & (BUILDINGS | ROOMS) and _could_be_place(line) and not wording.is_kind(line):
            return line
    return ""


def _of_either(before: str, after: str) -> str:
    """What follows a date, else what stands before it; that too where it names a building and what follows is talk:
    "Free parking in Lot C"."""
    talk = any(word.islower() and len(word) > 3 for word in after.split()) and not _surely_place(after)
    ends = {folded(piece).rpartition(" ")[2] for piece in before.split(", ")}
    return before if talk and ends & (BUILDINGS | ROOMS) and _could_be_place(before) else after or before


def _unlike(place: str) -> str:
    """What to say of a line that is a place by nothing but where it stands."""
    return "" if set(folded(place).split()) & _OF_PLACES else "Taken from the line beside the date."


def _could_be_place(line: str) -> bool:
    if not 1 <= len(line.split()) <= 14 or "http" in line or ":" in line:
        return False
    if is_online(line) or any(backers.backers_in(line)) or dates.dated_in(line) or any(hours_in(line)):
        return False
    sentence = re.search(
        r"[a-zß-ÿ]{3}\.\s[A-Z]|(?<!\bAve)(?<!\b(?:St|Rd|Sq))[.!?]$|\b(?:we|is|are|will|next|our|invites?"
        r"|presents?|takes|teams|please|join|watch|limited|see|hope|provided|you|bring|welcome|aura|sera|tendrá|será"
        r"|findet|wird|doors|einlass|originally|ursprünglich|initialement|originalmente)\b",
        line,
        re.IGNORECASE,
    )
    named = (
        line[:1].isupper()
        or folded(line.partition(" ")[0]) in BUILDINGS | ROOMS
        or (line[:1].isdigit() and places.is_address(line))
    )
    return bool(named and not sentence and not people.speaking(line)[0] and not names.bare_name(line))


def _surely_place(line: str) -> bool:
    """Whether a room or a street is in it, and nothing that takes place "at" or "in" them."""
    bare = re.sub(r"^(?:upstairs )?(?:at|in|im) ", "", line, flags=re.IGNORECASE)
    held = (places.is_place(bare) or places.is_address(bare)) and not places.tells_of_more(line)
    first = bare.partition(", ")[0].split()
    named = (
        not any(word.islower() and len(word) > 4 for word in first)
        or set(folded(bare.partition(", ")[0]).split()) & _OF_PLACES
    )
    return held and bool(named) and len(line) < 120 and not wording.is_kind(line)


def _beside_when(line: str) -> tuple[str, str]:
    """What stands before a date or a time, and what follows it in the sentence; a line without them as it is."""
    spans = dates.dated_in(line) + [(h.at, h.end) for h in hours_in(line)]
    if not spans:
        return line, ""
    after = line[max(end for _, end in spans) :]
    after = _DOORS.sub("", after)
    after = re.sub(r"^[\s(]{0,2}(?:[A-Z]{3,4}\b|[A-Z][a-z]{3,8} [Tt]ime\b)\)?|^ ?Uhr\b", "", after)
    ended = after[:2] == ". " or (after[:1] == " " and line[max(end for _, end in spans) - 1] == ".")
    if ended and _PLACED.search(line[: min(start for start, _ in spans)]):
        after = ""
    if after[:1] == " " and zone_of(after.strip()):
        after = ""
    after = re.split(rf"(?<=[^\W_]{{2}}){ABBREVIATED}\.(?:\s|$)|(?<=\s[A-Z0-9])\.(?:\s|$)", after)[0].strip(" ,.|@–-")
    after = after.rstrip(")") if after.count(")") > after.count("(") else after
    before = line[: min(start for start, _ in spans)].strip(" ,.|@–-")
    return before or ("" if after else _between(line, spans)), after


def _between(line: str, spans: list[tuple[int, int]]) -> str:
    """What stands between a day and an hour that begin and end a line: "3 May, Town Hall, doors 7 pm"."""
    first, last = min(spans), max(spans)
    held = line[first[1] : last[0]].strip(" ,.|@–-") if last[1] == len(line.rstrip(" .")) else ""
    return re.sub(r",?\s(?:doors|einlass|at|from|um|ab|à|a las)(?:\sopen)?$", "", held, flags=re.IGNORECASE)
