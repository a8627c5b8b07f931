"""How long it takes to count whom a notice would reach, on each database.

python -m tests.bench.audiences
"""

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import String, case, cast, insert, literal, update

from society.db import begin_write, db
from society.events.models import Category, Event
from society.mail.models import Letter
from society.membership.models import Membership, Status, Tier
from society.notices.models import Audience, Delivery, Notice, NoticeKind
from society.notices.reach import reach
from society.people.models import Person
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.times import now
from tests.bench.figures import Figure
from tests.bench.installations import look_through, new_installation
from tests.builders import a_tier, an_event
from tests.postgres import cluster

CROWD, GOING, TOWNS = 100_000, 20_000, 1_000
MANY = 10_000
"""Rows in one statement."""


def of_audiences(folder: Path) -> list[Figure]:
    """100,000 people: all of them, members, and who answered, was invited or came."""
    return _of_audiences(folder, "")


def of_audiences_on_postgresql(folder: Path) -> list[Figure]:
    """The same, with a PostgreSQL server on the same machine, as it is set up by default."""
    with cluster({"listen_addresses": ""}) as server:
        figures = _of_audiences(folder, server.create("society"))
    return [replace(figure, what=f"PostgreSQL: {figure.what}") for figure in figures]


def _of_audiences(folder: Path, database: str) -> list[Figure]:
    app = new_installation(folder, CROWD, database)
    with app.app_context():
        begin_write()
        event = _with_answers()
        tier = _all_become_members()
        _living_somewhere()
        db.session.commit()
        look_through()
        to_all = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.EVERYONE, city="", reads="")
        of_a_town = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.EVERYONE, city="town 9", reads="de")
        members = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.MEMBERS, city="", reads="")
        of_a_tier = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.MEMBERS, city="", reads="", tier_id=tier.id)
        return [
            _counted(to_all, "counted"),
            _counted(of_a_town, f"in one of {TOWNS:,} towns and by language"),
            _counted(members, "members"),
            _counted(of_a_tier, "members by their tier"),
            *(
                _counted(Notice(kind=kind, audience=audience, event=event, city="", reads=""), what)
                for kind, audience, what in (
                    (NoticeKind.REMINDER, Audience.GOING, "who said yes"),
                    (NoticeKind.CHANGE, Audience.CONCERNED, "whom a change concerns"),
                    (NoticeKind.INVITATION, Audience.LAST, "who came last time"),
                    (NoticeKind.INVITATION, Audience.INVITED, "who were invited and have not answered"),
                )
            ),
        ]


def _with_answers() -> Event:
    """An evening that all were invited to and a fifth said yes; all were at the one before it."""
    evenings = Category(name="Evenings", slug="evenings")
    db.session.add(evenings)
    before = an_event("Before", category=evenings, starts=_days(-7), ends=_days(-7, hours=2))
    event = an_event("Evening", category=evenings, starts=_days(7), ends=_days(7, hours=2))
    said = {"answer": Answer.YES, "status": RsvpStatus.CONFIRMED, "party_size": 1, "note": "", "answered_at": now()}
    came = said | {"event_id": before.id, "checked_in_at": before.starts_at}
    _insert(Rsvp, [came | {"person_id": n, "link_key": f"{n}"} for n in range(1, CROWD + 1)])
    _insert(Rsvp, [said | {"event_id": event.id, "person_id": n, "link_key": f"{n}-"} for n in range(1, GOING + 1)])
    invitation = Notice(
        kind=NoticeKind.INVITATION,
        audience=Audience.EVERYONE,
        event=event,
        subject="Come",
        body="Do",
        created_at=now(),
        sent_at=now(),
    )
    db.session.add(invitation)
    db.session.flush()
    letter = {"to_name": "", "subject": "Come", "body": "Do", "language": "en", "written_at": now(), "due_at": now()}
    letter |= {"state": "sent", "attempts": 1, "sent_at": now(), "bulk": True, "mailing_list": "invitations"}
    _insert(
        Letter,
        [
            letter
            | {"id": n, "person_id": n, "to_address": f"person{n}@example.org", "message_id": f"<{n}@example.org>"}
            | {"reason": f"notice:{invitation.id}:{n}"}
            for n in range(1, CROWD + 1)
        ],
    )
    sent = {"notice_id": invitation.id}
    _insert(Delivery, [sent | {"person_id": n, "letter_id": n} for n in range(1, CROWD + 1)])
    return event


def _days(number: int, hours: int = 0) -> datetime:
    evening = datetime.combine(now().date() + timedelta(days=number), datetime.min.time())
    return evening + timedelta(hours=19 + hours)


def _insert(model: type, rows: Sequence[Mapping[str, Any]]) -> None:
    for first in range(0, len(rows), MANY):
        db.session.execute(insert(model), rows[first : first + MANY])


def _all_become_members() -> Tier:
    """For this year, each with a year before that which it took the place of."""
    tier, today = a_tier(), now().date()
    begun, ends = today - timedelta(days=100), today + timedelta(days=265)
    period = {"tier_id": tier.id, "status": Status.ACTIVE}
    before = period | {"starts_on": begun - timedelta(days=365), "ends_on": begun - timedelta(days=1)}
    this_year = period | {"starts_on": begun, "ends_on": ends}
    for dates in (before, this_year):
        _insert(Membership, [dates | {"person_id": n, "good_until": dates["ends_on"]} for n in range(1, CROWD + 1)])
    return tier


def _living_somewhere() -> None:
    language = case((Person.id % 4 == 0, "de"), (Person.id % 4 == 1, "de-AT"), (Person.id % 4 == 2, "fr"), else_="")
    where_they_live = literal("Town ") + cast(Person.id % TOWNS, String)
    db.session.execute(update(Person).values(city=where_they_live, language=language))


def _counted(notice: Notice, whom: str) -> Figure:
    times = []
    for _ in range(5):
        with db.session.no_autoflush:  # the notice is none that is kept
            began = time.perf_counter()
            found = reach(notice, now())
            times.append((time.perf_counter() - began) * 1e3)
        assert found.everyone
    return Figure(f"audience of {found.everyone:,}: {whom}", median(times), 200, "ms", at_least=False)


def main() -> int:
    """These figures alone."""
    with tempfile.TemporaryDirectory(prefix="society-bench-") as folder:
        rows = of_audiences(Path(folder) / "sqlite") + of_audiences_on_postgresql(Path(folder) / "postgresql")
    for row in rows:
        print(row)
    return int(any(not row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())
