"""Files as one meets them in life: each is read as it is meant, or refused with a sentence that names the line."""

import io
import struct
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from society.errors import Refused
from society.register import sheets
from society.register.dates import Order
from society.register.importing import must_be_answered
from society.register.reading import Reading, read
from society.tables import as_meant, harmless

HEAD = "email,name,tier,starts_on\n"


def first(text: str | bytes, answer: Order | None = None) -> Any:
    return next(iter(read(text.encode() if isinstance(text, str) else text, answer)))


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        list(read(content))
    return str(refused.value)


def reason(row: str, header: str = HEAD) -> str:
    return str(first(header + row).refused)


def a_spreadsheet(*rows: list[Any], title: str = "Members") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_found_out(encoding, separator):
    rows = ["email,name,city", "jose@example.org,José Müller-Lüdenscheidt,Besançon", "zoe@example.org,Zoë,Århus"]
    text = "\r\n".join(row.replace(",", separator) for row in rows)
    entries = list(read(text.encode(encoding)))

    assert [entry.name for entry in entries] == ["José Müller-Lüdenscheidt", "Zoë"]
    assert [entry.particulars[2] for entry in entries] == ["Besançon", "Århus"]


def test_headers_come_in_any_order_and_case_and_under_other_names():
    entry = first(
        "Last Name;E-Mail;First name;Telephone;Membership type;Member since\nBerg;a@example.org;Ann;1;Full;2020-05-01\n"
    )

    assert (entry.name, entry.email, entry.particulars[0]) == ("Ann Berg", "a@example.org", "1")
    assert (entry.step.tier, entry.step.starts_on) == ("Full", date(2020, 5, 1))


def test_unknown_columns_that_hold_anything_are_named_and_passed_over():
    reading = read(b"email,Shoe size,name,,in_good_standing,Fax\na@example.org,38,Ann,x,yes,\n")

    assert reading.unknown == ["Shoe size", "column 4"]
    assert next(iter(reading)).name == "Ann"


def test_a_hundred_columns_are_read():
    others = ",".join(f"q{n}" for n in range(120))
    reading = read(f"email,{others},name\na@example.org,{'x,' * 120}Ann\n".encode())

    assert (len(reading.unknown), next(iter(reading)).name) == (120, "Ann")


def test_blank_rows_and_a_header_said_again_are_left_out_and_lines_counted_on():
    reading = read(b"email,name\n\n,\na@example.org,Ann\n , \nemail,name\nb@example.org,Ben\n")

    assert [(entry.line, entry.name) for entry in reading] == [(4, "Ann"), (7, "Ben")]
    assert reading.repeated == [6]


def test_lines_are_counted_through_cells_of_several_lines():
    entries = list(read(b'email,name,address\na@example.org,Ann,"1 High St\n2nd floor\nLondon"\nb@example.org,Ben,\n'))

    assert [entry.line for entry in entries] == [2, 5]
    assert entries[0].particulars[1] == "1 High St\n2nd floor\nLondon"


def test_what_looks_like_a_formula_is_text():
    entry = first('email,name,phone,notes\na@example.org,Ann,\'+44 20,"=HYPERLINK(""https://example.org"")"\n')

    assert (entry.particulars[0], entry.particulars[-1]) == ("+44 20", '=HYPERLINK("https://example.org")')


def test_what_a_spreadsheet_could_run_goes_out_as_text_and_comes_back_as_it_was():
    for cell in ("=1+1", "+1", "-1", "@sum(1)", "＝1+1", "＋1", "－1", "＠sum(1)", "\t=1", "\r=1", "\n=1", "'=1"):
        assert harmless(cell) == f"'{cell}"
        assert as_meant(harmless(cell)) == cell
    assert harmless("O'Hara = here") == "O'Hara = here"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n \r\n", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "This is a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "This is a picture"),
        (b"%PDF-1.7\n", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel file"),
        (b"\x1f\x8b\x08\0", "This is an archive"),
        (b"ann@example.org,Ann\nben@example.org,Ben\n", "Line 1: this is no header."),
        (b"email,name\n", "Line 1: there is a header, and nobody below it."),
        (b"email,E-Mail,name\na@example.org,,Ann\n", "Line 1: “email” and “E-Mail” would both be the column “email”."),
        (b'email,name\na@example.org,"Ann\nb@example.org,Ben\n', "Line 2: a cell does not end"),
        (b"email,name" + b",x" * 300 + b"\n", "Line 1: 302 columns; at most 200 can be read."),
        (b"email,name\na@example.org,An\0n\n", "Line 2: characters that no text has"),
        (b"PK\x03\x04" + b"\0" * 60, "This spreadsheet is damaged"),
    ],
)
def test_what_is_no_table_of_people_is_refused_with_a_sentence(content, sentence):
    assert refusal(content).startswith(sentence)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("ann@example,Ann,,", "“ann@example” is not a mail address."),
        ("ann at example.org,Ann,,", "“ann at example.org” is not a mail address."),
        (f"{'a' * 300}@example.org,Ann,,", "is not a mail address."),
        (",,Member,2024-01-01", "Nobody is named here: there is no email, name or external_id."),
        ("a@example.org,https://evil.example.org,,", "“https://evil.example.org” is a web address, not a name."),
        (f"a@example.org,{'x' * 201},,", "Name has 201 characters; at most 200 are kept."),
        ("a@example.org,Ann,Member,31/02/2024", "Starts_on: there is no day “31/02/2024”, read as day 31, month 02."),
        ("a@example.org,Ann,Member,soon", "Starts_on: “soon” is not a date such as 2024-03-30 or 30.03.2024."),
        ("a@example.org,Ann,Member,1024-01-01", "is not between the years 1900 and 2199."),
        (
            "a@example.org,Ann,Member,2024-01-01,x",
            "5 cells, and 4 in the header; is a cell with a comma left unquoted?",
        ),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(row, sentence):
    assert sentence in reason(row)


def test_a_time_zone_is_read_as_it_is_named_or_shown():
    zones = {"Europe/London": "Europe/London", "America/New York": "America/New_York", "": ""}
    assert {text: first(f"email,timezone\na@example.org,{text}\n").particulars[4] for text in zones} == zones
    assert reason("a@example.org,GMT+1\n", "email,timezone\n") == "“GMT+1” is not a time zone such as Europe/London."


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-30", date(2024, 3, 30)),
        ("2024/3/30", date(2024, 3, 30)),
        ("2024-03-30 00:00:00", date(2024, 3, 30)),
        ("30.03.2024", date(2024, 3, 30)),
        ("3.4.2024", date(2024, 4, 3)),
        ("30/03/2024", date(2024, 3, 30)),
        ("03/30/2024", date(2024, 3, 30)),
        ("30-03-2024", date(2024, 3, 30)),
        ("45381", date(2024, 3, 30)),
        ("04/04/2024", date(2024, 4, 4)),
    ],
)
def test_dates_are_read_in_each_notation(text, day):
    assert first(f"{HEAD}a@example.org,Ann,Member,{text}").step.starts_on == day


def column_of(*values: str) -> Reading:
    rows = "".join(f"p{n}@example.org,P,Member,{value}\n" for n, value in enumerate(values))
    return read((HEAD + rows).encode())


def test_one_value_decides_for_its_whole_column():
    assert [entry.step.starts_on for entry in column_of("03/04/2024", "13/04/2024")] == [
        date(2024, 4, 3),
        date(2024, 4, 13),
    ]
    assert [entry.step.starts_on for entry in column_of("03/04/2024", "04/13/2024")] == [
        date(2024, 3, 4),
        date(2024, 4, 13),
    ]


def test_what_could_be_two_days_is_asked_about():
    for reading in (column_of("05/05/2024", "03/04/2024"), column_of("03/04/2024", "13/04/2024", "04/13/2024")):
        assert list(reading.questions) == ["starts_on"]
        with pytest.raises(Refused, match=r"starts_on “03/04/2024” can be read as day/month or month/day"):
            must_be_answered(reading)
    assert not column_of("05/05/2024", "2024-04-03").questions


def test_the_answer_is_followed():
    text = f"{HEAD}a@example.org,Ann,Member,03/04/2024"

    assert first(text, Order.DAY).step.starts_on == date(2024, 4, 3)
    assert first(text, Order.MONTH).step.starts_on == date(2024, 3, 4)


def test_a_spreadsheet_is_read_with_its_own_dates_and_numbers():
    content = a_spreadsheet(
        ["E-mail", "Name", "Tier", "Starts on", "Ends on", "Id", "Notes"],
        [],
        ["a@example.org", "Ann", "Member", datetime(2024, 3, 30), date(2024, 12, 31), 17, "=1+1 is no sum"],
        ["b@example.org", "Ben", None, None, None, 18.0, None],
    )
    reading = read(content)
    ann, ben = reading

    assert (ann.line, ann.external_id, ann.step.starts_on, ann.step.ends_on) == (
        3,
        "17",
        date(2024, 3, 30),
        date(2024, 12, 31),
    )
    assert (ben.line, ben.external_id, ben.step) == (4, "18", None)
    assert reading.source.name == "Members"
    assert list(reading) == [ann, ben]


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same spreadsheet with other parts; `__` stands for a stroke and `_` before the ending for a point."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, part in parts.items():
            new.writestr(name, part)
    return file.getvalue()


PLAIN = [["email", "name"], ["a@example.org", "Ann"]]


def test_macros_are_never_looked_at():
    reading = read(repacked(a_spreadsheet(*PLAIN), **{"xl/vbaProject.bin": b"Sub Auto_Open()"}))

    assert reading.source.macros
    assert [entry.name for entry in reading] == ["Ann"]


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 5_000_000)
    bomb = repacked(a_spreadsheet(*PLAIN), **{"xl/media/image1.png": b"\0" * 6_000_000})

    assert len(bomb) < 50_000
    assert "unpacks to more than" in refusal(bomb)


def test_a_bomb_that_lies_about_its_size_is_found_out():
    bomb = repacked(a_spreadsheet(*PLAIN), **{"xl/media/image1.png": b"\0" * 6_000_000})
    false = bomb.replace(struct.pack("<I", 6_000_000), struct.pack("<I", 10))

    assert "damaged" in refusal(false)


def test_entities_in_a_spreadsheet_are_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;">]>'
    sheet = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>'
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    content = repacked(a_spreadsheet(*PLAIN), **{"xl/worksheets/sheet1.xml": laughs + start + sheet})

    assert "cannot be read" in refusal(content)


def test_other_archives_are_no_spreadsheets():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("people.csv", "email,name")
    assert refusal(file.getvalue()).startswith("This is an archive, not a spreadsheet")

    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refusal(file.getvalue()).startswith("This is an OpenDocument file.")


@pytest.mark.parametrize("number", [2_000_000_000, 30_000])
def test_a_sheet_with_a_row_far_down_is_refused(monkeypatch, number):
    monkeypatch.setattr(sheets, "MOST_ROWS", 20_000)
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet += b'<row r="1"><c r="A1" t="inlineStr"><is><t>email</t></is></c></row>'
    sheet += b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>a@example.org</t></is></c></row>' % (number, number)
    content = repacked(a_spreadsheet(*PLAIN), **{"xl/worksheets/sheet1.xml": sheet + b"</sheetData></worksheet>"})

    assert "a sheet has at most 20,000 rows" in refusal(content)
