"""What the pages of dues hang on."""

from datetime import date

from flask import Blueprint

from society.dues import render
from society.dues.reference import reference, spoken_iban
from society.settings import society
from society.times import now, today_in

bp = Blueprint("dues", __name__, cli_group="dues")
bp.add_app_template_filter(render.signed, "amount")
bp.add_app_template_filter(render.about, "about")
bp.add_app_template_filter(render.method_name, "method_name")
bp.add_app_template_filter(render.invoice_link, "invoice_link")
bp.add_app_template_filter(render.receipt_link, "receipt_link")
bp.add_app_template_filter(render.step, "renewal_step")
bp.add_app_template_filter(reference, "payment_reference")
bp.add_app_template_filter(spoken_iban, "iban")


def today() -> date:
    """The day on the society's own calendar."""
    return today_in(society().zone, now())
