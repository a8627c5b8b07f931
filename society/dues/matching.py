"""Which line of a bank statement pays which invoice: by the reference in it, else by name and amount as a guess."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from society.db import db
from society.dues.models import BankLine, Due, LineState
from society.dues.queries import still_open
from society.dues.reference import people_named
from society.people.models import Person
from society.text import folded


@dataclass(frozen=True)
class Claim:
    """An invoice that is open, as matching sees it."""

    due_id: int
    number: int
    person_id: int
    name: str
    about: str
    amount: int
    currency: str
    due_on: date


@dataclass
class Matches:
    """The lines that nobody has decided yet. What is certain has a reference and the amount of one invoice."""

    certain: list[tuple[BankLine, Claim]] = field(default_factory=list)
    suggested: list[tuple[BankLine, Claim]] = field(default_factory=list)
    unknown: list[BankLine] = field(default_factory=list)


def matches() -> Matches:
    """Each open line with what it pays; no invoice is paid by two."""
    lines = db.session.scalars(select(BankLine).where(BankLine.state == LineState.OPEN).order_by(BankLine.id)).all()
    claims = _Claims(_open_claims()) if lines else None
    found, rest = Matches(), []
    for line in lines:
        claim = claims.referred_to(line) if claims else None
        if claims and claim:
            claims.settle(claim)
            found.certain.append((line, claim))
        else:
            rest.append(line)
    for line in rest:
        claim = claims.guessed(line) if claims else None
        if claim:
            found.suggested.append((line, claim))
        else:
            found.unknown.append(line)
    return found


def _open_claims() -> list[Claim]:
    rows = select(
        Due.id, Due.number, Due.person_id, Person.name, Due.about, still_open.label("open"), Due.currency, Due.due_on
    )
    unsettled = rows.join(Person, Person.id == Due.person_id).where(Due.credits_id.is_(None), still_open > 0)
    return [Claim(*row) for row in db.session.execute(unsettled.order_by(Due.due_on, Due.id))]


class _Claims:
    """The open invoices, so ordered that each line finds its own at once, whatever their number."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._settled: set[int] = set()
        self._of: dict[int, list[Claim]] = defaultdict(list)
        self._named: dict[tuple[str, int, str], list[tuple[set[str], Claim]]] = defaultdict(list)
        for claim in claims:
            self._of[claim.person_id].append(claim)
            words = set(folded(claim.name).split())
            if words:
                self._named[claim.currency, claim.amount, max(words, key=lambda w: (len(w), w))].append((words, claim))

    def settle(self, claim: Claim) -> None:
        self._settled.add(claim.due_id)

    def referred_to(self, line: BankLine) -> Claim | None:
        """The invoice of the one person whose reference stands in the text that is open by just that amount."""
        people = people_named(line.text) or people_named(line.payer)
        fitting = self._open_of(people[0], line) if len(people) == 1 else []
        return next((claim for claim in fitting if claim.amount == line.amount), None)

    def guessed(self, line: BankLine) -> Claim | None:
        """The longest due invoice of the one person who has given their reference with another amount, or whose name
        and amount stand there."""
        people = people_named(line.text) or people_named(line.payer)
        if len(people) == 1:
            return next(iter(self._open_of(people[0], line)), None)
        words = set(folded(f"{line.payer} {line.text}").replace(",", " ").split())
        candidates = [
            claim
            for word in words
            for name, claim in self._named.get((line.currency, line.amount, word), ())
            if name <= words and claim.due_id not in self._settled
        ]
        return candidates[0] if len({claim.person_id for claim in candidates}) == 1 else None

    def _open_of(self, person_id: int, line: BankLine) -> list[Claim]:
        own = self._of.get(person_id, [])
        return [claim for claim in own if claim.currency == line.currency and claim.due_id not in self._settled]
