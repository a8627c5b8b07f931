"""Lists as address books, spreadsheets and programs for societies write them: each goes in as it is meant."""

from datetime import date
from typing import NamedTuple

import pytest
from sqlalchemy import select

from society.db import db
from society.membership.models import Membership
from society.people.models import Person
from society.register.headings import field_of
from society.register.importing import bring_in, preview
from society.register.planning import Will
from society.register.reading import read
from society.register.told import about
from tests.builders import NOW, a_tier


class Listed(NamedTuple):
    """A file, what the register then holds of the first in it, and which columns are told not to be kept."""

    text: str
    kept: dict[str, object]
    unknown: tuple[str, ...] = ()


LISTS = {
    "Google Contacts": Listed(
        "First Name,Middle Name,Last Name,Nickname,File As,Birthday,Notes,Photo,Labels,E-mail 1 - Label,"
        "E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,"
        "Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
        "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country\n"
        "Ann,Mary,Berg,,,1950-02-28,Sings; plays.,,* myContacts ::: Choir,* Home,ann1@example.org,Work,"
        'ann1@work.example,Home,020 1,Work,020 2,Home,"1 High St\nLeeds LS1","1 High St",Leeds,,LS1,\n',
        {
            "name": "Ann Mary Berg", "email": "ann1@example.org", "phone": "020 1, 020 2", "tags": ["Choir"],
            "address": "1 High St\nLeeds LS1", "city": "Leeds", "born_on": date(1950, 2, 28),
            "notes": "Sings; plays.\nOther email: ann1@work.example",
        },
        ("E-mail 1 - Label", "E-mail 2 - Label", "Phone 1 - Label", "Phone 2 - Label", "Address 1 - Label"),
    ),
    "Google Contacts, older": Listed(
        "Name,Given Name,Additional Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Occupation\n"
        "Ann Berg,Ann,,Berg,* myContacts ::: Board,*,ann2@example.org,\n",
        {"name": "Ann Berg", "email": "ann2@example.org", "tags": ["Board"]},
        ("E-mail 1 - Type",),
    ),
    "Outlook": Listed(
        "First Name,Middle Name,Last Name,Title,E-mail Address,E-mail 2 Address,Home Phone,Home Phone 2,Business Phone,"
        "Mobile Phone,Job Title,Company,Home Street,Home City,Home State,Home Postal Code,Home Country/Region,"
        "Business Street,Business City,Birthday,Notes,Categories\n"
        "Ann,,Berg,Dr,ann3@example.org,,515 1,,515 2,515 3,Dean,,1 Main St,Ames,IA,50010,USA,2 Main St,Ames,,"
        "A viola.,Friends;Board\n",
        {
            "name": "Ann Berg", "email": "ann3@example.org", "phone": "515 1, 515 3, 515 2",
            "address": "1 Main St\nAmes IA 50010\nUSA", "city": "Ames", "notes": "A viola.",
            "tags": ["Board", "Friends"],
        },
        ("Title", "Job Title", "Business Street", "Business City"),
    ),
    "Outlook, German": Listed(
        "Anrede;Vorname;Nachname;Firma;Straße geschäftlich;Straße privat;Ort privat;Postleitzahl privat;"
        "Land/Region privat;Telefon geschäftlich;Telefon privat;Mobiltelefon;E-Mail-Adresse;E-Mail 2: Adresse;"
        "Geburtstag;Notizen;Kategorien\n"
        "Frau;Käthe;Müller;;;Gasse 5;Würzburg;97070;;;0931 1;0170 4;kaethe4@verein.example;kaethe@firma.example;"
        "28.2.1950;Bratsche;Chor\n",
        {
            "name": "Käthe Müller", "email": "kaethe4@verein.example", "phone": "0931 1, 0170 4",
            "address": "Gasse 5\n97070 Würzburg", "city": "Würzburg", "tags": ["Chor"],
            "notes": "Bratsche\nOther email: kaethe@firma.example", "born_on": date(1950, 2, 28),
        },
        ("Anrede",),
    ),
    "Outlook, French": Listed(
        "Titre;Prénom;Nom;Rue (domicile);Ville (domicile);Code postal (domicile);Pays/Région (domicile);"
        "Téléphone (bureau);Téléphone (domicile);Tél. mobile;Adresse de messagerie;Notes\n"
        "Mme;Zoé;Lefèvre;3 rue Haute;Besançon;25000;France;03 1;03 2;06 3;zoe5@asso.example;Alto\n",
        {
            "name": "Zoé Lefèvre", "email": "zoe5@asso.example", "phone": "03 2, 06 3, 03 1",
            "address": "3 rue Haute\n25000 Besançon\nFrance", "notes": "Alto",
        },
        ("Titre",),
    ),
    "Thunderbird": Listed(
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Work Phone,Home Phone,Fax Number,"
        "Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,Work Address,"
        "Custom 1,Notes\n"
        "Ann,Berg,Ann Berg,Annie,ann6@example.org,,,020 1,020 9,,1 High St,Flat 2,Leeds,,LS1,UK,,,Bring cake\n",
        {
            "name": "Ann Berg", "email": "ann6@example.org", "phone": "020 1", "notes": "Bring cake",
            "address": "1 High St\nFlat 2\nLeeds LS1\nUK", "city": "Leeds",
        },
        ("Nickname", "Fax Number"),
    ),
    "Thunderbird, German": Listed(
        "Vorname,Nachname,Anzeigename,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Tel. dienstlich,Tel. privat,"
        "Mobil-Tel.-Nr.,Privat: Adresse,Privat: Ort,Privat: Bundesland,Privat: PLZ,Privat: Land,Dienstlich: Adresse,"
        "Notizen\n"
        "Otto,Weiß,Otto Weiß,,otto7@verein.example,0931 2,,,Gasse 6,Würzburg,Bayern,97070,,Ring 1,\n",
        {
            "name": "Otto Weiß", "email": "otto7@verein.example", "phone": "0931 2", "notes": "",
            "address": "Gasse 6\n97070 Würzburg", "city": "Würzburg",
        },
        ("Privat: Bundesland", "Dienstlich: Adresse"),
    ),
    "Apple, by way of Numbers": Listed(
        "First name;Last name;Email (home);Email (work);Phone (mobile);Phone (home);Street (home);City (home);"
        "ZIP (home)\nAnn;Berg;ann8@example.org;ann8@work.example;07700 1;020 1;1 High St;Leeds;LS1\n",
        {
            "name": "Ann Berg", "email": "ann8@example.org", "phone": "020 1, 07700 1",
            "notes": "Other email: ann8@work.example", "address": "1 High St\nLeeds LS1",
        },
    ),
    "JVerein": Listed(
        "id;externe_mitgliedsnummer;anrede;titel;name;vorname;adressierungszusatz;strasse;plz;ort;staat;iban;"
        "geburtsdatum;telefonprivat;telefondienstlich;handy;email;eintritt;beitragsgruppe;austritt\n"
        "1;M-9;Frau;;Müller;Käthe;Hinterhaus;Gasse 5;97070;Würzburg;;;28.02.1950;0931 1;0931 2;0170 4;"
        "kaethe9@verein.example;01.05.1998;Einzel;\n",
        {
            "name": "Käthe Müller", "external_id": "M-9", "phone": "0931 1, 0170 4, 0931 2", "tier": "Einzel",
            "address": "Gasse 5\nHinterhaus\n97070 Würzburg", "starts_on": date(1998, 5, 1),
        },
        ("id", "anrede"),
    ),
    "A German spreadsheet": Listed(
        "Nr.;Mitgl.-Nr.;Name, Vorname;Straße + Nr.;PLZ/Ort;Telefon privat;Tel. dienstl.;Handy;E-Mail privat;"
        "geb. am;Status;Mitgliedsart;Eintritt am;Anmerkung\n"
        "1;M-10;Müller, Käthe;Gasse 5;97070 Würzburg;0931 1;0931 2;;kaethe10@verein.example;28.2.1950;aktiv;Einzel;"
        "1.5.1998;Bratsche\n",
        {
            "name": "Käthe Müller", "external_id": "M-10", "address": "Gasse 5\n97070 Würzburg", "city": "Würzburg",
            "phone": "0931 1, 0931 2", "email": "kaethe10@verein.example", "born_on": date(1950, 2, 28),
            "notes": "Bratsche", "tier": "Einzel",
        },
        ("Nr.",),
    ),
    "A French association": Listed(
        "N° adhérent;Civilité;Nom de famille;Prénom;Adresse;Complément d'adresse;CP Ville;Tél. fixe;Tél. portable;"
        "Courriel;Date de naissance;Adhérent depuis;Type d'adhérent;Statut;Remarques\n"
        "A-11;M.;Lefèvre;Zoé;3 rue Haute;Bât. B;25000 Besançon;03 1;06 3;zoe11@asso.example;28/02/1950;13/05/1998;"
        "Einzel;À jour;Alto\n",
        {
            "name": "Zoé Lefèvre", "external_id": "A-11", "address": "3 rue Haute\nBât. B\n25000 Besançon",
            "city": "Besançon", "phone": "03 1, 06 3", "tier": "Einzel", "notes": "Alto",
            "starts_on": date(1998, 5, 13),
        },
        ("Civilité",),
    ),
    "A Spanish association": Listed(
        "Nº socio;Nombre;Primer apellido;Segundo apellido;DNI;Dirección;CP y población;Teléfono;Móvil;"
        "Correo electrónico;Fecha de alta;Tipo de socio;Observaciones\n"
        "S-12;Íñigo;Núñez;Peña;1A;Calle Ñ 4;28001 Madrid;91 1;600 3;inigo12@socios.example;13/05/1998;Einzel;Viola\n",
        {
            "name": "Íñigo Núñez Peña", "external_id": "S-12", "address": "Calle Ñ 4\n28001 Madrid", "city": "Madrid",
            "phone": "91 1, 600 3", "email": "inigo12@socios.example", "tier": "Einzel", "notes": "Viola",
        },
        ("DNI",),
    ),
    "CiviCRM": Listed(
        "Contact ID,Contact Type,Sort Name,First Name,Last Name,Street Address,Supplemental Address 1,City,State,"
        "Postal Code,Country,Phone,Email,Membership Type,Member Since,Membership Start Date,"
        "Membership Expiration Date,Membership Status\n"
        '13,Individual,"Berg, Ann",Ann,Berg,1 Main St,Apt 2,Ames,Iowa,50010,United States,515 1,ann13@example.org,'
        "Einzel,1998-05-01,2026-01-01,2026-12-31,New\n",
        {
            "name": "Ann Berg", "external_id": "13", "address": "1 Main St\nApt 2\nAmes Iowa 50010\nUnited States",
            "tier": "Einzel", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31),
        },
        ("Contact Type",),
    ),
    "Wild Apricot": Listed(
        "User ID,First name,Last name,Organization,Email,Phone,Membership level,Membership status,Member since,"
        "Renewal due,Member ID,Group participation,Notes\n"
        "77,Ann,Berg,,ann14@example.org,515 1,Einzel,PendingRenewal,2026-01-01,2026-12-31,W-14,Board,Host\n",
        {
            "name": "Ann Berg", "external_id": "W-14", "phone": "515 1", "tier": "Einzel", "tags": ["Board"],
            "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "notes": "Host",
        },
        ("User ID",),
    ),
}  # fmt: skip


def test_lists_as_programs_write_them_go_in_as_they_are_meant(app):
    a_tier("Einzel")
    found = {}
    for name, one in LISTS.items():
        reading = read(one.text.encode())
        db.session.flush()
        bring_in(list(reading), name, partial=False, by=None, now=NOW)
        db.session.commit()
        not_read = {*reading.unknown, *(heading for heading, _ in reading.passed_over)}
        person = db.session.scalars(select(Person).order_by(Person.id.desc()).limit(1)).one()
        found[name] = {key: held(person, key) for key in one.kept}, not_read
        assert {fate.will for fate in preview(reading, NOW).fates} == {Will.UNCHANGED}, name

    assert found == {name: (one.kept, set(one.unknown)) for name, one in LISTS.items()}


@pytest.mark.parametrize(
    ("headings", "field"),
    [
        ("Notizen|Anmerkung(en)|Bemerkung(en)|Notes|Remarks|Remarques|Observaciones", "notes"),
        ("Telefon|Tel. No.|Téléphone 1|Teléfono", "phone"),
        (
            "Telefon privat|Telefon geschäftlich|Tel. dienstl.|Tél. pro|Teléfono trabajo|Home Phone 2|Tel 2",
            "other_phone",
        ),
        ("Handy|Mobil|Mobile No.|Tél. portable|Móvil", "mobile"),
        ("E-Mail privat|E-Mail dienstlich|Work email|Email 2|E-Mail-Adresse 2", "other_email"),
        ("PLZ Ort|PLZ/Ort|Postcode/Town|CP Ville|CP y población|C.P. y Localidad|Ort, PLZ", "postcode_and_town"),
        ("Home State", "county"),
        ("Forename(s)|Prénom|Nombre", "given_name"),
        ("Business Street|Home|Work|Personal number|Private|2", None),
    ],
)
def test_headings_are_known_in_each_language(headings, field):
    assert {one: field_of(one) for one in headings.split("|")} == dict.fromkeys(headings.split("|"), field)


@pytest.mark.parametrize(
    "above", ["", "Mitgliederliste 2026;;;\n\n", "sep=;\n", "Verein;Chor;;\nStand: 1.12.2026\nVorstand;Name;;\n"]
)
def test_a_title_above_the_header_is_told_and_not_read(above):
    reading = read(f"{above}Name;E-Mail;Sprache;State;Straße\nAnn;a@example.org;Deutsch;Iowa;Gasse 1\n".encode())
    (ann,) = reading
    assert (ann.name, ann.particulars[3], ann.line) == ("Ann", "de", above.count("\n") + 2)
    assert (reading.lines, ann.particulars[1]) == (1, "Gasse 1\nIowa")
    told = [line for line in about(reading) if "What stands above is not read" in line]
    assert len(told) == bool(above)
    assert not above or above.split("\n")[0].replace(";", " ").strip() in told[0] or above.startswith("sep")


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Name;Vorname", "Berg;Ann", "Ann Berg"),
        ("Name;Vorname", "Ann Berg;Ann", "Ann Berg"),
        ("Name;Vorname", "Ali;Ali", "Ali Ali"),
        ("Display name;First name;Last name", "Annie;Ann;Berg", "Ann Berg"),
        ("Display name;First name;Last name", "Dr. Ann Berg;Ann;Berg", "Dr. Ann Berg"),
        ("Display name;First name;Last name", "Annie;Ann;", "Annie"),
        ("Name, Vorname", "Berg, Ann", "Ann Berg"),
        ("Nom et prénom", "BERG Ann", "BERG Ann"),
        ("Apellidos y nombre", "Núñez Peña, Íñigo", "Íñigo Núñez Peña"),
    ],
)
def test_a_name_is_made_of_its_columns(header, row, name):
    text = f"{header}\n{row}\n" if ";" in header else f'"{header}"\n"{row}"\n'
    assert [entry.name for entry in read(text.encode())] == [name]


def held(person: Person, key: str) -> object:
    if key == "tags":
        return sorted(tag.name for tag in person.tags)
    if key in ("tier", "starts_on", "ends_on"):
        membership = db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
        return membership.tier.name if key == "tier" else getattr(membership, key)
    return getattr(person, key)
