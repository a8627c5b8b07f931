"""Where the demo's people live: places and streets that are on no map."""

from society.demo.chance import Chance

TOWNS = {
    "Harrowmere": 52.0,
    "Northmarsh": 14.0,
    "Lower Harrow": 11.0,
    "Nether Vale": 7.0,
    "Cold Hill": 4.0,
    "Osythford": 4.0,
    "Three Bridges End": 3.0,
    "Saltwick": 3.0,
    "Port Amberley": 2.0,
}
"""And how many of a hundred live in each."""

_STREETS = (
    *("Mill Street", "Loom Lane", "Bell Lane", "Market Square", "Quayside", "College Road", "Church Walk"),
    *("Orchard Row", "Observatory Hill", "Weavers' Yard", "Tanner's Cut", "Station Approach", "Almshouse Court"),
    *("Lamp Street", "Old Wharf", "Barge Lane", "Fiddler's Green", "Pear Tree Close", "Water Lane", "The Ropewalk"),
)
_CODES = {town: f"H{number} " for number, town in enumerate(TOWNS, 1)}


def an_address(city: str, chance: Chance) -> str:
    """Lines as on an envelope, below the name."""
    code = f"{_CODES[city]}{chance.randint(1, 9)}{chance.choice('ABDEFGHJ')}{chance.choice('LNPQRSTU')}"
    return f"{chance.randint(1, 140)} {chance.choice(_STREETS)}\n{city}\n{code}"


def a_phone(chance: Chance) -> str:
    """A number out of those set aside for stories (Ofcom, 01632 960000 to 960999)."""
    return f"01632 960 {chance.randint(0, 999):03}"
