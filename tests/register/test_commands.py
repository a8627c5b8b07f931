"""The register in and out by the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from society.db import db
from society.errors import Refused
from society.membership.models import Membership
from society.people import cli
from society.people.models import Person
from society.settings import Society
from tests.builders import a_tier

TABLE = "email,name,tier,starts_on,ends_on\nann@example.org,Ann Ash,Member,2024-01-01,2024-12-31\n"


@pytest.fixture
def run(app, tmp_path):
    a_tier("Member")
    db.session.commit()

    def of(command, text=TABLE, *options, name="people.csv"):
        file = tmp_path / name
        if text is not None:
            file.write_bytes(text.encode())
        return app.test_cli_runner().invoke(args=["people", command, str(file), *options])

    return of


def people():
    db.session.rollback()
    return list(db.session.scalars(select(Person.name).order_by(Person.id)))


def test_a_dry_run_tells_every_lines_fate_and_changes_nothing(run):
    told = run("import", TABLE, "--dry-run")

    assert told.exit_code == 0, told.output
    assert "Line 2: add, Ann Ash" in told.output
    assert people() == []


def test_long_work_says_how_far_it_is_at_each_stage(run, monkeypatch):
    monkeypatch.setattr(cli, "_OFTEN", 1)
    said = run("import").stderr.splitlines()
    assert [line.partition(":")[0] for line in said] == ["Reading", "Looking up", "Writing", "Writing"]
    assert "Looking up: 1 of 1 lines" in said


def test_a_table_goes_in_once_however_often_it_is_read(run):
    for _ in range(2):
        done = run("import")
        assert done.exit_code == 0, done.output
        assert "Done: " in done.output

    assert people() == ["Ann Ash"]
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 1


def test_one_wrong_line_keeps_all_out_unless_what_is_right_is_asked_for(run):
    wrong = f"{TABLE}ben@example.org,Ben Birch,Nonesuch,2024-01-01,2024-12-31\n"

    assert isinstance(run("import", wrong).exception, Refused)
    assert people() == []
    assert isinstance(run("import", wrong, "--dry-run").exception, Refused)

    done = run("import", wrong, "--partial")
    assert done.exit_code == 0, done.output
    assert "Line 3: refuse" in done.output
    assert people() == ["Ann Ash"]


def test_dates_that_read_two_ways_are_asked_about(run):
    table = TABLE.replace("2024-01-01", "03/04/2024")

    refused = run("import", table)
    assert isinstance(refused.exception, Refused)
    assert "Say --dates day-first or --dates month-first" in str(refused.exception)
    assert people() == []

    assert run("import", table, "--dates", "day-first").exit_code == 0
    assert str(db.session.scalar(select(Membership.starts_on))) == "2024-04-03"


def test_before_the_first_start_nothing_is_read_in(run):
    db.session.execute(delete(Society))
    db.session.commit()

    refused = run("import").exception

    assert isinstance(refused, Refused)
    assert "Run “society serve” once" in str(refused)
    assert people() == []


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_is_not_there_is_told_in_a_line(run, name):
    refused = run("import", None, name=name)

    assert refused.exit_code != 0
    assert refused.exception is None or isinstance(refused.exception, Refused | SystemExit)


def test_the_roll_of_a_day_is_written_to_a_file_and_reads_the_same_again(run, tmp_path):
    run("import")

    assert run("export", None, "--as-of", "2024-06-01", name="roll.csv").exit_code == 0
    assert "ann@example.org" in (tmp_path / "roll.csv").read_text("utf-8-sig")
    assert run("export", None, "--as-of", "2023-06-01", name="earlier.csv").exit_code == 0
    assert "ann@example.org" not in (tmp_path / "earlier.csv").read_text("utf-8-sig")
    run("export", None, name="all.csv")
    assert run("import", (tmp_path / "all.csv").read_text("utf-8-sig")).exit_code == 0
    assert people() == ["Ann Ash"]


@pytest.mark.parametrize(("name", "options"), [("roll.pdf", ()), ("roll.csv", ("--as-of", "yesterday"))])
def test_what_cannot_be_written_is_refused(run, name, options):
    assert isinstance(run("export", None, *options, name=name).exception, Refused)


def test_two_imports_of_one_file_at_once_double_nobody(app, run, tmp_path):
    file = tmp_path / "people.csv"
    rows = (f"p{number}@example.org,Person {number},Member,2024-01-01,2024-12-31\n" for number in range(4_000))
    file.write_text("email,name,tier,starts_on,ends_on\n" + "".join(rows))
    environment = os.environ | {
        "SOCIETY_INSTANCE": str(tmp_path),
        "SOCIETY_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "SOCIETY_SECRET_KEY": app.config["SECRET_KEY"],
    }
    command = [str(Path(sys.executable).with_name("society")), "people", "import", str(file)]

    both = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]

    assert [one.wait(60) for one in both] == [0, 0]
    assert len(people()) == 4_000
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 4_000
