"""What the columns of a table of people are called, in the header of whoever made it."""

import re
from collections.abc import Sequence

from society.tables import Unreadable
from society.text import folded, listed

FIELDS = (
    *("email", "name", "given_name", "family_name", "tier", "starts_on", "ends_on", "status", "left_on", "joined_on"),
    *("phone", "address", "city", "language", "zone", "born_on", "tags", "notes", "external_id"),
    "house_number",
)
"""What is read in, under the names that exports use."""

DATES = ("starts_on", "ends_on", "left_on", "joined_on", "born_on")

WORKED_OUT = frozenset({"in good standing"})
"""Columns of exports that follow from others: passed over without a word."""

_SYNONYMS = {
    "email": "e mail|mail|email address|e mail address|mail address|adresse e mail|correo",
    "name": "full name|fullname|display name|person|member|member name|names|nom complet",
    "given_name": "first name|firstname|forename|given names|vorname|prenom|nombre|voornaam|first",
    "family_name": "last name|lastname|surname|family|nachname|familienname|nom|apellido|achternaam|last",
    "tier": "membership|membership type|member type|membership level|membership category|category|level|plan|"
    "mitgliedsart|mitgliedschaft|art der mitgliedschaft|beitragsgruppe|beitragsklasse|beitragsart|tarif|"
    "type d adhesion|tipo de socio",
    "starts_on": "start|starts|start date|from|valid from|begin|begins on|period start|beginn",
    "ends_on": "end|ends|end date|until|to|valid until|valid to|expires|expires on|expiry|expiry date|period end|ende",
    "status": "state|membership status|member status",
    "left_on": "left|leaving date|date left|resigned on|lapsed on|austritt|austrittsdatum|fecha de baja",
    "joined_on": "joined|join date|date joined|member since|joining date|eintritt|eintrittsdatum|"
    "beitritt|beitrittsdatum|mitglied seit|date d adhesion|fecha de alta",
    "phone": "telephone|tel|phone number|telephone number|mobile|cell|telefon|telefonnummer|telefono",
    "address": "postal address|street|street address|mailing address|anschrift|adresse|strasse|"
    "direccion|address line 1",
    "house_number": "house no|hausnr|hausnummer",
    "city": "town|place|ort|wohnort|stadt|ville|town city|ciudad",
    "language": "lang|preferred language|sprache|langue",
    "zone": "time zone|timezone|tz|zeitzone|fuseau horaire|zona horaria|tijdzone",
    "born_on": "birthday|birth date|date of birth|dob|born|geburtsdatum|geboren|geburtstag|"
    "date de naissance|fecha de nacimiento",
    "tags": "tag|groups|group|keywords|labels",
    "notes": "note|comment|comments|remarks|bemerkungen|bemerkung|notas",
    "external_id": "id|member id|membership number|member number|member no|number|no|nr|mitgliedsnummer|"
    "mitgliedsnr|mitglieds nr|numero d adherent|numero de socio|reference",
}


_NUMBERS = frozenset({"nr", "no", "number"})
"""Right behind the street that of the house; elsewhere the society's own for somebody."""


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[^0-9a-z]+", " ", folded(header)).split())


_BY_WORD = {_plain(word): field for field in FIELDS for word in (field, *_SYNONYMS.get(field, "").split("|"))}


def named_as(heading: str, field: str) -> str:
    """A column as the file names it, and what it is read as."""
    return field if _plain(heading) == _plain(field) else f"“{heading.strip()[:40]}” as {field}"


def header_of(line: int, cells: Sequence[str]) -> dict[int, str]:
    """Which field each column gives, by its place. Raises Unreadable where the header is missing or doubled."""
    fields = {place: _BY_WORD[_plain(cell)] for place, cell in enumerate(cells) if _plain(cell) in _BY_WORD}
    for street in [place for place, field in fields.items() if field == "address"]:
        if _plain("".join(cells[street + 1 : street + 2])) in _NUMBERS:
            fields[street + 1] = "house_number"
    if not {"email", "name", "given_name", "family_name", "external_id"} & set(fields.values()):
        seen = listed([f"“{cell.strip()[:30]}”" for cell in cells if cell.strip()][:4])
        raise Unreadable(
            f"Line {line}: this is no header. The first row must name the columns, such as email, name, tier, "
            f"starts_on; here it has {seen}."
        )
    for field in fields.values():
        doubled = [cells[place].strip() for place, other in fields.items() if other == field]
        if len(doubled) > 1:
            names = listed([f"“{name[:30]}”" for name in doubled])
            raise Unreadable(f"Line {line}: {names} would both be the column “{field}”. Please keep one of them.")
    return fields


def unknown_columns(cells: Sequence[str], fields: dict[int, str]) -> list[str]:
    """What the header has besides, for telling that it is not read."""
    others = ((place, cell.strip()) for place, cell in enumerate(cells) if place not in fields)
    return [name or f"column {place + 1}" for place, name in others if _plain(name) not in WORKED_OUT]
