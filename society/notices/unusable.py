"""Own wordings that no letter can be made of any more, of which staff are told: what is built in is said instead."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from society.db import begin_write, db
from society.dues import wording as of_dues
from society.events.queries import in_charge_of
from society.languages import name_of
from society.mail.actions import write
from society.mail.models import OwnWording
from society.mail.queries import own_wordings
from society.mail.wordings import Wording, strangers
from society.membership.queries import deciders
from society.notices import news_wording, wording
from society.people.models import Person
from society.settings import society
from society.times import today_in


class Unusable(NamedTuple):
    """One of them, and why it is so."""

    row: OwnWording
    why: Sequence[str]

    @property
    def label(self) -> str:
        labels = wording.LABELS | news_wording.LABELS | of_dues.LABELS
        return labels[self.row.of] + (f" ({name_of(self.row.language)})" if self.row.language else "")

    @property
    def path(self) -> str:
        pages = "renewals" if self.row.of in of_dues.LABELS else "notices"
        asked = f"?language={self.row.language}" if self.row.language else ""
        return f"/organize/{pages}/wordings/{self.row.of}{asked}"

    @property
    def reason(self) -> str:
        """The same for as long as it says the same."""
        said = hashlib.sha256(f"{self.row.subject}\n{self.row.body}".encode()).hexdigest()[:12]
        return f"wording-unused:{self.row.id}:{said}"

    def readers(self, now: datetime) -> Sequence[Person]:
        """Who can put it right."""
        if self.row.of in of_dues.LABELS:
            return db.session.scalars(deciders(today_in(society().zone, now))).all()
        return in_charge_of(None)


def unusable() -> Iterator[Unusable]:
    """All of them."""
    for row in own_wordings():
        if why := _why(row.of, Wording(row.subject, row.body)):
            yield Unusable(row, why)


def _why(name: str, said: Wording) -> Sequence[str]:
    if name in news_wording.LABELS:
        return news_wording.faults(name, said)
    if name in of_dues.LABELS:
        return of_dues.faults(said)
    return strangers(said, wording.FIELDS) if name in wording.LABELS else ()


def tell_of_unusable(now: datetime) -> None:
    """Write to those who can put them right, once of each. Commits."""
    if not any(unusable()):
        return
    begin_write(public=False)
    for one in unusable():
        for person in one.readers(now):
            why = " ".join(one.why)
            write(person, "wording_unused", one.reason, now=now, label=one.label, why=why, path=one.path)
    db.session.commit()
