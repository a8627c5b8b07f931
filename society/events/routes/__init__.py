"""Pages of events: what everyone sees, what organizers do, and the venues and categories that events share."""

from flask import Blueprint

from society.events import render
from society.text import markdown

bp = Blueprint("events", __name__, cli_group="events")
bp.add_app_template_filter(render.when, "when")
bp.add_app_template_filter(render.unbroken, "unbroken")
bp.add_app_template_filter(render.when_for, "when_for")
bp.add_app_template_filter(render.spoken_for, "spoken_for")
bp.add_app_template_filter(render.place, "place")
bp.add_app_template_filter(render.spoken_moment, "spoken_moment")
bp.add_app_template_filter(render.on_its_day, "on_its_day")
bp.add_app_template_filter(render.backing_html, "backed_by")
bp.add_app_template_filter(render.sponsors_by_level, "sponsors_by_level")
bp.add_app_template_filter(render.spoken_zone, "zone_name")
bp.add_app_template_filter(markdown, "markdown")
bp.add_app_template_filter(render.members_first, "members_first")

from society.events.routes import life, organize, organizers, places, public  # noqa: E402, F401, they put their pages on `bp`
