"""`make bench`: every figure as a ratio against a bare limit measured in the same run, the two alternating.

python -m tests.bench [--people N --events N --rsvps N] [--rounds N] [--seconds N] [--only calendars]
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import answers, audiences, calendars, figures, members, post, sharing, storm
from tests.bench.servers import free_port, serving, society


def main() -> int:
    """Measure on demo data, print a row per figure, and end with 1 if one misses its mark."""
    asked = _arguments()
    rows = _of_calendars(asked) if asked.only else _all(asked)
    for row in rows:
        print(row)
    return int(any(not row.met for row in rows))


def _of_calendars(asked: argparse.Namespace) -> list[figures.Figure]:
    with tempfile.TemporaryDirectory(prefix="society-bench-") as folder:
        return calendars.of_calendars(Path(folder) / "calendars", asked.rounds, asked.seconds)


def _all(asked: argparse.Namespace) -> list[figures.Figure]:
    with tempfile.TemporaryDirectory(prefix="society-bench-") as folder:
        instance = Path(folder) / "instance"
        figures.fill(instance, asked.people, asked.events, asked.rsvps)
        few = Path(folder) / "few"
        figures.fill(few, people=100, events=100, rsvps=200)
        rows = [*figures.in_process(instance), figures.list_growth(few, instance)]
        port, bare_port = free_port(), free_port()
        serve = society("serve", "--port", str(port))
        bare = [sys.executable, "-m", "tests.bench.bare", f"sqlite:///{folder}/bare.db", str(bare_port)]
        with (
            serving(serve, instance, port, "/healthz") as ours,
            serving(bare, instance, bare_port, "/constant/1") as limit,
        ):
            rows += figures.over_http(instance, ours, limit, asked.rounds, asked.seconds)
        rows += answers.of_a_crowd(Path(folder) / "crowd")
        rows += answers.of_a_crowd_on_postgresql(Path(folder) / "crowd-postgresql")
        rows += storm.storm(Path(folder) / "storm")
        rows += storm.storm_on_postgresql(Path(folder) / "postgresql")
        rows += post.of_the_post(Path(folder) / "post")
        rows += audiences.of_audiences(Path(folder) / "audiences")
        rows += audiences.of_audiences_on_postgresql(Path(folder) / "audiences-postgresql")
        rows += sharing.of_the_workers(Path(folder) / "sharing")
        if asked.members:
            rows += _of_the_register(Path(folder), asked.members)
    return [*rows, *_of_calendars(asked)]


def _of_the_register(folder: Path, count: int) -> list[figures.Figure]:
    """The register's pages with so many people, and reading in as many."""
    large, empty = folder / "members", folder / "import"
    for instance in (large, empty):
        instance.mkdir()
        (instance / "secret-key").write_text("for measuring")
    members.fill(large, count)
    return [*members.pages(large), *members.read_in(empty, count)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--rsvps", type=int, default=50_000)
    parser.add_argument("--members", type=int, default=100_000, help="people in the register measured apart; 0: none")
    parser.add_argument("--only", choices=["calendars"], help="measure these alone")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of measurements per figure; the median counts")
    parser.add_argument("--seconds", type=int, default=4, help="length of each measurement")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
