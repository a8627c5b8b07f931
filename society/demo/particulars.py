"""What is known of people beyond their names."""

from datetime import timedelta

from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.remarks import ABOUTS, NOTES, TAGS
from society.demo.setting import SOCIETY
from society.demo.tiers import STUDENTS
from society.demo.towns import TOWNS, a_phone, an_address
from society.membership.models import Tier
from society.people.models import Consent, Person, Tag, person_tag

_LANGUAGES = {"": 93.0, "cy": 2.0, "de": 1.5, "fr": 1.5, "pl": 2.0}
_ZONES = {"": 96.0, "Europe/Dublin": 1.0, "Europe/Warsaw": 1.0, "America/Toronto": 1.0, "Australia/Sydney": 1.0}
"""Of those who live elsewhere for a while."""
_HAS_PHONE, _TOLD_BIRTHDAY, _IN_DIRECTORY, _HAS_NOTE, _TAGGED, _HAD_NUMBER = 0.6, 0.4, 0.35, 0.05, 0.14, 0.5
_SHOWN = {"name": 25.0, "name city": 35.0, "name city email": 20.0, "name city email phone about": 20.0}
"""What those in the directory show there."""


class Particulars:
    """Fills in what people told, and what secretaries added."""

    def __init__(self, founders: int, chance: Chance, bulk: Bulk) -> None:
        self._founders, self._chance, self._bulk = founders, chance, bulk
        self._tags = [Tag(name=name) for name in TAGS]

    def prepare(self) -> None:
        """Add the tags."""
        for tag in self._tags:
            self._bulk.add(tag)

    def fill(self, person: Person, number: int, tier: Tier | None) -> None:
        """For somebody who joins; guests tell only name and address."""
        chance = self._chance
        if tier is None:
            return
        if not person.city:
            person.city = chance.weighed(TOWNS)
            person.address = an_address(person.city, chance)
        person.phone = a_phone(chance) if chance.is_so(_HAS_PHONE) else ""
        person.language = chance.weighed(_LANGUAGES)
        person.zone = chance.weighed(_ZONES)
        if tier.position == STUDENTS or chance.is_so(_TOLD_BIRTHDAY):
            years = chance.randint(18, 25) if tier.position == STUDENTS else chance.randint(27, 82)
            person.born_on = person.created_at.date() - timedelta(days=365 * years + chance.randint(30, 300))
        if chance.is_so(_HAS_NOTE):
            person.notes = chance.choice(NOTES)
        if number <= self._founders and chance.is_so(_HAD_NUMBER):
            person.external_id = f"card {number:05}"
        if person.email and chance.is_so(_IN_DIRECTORY):
            person.shown = chance.weighed(_SHOWN)
            person.about = chance.choice(ABOUTS) if "about" in person.shown else ""

    def add_to(self, person: Person) -> None:
        """What has rows of its own: consent and tags; the person has a number by now."""
        self._bulk.add(Consent(person_id=person.id, wording=SOCIETY["consent"], given_at=person.created_at))
        if self._chance.is_so(_TAGGED):
            for tag in self._chance.some(self._tags, self._chance.randint(1, 2)):
                self._bulk.put(person_tag, {"person_id": person.id, "tag_id": tag.id})
