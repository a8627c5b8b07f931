"""What is kept of an erased address."""

from society.db import db
from society.people.models import ErasedAddress
from society.people.privacy import digest, erased_of, was_erased
from society.settings import Society, renew
from tests.builders import NOW


def erase(address):
    db.session.add(ErasedAddress(digest=digest(address), erased_at=NOW))
    db.session.flush()


def test_an_erased_address_is_known_again_in_any_case_and_no_other_is(app):
    erase("Ann@example.org")

    assert was_erased("ann@EXAMPLE.org")
    assert not was_erased("ben@example.org")
    assert erased_of(["ann@example.org", "ben@example.org", ""]) == {"ann@example.org"}


def test_many_addresses_are_asked_for_in_few_statements(app, counted):
    erase("person700@example.org")
    addresses = [f"person{number}@example.org" for number in range(1_200)]
    digest(addresses[0])

    with counted() as count:
        assert erased_of(addresses) == {"person700@example.org"}
    assert len(count) == 3


def test_the_hash_tells_nothing_without_the_salt(app):
    before = digest("ann@example.org")

    db.session.get_one(Society, 1).salt = "another"
    renew()

    assert digest("ann@example.org") != before
    assert len(before) == 64
