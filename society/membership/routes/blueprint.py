"""What the pages of membership hang on."""

from datetime import date

from flask import Blueprint

from society.membership import render
from society.membership.models import age_on
from society.settings import society
from society.times import now, today_in

bp = Blueprint("membership", __name__, cli_group="membership")
bp.add_app_template_filter(render.dues, "dues")
bp.add_app_template_filter(render.told, "told")
bp.add_app_template_filter(render.until, "until")
bp.add_app_template_filter(render.spoken, "day")
bp.add_app_template_filter(render.ages, "ages")
bp.add_app_template_filter(render.application_path, "application_path")
bp.add_app_template_global(age_on, "age_on")


def today() -> date:
    """The day on the society's own calendar."""
    return today_in(society().zone, now())
