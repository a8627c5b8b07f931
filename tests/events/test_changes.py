"""How a change of an event is told: what was, what is, and whether guests are told of it at all."""

from functools import partial

import pytest

from society.events.changes import Change, changed_by, tells_guests
from society.events.models import Event
from society.text import EXCERPT
from tests.builders import NOW, an_event

BEFORE, AFTER = "All about rivers. " * 20, " And where they go." * 20


@pytest.fixture
def event(app) -> Event:
    return an_event("Rivers", description=f"{BEFORE}No lakes.{AFTER}")


def described(event: Event, text: str) -> tuple[str, str]:
    (change,) = changed_by(event, partial(setattr, event, "description", text))
    return change.old, change.new


def test_of_a_long_text_what_surrounds_its_first_difference_is_told(event):
    old, new = described(event, f"{BEFORE}Two lakes.{AFTER}")
    assert ("No lakes." in old, "Two lakes." in new) == (True, True)
    assert old[:40] == new[:40]
    for told in (old, new):
        assert (told[0], told[-1], len(told)) == ("…", "…", EXCERPT + 2)


def test_of_a_text_that_was_cut_short_its_last_words_are_told(event):
    old, new = described(event, f"{BEFORE}No lakes.")
    assert new.endswith("No lakes.")
    assert "No lakes. And where" in old


def test_a_short_text_is_told_whole(event):
    old, new = (f"{BEFORE[:180]}{lakes} lakes." for lakes in ("No", "Two"))
    event.description = old
    assert described(event, new) == (old, new)


def test_guests_are_told_no_date_of_what_waits_for_another_but_that_it_is_put_off(event):
    when, status = (Change(field, field, "old", "new") for field in ("when", "status"))
    assert tells_guests(event, [when])
    event.postpone(NOW)
    assert not tells_guests(event, [when])
    assert tells_guests(event, [when, status])
