"""Who holds which office: the public page, and the secretary's."""

from flask import Blueprint

from society.offices.models import Office  # noqa: F401

bp = Blueprint("offices", __name__, cli_group="offices")
