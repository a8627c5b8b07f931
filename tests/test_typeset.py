"""Letters that no font of the machine has are told of before a PDF is had with boxes in their place."""

import json
import struct
from types import SimpleNamespace

import pytest

from society.db import db
from society.notices.models import Audience, Notice, NoticeKind
from society.typeset import NoFont, undrawn
from tests.builders import NOW, a_person

HAN, THAI, HANGUL = "山", "ส", "김"


def a_font(ranges, kind=12, before=0):
    """A file that is a font as far as its letters go; its tables stand so far behind the beginning."""
    if kind == 12:
        groups = b"".join(struct.pack(">III", first, last, 1) for first, last in ranges)
        listed = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(ranges)) + groups
    else:
        count = len(ranges)
        ends, starts = ([pair[place] for pair in ranges] for place in (1, 0))
        listed = struct.pack(f">7H{count}HH{count}H", 4, 0, 0, 2 * count, 0, 0, 0, *ends, 0, *starts)
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + listed
    table = struct.pack(">4sIII", b"cmap", 0, before + 12 + 16, len(cmap))
    return struct.pack(">4sHHHH", b"OTTO", 1, 0, 0, 0) + table + cmap


def in_a_collection(ranges):
    """The second font of two in one file, of which the first has nothing."""
    head = struct.pack(">4sIIII", b"ttcf", 0x10000, 2, 20, 20)
    return head + a_font(ranges, before=len(head))


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """What fonts there are beside the typesetter's own."""
    found: list[SimpleNamespace] = []

    def install(data, index=0):
        path = tmp_path / f"{len(found)}.otf"
        path.write_bytes(data)
        found.append(SimpleNamespace(path=str(path), index=index))

    own = SimpleNamespace(path=None, index=0)
    fonts = SimpleNamespace(fonts=lambda: [own, *found])
    monkeypatch.setattr("typst.Fonts", lambda **_: fonts)
    return install


def lacking(*texts):
    return "".join(undrawn([json.dumps({"to": list(texts)})]))


def test_only_what_no_font_draws_is_lacking(machine):
    assert lacking("Ann", "Γιώργος", "محمد") == ""
    assert lacking(HAN, f"Ann {THAI}\u200d", THAI, "\ud800", "\u3000") == THAI + HAN
    machine(a_font([(0x41, 0x5A), (0x4E00, 0x9FFF)]))
    assert lacking(HAN, THAI) == THAI
    machine(a_font([(0x0E01, 0x0E3A), (0xFFFF, 0xFFFF)], kind=4))
    assert lacking(HAN, THAI, HANGUL) == HANGUL
    machine(in_a_collection([(0xAC00, 0xD7A3)]), index=1)
    assert lacking(HAN, THAI, HANGUL) == ""


@pytest.mark.parametrize("data", [b"", b"no font at all", b"ttcf", a_font([(1, 0xFFFF)])[:50], b"\0" * 400])
def test_a_file_that_is_no_font_draws_nothing(machine, data):
    machine(data)
    assert lacking(HAN) == HAN


def test_scripts_are_named_with_the_package_that_has_them():
    said = str(NoFont([HAN, HANGUL, "の", THAI, "क", "🎉"]))

    assert "no font for Chinese characters, Devanagari, Japanese, Korean, Thai and emoji and signs." in said
    assert "“fonts-noto-cjk”, “fonts-noto-color-emoji” and “fonts-noto-core”" in said
    assert "Thai" not in str(NoFont([HAN]))


def test_whoever_asks_for_a_pdf_is_told_first_and_has_it_all_the_same(app, client, machine):
    client.sign_in(olga := a_person("Olga", "organizer"))
    a_person(HAN * 2, email=None, address=f"1 Road\n{THAI}")
    given = {"kind": NoticeKind.ANNOUNCEMENT, "audience": Audience.EVERYONE, "subject": "News", "body": "Come."}
    notice = Notice(author=olga, created_at=NOW, **given)
    db.session.add(notice)
    db.session.flush()
    here = f"/organize/notices/{notice.id}"

    for path, way in ((f"{here}/letters.pdf", "?boxes=yes"), (f"{here}/labels.pdf?all=1", "?all=1&amp;boxes=yes")):
        told = client.get(path)
        assert told.status_code == 409
        assert "no font for Chinese characters and Thai" in told.text
        assert f'href="{way}"' in told.text
        had = client.get(path.partition("?")[0] + way.replace("&amp;", "&"))
        assert (had.status_code, had.data[:4]) == (200, b"%PDF")

    machine(a_font([(0x0E01, 0x0E3A), (0x4E00, 0x9FFF)]))
    assert client.get(f"{here}/letters.pdf").data.startswith(b"%PDF")
