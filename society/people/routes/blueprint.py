"""What the pages of people hang on."""

from flask import Blueprint

bp = Blueprint("people", __name__, cli_group="people")
