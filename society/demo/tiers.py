"""The demo's tiers of membership."""

from typing import Any, NamedTuple

from society.membership.models import Choice, Covers, Period, ProRata, Tier


class TierOffer(NamedTuple):
    """A tier, and how many of a hundred members hold it."""

    name: str
    about: str
    dues: int
    share: int
    rules: dict[str, Any]


TIERS = (
    TierOffer(
        "Member",
        "Every evening, the library, the members' evenings, and a vote at the general meeting.",
        3600,
        60,
        {"grace_days": 60, "joining_fee": 500, "pro_rata": ProRata.MONTHS},
    ),
    TierOffer(
        "Student",
        "All of it, for those in education or training.",
        800,
        14,
        {
            "grace_days": 30,
            "needs_approval": False,
            "youngest": 16,
            "oldest": 30,
            "proof": "Your student card: number and university",
        },
    ),
    TierOffer(
        "Household",
        "For up to four people who live at one address; each has a vote, and one of them pays.",
        5400,
        12,
        {"grace_days": 60, "joining_fee": 500, "covers": Covers.HOUSEHOLD, "places": 4},
    ),
    TierOffer(
        "Patron",
        "For those who wish to do more: a Patron's dues pay for the speakers' journeys.",
        15000,
        7,
        {"grace_days": 30, "period": Period.MONTHS},
    ),
    TierOffer(
        "Life member",
        "Given by the general meeting for long service.",
        0,
        7,
        {"period": Period.LIFE, "offered": False, "choice": Choice.SECRETARY},
    ),
)
MEMBERS, STUDENTS, HOUSEHOLDS, PATRONS = range(4)

CURRENCY = "EUR"


def made(position: int) -> Tier:
    """The row of a tier."""
    offer = TIERS[position]
    rules: dict[str, Any] = {
        "period": Period.CALENDAR_YEAR,
        "months": 12,
        "needs_approval": True,
        "offered": True,
        "grace_days": 0,
        "joining_fee": 0,
        "pro_rata": ProRata.NONE,
        **offer.rules,
    }
    return Tier(name=offer.name, about=offer.about, dues=offer.dues, currency=CURRENCY, position=position, **rules)
