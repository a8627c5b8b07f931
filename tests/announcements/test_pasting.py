"""The page that takes an announcement, and the form that it fills."""

import re
import subprocess
import sys

import pytest

from society.db import db
from society.events.models import BackingRole, Event
from tests.announcements.rates import corpus
from tests.builders import a_person, a_venue, an_organization

PAGE = "/organize/events/new/announcement"
FLYER = corpus("first")[0]["text"]


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("Ora", "organizer"))


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def test_no_program_waits_for_the_grammar_before_a_text_is_pasted():
    loaded = "import sys, society.cli; print(*sys.modules)"
    names = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True, text=True).stdout.split()

    assert "society.announcements.routes" in names
    assert "society.announcements.reading" not in names
    assert "society.announcements.persons.people" not in names


def test_the_form_comes_back_filled_and_says_what_it_was_read_from(organizer):
    page = organizer.post(PAGE, data={"text": FLYER}).text

    assert value_of(page, "title") == "Title: Subtitle"
    assert re.match(r"\d{4}-03-30T20:00", value_of(page, "starts_at"))
    assert value_of(page, "room") == "Scott Hall, Room 221"
    assert "the B Debating Union</textarea>" in page
    assert "From the text: “March 30th … 8:00 pm”" in page
    assert db.session.query(Event).count() == 0


def test_what_is_asked_of_those_who_come_stands_in_its_fields(organizer):
    text = "The Sea\n5 March 2099, 7pm, Town Hall\nMax 20 people. Entry £5, members free. RSVP by 1 March."
    page = organizer.post(PAGE, data={"text": text}).text
    wanted = {"capacity": "20", "price": "5", "currency": "GBP", "rsvp_deadline": "2099-03-01T23:59"}
    assert {name: value_of(page, name) for name in wanted} == wanted
    assert re.search(r'<input[^>]*checked[^>]*name="members_free"|<input[^>]*name="members_free"[^>]*checked', page)
    assert "From the text: “RSVP by 1 March”" in page


def test_known_venues_and_organizations_are_chosen_not_entered_again(organizer):
    venue, union = a_venue("b university"), an_organization("B Debating Union")

    page = organizer.post(PAGE, data={"text": FLYER}).text

    assert f'<option selected value="{venue.id}">' in page
    assert re.search(rf'name="sponsors" type="checkbox" value="{union.id}"[^>]*|checked[^>]*value="{union.id}"', page)
    assert value_of(page, "venue_name") == ""
    assert "the B Debating Union</textarea>" not in page


@pytest.mark.parametrize(
    ("known", "told", "is_it"),
    [
        (("St. Mary's Hall", ""), "Saint Mary’s Hall", True),
        (("St Mary's Hall", "Church Lane 4, Whitby"), "St. Mary’s Hall, Church Lane 4", True),
        (("Trinity College Dublin", "College Green"), "Trinity College, Dublin", True),
        (("Trinity College", "Dublin"), "Trinity College Dublin", True),
        (("Dunne & Sons", ""), "Dunne and Sons", True),
        (("St Mary's Church", ""), "St Mary's Hall", False),
        (("Town Hall", "Market Street 1, Leeds"), "Town Hall, Market Street 1, York", False),
        (("Premier Inn", "London"), "Premier Inn, 1 King Street, London", False),
        (("Premier Inn", ""), "Premier Inn, 1 King Street, London", False),
        (("Village Hall", "Old Mill Road, Ambridge"), "Village Hall, 3 Mill Road", False),
    ],
)
def test_a_venue_is_known_however_its_name_is_written_and_no_other_is_taken_for_it(organizer, known, told, is_it):
    venue = a_venue(known[0], address=known[1])
    page = organizer.post(PAGE, data={"text": f"Title: The Sea\nDate: 5 March 2099, 7pm\nWhere: {told}"}).text
    assert (f'<option selected value="{venue.id}">' in page) is is_it
    assert bool(value_of(page, "venue_name")) is not is_it
    at = f"at {known[1]}" if known[1] else "already"
    assert (f"There is one of that name {at}." in page) is (not is_it and known[0] in told)
    assert (f"That is known at {known[1]}." in page) is (told == "St. Mary’s Hall, Church Lane 4")


def test_an_address_that_says_more_than_the_known_one_stays_in_its_field(organizer):
    a_venue("Premier Inn", address="London")
    text = "Title: The Sea\nDate: 5 March 2099, 7pm\nVenue: Premier Inn, 1 King Street, London"
    page = organizer.post(PAGE, data={"text": text}).text
    assert value_of(page, "venue_address") == "1 King Street, London"


@pytest.mark.parametrize(
    ("known", "text", "quoted"),
    [
        ("The Swan", "Swan Lake: a talk by Ada Example\nTuesday 30 March 2099, 7:30 pm", ""),
        ("The Swan", "The Swan Lake evening\nTuesday 30 March 2099, 7:30 pm", ""),
        ("The Swan", "Lakes\n30 March 2099, 7:30 pm\nWe eat first, and those from the Swan walk over.", "the Swan"),
        ("Die Brücke", "Die See\n30.3.2099, 19 Uhr\nHernach sind wir bei der Brücke.", "der Brücke"),
        ("Swan Hotel", "Lakes\n30 March 2099, 7:30 pm\nTea is had before at Swan Hotel, as always.", "Swan Hotel"),
        ("市民会館", "海の話\n2099-03-30 19:00\n昨年も市民会館で開かれました。", "市民会館"),
    ],
)
def test_a_known_venue_is_found_in_the_words_of_the_text_unless_its_name_goes_on(organizer, known, text, quoted):
    venue = a_venue(known)
    page = organizer.post(PAGE, data={"text": text}).text
    assert (f'<option selected value="{venue.id}">' in page) is bool(quoted)
    assert not quoted or f"From the text: “{quoted}”" in page


def test_of_two_known_venues_that_a_text_names_the_longer_name_is_taken(organizer):
    a_venue("市民会館"), a_venue("新市民会館")
    page = organizer.post(PAGE, data={"text": "海の話\n2099-03-30 19:00\n昨年も新市民会館で開かれました。"}).text
    assert "From the text: “新市民会館”" in page


def test_of_several_venues_of_one_name_the_right_one_is_asked_for(organizer):
    a_venue("Town Hall", address="Leeds"), a_venue("Town Hall", address="York")
    page = organizer.post(PAGE, data={"text": "Title: The Sea\nDate: 5 March 2099, 7pm\nWhere: The Town Hall"}).text
    assert "There are several of that name." in page


@pytest.mark.parametrize(
    ("known", "told", "doubt"),
    [
        ("Possehl-Stiftung", "Gefördert von der Possehl-Stiftung.", ""),
        ("Dunne & Sons", "Sponsored by Dunne and Sons.", ""),
        ("Fundación Mar", "Con el apoyo de la Fundación Mar.", ""),
        ("Amis de l’Orgue", "Avec le soutien des Amis de l'orgue.", ""),
        (
            "Naturwissenschaftlicher Verein",
            "Gefördert von dem Naturwissenschaftlichen Verein.",
            "Is “Naturwissenschaftlicher Verein” meant by “dem Naturwissenschaftlichen Verein”?",
        ),
    ],
)
def test_an_organization_is_known_with_any_article_and_asked_about_in_another_case(organizer, known, told, doubt):
    body = an_organization(known, article="")
    page = organizer.post(PAGE, data={"text": f"Die See\n5.3.2099, 19 Uhr, Rathaus\n{told}"}).text
    assert re.search(rf'checked[^>]*name="sponsors"[^>]*value="{body.id}"', page)
    assert re.search(r'<textarea[^>]*name="new_sponsors"[^>]*>\s*</textarea>', page)
    assert doubt in page
    assert ('above all <a href="#sponsors">' in page and 'id="sponsors"' in page) is bool(doubt)


@pytest.mark.parametrize(
    ("known", "said", "chosen"),
    [
        (["Lamplight Society of Harrowmere"], "the Lamplight Society", 1),
        (["Harrowmere Lamplight Society"], "the Lamplight Society", 1),
        (["Lamplight Society of Harrowmere", "Lamplight Society of Brent"], "the Lamplight Society", 0),
        (["Lamplight Society of Harrowmere", "Lamplight Society"], "the Lamplight Society", 2),
        (["Society for Lamplight"], "the Society", 0),
    ],
)
def test_an_organization_is_meant_by_a_shorter_name_only_if_no_other_could_be_and_is_asked_about(
    organizer, known, said, chosen
):
    bodies = [an_organization(name) for name in known]
    page = organizer.post(PAGE, data={"text": f"The Sea\n5 March 2099, 7pm, Town Hall\nSponsored by {said}."}).text
    ticked = [bool(re.search(rf'checked[^>]*name="sponsors"[^>]*value="{body.id}"', page)) for body in bodies]
    assert ticked == [number == chosen for number in range(1, len(known) + 1)]
    assert (f"Is “{bodies[0].name}” meant by “{said}”?" in page) is (chosen == 1)


def test_a_new_venue_is_entered_without_the_article_of_its_sentence(organizer):
    text = "We meet at the Harrowmere Museum, 14 Castle Street, on 3 March 2099 at 7 pm to look at the new cases."
    page = organizer.post(PAGE, data={"text": text}).text
    assert (value_of(page, "venue_name"), value_of(page, "venue_address")) == ("Harrowmere Museum", "14 Castle Street")


def test_a_new_organization_is_offered_without_the_article_of_the_sentence_and_asked_about_in_another_case(organizer):
    text = "Die See\n5.3.2099, 19 Uhr, Rathaus\nGefördert von der Possehl-Stiftung. Empfohlen von des Kulturamts."
    page = organizer.post(PAGE, data={"text": text}).text
    assert re.search(r'name="new_sponsors"[^>]*>\s*Possehl-Stiftung</textarea>', page)
    assert "How is “des Kulturamts” called by itself?" in page
    assert 'above all <a href="#new_endorsers">' in page


def test_what_was_filled_in_can_be_saved_as_it_stands(organizer):
    page = organizer.post(PAGE, data={"text": FLYER}).text
    fields = {
        name: value_of(page, name) for name in ("title", "starts_at", "ends_at", "room", "venue_name", "max_party_size")
    }
    fields |= {"new_sponsors": "the B Debating Union", "speakers": "Prof. A", "timezone": "America/New_York"}

    answer = organizer.post("/organize/events/new", data={**fields, "visibility": "public", "rsvp_policy": "open"})

    assert answer.status_code == 303, answer.text
    event = db.session.query(Event).one()
    assert [(b.role, b.organization.name) for b in event.backings] == [(BackingRole.SPONSOR, "B Debating Union")]
    assert event.venue.name == "B University"


def test_what_is_unsure_is_asked(organizer):
    page = organizer.post(PAGE, data={"text": "Tea party\nFriday, 30 March 2088\nTown Hall"}).text
    assert "Please check." in page
    assert "The text says Friday; 30 March 2088 is a Tuesday." in page
    assert "No time of day was found." in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 30_000])
def test_no_text_and_too_much_text_come_back_with_a_sentence(organizer, text):
    answer = organizer.post(PAGE, data={"text": text})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_a_text_without_a_date_leaves_the_usual_start_and_says_so(organizer):
    page = organizer.post(PAGE, data={"text": "<script>alert(1)</script>\nHello there, nothing here"}).text
    assert "No date was found" in page
    assert "<script>alert" not in page
    assert value_of(page, "starts_at")


def test_a_chat_in_which_no_title_is_told_says_so(organizer):
    said = ["did you book the hall yet?", "lol no, let us say it is maybe Friday 15 January 2088 at 7pm in the Hall??"]
    page = organizer.post(PAGE, data={"text": "\n".join(f"[09:{n:02}] Ben: {said[n % 2]}" for n in range(40))}).text
    assert value_of(page, "title") == ""
    assert "No title was found" in page


def test_the_way_to_join_is_filled_in_where_only_those_who_come_see_it(organizer):
    a_venue("Zoom")
    text = "Topic: Tides\nDate: 3 March 2088\nTime: 18.00\nWhere: Zoom https://us02web.zoom.us/j/123?pwd=tide7"

    page = organizer.post(PAGE, data={"text": text}).text

    assert value_of(page, "online_url") == "https://us02web.zoom.us/j/123?pwd=tide7"
    assert page.count("tide7") == 2  # and the words it was read from, beside it
    assert value_of(page, "venue_name") == ""
    assert '<option selected value="">None, or not known yet' in page


def test_a_date_that_does_not_exist_is_said_beside_the_start(organizer):
    page = organizer.post(PAGE, data={"text": "Tea party\nMon 29 Feb 2087, 4pm\nTown Hall"}).text

    assert "There is no “Mon 29 Feb 2087”." in page.partition('id="starts_at-read"')[2].partition("</p>")[0]
    assert 'above all <a href="#starts_at">' in page


def test_another_event_of_the_same_text_has_a_form_of_its_own_beside(organizer):
    text = "Tue 8 Feb 2089, 7pm: The sea wall, Hall\nTue 15 Feb 2089, 7pm: Names of the sea, Hall"
    page = organizer.post(PAGE, data={"text": text}).text
    assert value_of(page, "title") == "The sea wall"
    assert '<button class="button plain" name="day" value="2089-02-15">' in page
    assert "Names of the sea" in value_of(page, "text")
    other = organizer.post(PAGE, data={"text": text, "day": "2089-02-15"}).text
    assert (value_of(other, "title"), value_of(other, "starts_at")) == ("Names of the sea", "2089-02-15T19:00")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Latin for pleasure\nEvery second\nThursday from 7 January 2088, 7pm, Hall", "Every second Thursday"),
        ("Lesekreis\nAb 14.1.2088, jeden zweiten Donnerstag, 19 Uhr, Rathaus", "jeden zweiten Donnerstag"),
        ("Cercle de lecture\nUn jeudi sur deux dès le 14 janvier 2088, 19 h, Mairie", "Un jeudi sur deux"),
        ("Taller\n13 de enero de 2088, 19 h, y todos los martes, Ateneo", "todos los martes"),
        ("Stammtisch\n2.3.2088, 19 Uhr, Krone, am ersten Dienstag im Monat", "am ersten Dienstag im Monat"),
        ("Talk\n2 March 2088, 7pm, Library\nThe library is open every Sunday.", ""),
    ],
)
def test_a_text_that_tells_of_a_series_is_led_to_where_one_is_made(organizer, text, said):
    page = organizer.post(PAGE, data={"text": text}).text
    assert (f"The text says “{said}”" in page, "Is it a series?" in page) == (bool(said), bool(said))


LETTER = """Subject: Fwd: walk next month

Hi all, a reminder that our winter walk round the old canal basin with Tom Birtwhistle leaves from Harrowmere station \
forecourt at 10 am on Sunday week (13 December 2099). Back by one. Bring boots. Dogs welcome. No need to book. Jean"""


def test_what_is_in_no_field_stands_in_the_description_and_what_is_left_out_is_told(organizer):
    page = organizer.post(PAGE, data={"text": LETTER}).text
    description = page.partition('name="description"')[2].partition("</textarea>")[0]
    assert "Back by one. Bring boots. Dogs welcome. No need to book." in description
    left = page.partition("Left out of the form: 3 lines")[2].partition("</details>")[0]
    assert re.findall(r"<li>(.*?)</li>", left) == ["Subject: Fwd: walk next month", "Hi all,", "Jean"]
    wanted = (
        "Winter walk round the old canal basin",
        "2099-12-13T10:00",
        "2099-12-13T13:00",
        "Harrowmere station forecourt",
    )
    assert tuple(value_of(page, name) for name in ("title", "starts_at", "ends_at", "venue_name")) == wanted


def test_where_nothing_is_left_out_the_page_says_so(organizer):
    page = organizer.post(PAGE, data={"text": FLYER}).text
    assert "Nothing of the text is left out." in page
    assert "Left out of the form" not in page
