"""What the pages of records hang on."""

from datetime import datetime

from flask import Blueprint

from society.membership.render import spoken
from society.settings import society
from society.times import to_wall

bp = Blueprint("records", __name__, cli_group="records")


@bp.app_template_filter("kept_day")
def kept_day(kept: str) -> str:
    """The day of a date, a wall clock or an instant as the file of what is kept has it, by the society's clocks."""
    moment = datetime.fromisoformat(kept)
    return spoken((to_wall(moment, society().zone) if moment.tzinfo else moment).date())
