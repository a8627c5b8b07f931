"""The register as a list: searching, filters, days gone by, order, pages, cost."""

import re
from datetime import date, timedelta

import pytest

from society.db import db
from society.mail.models import DeadAddress
from society.membership.models import Status
from society.people.models import Tag
from society.register import queries
from tests.builders import NOW, TODAY, a_membership, a_person, a_tier


@pytest.fixture
def secretary(client):
    return client.sign_in(a_person("Zoe Secretary", "secretary"))


def names(browser, query=""):
    """Who is on the page, in order."""
    page = browser.get("/organize/people?" + query)
    assert page.status_code == 200
    rows = page.text.split('<th scope="row"><a href="/organize/people/')[1:]
    return [row.partition(">")[2].partition("</a>")[0] for row in rows]


@pytest.mark.parametrize(
    "words",
    ["anais", "ANAÏS", "naï", "mull", "Müller ana", "ørsted", "orsted", "an mu", "0555", "N-17", "elsewhere.ex"],
)
def test_a_search_finds_parts_of_words_without_regard_to_accents_and_case(secretary, words):
    a_person("Anaïs Müller", email="anais@elsewhere.example.org", city="Ørsted", phone="0555 12", external_id="N-17")
    a_person("Ben Birch")

    assert names(secretary, f"q={words}") == ["Anaïs Müller"]


@pytest.mark.parametrize(
    "words", ["%25", "_", '"', "a%25n", "an* OR b", "ann AND ash zzz", "'--", "\\", "NEAR(ann ash)"]
)
def test_signs_in_a_search_mean_themselves(secretary, words):
    a_person("Ann Ash")

    assert names(secretary, f"q={words}") == []


def test_a_renamed_person_is_found_by_the_new_name_only(secretary):
    ann = a_person("Ann Ash")
    ann.name = "Ann Birch"

    assert names(secretary, "q=birch") == ["Ann Birch"]
    assert names(secretary, "q=ash") == []


def test_who_was_erased_never_shows(secretary):
    a_person("Erased", erased_at=NOW)

    assert names(secretary) == ["Zoe Secretary"]
    assert names(secretary, "q=erased") == names(secretary, "status=never&q=erased") == []


@pytest.fixture
def history(secretary):
    """Five people, each with another fate."""
    full, student = a_tier("Full"), a_tier("Student")
    day = date(2024, 1, 1)
    a_membership(a_person("Active", city="York", language="de"), full, starts_on=day, ends_on=None)
    left = a_person("Left", email=None)
    period = a_membership(left, student, starts_on=day, ends_on=date(2030, 12, 31))
    a_membership(left, student, status=Status.RESIGNED, starts_on=date(2025, 7, 1), ends_on=None, replaces_id=period.id)
    a_membership(a_person("Over", language="de-AT"), full, starts_on=day, ends_on=date(2024, 12, 31))
    a_membership(a_person("Waiting"), student, status=Status.APPLIED, starts_on=date(2025, 1, 1), ends_on=None)
    back = a_person("Back", "organizer")
    former = a_membership(back, student, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    gone = a_membership(
        back, student, status=Status.LAPSED, starts_on=date(2020, 7, 1), ends_on=None, replaces_id=former.id
    )
    a_membership(back, full, starts_on=date(2023, 3, 1), ends_on=None, replaces_id=gone.id)
    ann = a_person("Tagged", email="tagged@example.org")
    ann.tags = [Tag(name="choir")]
    db.session.add(DeadAddress(address="tagged@example.org", answer="550", at=NOW))
    db.session.flush()
    return {"full": full.id, "student": student.id}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("standing=yes", ["Active", "Back"]),
        ("standing=yes&on=2024-06-01", ["Active", "Back", "Left", "Over"]),
        ("standing=yes&on=2024-12-31", ["Active", "Back", "Left", "Over"]),
        ("standing=yes&on=2025-01-01", ["Active", "Back", "Left"]),
        ("standing=yes&on=2020-03-01", ["Back"]),
        ("standing=no&on=2024-06-01", ["Tagged", "Waiting", "Zoe Secretary"]),
        ("status=active", ["Active", "Back"]),
        ("status=ended", ["Over"]),
        ("status=resigned", ["Left"]),
        ("status=resigned&on=2025-06-30", []),
        ("status=lapsed", []),
        ("status=lapsed&on=2021-01-01", ["Back"]),
        ("status=applied", ["Waiting"]),
        ("status=never", ["Tagged", "Zoe Secretary"]),
        ("tier={full}", ["Active", "Back"]),
        ("tier={student}&on=2024-06-01", ["Left"]),
        ("tier={full}&tier={student}&on=2024-06-01", ["Active", "Back", "Left", "Over"]),
        ("tier={student}&status=resigned", ["Left"]),
        ("tier={full}&standing=no", ["Over"]),
        ("joined_from=2024-01-01&joined_to=2024-12-31", ["Active", "Left", "Over"]),
        ("joined_to=2020-12-31", ["Back"]),
        ("city=york", ["Active"]),
        ("language=DE", ["Active", "Over"]),
        ("language=de-at", ["Over"]),
        ("language=d", []),
        ("language=%25", []),
        ("city=Y%C3%B6rk", ["Active"]),
        ("tag=choir", ["Tagged"]),
        ("role=organizer", ["Back"]),
        ("no_email=1", ["Left"]),
        ("bounced=1", ["Tagged"]),
        ("bounced=1&tag=choir&q=tag", ["Tagged"]),
        ("bounced=1&standing=yes", []),
        ("unreachable=1", ["Left", "Tagged"]),
        ("sort=joined", ["Over", "Left", "Active", "Back"]),
        ("sort=ends&on=2024-06-01", ["Over", "Left"]),
    ],
)
@pytest.mark.parametrize("few", [0, 20_000])
def test_filters_find_whom_they_name_whichever_way_is_faster(secretary, history, query, found, few, monkeypatch):
    monkeypatch.setattr(queries, "FEW", few)

    assert names(secretary, query.format(**history)) == found


def test_filters_are_shown_and_each_can_be_taken_away(secretary, history):
    page = secretary.get(f"/organize/people?standing=yes&on=2024-12-31&tier={history['full']}").text

    for words in (
        "In good standing",
        "As of 31 December 2024",
        "Tier: Full",
        "as the register stood on 31 December 2024",
    ):
        assert words in page
    assert f'href="/organize/people?tier={history["full"]}&amp;on=2024-12-31"' in page


def test_a_language_is_chosen_by_name_among_those_that_people_read(secretary, history):
    a_person("Ida", language="it-x-old")
    page = secretary.get("/organize/people?language=de-at").text
    offered = page.partition('id="language"')[2].partition("</select>")[0]
    assert re.findall(r'value="([^"]*)"( selected)?>([^<]+)', offered) == [
        ("", "", "Any"),
        ("de", "", "German"),
        ("de-at", " selected", "German (Austria)"),
        ("it", "", "Italian"),
        ("it-x-old", "", "Italian"),
    ]
    assert "Language: German (Austria)" in page
    assert "Over" in page
    assert "Language: Welsh" in secretary.get("/organize/people?language=cy").text


def test_columns_are_those_that_are_chosen(secretary, history):
    page = secretary.get("/organize/people?columns=tier&columns=joined&columns=ends&columns=tags&on=2024-06-01").text

    for cell in ("Full", "1 January 2020", "for life", "31 December 2030", "choir"):
        assert cell in page
    assert 'data-label="Email"' not in page


@pytest.mark.parametrize(
    "query",
    [
        *("q=" + "x" * 5000, "q=%00", "q=<script>", "q=%F0%9F%8E%B7", "after=x", "after=-1", "after=99999999999"),
        *(
            "after=2024-02-31.1&sort=joined",
            "after=9999-99-99.1&sort=ends",
            "after=5&sort=joined",
            "after=2024-01-01.1",
        ),
        *("tier=x", "tier=99999999999999", "status=no", "on=2024-13-01", "on=0001-01-01", "on=9999-12-31", "sort=x"),
        *("columns=x", "standing=maybe", "role=owner", "tag=" + "x" * 1000, "city=%00", "joined_from=soon"),
    ],
)
def test_odd_questions_get_an_answer(secretary, query):
    answer = secretary.get("/organize/people?" + query)

    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_what_cannot_be_asked_is_left_out_and_said(secretary):
    page = secretary.get("/organize/people?on=31.12.2024&status=odd").text

    assert "“31.12.2024” is no day as it is written here" in page
    assert "There is no status “odd”" in page


@pytest.mark.parametrize("sort", ["joined", "ends"])
def test_pages_follow_one_another_on_the_last_days_of_months_too(secretary, sort, monkeypatch):
    monkeypatch.setattr(queries, "ON_A_PAGE", 1)
    tier = a_tier()
    for number in range(2):
        a_membership(a_person(f"Person {number}"), tier, starts_on=date(2024, 1, 31), ends_on=date(2030, 12, 31))
    query = f"sort={sort}&standing=yes"
    page = secretary.get(f"/organize/people?{query}").text

    following = page.split('rel="next" href="/organize/people?')[1].split('"')[0].replace("&amp;", "&")

    assert {*names(secretary, query), *names(secretary, following)} == {"Person 0", "Person 1"}


@pytest.mark.parametrize("sort", ["name", "joined", "ends"])
def test_every_page_follows_on_the_one_before(secretary, sort, monkeypatch):
    monkeypatch.setattr(queries, "ON_A_PAGE", 3)
    tier = a_tier()
    for number in range(8):
        days = timedelta(days=number // 3)
        a_membership(
            a_person(f"Person {number}"), tier, starts_on=TODAY - timedelta(days=9) - days, ends_on=TODAY + days
        )
    seen, query = [], f"sort={sort}&standing=yes"
    while True:
        page = secretary.get("/organize/people?" + query).text
        assert "8 people" in page
        seen += names(secretary, query)
        if 'rel="next"' not in page:
            break
        query = page.split('rel="next" href="/organize/people?')[1].split('"')[0].replace("&amp;", "&")

    assert len(seen) == 8
    assert sorted(seen) == [f"Person {number}" for number in range(8)]


def test_above_a_bound_the_total_is_not_counted(secretary, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 2)
    monkeypatch.setattr(queries, "FEW", 1)
    for _ in range(4):
        a_membership(a_person(), a_tier())

    assert "More than 2 people" in secretary.get("/organize/people?standing=yes").text
    assert "More than" not in secretary.get("/organize/people").text  # all of them are counted in any case


@pytest.mark.parametrize(
    "query",
    ["", "q=person", "q=pe", "standing=yes&tag=choir&q=person&sort=ends", "columns=tags&columns=tier&columns=joined"],
)
def test_a_list_costs_the_same_for_one_for_three_and_for_many(secretary, counted, query):
    def cost():
        with counted() as count:
            secretary.get("/organize/people?" + query)
        return len(count)

    tag, tier = Tag(name="choir"), a_tier()
    costs = []
    for number in (1, 2, 40):
        for _ in range(number):
            person = a_person("", "organizer")
            person.tags = [tag]
            a_membership(person, tier)
        secretary.get("/organize/people")
        costs.append(cost())
    assert len(set(costs)) == 1
    assert costs[0] <= 5


def test_the_list_leads_to_import_and_to_exports_of_what_it_found(client):
    a_person("Ann Example", city="Harrowmere")
    client.sign_in(a_person("", "secretary"))

    page = client.get("/organize/people?city=Harrowmere").text

    assert 'href="/organize/people/import"' in page
    assert 'href="/organize/people.csv?city=Harrowmere' in page
    assert 'href="/organize/people.vcf?city=Harrowmere' in page
