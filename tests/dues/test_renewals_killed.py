"""A season of renewals, run by moving the clock that the post office is told, and killing it over and over."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import PIPE

import pytest
from sqlalchemy import select

from society.db import db
from society.dues.models import Due
from society.mail.models import Letter, LetterState
from society.mail.worker import deliver_due
from society.membership.actions import cover, renew, resign
from society.membership.models import Membership, Status
from tests.builders import NOW, a_membership, a_person, a_tier

FIRST, LAST = date(2032, 2, 25), date(2032, 4, 10)
ENDS = (date(2032, 3, 28), date(2032, 3, 31))
GRACE = 2

SEASON = """
import os
import sys
from datetime import date, datetime, timedelta, UTC
from society.chores import CHORES
from society.factory import create_app
from society.mail.worker import deliver_due

app, last = create_app(), date.fromisoformat(sys.argv[1])

def live(day):
    while day <= last:
        now = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
        for chore in CHORES:
            with app.app_context():
                chore(now)
        with app.app_context():
            deliver_due(now)
        print(day, flush=True)
        day += timedelta(days=1)

for line in sys.stdin:
    child = os.fork()
    if not child:
        live(date.fromisoformat(line.strip()))
        os._exit(0)
    print("born", child, flush=True)
    print("ended", os.waitpid(child, 0)[1], flush=True)
"""
"""Told a day, it begins a process that goes on from there, and says how that ended. It has no connection itself."""


def a_period(ends_on, person=None, **values):
    starts_on, good_until = ends_on - timedelta(days=364), ends_on + timedelta(days=GRACE)
    return a_membership(person or a_person(), starts_on=starts_on, ends_on=ends_on, good_until=good_until, **values)


def a_register() -> dict[str, list[Membership]]:
    """Members who do nothing, and those who do something about it."""
    free, paid, household = a_tier(), a_tier(dues=2500), a_tier(covers="household", places=2)
    silent = [a_period(ENDS[number % 2], tier=(free, paid)[number % 3 == 0]) for number in range(90)]
    payers = [a_period(ENDS[0], tier=household) for _ in range(10)]
    covered = [cover(payer, a_person(), payer.starts_on, now=NOW, by=None) for payer in payers]
    renewed, resigned = ([a_period(ENDS[1], tier=free) for _ in range(10)] for _ in range(2))
    for period in renewed:
        renew(period, now=NOW, by=None)
    for period in resigned:
        resign(period, date(2032, 1, 31), now=NOW, by=None)
    by_post = [a_period(ENDS[0], a_person(email=None), tier=paid) for _ in range(10)]
    db.session.commit()
    return {"told": silent + payers, "covered": covered, "let be": renewed + resigned, "by post": by_post}


def runs(environment: dict[str, str], chance: random.Random) -> int:
    """Go through the season in processes that are killed at some instant of their work, until one comes to its end;
    how many were killed. Each begins on the last day that the one before is known to have finished."""
    command = [sys.executable, "-c", SEASON, str(LAST)]
    with subprocess.Popen(command, env=environment, stdin=PIPE, stdout=PIPE, text=True) as nursery:
        day, killed = FIRST, 0
        while True:
            nursery.stdin.write(f"{day}\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline().removeprefix("born "))
            said = [nursery.stdout.readline()]  # it has come as far as doing something
            if killed < 6:
                time.sleep(chance.uniform(0, 0.25))
                os.kill(child, signal.SIGKILL)
            while not said[-1].startswith("ended "):
                said.append(nursery.stdout.readline())
            day = max([day, *(date.fromisoformat(line.strip()) for line in said[:-1])])
            end = os.waitstatus_to_exitcode(int(said[-1].removeprefix("ended ")))
            if end == 0:
                nursery.stdin.close()
                return killed
            assert end == -signal.SIGKILL
            killed += 1


@pytest.mark.long
@pytest.mark.no_cover  # thousands of turns over lines that other tests cover
def test_killed_over_and_over_everyone_hears_of_everything_once(app, tmp_path):
    seed = 1 if db.engine.dialect.name == "sqlite" else 2  # other moments on each database
    people = a_register()
    environment = os.environ | {
        "SOCIETY_INSTANCE": str(tmp_path),
        "SOCIETY_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "SOCIETY_SECRET_KEY": app.config["SECRET_KEY"],
        "SOCIETY_BASE_URL": app.config["BASE_URL"],
        "SOCIETY_MAIL_URL": f"file:{tmp_path / 'outbox'}",
    }

    killed = runs(environment, random.Random(seed))

    assert killed >= 5
    db.session.rollback()
    db.session.expire_all()
    told = {period.person_id for period in people["told"]}
    assert reminded() == {(number, event): 1 for number in told for event in ("30", "7", "-7", "lapsed")}
    lapsing = people["told"] + people["covered"] + people["by post"]
    assert lapsed() == {period.id: (1, period.good_until + timedelta(days=1)) for period in lapsing}
    invoiced = [period.id for period in lapsing if period.tier.dues]
    assert Counter(db.session.scalars(select(Due.membership_id))) == dict.fromkeys(invoiced, 1)
    assert sorted(db.session.scalars(select(Due.number))) == list(range(1, len(invoiced) + 1))
    delivered(tmp_path / "outbox")


def reminded() -> Counter[tuple[int | None, str]]:
    """How often each person was written to about what."""
    rows = db.session.execute(select(Letter.person_id, Letter.reason)).all()
    about = [(number, reason.split(":")) for number, reason in rows]
    return Counter(
        (number, words[-1] if words[0] == "renewal" else words[0])
        for number, words in about
        if words[0] in ("renewal", "lapsed")
    )


def lapsed() -> dict[int, tuple[int, date]]:
    """By period, how often it has lapsed, and from which day."""
    rows = db.session.execute(
        select(Membership.replaces_id, Membership.starts_on).where(Membership.status == Status.LAPSED)
    )
    found: dict[int, tuple[int, date]] = {}
    for number, on in rows:
        found[number] = (found.get(number, (0, on))[0] + 1, on)
    return found


def delivered(outbox: Path) -> None:
    """Every letter lies in the outbox folder, once; what a killed process had claimed goes out when the claim ends."""
    deliver_due(datetime(LAST.year, LAST.month, LAST.day, 20, tzinfo=UTC))
    letters = db.session.scalars(select(Letter)).all()
    assert {letter.state for letter in letters} == {LetterState.SENT}
    assert len(list(outbox.glob("*.eml"))) == len(letters)
