"""The words that announcements are made of, in English, German, French and Spanish, folded as `society.text` folds."""

from society.text import folded


def each(*lines: str) -> frozenset[str]:
    return frozenset(folded(word) for line in lines for word in line.split(", "))


WEEKDAYS: dict[str, int] = {
    word: number
    for number, line in enumerate(
        (
            "monday, mon, montag, lundi, lunes, mo",
            "tuesday, tues, tue, dienstag, mardi, martes, di",
            "wednesday, weds, wed, mittwoch, mercredi, miercoles, mi",
            "thursday, thurs, thur, thu, donnerstag, jeudi, jueves, do",
            "friday, fri, freitag, vendredi, viernes, fr",
            "saturday, sat, samstag, sonnabend, samedi, sabado, sa",
            "sunday, sun, sonntag, dimanche, domingo, so",
        )
    )
    for word in line.split(", ")
}
"""Names of days, Monday 0. The German two-letter ones count only beside a date."""

NUMBERS: dict[str, int] = {
    word: number
    for number, line in enumerate(
        (
            "one, eins, ein, une, una",
            "two, zwei, deux, dos",
            "three, drei, trois, tres",
            "four, vier, quatre, cuatro",
            "five, funf, cinq, cinco",
            "six, sechs, seis",
            "seven, sieben, sept, siete",
            "eight, acht, huit, ocho",
            "nine, neun, neuf, nueve",
            "ten, zehn, dix, diez",
            "eleven, elf, onze, once",
            "twelve, zwolf, douze, doce",
        ),
        1,
    )
    for word in line.split(", ")
}
"""The hours of a clock face, in words."""

ORDINALS: dict[str, int] = {
    word: place
    for place, line in {
        0: "first, 1st, erster, ersten, erste, premier, primer",
        1: "second, 2nd, zweiter, zweiten, zweite, deuxieme, segundo",
        2: "third, 3rd, dritter, dritten, dritte, troisieme, tercer",
        3: "fourth, 4th, vierter, vierten, vierte, quatrieme, cuarto",
        -1: "last, letzter, letzten, letzte, dernier, ultimo",
    }.items()
    for word in line.split(", ")
}
"""Which of a month's days of one name is meant."""

EACH = each("every, each, all, jeden, jeder, alle, allen, chaque, les, cada, los")
"""What stands before the name of a day where each of them is meant."""

ZONES: dict[str, str] = {
    words: zone
    for zone, line in {
        "UTC": "utc, gmt",
        "Europe/London": "bst, uk time",
        "Europe/Paris": "cet, cest, paris time",
        "Europe/Berlin": "mez, mesz, berlin time",
        "America/New_York": "est, edt, eastern time, et, eastern",
        "America/Chicago": "cst, cdt, central time, ct",
        "America/Denver": "mst, mdt, mountain time",
        "America/Los_Angeles": "pst, pdt, pt, pacific time",
        "Australia/Sydney": "aest, aedt",
        "Pacific/Auckland": "nzst, nzdt",
        "Asia/Kolkata": "ist",
        "Asia/Tokyo": "jst",
        "Africa/Johannesburg": "sast",
        "Europe/Athens": "eet, eest",
    }.items()
    for words in line.split(", ")
}
"""What zones are called after a time of day. GMT is what Britain says in winter: there it changes no clock."""

_SHORT = (
    *("Prof", "Dr", "Dra", "Mr", "Mrs", "Ms", "St", "Rev", "Cllr", "Cmdr", "Capt", "Hon", "Sen", "No", "Nr", "vs"),
    *("Ltd", "Inc", "Co"),
)
ABBREVIATED = "".join(rf"(?<!\b{word})" for word in _SHORT)
"""Stands before the pattern of a full stop that ends a sentence rather than one of these words."""

ROOMS = each(
    "room, hall, theatre, theater, auditorium, gallery, chamber, chambers, parlour, annexe, annex, lounge, floor",
    "level, studio, raum, saal, horsaal, aula, zimmer, salle, amphitheatre, sala, salon, vestry, suite, auditorio",
    "paraninfo, foyer, rooms, ballroom, boardroom, courtroom, classroom, amphi",
)
BUILDINGS = each(
    "university, college, school, library, museum, church, house, hotel, building, station, club, inn, academy",
    "bibliothek, universitat, institute, institut, rathaus, haus, mairie, mediatheque, biblioteca, universidad",
    "burgerhaus, gemeindehaus, kulturhaus, pfarrhaus, pfarrheim, vereinsheim, gemeindezentrum, stadthalle, festhalle",
    "turnhalle, mehrzweckhalle, stadtmuseum, heimatmuseum, volkshochschule, grundschule, stadtkirche, stadttheater",
    "universite, ecole, eglise, musee, lycee, chateau, palais, iglesia, museo, teatro, palacio, escuela, kirche, bar",
    "bookstore, buchhandlung, librairie, libreria, gaststatte, gasthaus, gasthof, wirtshaus, restaurant, courthouse",
    "sternwarte, realschule, facultad, fakultat, faculty, ateneo, hut, stadtarchiv, mitte, chapel, abbey, priory",
    "minster, shirehall, bridge, garden, gardens, tower, barn, wharf, pier, bookshop, yard, rooms, department, office",
    "centre, center, pavilion, cinema, observatory, exchange, maison, bibliotheque, stadtbibliothek, gymnasium, casa",
    "centro, cafe, pub, arms, cathedral, castle, court",
)
STREETS = each(
    "street, road, lane, avenue, square, drive, row, place, way, st, rd, ave, quay, close, plaza, rue, calle, quai",
    "impasse, paseo, carrer, ronda, crescent, terrace, mews, ufer, ring, chaussee, avenida, platz, allee, weg",
    "boulevard, chemin, hill",
)
BODIES = each(
    "society, club, league, union, association, group, circle, forum, university, institute, museum, library, hall",
    "trust, college, church, house, hotel, committee, council, federation, verein, gesellschaft, societe, amis, amigos",
    "ateneo, centre, center, alliance, conservancy, brewery, academy, bakery, choir, orchestra, players, section",
    "archive, archives, archiv, department, singers, network, school, station, fund, guild, press, board, company",
    "foundation, bank",
)
"""What the names of organizations and buildings hold, and the names of people do not."""

FIRST_IN_BODIES = each(
    "department, institute, institut, instituto, society, friends, association, asociacion, club, cercle, circulo",
    "verein, ateneo, lesekreis, freundeskreis, forderverein, amis, amigos, guild, league, university, universitat",
    "universite, universidad, faculty, facultad, faculte, academia, academie, akademie, gesellschaft, societe",
    "sociedad, groupe, grupo, gruppe, arbeitskreis, volkshochschule, heimatverein, kulturverein, burgerinitiative",
    "fachbereich, seccion, centro, centre",
)
LAST_IN_BODIES = each(
    "society, club, association, league, guild, group, circle, union, trust, institute, museum, university, college",
    "council, federation, network, academy, u3a, alliance, branch, collective",
)
"""By how it begins, "Friends of the Mill", or ends, a line is known that is nothing but the name of an organization."""

NO_NAMES = each(
    "the, a, an, our, this, next, all, dear, for, invitation, members, everyone, room, hall, entry, songs, book",
    "ticket, tickets, admission, workshop, mayor, evening, day, open, new, annual, every, second, first, third",
    "january, february, march, april, may, june, july, august, september, october, november, december, de, la, le, les",
    "der, die, das, ein, eine, im, am, el, los, las, what, when, where, how, why, join, lunch, meeting, talk, lecture",
    "night, party, cinema, pavilion, rooms, hybrid, seminar, unterstutzung, support, kind, webinar, panel, corner",
    "market, quiz, walk, spring, summer, autumn, winter, recital, concert, supper, dinner, tea, show, fair, ball, tour",
    "visit, outing, course, exhibition, film, screening, festival, trip, tales, music, history, stories, christmas",
    "easter, morning, afternoon, weekend, carols, celebration, launch, debate, conference, symposium, recordings",
    "minutes, notes",
)
"""What may stand with a capital letter and is nobody's name."""

ONLINE = each(
    "online, zoom, teams, webex, jitsi, bigbluebutton, bbb, skype, gotomeeting, livestream, live-stream, stream",
    "virtual, virtually, virtuell, remote, remotely, hybrid, hybride, hibrido, hibrida, videokonferenz, internet",
    "videoconference, visioconference, visio, videoconferencia, videollamada, distanciel, telematica, ligne, linea",
    "google, zoom-link, zoom-meeting, teams-besprechung, online-meeting, whereby, streaming, webcast",
)
"""Where something is that is nowhere else."""

AROUND_ONLINE = each(
    "via, by, on, over, per, the, a, or, and, und, oder, ou, et, o, y, en, sur, par, por, in, mit, with, using, uber",
    "auf, als, join, meeting, call, session, besprechung, reunion, here, now, link, click, to, microsoft, ms, meet",
    "video, conference, konferenz, konferenzraum, plattform, platform, only, nur, uniquement, solo, also, auch, aussi",
    "tambien, live, web, app, us, please, at, from, for, this, our, is, will, be, sent, later, separately, follow",
    "follows, folgt, wird, zugesandt, suit, suivra, seguira, details, access, zugang, zugangsdaten, beitreten",
    "teilnehmen, rejoindre, unirse, dem, der, an, zum, zur, zu, im, das, event, veranstaltung, room, raum, salle, sala",
    "enlace, lien, cisco, watch, view, plus, simultaneously, einwahl, format, attendance, option, available",
    "invitation, connexion, conexion, direct, way",
)
"""What else is said of that: "join us on Zoom, link to follow"."""

HANGING = each(
    "a, an, and, at, by, for, from, in, of, on, the, to, with, am, auf, das, dem, den, der, die, im, mit, und, von, zu",
    "zum, zur, uber, au, aux, avec, de, des, du, et, la, le, les, sur, con, del, el, en, las, los, por, sobre, y",
)
"""Words that no sentence ends with, so that what follows on the next line belongs to it, with a capital too."""

CONNECTING = (
    HANGING
    | ZONES.keys()
    | each(
        "is, are, was, will, be, in, person, held, takes, take, place, our, your, this, next, we, meet, meets, starts",
        "start, begins, doors, until, till, back, led, sharp, or, speaker, speakers, talk, lecture, vortrag",
        "conference, charla, conferencia, um, uhr, ab, bis, ist, sind, findet, statt, unser, unsere, est, sera, seront",
        "aura, lieu, notre, nos, par, h, heures, ou, es, tendra, lugar, nuestro, nuestra, horas, o",
    )
)
"""What joins the words of a sentence that says when and where something is, and tells nothing by itself."""
