"""What the pages of records hang on."""

from datetime import datetime

from flask import Blueprint

from society.membership.render import spoken
from society.settings import society
from society.times import to_wall

bp = Blueprint("records", __name__, cli_group="records")

_STATES = {
    "unconfirmed": "not confirmed",
    "pending": "waiting for the organizers",
    "offered": "a seat was offered",
    "waitlisted": "on the waiting list",
    "cancelled": "withdrawn",
    "held": "waiting for a digest",
    "gathered": "sent in a digest",
    "timed": "to be written when it is due",
    "queued": "waiting to be sent",
    "claimed": "about to be sent",
    "sending": "on its way",
    "refused": "could not be sent",
}
"""Of answers and letters, those whose own name tells a reader little."""


@bp.app_template_filter("kept_day")
def kept_day(kept: str) -> str:
    """The day of a date, a wall clock or an instant as the file of what is kept has it, by the society's clocks."""
    moment = datetime.fromisoformat(kept)
    return spoken((to_wall(moment, society().zone) if moment.tzinfo else moment).date())


@bp.app_template_filter("kept_state")
def kept_state(kept: str) -> str:
    """Where an answer or a letter stands as the file of what is kept has it, in words."""
    return _STATES.get(kept, kept)
