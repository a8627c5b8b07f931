"""What letters call people by."""

import pytest

from society.people.names import first_name


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ann Ash", "Ann"),
        ("Prof. Ann Ash", "Ann"),
        ("Prof. Dr. med. Jan-Ole Muster", "Jan-Ole"),
        ("Sir John Sample", "John"),
        ("Ash, Ann", "Ann"),
        ("Ash, Dr. Ann Mary", "Ann"),
        ("Ann Ash, PhD", "Ann"),
        ("Ann Ash, OBE, MA", "Ann"),
        ("Dr. Ash", "Dr. Ash"),
        ("A. Ash", "A. Ash"),
        ("J.-P. Ash", "J.-P. Ash"),
        ("Bo Li", "Bo"),
        ("Ann", "Ann"),
        ("  ", ""),
    ],
)
def test_the_first_name_stands_behind_titles_and_before_what_follows(name, first):
    assert first_name(name) == first
