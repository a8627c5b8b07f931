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
        "With Sierra Vista Friends at the bar.",
        "Mrs Ivy Kay will be at the door.",
        "The Mayor, Cllr Roy Kay, will unveil the plaque.",
        "Many thanks to Miss Ivy Kay, who baked.",
        "Book with Ada Kay on 01632 960144.",
        "Cups presented at four by Lady Kay.",
        "Wine kindly given by Ada Kay.",
        "Zur Einführung spricht niemand.",
        "The Meeting of Hexworthy Woods will be held as ever.",
        "Thanks to speaker: Ada Kay",
        "Convened by Dr Ada Kay.",
        "Names and money to Ada Kay by Friday.",
        "Report of the Hon. Secretary.",
        "Tonight the Weir Stargazers will show us Saturn.",
        "Musical Director: Ada Kay",
        "All are welcome.\nBees, followed by Weir Notes",
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
        ("R. J. Kay\n\nTuesday 9 March 2027, 7pm", ["R. J. Kay"]),
        ("Speaker: A. N. Otherwise (Barchester)", ["A. N. Otherwise"]),
        ("The Old School, 7.30pm: IM Peter Kay gives a display.", ["IM Peter Kay"]),
        ("Three short talks:\nAda Kay - Lamps\nXan Rook - Bells\nBen Yu - Digs", ["Ada Kay", "Xan Rook", "Ben Yu"]),
        ("Lamps and lanterns – Ada Kay", ["Ada Kay"]),
        ("“Dahlias for Everyone” – Pippa Stone", ["Pippa Stone"]),
        ("“Counting the Dead” (Dr Ada Kay, Friday) moves to the hall.", ["Dr Ada Kay"]),
        ("7.30pm – Ada Kay on Cornish Tin", ["Ada Kay"]),
        ("But Ada Kay has nobly stepped in.", ["Ada Kay"]),
        ("Speaking for: Ada Kay\nSpeaking against: Ben Rook", ["Ada Kay", "Ben Rook"]),
        ("Tues 2 March, 7.30pm – Xanthe Pook – Queens and drones", ["Xanthe Pook"]),
        (
            "Elsa Berg (violin), Tom Kay (cello) and Ruth Oram (piano)\nAll are welcome.",
            ["Elsa Berg", "Tom Kay", "Ruth Oram"],
        ),
        ("Author event: Ada Kay in conversation with Ben Rook", ["Ada Kay", "Ben Rook"]),
        ("avec\nAda Kay\nmodérée par Zoé Rook", ["Ada Kay", "Zoé Rook"]),
        ("With clockmaker Ada Kay and historian Ben Rook.", ["Ada Kay", "Ben Rook"]),
        ("Bees, with a panel of experts: Ada Kay, Ben Rook and Cass Bright", ["Ada Kay", "Ben Rook", "Cass Bright"]),
        ("Kursleiter ist der Baumwart Alois Kay.", ["Alois Kay"]),
        ("Bees\n🗣️ Ada Kay", ["Ada Kay"]),
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
        ("A joint meeting with the Wild Flower Society.", "host", ["the Wild Flower Society"]),
        ("Run by the Inner Wheel Club of Weir.", "host", ["the Inner Wheel Club of Weir"]),
        (
            "All are welcome.\nWeir Historical Commission ● 555-0134 ● Like us on Facebook",
            "host",
            ["Weir Historical Commission"],
        ),
        ("THE WEIR ASTRONOMERS\nINVITE YOU TO A NIGHT", "host", ["The Weir Astronomers"]),
        ("Ash Arts Trust & Weir Poetry Society\npresent\nSonnets", "host", ["Ash Arts Trust", "Weir Poetry Society"]),
        ("Hosted by Dale K. and 2 others", "host", []),
        ("Organizers: Li Chen, Ana Ruiz", "host", []),
        ("The Mill Creek Guild meets on Tuesday.", "host", ["The Mill Creek Guild"]),
        ("Ash Field Club & Weir Civic Society: joint meeting", "host", ["Ash Field Club", "Weir Civic Society"]),
        ("The Ash Singers", "host", []),
        ("News from the Field Naturalists", "host", []),
        ("With thanks to Ash Opticians for their support.", "sponsor", ["Ash Opticians"]),
        ("Prizes presented by Lady Kay.", "host", []),
        ("On behalf of the committee I write to you.", "host", []),
        ("Fond of song? Join the Ash Choral Society for a day of it.", "host", ["the Ash Choral Society"]),
        ("La séance du Cercle d'histoire de Valbrune.", "host", ["Cercle d'histoire de Valbrune"]),
        ("Ash Vale Singers\nREQUIEM\nAll welcome", "host", ["Ash Vale Singers"]),
        ("“Bees”, Guildhall\nCentre for Ash Studies", "host", ["Centre for Ash Studies"]),
        ("“Bees”, Guildhall\nUniversity of Ash", "host", []),
        ("With kind regards\nThe Weir Society", "host", []),
    ],
)
def test_bodies_are_read_from_whose_meeting_it_is_and_who_backs_it(text, role, bodies):
    said = read(f"9 February 2027, 7pm\n{text}", TODAY, "Europe/London").backers.get(BackingRole(role))
    assert (said.value if said else []) == bodies


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("£1.50 entry includes coffee.", "1.50 GBP"),
        ("£3.50 (£2.50 members)", "3.50 GBP"),
        ("£5/£4 concessions", "5 GBP"),
        ("Entry is free for members and £3 for non members.", "3 GBP"),
        ("Visitors are welcome (£4).", "4 GBP"),
        ("£3 per player, bring a prize.", "3 GBP"),
        ("Entry by donation (we suggest £2)", "2 GBP"),
        ("Fiver in the hat.", "5 GBP"),
        ("We raised £400 for the roof.", ""),
        ("Room R50", ""),
    ],
)
def test_what_it_costs_is_read_by_who_pays_it_and_what_for(text, price):
    said = read(f"Weirs\n9 February 2027, 7pm\n{text}", TODAY, "Europe/London").price
    assert (f"{said.value.amount} {said.value.currency}" if said else "") == price


def test_rand_are_read_where_they_are_paid():
    assert read("Weirs\n9 February 2027\nEntrance: R40", TODAY, "Africa/Johannesburg").price.value.currency == "ZAR"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("At 9 Row; please ring the lower bell.", "Please ring the lower bell"),
        ("Buzz flat 4. Bring a snack.", "Buzz flat 4"),
        ("Zoom: https://zoom.us/j/1234567890\nCode : draveur27", "Code : draveur27"),
        ("Come and ring the church bells.", ""),
        ("Dress code: casual", ""),
    ],
)
def test_how_the_door_is_opened_is_for_those_who_come(text, told):
    reading = read(f"Weirs\n9 February 2027, 7pm\n{text}", TODAY, "Europe/London")
    assert (reading.instructions.value if reading.instructions else "") == told
    assert not told or told not in reading.description


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
        "A. B – ",
        "Ada Kay - ",
        "“A” (Lady ",
        "Society of the ",
        "AbCd",
        "press the bell ",
        "Press release\nA b C, ",
        "£1 adults for the ",
    ],
)
def test_a_text_of_nothing_but_beginnings_is_read_in_no_time(piece):
    began = process_time()
    read(piece * (100_000 // len(piece)), TODAY, "Europe/London")
    assert process_time() - began < 8
