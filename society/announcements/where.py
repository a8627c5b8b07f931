"""Where an announcement says that its event is: all that may be the place is gathered, and the likeliest is taken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from society.announcements import wording
from society.announcements.backing import backers, bodies
from society.announcements.days import dates
from society.announcements.days.hours import hours_in
from society.announcements.days.said_when import beside_when
from society.announcements.online import is_online
from society.announcements.persons import names, people
from society.announcements.persons.given import is_given
from society.announcements.sentences import sentences
from society.announcements.sites import places, streets
from society.announcements.sites.besides import is_beside_the_point, is_of_the_event
from society.announcements.sites.cases import alone
from society.announcements.sites.grounds import (
    INNS,
    is_a_place_word,
    is_common,
    is_ground_word,
    is_unnamed,
    names_a_house,
    words_of,
)
from society.announcements.sites.places import Place, place_of
from society.announcements.sites.spots import spots_in
from society.text import folded

LEAST, SURE = 4, 6
"""Of a score: what is told at all, and what is told without a doubt."""
NEAR = 3
"""Lines beneath the day within which its place may stand."""
_QUOTED = re.compile('[“„«"][^“”„«»"\n]{1,200}[”“»"]')
_BEHIND_TITLE = re.compile(r"(?<=[”\"»“]),\s(?P<place>[^“”\"»]{4,120})$")
_AS_EVER = re.compile(
    r"^(?:the |our )?(?:usual|same) (?:time and )?(?:place|venue|spot)(?: as (?:always|usual|ever|before))?"
    r"[,:]?\s(?:\((?P<held>[^()]*)\))?",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(
    r"(?<=\w),?\s[£€$]\d.*$|(?<=\w),\s(?:as (?:usual|ever|always|before)|wie immer|comme d['’]habitude"
    r"|como siempre)\b.*$|\s[,(–-]{0,2}\s?(?:NOT|not|nicht|pas|no) (?:at |in |the |im |à |en )?.*$"
)
_BEHIND_STREET = re.compile(r"(,\s[A-Z][\w'’-]{1,20} (?:St|Rd|Ave|Ln|Sq))\.\s[A-Z].*$")
_ARTICLE = re.compile(r"^(?:das|der|die|dem|la|le|el|the)\s(?=\S)")
_LED = dict.fromkeys(("at", "im", "am", "au", "bei"), 1)
_LED |= dict.fromkeys(("taken", "booked", "moved to", "moves to", "leaves"), 3)
"""By how much words before a place make it likelier than "in" does."""
_DATIVE = {"im", "am", "beim", "in dem", "auf dem", "vor dem", "in den"}
_IN_TITLE = "It may be part of the title."
_BESIDE = "Taken from the line beside the date."
_NAMED = "The text names it, but perhaps not as the place."
_RUNS = re.compile(
    r"[a-zß-ÿ]{3}\.\s[A-Z]|(?<!\bAve)(?<!\b(?:St|Rd|Sq))[.!?]$|\b(?:we|is|are|was|has|have|will|next|our|invites?"
    r"|presents?|takes|teams|please|join|watch|limited|see|hope|provided|you|bring|welcome|for an?|wir|nous"
    r"|nos|aura|sera|tendrá|será|findet|wird|leaves|goes|starts|begins|picks|presenta|présente|präsentiert|lädt|doors|einlass|originally"
    r"|ursprünglich|initialement|originalmente|free|members|copies)\b",
    re.IGNORECASE,
)
"""What stands in sentences, and in no name of a place."""


@dataclass(frozen=True)
class Said:
    """A sentence, and whether it names a day and an hour."""

    text: str
    line: int
    day: bool
    hour: bool


@dataclass(frozen=True)
class Candidate:
    """What may be the place, where it stands, and how likely it is."""

    place: Place
    at: int
    score: int
    doubt: str = ""


def place_line(text: str, title: str) -> Place | None:
    """The likeliest place, with what other candidates near it tell of its room and its street."""
    told = list(_said(text))
    found = [*_lines(told, title), *_phrases(told, title)]
    found.sort(key=lambda one: -one.score)  # of equals the first
    best = found[0] if found else None
    if best is None or best.score < LEAST:
        return None
    place = _completed(best, found)
    return replace(place, doubt=best.doubt if best.score < SURE else "")


def _said(text: str) -> Iterator[Said]:
    for n, line in enumerate(text.split("\n")):
        for said in sentences(line):
            yield Said(said, n, bool(dates.dated_in(said)), any(hours_in(said)))


def _lines(told: list[Said], title: str) -> Iterator[Candidate]:
    """What stands on a line beside the day or the hour, or on one of its own."""
    dated = [n for n, said in enumerate(told) if said.day]
    for n, said in enumerate(told):
        text = _AS_EVER.sub(lambda held: held["held"] or "", said.text)
        text = places.LEADS.sub("", text) if text[:1].islower() else text
        before, after = beside_when(text)
        beside = (before, after) != (text, "")
        titled = _BEHIND_TITLE.search(said.text)
        parts = (
            (after.partition(": ")[0], True),
            (before, not text.startswith(before)),
            (titled["place"] if titled else "", False),
        )
        for held, behind in parts:
            held = _ARTICLE.sub("", _NOT_THERE.sub("", _BEHIND_STREET.sub(r"\1", held)).strip(" ."))
            held = held.strip("()") if held[:1] == "(" and held.count("(") == 1 else held
            if held and _could_be_place(held) and not places.tells_of_more(held) and not _is_title(held, title):
                near = 2 + 2 * (said.day and behind) if beside else _nearness(n, dated)
                yield _judged(place_of(held), n, near, _BESIDE)


def _nearness(n: int, dated: list[int]) -> int:
    """How near beneath the day a line stands, or above it."""
    beneath = [n - day for day in dated if 0 < n - day <= NEAR]
    return NEAR + 1 - min(beneath) if beneath else int(any(day == n + 1 for day in dated) and n > 0)


def _phrases(told: list[Said], title: str) -> Iterator[Candidate]:
    """What sentences say that something is at, or in."""
    for n, said in enumerate(told):
        bare = _QUOTED.sub(lambda held: " " * len(held[0]), said.text)
        for spot in spots_in(bare):
            place = place_of(alone(spot.words) if spot.lead in _DATIVE else spot.words)
            near = _told_with_when(told, n) + 2 * is_of_the_event(bare, spot.at, spot.lead)
            near += _LED.get(spot.lead, 0) + 3 * _is_an_inn(place.venue, spot.words if spot.definite else "")
            near -= 7 * is_beside_the_point(bare, spot.at, spot.end, spot.lead, day=said.day, hour=said.hour)
            titled = folded(said.text[spot.at : spot.end]).strip(" .,") in folded(title)
            yield _judged(place, n, near - 4 * titled, _IN_TITLE if titled else _NAMED)


def _told_with_when(told: list[Said], n: int) -> int:
    """How near a sentence is to the day and the hour: it names both, one of them, or follows what does."""
    said = told[n]
    return 2 + said.day + said.hour if said.day or said.hour else int(n > 0 and told[n - 1].day)


def _is_an_inn(venue: str, definite: str) -> bool:
    """Whether an inn is named, by what names much else without its article: "at the Crown"."""
    return bool({*words_of(venue)} & INNS and not names_a_house(venue) and (definite or venue.startswith("The ")))


def _judged(place: Place, at: int, near: int, doubt: str) -> Candidate:
    """How likely the words by themselves are those of a place, besides where they stand."""
    head = place.venue or place.room
    known = _known(head)
    score = near + known + (2 if place.room else 0) + (3 if _is_sure(place.address) else 0)
    if head and not head[:1].isupper():
        score -= 1 if known else 5
    if head and (wording.is_kind(head) or (wording.says_little(head) and not known and not place.address)):
        score -= 6
    if head and not known and not place.address and names.bare_name(head):
        score -= 5 if is_given(head) or names.is_titled(head) else 1
    if known and near < 1 and not _is_sure(place.address) and bodies.is_letterhead(head):
        score -= 3
    return Candidate(place, at, score, doubt)


def _is_sure(address: str) -> bool:
    return bool(re.search(r"\d", address)) or any(map(streets.is_address, address.split(", ")))


def _known(head: str) -> int:
    """How sure a name is one of a place: by its own name and the word for a house, by that alone, by a part of it."""
    words = words_of(head)
    if names_a_house(head) or words[-1:] == ["hall"] or words[:1] in (["bei"], ["chez"]):
        return -1 if is_common(" ".join(words)) else 3 if is_unnamed(head) else 4
    return (
        3 if any(map(is_ground_word, words)) or _is_an_inn(head, "") else 1 if any(map(is_a_place_word, words)) else 0
    )


def _completed(best: Candidate, found: list[Candidate]) -> Place:
    """With the house of which but a room or a street is told, and with the room and the street of which but the house
    is, where the lines and sentences around tell them."""
    place = best.place
    near = sorted((one for one in found if one is not best), key=lambda one: abs(one.at - best.at))
    if not place.venue or (places.is_room(place.venue) and not place.room):
        least = LEAST if place.venue else 1
        house = next((one for one in near if names_a_house(one.place.venue) and one.score >= least), None)
        if house:
            room = ", ".join(filter(None, (house.place.room, place.venue)))
            quote = f"{house.place.quote}; {place.quote}"
            return Place(house.place.venue, room, place.address or house.place.address, quote)
    larger = (one for one in near if one.at == best.at and one.score >= SURE and not one.place.room)
    if campus := next((one for one in larger if places.is_larger(one.place.venue, place.venue)), None):
        room = ", ".join(filter(None, (place.venue, place.room)))
        return Place(campus.place.venue, room, place.address, f"{campus.place.quote}; {place.quote}")
    for one in near:
        other, beside = one.place, abs(one.at - best.at) <= 1 or one.score >= SURE - 1
        rooms = ", ".join(filter(None, (other.venue, other.room)))
        if (
            not place.room
            and beside
            and one.score > 0
            and places.is_room(rooms.rpartition(", ")[2])
            and not other.address
        ):
            place = replace(place, room=rooms, quote=f"{place.quote}; {other.quote}")
        elif not place.address and beside and other.address and not other.venue:
            place = replace(place, address=other.address, quote=f"{place.quote}; {other.quote}")
        elif folded(other.venue) == folded(place.venue) and place.venue:
            place = replace(place, room=place.room or other.room, address=place.address or other.address)
    return place


def _is_title(held: str, title: str) -> bool:
    return bool(title) and folded(held).startswith(folded(title))


def _could_be_place(line: str) -> bool:
    """Whether it is no sentence, no day, nobody, and nothing that backs an event."""
    if not 1 <= len(line.split()) <= 14 or "http" in line or ":" in line:
        return False
    if is_online(line) or any(backers.backers_in(line)) or dates.dated_in(line) or any(hours_in(line)):
        return False
    first = folded(line.partition(" ")[0])
    named = line[:1].isupper() or is_a_place_word(first) or (line[:1].isdigit() and streets.is_address(line))
    return bool(named and not _RUNS.search(line) and not people.speaking(line)[0])
