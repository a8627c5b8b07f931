"""What the pages of dues hang on."""

from flask import Blueprint

from society.dues import render
from society.dues.reference import reference

bp = Blueprint("dues", __name__, cli_group="dues")
bp.add_app_template_filter(render.signed, "amount")
bp.add_app_template_filter(render.method, "method")
bp.add_app_template_filter(reference, "payment_reference")
