"""Of each thing that has changed what it was and what it is, in Markdown: as news of an event puts it into its text."""

from collections.abc import Sequence

from society.events.changes import Change
from society.mail.wording import escaped
from society.notices.merge import UNTIL, WAS
from society.phrases import phrase


def told(changes: Sequence[Change], language: str, *, by_own_clock: bool = False) -> str:
    """Of each thing what it was and what it is, in Markdown."""
    return "\n\n".join(_change(change, language, by_own_clock=by_own_clock) for change in changes)


def _change(change: Change, language: str, *, by_own_clock: bool) -> str:
    label, old, new = (str(escaped(value or phrase("nothing", language))) for value in change)
    if change.field == "when" and by_own_clock:
        old, new = f"{old} {{{{ {WAS} }}}}", "{{ event_when }}"
    elif change.field == "rsvp_deadline":
        new += f" {{{{ {UNTIL} }}}}"
    return phrase("**{label}**\nuntil now: {old}\nfrom now on: {new}", language, label=label, old=old, new=new)


def told_of_one(changes: Sequence[Change], language: str, *, by_own_clock: bool = False) -> str:
    """The same of one of several events, below the line that says when it is."""
    return "\n".join(_in_list(change, language, by_own_clock=by_own_clock) for change in changes)


def _in_list(change: Change, language: str, *, by_own_clock: bool) -> str:
    if change.field != "when":
        return _change(change, language, by_own_clock=False)
    old = f"{escaped(change.old)} {{{{ {WAS} }}}}" if by_own_clock else escaped(change.old)
    return phrase("until now: {old}", language, old=old)
