"""Where the sentences of an announcement say that something is: "at B University … in Scott Hall, Room 221"."""

import re
from dataclasses import replace
from itertools import islice

from society.announcements.dates import dated_in
from society.announcements.hours import hours_in
from society.announcements.places import Place, is_address, is_room, numbered, place_of
from society.announcements.words import NOT_IN_PLACES, WEEKDAYS
from society.text import folded

_CAPITAL = r"[A-ZÀ-Þ][\w'’.&-]{0,30}"
_SMALL = (
    r"(?:of(?: the)?|de(?: las?| los)?|des|du|del|la|zur|zum|am|der|salle|rue|place|fêtes|commune|mairie"
    r"|schoolroom|church|hall|library|school|centre|center|chapel|museum|theatre|theater|college|médiathèque"
    r"|calle|plaza|avenida|avenue|boulevard|quai|\d{1,5}[a-z]?)\b"
)
_NOUN = (
    r"(?:foyer|gare(?= d)|bibliothèque|"
    r"mairie|église|théâtre|musée|maison|école|lycée|auditorium|amphithéâtre|salle|siège"
    r"|gymnase|librairie"
    r"|cinéma|chapelle|centre|café|biblioteca|salón|sala|aula|casa|centro|sede|iglesia|teatro|museo|escuela"
    r"|auditorio|paraninfo"
    r"|librería|parroquia|ateneo)\b(?: (?:de|des|du|del) (?:la |las |los |les )?[a-zß-ÿ]{4,14}"
    r"| [a-zß-ÿ]{5,12}(?= d|,|\.| \(| pour |$))?"
)
"""What is no name, and yet the place: "la salle polyvalente", "el salón de actos"."""
_PHRASE = (  # runs over no line
    rf"((?:(?<=\b[Tt]he\s){_CAPITAL} and (?={_CAPITAL}))?"
    r"(?:[Tt]he\s|der\s|dem\s|la\s|le\s|les\s|el\s)?"
    rf"(?:{_CAPITAL}|{_NOUN}|{_SMALL})"
    rf"(?:,? (?:& )?(?:{_CAPITAL}|{_NOUN}|{_SMALL}|yr?(?= [A-ZÀ-Þ])|\([^()\n]{{2,40}}\))){{0,12}})"
)
_AT = re.compile(
    rf"\b(?i:at|in|im|in die|in das|ins|(?:am|vor dem)(?=\s\w*(?:bahnhof|platz|heim|turm|eingang)\b)"
    rf"|devant|at the|in the|à la|à(?= l['’])|au|dans|en|held in|place in"
    rf"|(?:come|along|over|round|down|gather at|go) to)\s(?:the\s|l['’])?"
    rf"(?:(?:our )?usual (?:place|venue),?\s\(?)?{_PHRASE}"
)
_PLAIN = re.compile(rf"(?:la |le |les |el )?{_NOUN}")
_IN_STREET = re.compile(rf"\s(?:on|off) ((?:{_CAPITAL} ){{1,3}}{_CAPITAL}|{_CAPITAL} {_CAPITAL})")
_STREETS_END = {"St.", "Ave.", "Rd.", "Blvd.", "Str."}
MOST_PHRASES = 40
"""Places that a text is searched for; an announcement names a few."""
REACH = 300
"""Characters around a place within which its sentence may name a day."""
_ENDED = re.compile(r"[.?!]\s|\n")
LONGEST_LINK = 4
"""Characters between a place and its street: " in "."""
_INNER = re.compile(
    r"\b(?:in )?the ((?:back|front|upstairs|upper|top|function|private|public|committee|meeting) (?:room|bar))"
    rf" (?:of|at)\s{_PHRASE}"
)
_QUOTED = re.compile('[“„«"][^“”„«»"\n]{1,200}[”“»"]')
"""Titles name places that nobody is asked to come to."""
_STOP = WEEKDAYS.keys() | NOT_IN_PLACES
_ABBREVIATED = re.compile(r"(?:St|Dr|Prof|Mt|No|Nr|Str)$")


def places_in(prose: str) -> Place:
    """The place as prose tells it: "at B University … in Scott Hall, Room 221"."""
    if inner := _INNER.search(prose):
        return replace(place_of(_held(inner[2]).removeprefix("the ")), room=inner[1], quote=inner[0])
    phrases = _phrases(_QUOTED.sub(lambda held: " " * len(held[0]), prose))
    if not phrases:
        return Place()
    whole = next((phrase for phrase in phrases if "," in phrase), phrases[0])
    read = place_of(whole)
    others = [phrase for phrase in phrases if phrase != whole]
    if others and others[0] != whole and (is_room(whole.split(", ")[-1]) or not read.venue) and not is_room(others[0]):
        return Place(others[0].partition(", ")[0], whole, read.address, f"{others[0]}; {whole}")
    inside = "" if read.room or not read.venue else next((one for one in others if is_room(one)), "")
    return replace(read, room=inside, quote=f"{whole}; {inside}") if inside else read


def _phrases(prose: str) -> list[str]:
    """What follows "at" or "in": first what stands in a sentence with a day or an hour, if any does; a street that
    follows belongs to what stands before it, "at the Meeting House in Chapel Row"."""
    found: list[tuple[str, bool]] = []
    end = -LONGEST_LINK
    for match in islice(_AT.finditer(prose), MOST_PHRASES):
        held = _held(match[1])
        if (
            found
            and found[-1][0]
            and match.start() - end <= LONGEST_LINK
            and is_address(held)
            and not is_address(found[-1][0])
        ):
            found[-1] = f"{found[-1][0]}, {held}", found[-1][1]
        elif held:
            street = _IN_STREET.match(prose, match.start(1) + len(held))
            whole = f"{held}, {street[1]}" if street and is_address(street[1]) and not is_address(held) else held
            found.append((whole, _is_beside_when(prose, match.start())))
        end = match.start(1) + len(held)
    timed = [phrase for phrase, beside in found if beside]
    others = [phrase for phrase, beside in found if not beside]
    return (timed + [phrase for phrase in others if is_room(phrase)]) if timed and others else timed or others


def _is_beside_when(prose: str, at: int) -> bool:
    """Whether the sentence in which it stands names a day or an hour."""
    before, behind = prose[max(at - REACH, 0) : at], prose[at : at + REACH]
    sentence = _ENDED.split(before)[-1] + _ENDED.split(behind, maxsplit=1)[0]
    return bool(dated_in(sentence)) or any(hours_in(sentence))


def _held(phrase: str) -> str:
    """Up to the end of the sentence, or the first word that belongs to a date or a time."""
    words: list[str] = []
    dated = False
    for word in phrase.split():
        if dated := folded(word).strip(",.") in _STOP:
            break
        words.append(word)
        if word in _STREETS_END and any(map(str.isdigit, words)):
            break
        of_a_side = len(words) > 1 and words[-2].isdigit() and word in ("N.", "S.", "E.", "W.")
        if word.endswith(".") and not _ABBREVIATED.search(word[:-1]) and not of_a_side:
            break
    held = " ".join(words).strip(" ,.")
    of_a_day = dated and bool(words) and not words[-1].endswith(",")
    last = (numbered(held.split(", ")) or [""])[-1]
    if of_a_day or not (
        is_room(last) or is_address(last)
    ):  # a number at the end is that of a room or a house otherwise
        held = re.sub(r"(?:,|\s(?:of|de|des|du|the|\d{1,2}))+$", "", held).strip(" ,.")
    return held if re.search(r"[A-ZÀ-Þ]", held) or _PLAIN.match(held) else ""
