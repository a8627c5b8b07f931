"""By which words a place is known for one: houses and grounds, their rooms, and the streets they stand in."""

import re
from itertools import pairwise

from society.announcements.words import BUILDINGS, ROOMS, STREETS, WEEKDAYS
from society.text import folded


def _each(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


HOUSES = BUILDINGS | _each(
    "archive archives institution guildhall townhall clubhouse boathouse schoolhouse farmhouse almshouse almshouses",
    "schoolroom meetinghouse windmill watermill mill farm manor lodge grange villa mansion palace temple synagogue",
    "mosque friary planetarium lighthouse hospital shop store brewery tavern tearoom tearooms teahouse gym stadium",
    "theatre theater auditorium gallery barns lido pool greenhouse arboretum conservatory books bookstore seminary",
    "convent monastery parsonage vicarage rectory hospice hostel kiosk bandstand schloss burg turm muhle scheune",
    "keller krug kapelle dom kloster archiv forsthaus heim brauhaus hof museum kino ferme moulin abbaye chapelle",
    "manoir domaine auberge brasserie cinema espace college universite hotel foyer observatoire gymnase preau siege",
    "ermita ayuntamiento casal convento monasterio molino finca restaurante instituto colegio fundacion archivo cine",
    "sede taberna posada parroquia museo centro",
)
"""What is a building, in any of the four languages, folded."""
ROMANCE = _each(
    "salle salon sala aula maison casa centre centro foyer mairie mediatheque bibliotheque biblioteca ecole escuela",
    "musee museo gymnase auditorium auditorio theatre teatro eglise iglesia lycee instituto espace espacio sede siege",
    "parque",
)
"""Behind which an adjective says which is meant: "salle polyvalente"."""
WAYS = STREETS | _each(
    "rise parade grove esplanade promenade embankment highway hwy blvd ln sq cres passage damm graben steig cours",
    "route faubourg camino carretera rambla glorieta travesia pasaje",
)
GROUNDS = _each(
    "green forecourt park carpark reserve woods wood grounds ground field fields allotments orchard cemetery",
    "churchyard marina jetty landing entrance gate playground market depot terminus beach common pond stop memorial",
    "monument statue fountain lay-by layby path bahnhof busbahnhof hauptbahnhof parkplatz friedhof hafen garten markt",
    "brunnen haltestelle wald strand gare parking jardin parc phare lavoir port plage etang estacion aparcamiento",
    "parque mercado faro puerto playa",
)
"""What is a place in the open, where people meet."""
INNS = _each(
    "lion crown head hart plough swan bell anchor ship oak fleece fox hounds bull bear horse horses drovers george",
    "greyhound royal grand star sun castle feathers wheatsheaf nag eagle ostrich adler lowe ochsen krone post",
)
"""What an inn is called, and much else: they tell of a place only behind "at the"."""
CHAMBERS = ROOMS | _each(
    "upstairs downstairs basement cellar laboratory lab labs library loft cafeteria canteen vestibule refectory",
    "platform bahnsteig gleis stock obergeschoss erdgeschoss untergeschoss dachgeschoss etage niveau piso planta bar",
    "kitchen chamber hide cloister crypt nave stage lobby atrium",
)
"""What is a part of a house."""
_LONG = (
    *("haus", "halle", "heim", "hof", "kirche", "schule", "museum", "theater", "bibliothek", "zentrum", "schloss"),
    *("institut", "turm", "muhle", "scheune", "archiv", "hutte", "kapelle", "stube", "hall", "house", "mill"),
)
"""By how German, and sometimes English, joins it: "Busbahnhof", "Sportheim", "Guildhall"."""
_WITHIN = ("saal", "zimmer", "raum", "room", "foyer", "horsaal", "keller")
_IN_WAYS = ("strasse", "str", "gasse", "allee", "platz", "weg")
_COMMON = _each(
    "place way close level ring row home office club hill court bar house store bank parking park field entrance gate",
    "stage market post bell star sun head bear bull ship platform books castle stock yard fields shop hall centre",
    "center theatre theater company school station college university department pub gallery cinema garden gardens",
    "kitchen",
)
_OF = frozenset(("of", "de", "du", "des", "del", "der", "for", "and", "l", "d"))
_IN_TOWNS = _each(
    "market park green field castle abbey priory mill church hall bridge chapel minster court wood woods close",
)
"""With what names of towns and streets begin as well."""
_WHICH = _each(
    "the lecture great main lower upper small large law committee council reading meeting seminar function assembly",
    "old new first second third back front side public private north south east west little big concert dining music",
    "grosser grosse grossen kleiner kleine kleinen grande petite petit gran",
)
"""What tells a room from the others of its house."""
NO_PLACES = WEEKDAYS.keys() | _each(
    "january february march april may june july august september october november december januar februar marz mai",
    "juni juli oktober dezember janvier fevrier avril juin juillet aout septembre octobre novembre decembre enero",
    "febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lent easter christmas ostern",
    "pfingsten weihnachten paques noel english german french spanish welsh italian latin deutsch franzosisch spanisch",
    "englisch francais anglais espagnol espanol ingles frances gmt utc bst cet est edt zoom teams internet netz web",
    "uhr hours with our please if members friends visitors guests anschluss rahmen gast herbst winter fruhling sommer",
    "eintritt interest advance aid memory honour honor association partnership collaboration cooperation conjunction",
    "conversation person presence not statt case bad wet poor fine dry we you they he she it",
)
"""What follows "in" or "at" with a capital letter and is no place: a month, a language, who comes."""


def words_of(piece: str) -> list[str]:
    return re.sub(r"[.,()“”\"«»]", " ", folded(piece)).replace("'", " ").replace("’", " ").split()


def is_house_word(word: str) -> bool:
    """Also in the genitive: "des Rathauses"."""
    bare = word.removesuffix("s")
    return word in HOUSES or any(len(one) > 6 and one.endswith(_LONG) for one in (word, bare, bare.removesuffix("e")))


def is_ground_word(word: str) -> bool:
    return word in GROUNDS or (len(word) > 6 and word.endswith(("bahnhof", "parkplatz", "garten", "park", "brunnen")))


def is_room_word(word: str) -> bool:
    return word in CHAMBERS or (len(word) > 5 and word.endswith(_WITHIN))


def is_street_word(word: str) -> bool:
    return word in WAYS or (len(word) > 5 and word.endswith(_IN_WAYS))


def is_a_place_word(word: str) -> bool:
    return is_house_word(word) or is_ground_word(word) or is_room_word(word) or is_street_word(word)


def is_common(word: str) -> bool:
    """Whether it tells of a place only beside another such word, or with a capital letter."""
    return word in _COMMON


def names_a_house(piece: str) -> bool:
    """Whether its first or its last word, or the one before "of", is a house: "Haus der Heimat","
    " but not "Market Rasen"."""
    words = words_of(piece)
    heads = [word for word, following in pairwise(words) if following in _OF]
    first = [word for word in words[:1] if word not in _IN_TOWNS]
    saint = len(words) > 1 and words[0] in ("st", "saint", "sankt")
    return saint or any(map(is_house_word, [*words[-1:], *heads, *first]))


def is_unnamed(piece: str) -> bool:
    """Whether it only says which part of a house it is: "Lecture Theatre", "Great Hall"."""
    return all(is_a_place_word(word) or word in _WHICH for word in words_of(piece))
