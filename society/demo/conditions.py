"""What some events of the demo ask of answers: a price, members first, how many must come."""

from datetime import datetime, timedelta

from society.demo.chance import Chance
from society.demo.setting import EXCURSIONS, LECTURES, WORKSHOPS
from society.demo.slots import Slot, Trait
from society.events.models import Event, RsvpPolicy
from society.times import to_wall

CURRENCY = "EUR"
PRICES = {EXCURSIONS: (1800, 2500, 4000), WORKSHOPS: (500, 800, 1200), LECTURES: (0, 0, 0, 400)}
FEWEST, COUNTED_BEFORE = 6, timedelta(days=3)


def set_conditions(event: Event, slot: Slot, answers: int, now: datetime, chance: Chance) -> None:
    """Prices by category; fewest people where it must be prepared; members first where nobody has answered yet."""
    if slot.category in PRICES:
        event.price = chance.choice(PRICES[slot.category])
        event.currency = CURRENCY if event.price else ""
        event.members_free = bool(event.price) and chance.is_so(0.4)
    counted = event.starts - COUNTED_BEFORE
    if slot.category == WORKSHOPS and counted > to_wall(now, event.zone):
        event.minimum, event.minimum_by = FEWEST, counted
    if not answers and event.rsvp_policy is RsvpPolicy.OPEN and slot.trait is not Trait.DRAFT:
        first = to_wall(now, event.zone).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=4)
        event.members_first_until = first if first < event.starts else None
