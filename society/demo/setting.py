"""The demo's society itself: its name and welcome, kinds of events, venues, and the bodies it works with."""

from typing import NamedTuple

from society.events.models import Colour

ZONE = "Europe/London"

SOCIETY = {
    "name": "The Lamplight Society of Harrowmere",
    "tagline": "Talks, walks and good argument in the Harrow valley since 1887",
    "welcome": (
        "In the winter of 1887 eleven people met by one oil lamp in the reading room above the Corn Exchange, because "
        "they wished to know how the river had come to be where it is. They did not find out, and met again.\n\n"
        "We are still at it: a **lecture** most weeks from September to June, **walks** when the weather allows, and a "
        "**discussion** whenever two of us disagree in an interesting way. You need not know anything beforehand.\n\n"
        "Guests are welcome at nearly everything. *Members* keep the lamp lit: they choose the programme, read in the "
        "library, and come to the evenings that are theirs alone.\n\n"
        "There is tea from half an hour before every evening. You find us at the Corn Exchange, on the market square."
    ),
    "sender": "office@example.org",
    "served_at": "http://localhost:8000",
    "postal_address": "The Corn Exchange\n1 Market Square\nHarrowmere",
    "join_questions": "What would you like to hear about? *\nHow did you come across us?",
    "consent": (
        "The Lamplight Society may keep what I write here for as long as I am a member, use it to invite me to its "
        "evenings and to ask for its dues, and keep what the law demands for ten years after. It gives nothing of it "
        "to anyone else."
    ),
    "reminder_days": "30 7 -7 -30",
    "iban": "GB54LAMP90001712345678",
    "bic": "",
    "account_holder": "Lamplight Society of Harrowmere",
    "payment_terms": (
        "Within 30 days, please. You can also pay **in cash or by card** at the tea table before any evening, or send "
        "a cheque to the Corn Exchange, 1 Market Square, Harrowmere."
    ),
}
"""Nobody holds the account: no bank is called LAMP. The check digits are right."""

LECTURES, DISCUSSIONS, EXCURSIONS = "Lectures", "Discussions", "Excursions"
WORKSHOPS, READING, EXHIBITIONS = "Workshops", "Reading circle", "Exhibitions"
MUSIC, MEETINGS = "Music and readings", "Members' meetings"

CATEGORIES = (LECTURES, DISCUSSIONS, EXCURSIONS, WORKSHOPS, READING, EXHIBITIONS, MUSIC, MEETINGS)
TALKED = frozenset({LECTURES, DISCUSSIONS, READING, MEETINGS})
"""What can be held online alone."""
COLOURS = (
    *(Colour.BLUE, Colour.TEAL, Colour.GREEN, Colour.ORANGE),
    *(Colour.INDIGO, Colour.PINK, Colour.PURPLE, Colour.GREY),
)
"""The colour of each."""


HOLIDAYS = {(12, day) for day in range(21, 32)} | {(1, 1), (1, 2), (1, 3)}
"""Days on which nobody would come: month and day."""


class Place(NamedTuple):
    """A venue with its rooms, and the kinds of events that it suits."""

    name: str
    address: str
    capacity: int | None
    access: str
    rooms: tuple[str, ...]
    suits: tuple[str, ...]


VENUES = (
    Place(
        "The Corn Exchange",
        "1 Market Square, Harrowmere",
        180,
        "Step-free from Market Square by the west door. Lift to the reading room. Hearing loop in the Great Hall. "
        "Accessible toilet on the ground floor.",
        ("Great Hall", "Reading Room", "Lamp Room"),
        (LECTURES, DISCUSSIONS, MUSIC, MEETINGS, READING),
    ),
    Place(
        "Northmarsh University, Scott Hall",
        "14 College Road, Northmarsh",
        240,
        "Step-free throughout. Hearing loop in every lecture room. Two parking spaces for blue badges behind the hall.",
        ("Room 221", "Room 104", "Main Lecture Theatre"),
        (LECTURES, DISCUSSIONS),
    ),
    Place(
        "The Old Observatory",
        "Cold Hill, Harrowmere",
        45,
        "Forty-two steps to the dome, with a rail; the library on the ground floor is step-free.",
        ("Dome", "Library"),
        (LECTURES, WORKSHOPS, MUSIC),
    ),
    Place(
        "Harrowmere Museum",
        "9 Mill Street, Harrowmere",
        90,
        "Step-free by the garden entrance; please ring. Folding stools on every floor.",
        ("Gallery 2", "Learning Studio", "Courtyard"),
        (EXHIBITIONS, WORKSHOPS, LECTURES),
    ),
    Place(
        "The Weavers' Chapel",
        "Loom Lane, Harrowmere",
        120,
        "One step at the door; a ramp is laid on request. Seats are narrow, cushions are not.",
        ("",),
        (MUSIC, LECTURES, DISCUSSIONS),
    ),
    Place(
        "Bell Lane Print Works",
        "22 Bell Lane, Harrowmere",
        24,
        "First floor, no lift. Tell us beforehand and we set up the small press downstairs.",
        ("Upper Workshop", "Paper Store"),
        (WORKSHOPS,),
    ),
    Place(
        "The Ferry House",
        "Quayside, Lower Harrow",
        60,
        "Step-free. The quay is cobbled; from the car park it is two hundred metres.",
        ("Long Room", ""),
        (DISCUSSIONS, READING, MUSIC, WORKSHOPS),
    ),
    Place(
        "Market Square",
        "By the fountain, Harrowmere",
        None,
        "Flat and paved. Benches by the fountain.",
        ("",),
        (EXCURSIONS,),
    ),
    Place(
        "Harrow Valley Station",
        "Station Approach, Lower Harrow",
        None,
        "Step-free to platform 1.",
        ("",),
        (EXCURSIONS,),
    ),
    Place(
        "St Osyth's Hall",
        "Church Walk, Nether Vale",
        80,
        "Step-free. Hearing loop. Parking on the green.",
        ("Main Hall", "Committee Room"),
        (LECTURES, MEETINGS, EXHIBITIONS, DISCUSSIONS),
    ),
)


class Body(NamedTuple):
    """An organization, and the article before its name within a sentence."""

    article: str
    name: str
    about: str


ORGANIZATIONS = (
    Body("the", "Northmarsh Debating Union", "Students who disagree in public, on Thursdays, since 1921."),
    Body("the", "League of River Towns", "Eleven towns on one river, and their archives."),
    Body("", "Northmarsh University", "Teaching and research in the marshes; 4,000 students."),
    Body("the", "Vale Naturalists' Club", "Looks at everything that grows, crawls or flies between the two hills."),
    Body("", "Friends of the Old Observatory", "Keeps the dome turning and the library dry."),
    Body("the", "Harrowmere Museum Trust", "Owns the museum, its roof, and the debts of both."),
    Body("the", "Guild of Bell Ringers", "Eight bells, fourteen ringers."),
    Body("the", "Quayside Press", "Prints local history by hand, and sells it by the door."),
    Body("", "Harrow Valley Radio", "The valley's own station, from a shed with a view."),
    Body("the", "Institute of Popular Astronomy", "Lends telescopes, and people who can explain them."),
    Body("the", "Friendly Society of Weavers", "Founded to bury its members decently; now gives bursaries."),
    Body("", "Mill Street Books", "New and second-hand; brings a table to our evenings."),
    Body("the", "Town Council of Harrowmere", "Lends the square and, on good days, the mayor."),
    Body("the", "Society for Useful Knowledge", "Our older sister, two valleys on."),
    Body("", "Orchard Link", "Finds lost fruit and people to graft it."),
    Body("the", "Northern Archive of Sound", "Ninety thousand hours of people talking."),
    Body("", "Walkers of the Three Hills", "A different path every Sunday."),
    Body("the", "Women's Library Fund", "Buys what was overlooked when the libraries were filled."),
    Body("the", "Lower Harrow Choral Society", "Sixty voices and one piano."),
    Body("", "Lens and Shutter", "A camera club with a darkroom."),
    Body("the", "Railway Memory Project", "Collects timetables, tickets and grievances."),
    Body("the", "Fund for Small Museums", "Pays for showcases, locks and cakes."),
)
