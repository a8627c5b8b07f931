"""Files as spreadsheets and banks write them: whatever the encoding and the separator, the same rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from society.tables import Unreadable, rows

NAMES = "name;city\r\nMüller;Köln\r\nSørensen;Besançon\r\n"


def read(content: bytes) -> list[list[str]]:
    return [row.cells for row in rows(content)]


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(codec, named):
    table = rows(NAMES.encode(codec))

    assert table.encoding == named
    assert [row.cells for row in table] == [["name", "city"], ["Müller", "Köln"], ["Sørensen", "Besançon"]]


def test_other_alphabets_are_told_apart():
    russian = "имя;город\nИван Петров;Москва\nАнна Иванова;Санкт-Петербург\n"

    assert read(russian.encode("cp1251"))[1] == ["Иван Петров", "Москва"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_makes_even_rows(separator):
    text = "Account of the society\n\nday;payer;amount\n1.2.2027;A, B and C;12,50\n2.2.2027;D;3,00\n"
    table = rows(text.replace(",", ".").replace(";", separator).encode())

    assert table.separator == separator
    assert [len(row.cells) for row in table] == [1, 3, 3, 3]


@pytest.mark.parametrize(
    "text",
    [
        'name,tags\nAnn,"board; choir\nfriend; host"\n',
        'name,tags\nAnn,"board; choir, friend\n""x"";y"\nBen,"a;b"\n',
        '"name; given","tags; all"\n"Berg; Ann","a;b"\n',
        'name,tags\n"Ann ""A;B"" Berg","board;\nchoir"\n',
    ],
)
def test_what_stands_in_quoted_cells_separates_nothing(text):
    assert rows(text.encode()).separator == ","
    other = text.translate(str.maketrans({",": ";", ";": ","}))
    assert rows(other.encode()).separator == ";"


def test_rows_know_the_line_on_which_they_begin():
    table = rows(b'a,b\r\n"x\r\ny",2\r\n\r\n , \r\n3,4')

    assert [(row.line, row.cells) for row in table] == [(1, ["a", "b"]), (2, ["x\r\ny", "2"]), (6, ["3", "4"])]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n\r\n", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is a picture"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"PK\x03\x04\0\0", "This is a spreadsheet or an archive"),
        (b"a,b\nc,\x01d\n", "Line 2: characters that no text has"),
        (b"\xff\xfea", "The file says that it is Unicode"),
        (b"a" + b",a" * 300, "Line 1: 301 columns"),
        (b"a,b\n" + b"x" * 30_000, "Line 2: a cell of more than 20,000 characters"),
        (b'a,b\n"x,2\n3,4\n', "Line 2: a cell does not end"),
        (b'a,b\n1,2\n"x' + b"y\n" * 2_500_000, "Line 3: a cell"),
    ],
)
def test_what_is_no_table_gets_a_sentence(content, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    try:
        found = read(content)
    except Unreadable:
        return
    assert all(any(cell.strip() for cell in cells) for cells in found)
