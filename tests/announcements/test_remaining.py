"""Nothing that was typed is lost: what becomes of each sentence of an announcement."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from society.announcements.lines.label_words import LABELS
from society.announcements.lines.labels import kind_of
from society.announcements.said import Reading
from society.announcements.words import AROUND_ONLINE, CONNECTING, ONLINE
from society.text import folded
from tests.announcements.rates import corpus, read_of

CORPORA = sorted(path.stem for path in Path(__file__).parent.glob("*.toml"))


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text))


def sentences(text: str) -> Iterator[str]:
    """Simpler than the grammar knows them: a piece of one must be somewhere as well."""
    for line in text.split("\n"):
        stamp = re.match(r"\[[^\]]+\] [^:]+:|", line)
        yield from filter(
            None, [stamp[0] if stamp else "", *re.split(r"(?<=[.!?])\s", line[stamp.end() if stamp else 0 :])]
        )


def shown(reading: Reading) -> set[str]:
    """The words that stand in the form's fields, and those that days, sums and backers were read from."""
    values = [reading.title, reading.venue, reading.address, reading.room, reading.tags, reading.link]
    quoted = [reading.starts, reading.ends, reading.zone, reading.capacity, reading.deadline, reading.price]
    said = [one.value for one in [*values, reading.instructions] if one]
    said += [one.quote for one in [*quoted, reading.no_day, *reading.backers.values()] if one]
    said += [part for person in (reading.speakers.value if reading.speakers else []) for part in person]
    return {word for text in said for word in words(text)}


def lost(text: str, reading: Reading) -> list[str]:
    """Sentences that are neither in the description, nor left out, nor in the fields but for the words that join.

    Of one that something was cut from, which only those who come are told, all other words must be somewhere.
    """
    kept = [" ".join(words(part)) for part in [*reading.description.split("\n"), *reading.left_out]]
    private = reading.link or reading.instructions
    said = shown(reading) | CONNECTING | (ONLINE | AROUND_ONLINE if private else set())
    beside = {word for part in kept for word in part.split()} if private else set()
    gone = []
    for sentence in sentences(text):
        clauses = [f" {' '.join(words(clause))} " for clause in re.split(r", |[|\t]", sentence) if words(clause)]
        if not all(any(clause in f" {part} " for part in kept) for clause in clauses):
            gone += [sentence] if {*words(_unlabelled(sentence))} - said - beside else []
    return gone


def _unlabelled(sentence: str) -> str:
    """Without what a label or the cells of a table's head say of the fields that stand beside or beneath."""
    cells = re.split(r"[:|?\t]|\s{2,}", sentence.strip(" >*_|•-"))
    known = frozenset().union({"re", "fwd", "asunto"}, *LABELS.values())
    return " ".join(cell for cell in cells if not (folded(cell.strip(" *_")) in known or kind_of(cell)))


@pytest.mark.parametrize("name", CORPORA)
def test_every_sentence_of_a_text_is_in_a_field_in_the_description_or_told_to_be_left_out(name):
    gone = {}
    for one in corpus(name):
        reading = read_of(one)
        if missed := lost(one["text"], reading):
            gone[one["text"][:50]] = missed
    assert gone == {}


@pytest.mark.parametrize("name", ["strangers", "newcomers", "neighbours", "passersby"])
def test_what_belongs_to_no_field_stays_in_the_description(name):
    """But for a handful: a line that was taken for the title or somebody's name, or thanks for a talk that is over."""
    asked = [(read_of(one), one) for one in corpus(name)]
    kept = [(phrase, said.description) for said, one in asked for phrase in one.get("keeps", [])]
    gone = [phrase for phrase, told in kept if " ".join(phrase.split()).lower() not in " ".join(told.split()).lower()]
    assert len(gone) <= len(kept) // 50
