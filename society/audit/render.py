"""Entries of the log in words."""

from typing import Any

from society.audit.models import AuditEntry


def changed(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """What differs: (name, before, after), a value that was or is not there as nothing."""
    names = dict.fromkeys([*entry.before, *entry.after])
    rows = ((name, entry.before.get(name), entry.after.get(name)) for name in names)
    said = ((_label(name), _spoken(old), _spoken(new)) for name, old, new in rows)
    return [(name, old, new) for name, old, new in said if old != new]


def _label(name: str) -> str:
    words = name.removesuffix("_id").replace("_", " ").replace("rsvp", "RSVP").replace("url", "address")
    return words[:1].upper() + words[1:]


def _spoken(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
