"""What the register was asked, in words."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from society.languages import name_of
from society.membership.models import Status
from society.membership.render import spoken
from society.register.wanted import ENDED, NEVER, SORTS, STANDINGS, STATUSES, Wanted
from society.text import folded, listed


def chips(wanted: Wanted, tiers: dict[int, str]) -> list[tuple[str, str, Wanted]]:
    """Each filter in words, by its name, with what is asked without it."""
    said = {
        "q": f"“{wanted.q}”",
        "tier": f"Tier: {listed([tiers.get(number, 'one that is gone') for number in wanted.tier])}",
        "status": f"Status: {STATUSES.get(wanted.status, '').lower()}",
        "standing": STANDINGS.get(wanted.standing, ""),
        "on": f"As of {_spoken(wanted.on)}",
        "joined_from": f"Joined from {_spoken(wanted.joined_from)}",
        "joined_to": f"Joined until {_spoken(wanted.joined_to)}",
        "city": f"City: {wanted.city}",
        "language": f"Language: {name_of(wanted.language)}",
        "tag": f"Tag: {wanted.tag}",
        "role": f"Role: {wanted.role}",
        "no_email": "By post only",
        "bounced": "Mail came back",
        "unreachable": "Nobody can reach them",
        "sort": f"By: {SORTS[wanted.sort].lower()}",
    }
    return [(name, words, wanted.without(name)) for name, words in said.items() if name in wanted.args]


def languages(codes: Iterable[str], wanted: str) -> list[tuple[str, str]]:
    """Those that can be asked for, by name; besides the one that is."""
    offered = {code.lower(): name_of(code) for code in [*codes, wanted] if code}
    return sorted(offered.items(), key=lambda one: folded(one[1]))


def _spoken(day: date | None) -> str:
    return spoken(day) if day else ""


def sought(wanted: Wanted, tiers: Mapping[int, str]) -> str:
    """Whom it asks for, within a sentence: "members of the tier Household who live in Harrowmere"."""
    clauses = [*_of_membership(wanted), *_of_person(wanted)]
    said = _group(wanted, tiers) + (f" who {listed(clauses)}" if clauses else "")
    return f"{said}, as the register stood on {spoken(wanted.on)}" if wanted.on else said


def _group(wanted: Wanted, tiers: Mapping[int, str]) -> str:
    """A tier alone means those who hold it in good standing."""
    holders = "members" if wanted.tier and not wanted.standing and not wanted.status else "those in the register"
    said = "members in good standing" if wanted.standing == "yes" else holders
    names = [tiers.get(number, "that is gone") for number in wanted.tier]
    return f"{said} of the tier{'s' * (len(names) > 1)} {' or '.join(names)}" if names else said


def _of_membership(wanted: Wanted) -> Iterator[str]:
    if wanted.standing == "no":
        yield "are not in good standing"
    if wanted.status:
        yield _STATUSES[wanted.status]
    if wanted.joined_from:
        yield f"joined on {spoken(wanted.joined_from)} or later"
    if wanted.joined_to:
        yield f"joined on {spoken(wanted.joined_to)} or earlier"


def _of_person(wanted: Wanted) -> Iterator[str]:
    said = {
        "q": f"are found by “{wanted.q}”",
        "city": f"live in {wanted.city}",
        "language": f"read {name_of(wanted.language)}",
        "tag": f"are tagged “{wanted.tag}”",
        "role": f"have the role of {wanted.role}",
        "no_email": "have no email",
        "bounced": "have an address from which mail came back",
        "unreachable": "can be reached neither by email nor by post",
    }
    return (words for name, words in said.items() if name in wanted.args)


_STATUSES = {
    Status.ACTIVE.value: "hold a membership now",
    Status.APPLIED.value: "have applied and were not decided on yet",
    ENDED: "have not renewed a period that is over",
    Status.LAPSED.value: "have lapsed",
    Status.RESIGNED.value: "have resigned",
    Status.REJECTED.value: "were not accepted",
    NEVER: "were never members",
}
