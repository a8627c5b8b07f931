"""What the register was asked, in words."""

from collections.abc import Iterable
from datetime import date

from society.languages import name_of
from society.membership.render import spoken
from society.register.wanted import SORTS, STANDINGS, STATUSES, Wanted
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


def in_words(wanted: Wanted, tiers: dict[int, str]) -> str:
    """The whole question: "tagged “choir”; as of 31 December 2024"."""
    return "; ".join(words for name, words, _ in chips(wanted, tiers) if name != "sort") or "everyone"
