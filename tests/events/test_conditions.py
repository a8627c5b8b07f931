"""Price, members first, the fewest people and the last day: typed, previewed, saved, shown."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from tests.builders import NEXT_MONTH, NOW, a_person, a_tier, an_event
from tests.conftest import Browser
from tests.events.test_organizing import form_of, the_event

BY = NEXT_MONTH - timedelta(days=2)
TYPED = {
    "price": "12,50",
    "currency": "eur",
    "members_free": "y",
    "members_first_until": f"{BY:%Y-%m-%dT%H:%M}",
    "minimum": "8",
    "minimum_by": f"{BY:%Y-%m-%dT%H:%M}",
    "minimum_cancels": "y",
    "confirm_minutes": "45",
}


@pytest.fixture
def organizer(client: Browser) -> Browser:
    return client.sign_in(a_person("Olive Organizer", "organizer"))


def test_they_are_previewed_saved_audited_and_shown(organizer: Browser) -> None:
    event = an_event(capacity=10)
    address, data = f"/organize/events/{event.id}", form_of(event, **TYPED)
    db.session.commit()

    preview = organizer.post(address, data=data).text
    for said in ("EUR 12.50, paid at the door; free for members", "8 by ", "or it is cancelled", "45 minutes"):
        assert said in preview
    assert the_event().price is None
    db.session.rollback()
    organizer.agree(organizer.post(address, data=data), tell="no")

    saved = the_event()
    assert (saved.price, saved.currency, saved.members_free) == (1250, "EUR", True)
    assert (saved.minimum, saved.minimum_by, saved.minimum_cancels, saved.confirm_minutes) == (8, BY, True, 45)
    assert saved.members_first_until == BY
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "event changed")).one()
    assert entry.after["price"] == "EUR 12.50, paid at the door; free for members"
    page = organizer.get(f"/events/{saved.slug}").text
    assert "EUR 12.50, paid at the door; free for members." in page
    assert "Members come first" in page
    assert 'value="12.50"' in organizer.get(address).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"price": "12", "currency": ""}, "Please give the currency too"),
        ({"price": "a lot"}, "Please give an amount"),
        ({"price": "1.505"}, "digits after the point"),
        ({"minimum_by": ""}, "Please say when they are counted."),
        ({"minimum": ""}, "Please say how many people must come."),
        ({"minimum": "11"}, "There are seats for 10, so no more can come."),
        ({"capacity": "7"}, "There are seats for 7, so no more can come."),
        ({"minimum_by": f"{NEXT_MONTH + timedelta(days=1):%Y-%m-%dT%H:%M}"}, "That must be before the start."),
        ({"members_first_until": "2027-02-30T10:00"}, "date"),
        ({"confirm_minutes": "5"}, "A number from 10 to 720"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_with_all_still_typed(organizer: Browser, typed, sentence) -> None:
    event = an_event(capacity=10)
    address, data = f"/organize/events/{event.id}", {**form_of(event, **TYPED), **typed}
    db.session.commit()
    answer = organizer.post(address, data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(f'value="{value}"' in answer.text for value in typed.values() if value and "T" not in value)


def test_a_minimum_that_was_changed_is_counted_anew_and_one_that_was_not_is_not(organizer: Browser) -> None:
    event = an_event(capacity=10, minimum=8, minimum_by=BY, minimum_judged_at=NOW)
    address, data = f"/organize/events/{event.id}", form_of(event, **TYPED)
    db.session.commit()
    organizer.agree(organizer.post(address, data=data), tell="no")
    assert the_event().minimum_judged_at == NOW
    data = form_of(the_event(), **{**TYPED, "minimum": "9"})
    db.session.rollback()
    organizer.agree(organizer.post(address, data=data), tell="no")
    assert the_event().minimum_judged_at is None


def test_a_price_is_said_in_the_currency_of_the_dues_and_without_dues_in_the_one_before(organizer: Browser) -> None:
    def offered() -> str:
        page = organizer.get("/organize/events/new").text
        return re.search('<input[^>]*name="currency"[^>]*>', page)[0]

    assert 'value=""' in offered()
    an_event(price=500, currency="CHF")
    assert 'value="CHF"' in offered()
    a_tier(currency="GBP")
    assert 'value="GBP"' in offered()
