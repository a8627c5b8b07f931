"""Pages of RSVPs: answering, the mailed link and a person's own answers; for organizers the list."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from society.events.render import spoken_in
from society.rsvps import queries, render, waiting
from society.rsvps.asked import can_correct
from society.rsvps.counts import people
from society.rsvps.forms import form_for
from society.text import duration
from society.web import number_asked

bp = Blueprint("rsvps", __name__, cli_group="rsvps")

FILTERS: dict[str, Callable[..., Any]] = {
    "rsvp_link": render.link,
    "rsvp_state": render.state,
    "rsvp_tone": render.tone,
    "rsvp_state_at": render.state_at,
    "rsvp_tone_at": render.tone_at,
    "seat_words": render.seat_words,
    "its_evenings": render.its_evenings,
    "can_correct": can_correct,
    "queue_moves": waiting.queue_moves,
    "clock": render.clock,
    "closes_at": render.closes_at,
    "closing": queries.closing,
    "spoken_in": spoken_in,
    "people": people,
    "duration": duration,
}
for word, words in FILTERS.items():
    bp.add_app_template_filter(words, word)
bp.add_app_template_global(form_for, "answer_form")
bp.add_app_template_global(number_asked)

from society.rsvps.routes import answering, evenings, joining, linked, lists, sessions  # noqa: E402, F401, they fill `bp`
