"""What the register was asked, in words."""

from datetime import date

from society.membership.render import spoken
from society.register.wanted import SORTS, STANDINGS, STATUSES, Wanted
from society.text import listed


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
        "language": f"Language: {wanted.language}",
        "tag": f"Tag: {wanted.tag}",
        "role": f"Role: {wanted.role}",
        "no_email": "By post only",
        "bounced": "Mail came back",
        "unreachable": "Nobody can reach them",
        "sort": f"By: {SORTS[wanted.sort].lower()}",
    }
    return [(name, words, wanted.without(name)) for name, words in said.items() if name in wanted.args]


def _spoken(day: date | None) -> str:
    return spoken(day) if day else ""


def in_words(wanted: Wanted, tiers: dict[int, str]) -> str:
    """The whole question: "tagged “choir”; as of 31 December 2024"."""
    return "; ".join(words for name, words, _ in chips(wanted, tiers) if name != "sort") or "everyone"
