"""What the pages of the register hang on."""

from datetime import date

from flask import Blueprint

from society.settings import society
from society.times import now, today_in

bp = Blueprint("register", __name__, cli_group="register")


def today() -> date:
    """The day on the society's own calendar."""
    return today_in(society().zone, now())
