"""Reading the days that a series leaves out."""

from datetime import date, timedelta

import pytest

from society.series.left_out import Unread, read, written
from society.series.rules import Every, Rule

FIRST = date(2027, 10, 1)


def days(*texts: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, texts))


EVES = days("2027-12-24", "2027-12-31")


@pytest.mark.parametrize(
    "text",
    [
        "2027-12-24\n2027-12-31",
        "24 December, 31 December",
        "24 and 31 December 2027",
        "Dec 24th and Dec 31st",
        "24.12.2027; 31.12.",
        "24/12, 31/12",
        "24/12/2027 and 31/12/27",
        "- Friday 24 December\n- Friday, 31 December",
        "24. Dezember und 31. Dezember",
        "the 24th of December & the 31st of December.",
    ],
)
def test_days_are_read_however_they_are_written(text):
    assert read(text, FIRST, "Europe/London").days == EVES


def test_the_zone_tells_whether_the_month_comes_first_where_both_could():
    assert read("3/4/2028", FIRST, "Europe/London").days == days("2028-04-03")
    assert read("3/4/2028, 12/24", FIRST, "America/New_York").days == days("2028-03-04", "2027-12-24")


def test_all_days_of_a_kind_in_a_month_are_meant():
    assert read("every Friday in December", FIRST, "UTC").days == (
        *days("2027-12-03", "2027-12-10", "2027-12-17"),
        *EVES,
    )


def test_spans_go_over_the_turn_of_the_year():
    assert read("20 December to 3 January", FIRST, "UTC").spans == (days("2027-12-20", "2028-01-03"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Easter, 24 December", "No date could be read in “Easter”. "),
        ("not 24 December", "No date could be read in “not”. "),
        ("31/6; 30.2.2028", "There is no 31.6 and 30.2.2028."),
        ("24 December 2027 to 2 January 2027", "ends before it begins."),
        ("Thursday 24 December 2027", "24 December 2027 is a Friday."),
        ("1 January 2028 to 1 January 2099", "please end the series instead."),
        (", ".join(["a"] * 9), "and 4 more"),
        ("\n".join(["24 December"] * 61), "At most 60 dates"),
    ],
)
def test_what_is_no_date_is_named(text, said):
    with pytest.raises(Unread) as told:
        read(text, FIRST, "Europe/London")
    assert said in str(told.value)


def test_what_is_written_for_people_is_read_as_the_same_days():
    rule = Rule(Every.WEEK)
    out = [FIRST + timedelta(weeks=week) for week in (2, 5, 6, 7, 8, 11, 12)]
    text = written(out, rule.all_days(FIRST, out[-1]))
    assert text.count("\n") == 3
    found = read(text, FIRST, "America/New_York")
    within = [day for first, last in found.spans for day in rule.all_days(FIRST, last) if day >= first]
    assert sorted([*found.days, *within]) == out
