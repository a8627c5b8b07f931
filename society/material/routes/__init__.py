"""What stays of an event: given by organizers, and sent to those who may have it."""

from flask import Blueprint

from society.material.forms import KINDS

bp = Blueprint("material", __name__)
bp.add_app_template_filter(lambda kind: KINDS[kind], "material_kind")

from society.material.routes import files, organize, photographs  # noqa: E402, F401, they put their pages on `bp`
