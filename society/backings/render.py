"""Words for backings, and the link by which an organization answers."""

from society.backings.models import Word
from society.events.models import Backing, BackingRole, BackingState
from society.tokens import sealed

PURPOSE = "backing"
VERBS = {BackingRole.HOST: "host", BackingRole.SPONSOR: "sponsor", BackingRole.ENDORSER: "endorse"}
STATES = {
    BackingState.PROPOSED: "Not answered yet",
    BackingState.CONFIRMED: "Confirmed",
    BackingState.DECLINED: "Declined",
    BackingState.WITHDRAWN: "Withdrawn",
}
TONES = {BackingState.PROPOSED: "warn", BackingState.CONFIRMED: "success"}
WORDS = {
    Word.ASKED: "Asked",
    Word.REMINDED: "Reminded",
    Word.CONFIRMED: "Confirmed",
    Word.DECLINED: "Declined",
    Word.WITHDRAWN: "Withdrew",
    Word.VOUCHED: "Vouched for",
    Word.ASKED_AGAIN: "Asked again, since the event changed",
    Word.TAKEN_BACK: "Named no more, or asked no more",
    Word.TAKEN_ALONG: "Taken along from the event that this was made like, where an organizer vouched",
    Word.HANDED_OVER: "Another contact given",
}


def link(backing: Backing) -> str:
    """The path of the mailed link by which the contact answers; a new `link_key` revokes it."""
    return f"/backings/{sealed(PURPOSE, backing.id, backing.link_key)}"


def verb(backing: Backing) -> str:
    """ "sponsor", as in "asks you to sponsor"."""
    return VERBS[backing.role]
