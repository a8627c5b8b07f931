"""Who is read as a speaker and which body as a host, in words that no corpus holds."""

from datetime import date
from time import process_time

import pytest

from society.announcements.reading import read
from society.events.models import BackingRole

TODAY = date(2027, 2, 1)


def speakers(text: str) -> list[str]:
    said = read(f"Weirs\n9 February 2027, 7pm\n{text}", TODAY, "Europe/London").speakers
    return [name for name, _ in said.value] if said else []


@pytest.mark.parametrize(
    "text",
    [
        "> Liebe Ulla, die Bahn ist gebucht.",
        "With a grant from the Valley Lottery.",
        "Mit Frau Oberstudienrätin geht es weiter.",
        "With Sierra Vista Friends at the bar.",
        "Mrs Ivy Kay will be at the door.",
        "The Mayor, Cllr Roy Kay, will unveil the plaque.",
        "Many thanks to Miss Ivy Kay, who baked.",
        "Book with Ada Kay on 01632 960144.",
        "Cups presented at four by Lady Kay.",
        "Wine kindly given by Ada Kay.",
        "With Peter Kay at the organ.",
        "Zur Einführung spricht niemand.",
        "The Meeting of Hexworthy Woods will be held as ever.",
    ],
)
def test_whoever_only_stands_by_and_what_is_nobodys_name_does_not_speak(text):
    assert speakers(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Šárka Novotná will lead us.", ["Šárka Novotná"]),
        ("With Łukasz Kay as our guide.", ["Łukasz Kay"]),
        ("Nos guiará el biólogo Ander Zabaleta.", ["Ander Zabaleta"]),
        ("Es diskutieren:\nMag. Ada Kay, Amt\nDipl.-Ing. Ben Rook, Büro", ["Mag. Ada Kay", "Dipl.-Ing. Ben Rook"]),
        ("avec\nPère Yves Kay, collecteur\nZoé Rook, linguiste", ["Père Yves Kay", "Zoé Rook"]),
        ("Ada Kay, in conversation with Ben Rook", ["Ada Kay", "Ben Rook"]),
        ("On the panel are Ada Kay and the Revd Ben Rook; Hugh Pym takes the chair.", ["Ada Kay", "Revd Ben Rook"]),
        ("Ada Kay on parking and Ben Rook on trees.", ["Ada Kay", "Ben Rook"]),
        ("Auf uns wartet Frau Studiendirektorin a. D. Ada Kay und zeigt Wehre.", ["Ada Kay"]),
        ("Led by the warden, Cass Bright.", ["Cass Bright"]),
        ("Speaker: School Board member Ada Kay", ["Ada Kay"]),
        ("Your guide for the day: Ada Kay", ["Ada Kay"]),
        ("> I shall bring my slides.\n> Regards\n> Ada Kay", ["Ada Kay"]),
        ("Ada Kay will bring a lantern and do the talk.", ["Ada Kay"]),
    ],
)
def test_who_speaks_is_read_by_how_names_and_sentences_are_made(text, names):
    assert speakers(text) == names


@pytest.mark.parametrize(
    ("text", "role", "bodies"),
    [
        ("The 84th AGM of the Weir Philosophical Society is at 7pm.", "host", ["Weir Philosophical Society"]),
        ("The President and Council of the Weir Guild invite you.", "host", ["Weir Guild"]),
        ("A joint venture of Weir Civic Society and Weir Club.", "host", ["Weir Civic Society", "Weir Club"]),
        ("Organiza: Amigos del Río. Patrocina: Caja Alta.", "sponsor", ["Caja Alta"]),
        ("With a grant from the Valley Lottery.", "sponsor", ["the Valley Lottery"]),
        ("Con el auspicio de la Municipalidad de Río.", "endorser", ["la Municipalidad de Río"]),
        ("Under the patronage of the Lord Lieutenant.", "endorser", ["the Lord Lieutenant"]),
        ("Prizes presented by Lady Kay.", "host", []),
        ("On behalf of the committee I write to you.", "host", []),
        ("With kind regards\nThe Weir Society", "host", []),
    ],
)
def test_bodies_are_read_from_whose_meeting_it_is_and_who_backs_it(text, role, bodies):
    said = read(f"9 February 2027, 7pm\n{text}", TODAY, "Europe/London").backers.get(BackingRole(role))
    assert (said.value if said else []) == bodies


def test_who_is_in_the_chair_is_read_after_the_speakers_with_the_word_for_it():
    assert speakers("Speaker: Ada Kay\nIn the chair: Canon Ben Rook") == ["Ada Kay", "Canon Ben Rook"]
    said = read("Weirs\n9 February 2027, 7pm\nModerator: Ada Kay", TODAY, "Europe/London").speakers
    assert said.value == [("Ada Kay", "Moderator")]


@pytest.mark.parametrize(
    "piece",
    [
        "Annual General Meeting of the ",
        "The Society of the Aa & ",
        "with the poet and the ",
        "Frau Aaaaarat a. D. ",
        "A on b ",
    ],
)
def test_a_text_of_nothing_but_beginnings_is_read_in_no_time(piece):
    began = process_time()
    read(piece * (100_000 // len(piece)), TODAY, "Europe/London")
    assert process_time() - began < 8
