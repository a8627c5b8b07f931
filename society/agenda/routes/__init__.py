"""Pages of agendas: the timetable that everyone sees, what organizers do with it, and the speakers."""

from flask import Blueprint

from society.agenda import render

bp = Blueprint("agenda", __name__, cli_group="agenda")
bp.add_app_template_filter(render.span, "session_span")
bp.add_app_template_filter(render.when, "session_when")
bp.add_app_template_filter(render.when_for, "session_when_for")
bp.add_app_template_filter(render.kind, "session_kind")
bp.add_app_template_filter(render.day, "spoken_day")

from society.agenda.routes import handing, organize, pasting, public, sessions, speakers  # noqa: E402, F401, they put their pages on `bp`
