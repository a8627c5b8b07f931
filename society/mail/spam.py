"""What SpamAssassin says of a message, where it is installed: its daemon, else the program, which asks no network."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

SECONDS = 20
"""For each of the two: somebody waits for the page."""
MOST_RULES = 40

UNTOLD = "No description available."
"""What stands in place of a description that has not been written."""

_AREAS = {
    "BODY": "In the text",
    "RAW": "In the text as it is sent",
    "FULL": "In the whole letter",
    "URI": "In a link",
    "RBL": "On a public list of senders",
    "DNS": "In the DNS",
    "AWL": "From what this server had from the sender before",
    "TXREP": "From what this server had from the sender before",
}
"""Where a rule has looked, as it stands in front of its description, and in plain words."""

_TOTAL = re.compile(r"\((-?\d+\.\d+) \D{1,30}(-?\d+\.\d+)(?: \S+)?\)")
"""In any of its languages: "(3.3 points, 5.0 required)", "(3.3 pontos, mínimo de 5.0)"."""
_RULE = re.compile(r"^\s{0,2}(-?\d+(?:\.\d)?)\s+([A-Z][A-Z0-9_]+)\s+(\S.*(?:\n {8,}\S.*)*)", re.MULTILINE)
"""From ten points on it leaves out the tenths."""
PROGRAMS = (
    ("spamc", "-R", "-x", "--connect-retries", "1", "-t", str(SECONDS)),
    ("spamassassin", "-L", "-t", "--nocreate-prefs"),
)


@dataclass(frozen=True)
class Rule:
    """One thing that it noticed: what that adds to the score, or takes from it, and why, where it tells that."""

    points: float
    name: str
    about: str


@dataclass(frozen=True)
class Judgement:
    """The score, from which on it would be spam, and the rules that it is made of, the gravest first."""

    score: float
    limit: float
    rules: tuple[Rule, ...]

    @property
    def is_spam(self) -> bool:
        return self.score >= self.limit

    @property
    def sentence(self) -> str:
        """In plain words."""
        numbers = f"It scores {self.score:g}; from {self.limit:g} on it is spam."
        if self.is_spam:
            return f"{numbers} Many readers would not see it. What counts most stands first below."
        near = self.score >= self.limit * 0.6
        return f"{numbers} " + ("Other filters may be stricter, so mend what you can." if near else "That is well.")


def is_installed() -> bool:
    """Whether there is anything to ask."""
    return any(shutil.which(program) for program, *_ in PROGRAMS)


def judged(message: bytes) -> Judgement | None:
    """What it says; None where it does not answer in time or not as expected."""
    return next((found for command in PROGRAMS if (found := read(_said(command, message)))), None)


def _said(command: tuple[str, ...], message: bytes) -> str:
    program = shutil.which(command[0])
    if program is None:
        return ""
    try:
        ran = subprocess.run(  # noqa: S603
            [program, *command[1:]],
            input=message,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={**os.environ, "LC_ALL": "C"},  # in English, as these pages are; a daemon keeps to its own
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.decode("utf-8", "replace")


def read(report: str) -> Judgement | None:
    """The report behind the message: the last of its kind, since the message may hold one too."""
    totals = list(_TOTAL.finditer(report))
    if not totals:
        return None
    score, limit = map(float, totals[-1].groups())
    told = [rule for rule in map(_rule, _RULE.finditer(report, totals[-1].end())) if rule.points]
    return Judgement(score, limit, tuple(sorted(told, key=lambda rule: -rule.points)[:MOST_RULES]))


def _rule(found: re.Match[str]) -> Rule:
    points, name, about = found.groups()
    return Rule(float(points), name, _in_plain_words(" ".join(about.split())))


def _in_plain_words(about: str) -> str:
    area, _, rest = about.partition(": ")
    where = _AREAS.get(area, "")
    told = rest if where else about
    return "" if told == UNTOLD else f"{where}: {told}" if where else told
