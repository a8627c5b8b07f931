"""Lists that two people change at once, item by item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wtforms import Form

from society.items import Lines, Words, brought_together, contradict, items_of, written


class Listing(Form):
    lines = Lines("Lines")
    words = Words("Words")


LINES, WORDS = Listing().lines, Listing().words


def together(opened: str, typed: str, stored: str, field: Lines | Words = LINES) -> str | None:
    before, here, there = list(items_of(field, opened)), items_of(field, typed), items_of(field, stored)
    return None if contradict(before, here, there) else written(field, brought_together(before, here, there))


@pytest.mark.parametrize(
    ("typed", "stored", "both"),
    [
        ("Ada\nBen\nCem", "Ada\nBen\nDora", "Ada\nBen\nDora\nCem"),
        ("Cem\nAda\nBen", "Ada\nDora\nBen", "Cem\nAda\nDora\nBen"),
        ("Ada", "Ada\nBen\nDora", "Ada\nDora"),
        ("Ben", "Ada", ""),
        ("Ada\nBen | poet", "Ada | historian\nBen", "Ada | historian\nBen | poet"),
        ("Ada\nBen\nCem | poet", "Ada\nBen\nCem|poet", "Ada\nBen\nCem|poet"),
        ("Ada", "Ada", "Ada"),
    ],
    ids=["added", "before", "removed", "each one", "said of each", "the same", "both removed"],
)
def test_what_each_changed_of_a_list_stands_there(typed: str, stored: str, both: str) -> None:
    assert together("Ada\nBen", typed, stored) == both


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ada | poet\nBen", "Ada | historian\nBen"),
        ("Ada | poet\nBen", "Ben"),
        ("Ada\nBen\nCem | poet", "Ada\nBen\nCEM | critic"),
        ("Ben\nAda", "Ada\nBen\nCem"),
        ("Ada\nBen\nCem", "Ben\nAda"),
    ],
    ids=["said otherwise of one", "said of one that is gone", "added otherwise", "put in order", "in order there"],
)
def test_what_contradicts_is_for_people_to_decide(typed: str, stored: str) -> None:
    assert together("Ada\nBen", typed, stored) is None


def test_words_come_together_in_any_order_and_with_any_capitals() -> None:
    assert together("choir, board", "Board, youth, choir", "archive, choir", WORDS) == "archive, choir, youth"


@given(*(st.sets(st.sampled_from("abcdef")) for _ in range(3)))
def test_of_words_that_nobody_wrote_otherwise_each_is_there_as_whoever_changed_it_wants(
    opened: set[str], typed: set[str], stored: set[str]
) -> None:
    found = together(", ".join(opened), ", ".join(typed), ", ".join(stored), WORDS)
    if found is not None:
        assert set(filter(None, found.split(", "))) == (stored | (typed - opened)) - (opened - typed)
