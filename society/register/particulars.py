"""What of a person secretaries enter."""

from society.fields import on_one_line
from society.people.models import Person

FIELDS = ("name", "email", "phone", "address", "city", "language", "zone", "born_on", "external_id", "notes")
"""What secretaries edit of a person, besides tags."""


def tag_names(text: str) -> list[str]:
    """What is between the commas: each once, by the alphabet."""
    names = {name.casefold(): name for name in reversed([on_one_line(part) for part in text.split(",")]) if name}
    return sorted(names.values(), key=str.casefold)


def tags_of(person: Person) -> list[str]:
    """What they are tagged with, by the alphabet."""
    return sorted((tag.name for tag in person.tags), key=str.casefold)
