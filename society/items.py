"""Fields that hold a list, and how what two people changed of one list comes together item by item."""

from collections.abc import Mapping, Sequence, Set
from hashlib import sha256

from society.fields import Line, Paragraphs, on_one_line


class Lines(Paragraphs):
    """A list, an item a line: its name, and behind bars what is said of it. Their order counts."""

    in_order = True


class Words(Line):
    """A list of words with commas between. In which order, and with which capitals, makes no difference."""

    in_order = False


Listed = Lines | Words


def items_of(field: Listed, text: str | None) -> dict[str, str]:
    """What stands in such a field, by a mark of each item."""
    parts = (text or "").split("\n" if field.in_order else ",")
    found = [item for part in parts if (item := on_one_line(part))]
    if not field.in_order:
        return {mark_of(item.casefold()): item for item in sorted(found, key=str.casefold)}
    return {mark_of("|".join(part.strip() for part in item.split("|"))): item for item in found}


def written(field: Listed, items: Sequence[str]) -> str:
    """As it stands in such a field."""
    return ("\n" if field.in_order else ", ").join(items)


def mark_of(item: str) -> str:
    """By which it is known again."""
    return sha256(item.encode()).hexdigest()[:8]


def brought_together(opened: Sequence[str], typed: Mapping[str, str], stored: Mapping[str, str]) -> list[str]:
    """What is stored, without what was taken out here, and with what was added here after what it stands behind."""
    order = [mark for mark in stored if mark in typed or mark not in opened]
    behind = 0
    for mark in typed:
        if mark in order:
            behind = order.index(mark) + 1
        elif mark not in opened:
            while behind < len(order) and order[behind] not in typed:  # what was added there meanwhile stays before it
                behind += 1
            order.insert(behind, mark)
            behind += 1
    return [stored.get(mark) or typed[mark] for mark in order]


def contradict(opened: Sequence[str], typed: Mapping[str, str], stored: Mapping[str, str]) -> bool:
    """Whether both gave another order, replaced the same item, or added one of the same name."""
    kept = [mark for mark in opened if mark in typed and mark in stored]
    for side in (typed, stored):
        if [mark for mark in side if mark in kept] != kept:
            return True
    here, there = typed.keys() - stored.keys() - set(opened), stored.keys() - typed.keys() - set(opened)
    if (here or there) and set(opened) - typed.keys() - stored.keys():
        return True
    return not _names(typed, here).isdisjoint(_names(stored, there))


def _names(items: Mapping[str, str], marks: Set[str]) -> set[str]:
    return {items[mark].partition("|")[0].strip().casefold() for mark in marks}
