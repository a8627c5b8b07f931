"""What was found out about a file of people, in sentences."""

from collections.abc import Iterator

from society.register.addresses import MADE_OF
from society.register.columns import named_as
from society.register.reading import Reading
from society.register.sheets import Sheet
from society.text import counted, listed


def about(reading: Reading) -> Iterator[str]:
    """How it was read, and what was passed over."""
    source = reading.source
    if isinstance(source, Sheet):
        others = f"; {counted(source.others, 'other sheet is', 'other sheets are')} not read" if source.others else ""
        yield f"A spreadsheet: the sheet “{source.name[:60]}”{others}."
        if source.macros:
            yield "It has macros, which are ignored."
    else:
        yield f"A table (CSV) in {source.encoding}, with a {source.separator_name} between cells."
    if above := reading.above:
        words = listed([f"“{one[:40]}”" for one in above])
        yield f"The columns are named on line {reading.header.line}. What stands above is not read: {words}."
    yield from _about_columns(reading)
    if reading.repeated:
        lines = listed([str(line) for line in reading.repeated[:5]])
        yield f"The header comes again (line {lines}), and is passed over there."
    for column in reading.dates.values():
        if column.doubtful and (order := column.order or reading.answer):
            yield f"In {column.heading}, {column.doubtful[1]} is read {order.replace('-', ' ')}."


def _about_columns(reading: Reading) -> Iterator[str]:
    yield f"Columns read: {listed([named_as(reading.header.cells[at], name) for at, name in reading.fields.items()])}."
    yield from _about_address(reading)
    for name, first in reading.passed_over:
        yield f"“{name[:40]}” is not read, since “{first[:40]}” is."
    if "tier" not in reading.fields.values():
        yield "No column says which membership (tier) somebody has, so nobody becomes a member by this file."
    if unknown := reading.unknown:
        rest = f" and {len(unknown) - 20} more" if len(unknown) > 20 else ""
        yield f"Columns not known, and not kept: {', '.join(f'“{name[:40]}”' for name in unknown[:20])}{rest}."


def _about_address(reading: Reading) -> Iterator[str]:
    """How the postal address is made, where it stands in several columns."""
    if not reading.layout.addresses.divided:
        return
    names = [f"“{reading.header.cells[at].strip()[:40]}”" for at, name in reading.fields.items() if name in MADE_OF]
    if not reading.layout.addresses.makes_any:
        yield f"Nothing here says where a letter could go: no address is made, and of {listed(names)} the town is kept."
        return
    line, address = reading.an_address()
    example = f"; on line {line} it is “{' / '.join(address.splitlines())[:200]}”" if line else ""
    yield f"The postal address is made of {listed(names)}{example}."
