"""Lists with the postal address in several columns, and with two columns for one field: a file in, people out."""

import pytest
from sqlalchemy import select

from society.db import db
from society.errors import Refused
from society.people.models import Person
from society.register.addresses import town_of
from society.register.importing import bring_in, preview
from society.register.planning import Will
from society.register.reading import read
from society.register.told import about
from tests.builders import NOW

VEREIN = (
    "Nachname;Vorname;Straße;Hausnr.;Adresszusatz;PLZ;Ort;Land;Telefon;Handy;Bemerkungen\n"
    "Müller;Käthe;Große Gasse;5 a;Hinterhaus;97070;Würzburg;;0931 123;0170 456;Spielt Bratsche.\n"
    "Öztürk;Zoë;Königsallee;1;;1010;Wien;Österreich;;0664 789;\n"
    "Weiß;Otto;;;;97070;Würzburg;;0931 99;;\n"
)


def people(text: str, encoding: str = "utf-8") -> dict[str, Person]:
    """Those whom the register has once the file is read in, by name."""
    db.session.flush()
    bring_in(list(read(text.encode(encoding))), "list.csv", partial=False, by=None, now=NOW)
    db.session.commit()
    return {person.name: person for person in db.session.scalars(select(Person))}


def address(header: str, row: str) -> str:
    (entry,) = read(f"name;{header}\nAnn;{row}\n".encode())
    assert not entry.refused
    return str(entry.particulars[1])


def told(text: str) -> list[str]:
    return list(about(read(text.encode())))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_list_with_the_address_in_columns_gives_addresses_that_a_letter_arrives_at(app, encoding):
    known = people(VEREIN, encoding)

    assert known["Käthe Müller"].address == "Große Gasse 5 a\nHinterhaus\n97070 Würzburg"
    assert known["Zoë Öztürk"].address == "Königsallee 1\n1010 Wien\nÖsterreich"
    assert (known["Otto Weiß"].address, known["Otto Weiß"].city) == ("97070 Würzburg", "Würzburg")
    assert {fate.will for fate in preview(read(VEREIN.encode(encoding)), NOW).fates} == {Will.UNCHANGED}


@pytest.mark.parametrize(
    ("header", "row", "made"),
    [
        ("Address line 1;Address line 2;Town;Postcode", "1 High St;Flat 2;London;N1 1AA",
         "1 High St|Flat 2|London N1 1AA"),
        ("Street Address;City;State;ZIP;Status", "1 Main St;Ames;IA;50010;", "1 Main St|Ames IA 50010"),
        ("Street Address;City;State;ZIP", "1 Main St;Ames;IA;50010", "1 Main St|Ames IA 50010"),
        ("N° de rue;Rue;Code postal;Ville;Pays", "3;rue de l’Église;25000;Besançon;France",
         "3 rue de l’Église|25000 Besançon|France"),
        ("Calle;Código postal;Población;Provincia", "Calle Ñ 4;28001;Madrid;Madrid", "Calle Ñ 4|28001 Madrid"),
        ("Address 1;Address 2;Address 3;Town;Postcode", "1 High St;Leeds;Leeds;Leeds;LS1", "1 High St|Leeds LS1"),
        ("Street;Postcode;Town", "Gasse 1;97070;97070 Würzburg", "Gasse 1|97070 Würzburg"),
        ("Street;Town", "1 High St;London", "1 High St|London"),
        ("Street;Country", "1 High St;UK", "1 High St|UK"),
        ("Postcode;Town;Country", "N1;London;UK", "N1 London|UK"),
        ("Hausnr.;PLZ;Ort", "12;1234;Dorf", "12|1234 Dorf"),
        ("House no;Town", "12;Dorf", "12|Dorf"),
        ("Street;Town;Country", ";London;UK", ""),
        ("Straße;Ort;PLZ", "Gasse 1;Würzburg;97070", "Gasse 1|97070 Würzburg"),
        ("Straße;PLZ/Wohnort", "Gasse 1;97070 Würzburg", "Gasse 1|97070 Würzburg"),
        ("Street;Ort;PLZ Ort", "Gasse 1;Würzburg;97070 Würzburg", "Gasse 1|97070 Würzburg"),
        ("Adresse;CP Ville", "1 rue Haute;F-25000 Besançon", "1 rue Haute|F-25000 Besançon"),
        ("Adresse;CP Ville", "1 rue Haute 25000 Besançon;25000 Besançon", "1 rue Haute 25000 Besançon"),
        ("Home Street;City, State, ZIP", "1 Main St;Ames, IA 50010", "1 Main St|Ames, IA 50010"),
    ],
)  # fmt: skip
def test_the_town_is_written_in_the_order_of_the_columns(header, row, made):
    assert address(header, row) == made.replace("|", "\n")


@pytest.mark.parametrize(
    ("header", "row", "made"),
    [
        ("address;city", "5 London Road;London", "5 London Road"),
        ("address;postcode;city", "5 London Road;N1;London", "5 London Road|N1 London"),
        ("address;city;country", "5 London Road;London;UK", "5 London Road|London|UK"),
        ("address;city;country", "5 High St, London;LONDON;UK", "5 High St, London|UK"),
        ("address;street;postcode;city;country", "Gasse 1, 97070 WURZBURG, Germany;Gasse 1;97070;Würzburg;Germany",
         "Gasse 1, 97070 WURZBURG, Germany"),
        ("address;street;postcode;city", ";Gasse 1;97070;Würzburg", "Gasse 1|97070 Würzburg"),
        ("address;postcode;city", "Gasse 10;1;Bonn", "Gasse 10|1 Bonn"),
    ],
)  # fmt: skip
def test_what_the_whole_address_says_is_not_said_again(header, row, made):
    assert address(header, row) == made.replace("|", "\n")


@pytest.mark.parametrize(
    ("line", "town"),
    [
        ("97070 Würzburg", "Würzburg"),
        ("D-97070 Bad Kissingen", "Bad Kissingen"),
        ("1012 AB Amsterdam", "Amsterdam"),
        ("London N1 1AA", "London"),
        ("Ames, IA 50010", "Ames"),
        ("75008 Paris 08", "Paris"),
        ("Würzburg", "Würzburg"),
        ("97070", ""),
    ],
)
def test_the_town_is_told_from_a_postcode_beside_it(line, town):
    assert town_of(line) == town
    (entry,) = read(f'name,PLZ Ort\nAnn,"{line}"\n'.encode())
    assert (entry.particulars[1], entry.particulars[2]) == ("" if line == "Würzburg" else line, town)


def test_what_an_address_lacks_and_what_is_not_kept_of_it_is_said(app):
    people("email,name,street,postcode,town\na@example.org,Ann,Gasse 1,97070,Würzburg\n")
    text = (
        "email,name,street,postcode,town,country\na@example.org,Ann,,97070,Würzburg,\nb@example.org,Ben,,1234,Dorf,\n"
        "c@example.org,Cem,,,Dorf,Austria\nd@example.org,Dee,,,Dorf,\na@example.org,,,80331,München,\n"
    )
    assert [fate.warning for fate in preview(read(text.encode()), NOW).fates] == [
        "",
        "There is no street: letters go to “1234 Dorf”.",
        "Without a street or a postcode, “Austria” is not kept.",
        "",
        "“80331 München” has no street, so the address stays.",
    ]
    known = people(text)
    assert (known["Ann"].address, known["Ann"].city) == ("Gasse 1\n97070 Würzburg", "München")
    assert (known["Ben"].address, known["Cem"].address, known["Cem"].city) == ("1234 Dorf", "", "Dorf")
    assert preview(read(text.encode()), NOW).fates[1].warning == "", "that is known by now"
    assert any("no address is made" in line for line in told("name,city,country\nAnn,London,UK\n"))


def test_somebody_without_mail_or_number_is_known_again_though_a_postcode_is_new(app):
    people("name,town\nAnn,Dorf\n")
    for _ in range(2):
        assert len(people("name,postcode,town\nAnn,1234,Dorf\n")) == 1


def test_a_state_that_memberships_have_is_the_status():
    (entry,) = read(b"name,tier,street,city,State\nAnn,Member,1 High St,London,lapsed\n")
    assert (entry.step.status, entry.particulars[1]) == ("lapsed", "1 High St\nLondon")


def test_how_the_address_is_made_is_told_with_an_example():
    said = (
        "The postal address is made of “Straße”, “Hausnr.”, “Adresszusatz”, “PLZ”, “Ort” and “Land”; "
        "on line 2 it is “Große Gasse 5 a / Hinterhaus / 97070 Würzburg”."
    )
    assert said in told(VEREIN)
    assert not [line for line in told("name,address,city\nAnn,1 High St,London\n") if "postal" in line]


def test_a_mobile_number_is_kept_beside_the_other(app):
    known = people(VEREIN)

    assert known["Käthe Müller"].phone == "0931 123, 0170 456"
    assert (known["Zoë Öztürk"].phone, known["Otto Weiß"].phone) == ("0664 789", "0931 99")
    assert people("name,phone,mobile\nBen,0170 456,0170456\n")["Ben"].phone == "0170 456"


def test_a_mobile_number_without_room_goes_into_the_notes_and_wipes_none(app):
    people("email,name,notes\na@example.org,Ann,Plays the viola.\n")
    text = f"email,name,phone,mobile\na@example.org,Ann,{'0' * 30},+44 7700 900123\n"
    for _ in range(2):
        ann = people(text)["Ann"]
        assert (ann.phone, ann.notes) == ("0" * 30, "Plays the viola.\nMobile: +44 7700 900123")
    people("email,notes\na@example.org," + "x" * 10_000 + "\n")
    (fate,) = preview(read(text.encode()), NOW).fates
    assert fate.told == "Notes has 10,024 characters; at most 10,000 are kept."


def test_of_two_columns_for_one_field_the_first_is_read():
    text = "name,Notes,Remarks,Shoe size\nAnn,Plays.,Sings.,38\n"
    assert [entry.particulars[-1] for entry in read(text.encode())] == ["Plays."]
    assert "“Remarks” is not read, since “Notes” is." in told(text)
    assert "Columns not known, and not kept: “Shoe size”." in told(text)


@pytest.mark.parametrize(
    "header", ["name,Full name", "name,E-Mail,Mail", "name,tier,Plan", "name,status,Member status"]
)
def test_of_two_columns_that_say_who_somebody_is_none_is_chosen(header):
    with pytest.raises(Refused, match="would both be the column"):
        read(f"{header}\nAnn,a,b\n".encode())
