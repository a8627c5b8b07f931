"""What the columns of a table of people are called, in the header of whoever made it."""

import re
from collections.abc import Sequence

from society.register.addresses import PARTS
from society.tables import Unreadable
from society.text import folded, listed

FIELDS = (
    *("email", "name", "given_name", "family_name", "tier", "starts_on", "ends_on", "status", "left_on", "joined_on"),
    *("phone", "mobile", "address", *PARTS, "city", "language", "zone", "born_on", "tags", "notes", "external_id"),
)
"""What is read in; what exports have, under the names that they use."""

DATES = ("starts_on", "ends_on", "left_on", "joined_on", "born_on")

ONE_ONLY = frozenset(FIELDS[:10]) | {"external_id"}
"""Who somebody is, and their membership: of two such columns the wrong one would do harm, so neither is chosen."""

WORKED_OUT = frozenset({"in good standing"})
"""Columns of exports that follow from others: passed over without a word."""

_STATE = "state"
"""The membership’s, or a part of the postal address: what stands in the column tells."""

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
    "status": f"{_STATE}|membership status|member status",
    "left_on": "left|leaving date|date left|resigned on|lapsed on|austritt|austrittsdatum|fecha de baja",
    "joined_on": "joined|join date|date joined|member since|joining date|eintritt|eintrittsdatum|"
    "beitritt|beitrittsdatum|mitglied seit|date d adhesion|fecha de alta",
    "phone": "telephone|tel|phone number|telephone number|telefon|telefonnummer|telefono|landline|festnetz|"
    "telephone fixe",
    "mobile": "mobile phone|mobile number|mobile telephone|cell|cell phone|cellphone|mobil|mobiltelefon|mobilnummer|"
    "handy|handynummer|portable|telephone portable|mobile telefonnummer|movil|telefono movil|natel|gsm",
    "address": "postal address|mailing address|anschrift|postanschrift|adresse|adresse postale|direccion|"
    "direccion postal|domicilio",
    "street": "street address|street name|address line 1|address 1|address1|street 1|strasse|str|strasse hausnummer|"
    "strasse und hausnummer|strasse hausnr|strasse nr|strasse und nr|adresse 1|adresszeile 1|anschrift 1|rue|voie|"
    "numero et rue|adresse ligne 1|calle|calle y numero|direccion 1",
    "house_number": "house no|hausnummer|hausnr|haus nr|numero de rue|numero de voie|n de rue|n de voie|no de rue",
    "line_2": "address line 2|address 2|address2|street 2|adresszusatz|adresszeile 2|adresse 2|anschrift 2|"
    "adresse ligne 2|complement d adresse|complement adresse|direccion 2|complemento de direccion",
    "line_3": "address line 3|address 3|address3|street 3|adresszeile 3|adresse 3|anschrift 3|adresse ligne 3|"
    "direccion 3",
    "postcode": "post code|postal code|zip|zip code|zipcode|zip postal code|postal zip code|plz|postleitzahl|"
    "code postal|cp|codigo postal",
    "county": "province|provincia|state province|state county|county state",
    "country": "country region|land|staat|pays|pais",
    "city": "town|place|ort|wohnort|stadt|ville|commune|town city|city town|post town|ciudad|localidad|poblacion",
    "language": "lang|preferred language|sprache|langue",
    "zone": "time zone|timezone|tz|zeitzone|fuseau horaire|zona horaria|tijdzone",
    "born_on": "birthday|birth date|date of birth|dob|born|geburtsdatum|geboren|geburtstag|"
    "date de naissance|fecha de nacimiento",
    "tags": "tag|groups|group|keywords|labels",
    "notes": "note|comment|comments|remarks|bemerkungen|bemerkung|notas",
    "external_id": "id|member id|membership number|member number|member no|number|no|nr|mitgliedsnummer|"
    "mitgliedsnr|mitglieds nr|numero d adherent|n d adherent|numero de socio|no de socio|reference",
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
    """Which field each column gives, by its place: of two for one field, the first. Raises Unreadable where the header
    is missing, or two columns would say who somebody is."""
    meant = {place: _BY_WORD[_plain(cell)] for place, cell in enumerate(cells) if _plain(cell) in _BY_WORD}
    for behind in [place + 1 for place, field in meant.items() if field in ("street", "address")]:
        if _plain("".join(cells[behind : behind + 1])) in _NUMBERS:
            meant[behind] = "house_number"
    states = [place for place in meant if _plain(cells[place]) == _STATE]
    if len([field for field in meant.values() if field == "status"]) > len(states):
        meant |= dict.fromkeys(states, "county")
    if not {"email", "name", "given_name", "family_name", "external_id"} & set(meant.values()):
        seen = listed([f"“{cell.strip()[:30]}”" for cell in cells if cell.strip()][:4])
        raise Unreadable(
            f"Line {line}: this is no header. The first row must name the columns, such as email, name, tier, "
            f"starts_on; here it has {seen}."
        )
    fields: dict[int, str] = {}
    for place, field in meant.items():
        if field not in fields.values():
            fields[place] = field
        elif field in ONE_ONLY:
            names = listed([f"“{cells[at].strip()[:30]}”" for at, other in meant.items() if other == field])
            raise Unreadable(f"Line {line}: {names} would both be the column “{field}”. Please keep one of them.")
    return fields


def may_be_county(cells: Sequence[str], fields: dict[int, str]) -> int | None:
    """The place of a column “State” that is taken for the membership’s, in a table that has addresses too."""
    given = set(fields.values())
    if "county" in given or not given & {"address", "city", *PARTS}:
        return None
    return next((place for place, name in fields.items() if name == "status" and _plain(cells[place]) == _STATE), None)


def passed_over(cells: Sequence[str], fields: dict[int, str]) -> list[tuple[str, str]]:
    """Columns for a field that an earlier one gives, each with the name of that one."""
    places = {field: place for place, field in fields.items()}
    others = ((cell.strip(), places.get(_BY_WORD.get(_plain(cell), ""))) for cell in _besides(cells, fields).values())
    return [(name, cells[first].strip()) for name, first in others if first is not None]


def unknown_columns(cells: Sequence[str], fields: dict[int, str]) -> list[str]:
    """What the header has besides, for telling that it is not read."""
    others = ((place, cell.strip()) for place, cell in _besides(cells, fields).items() if _plain(cell) not in _BY_WORD)
    return [name or f"column {place + 1}" for place, name in others if _plain(name) not in WORKED_OUT]


def _besides(cells: Sequence[str], fields: dict[int, str]) -> dict[int, str]:
    return {place: cell for place, cell in enumerate(cells) if place not in fields}
