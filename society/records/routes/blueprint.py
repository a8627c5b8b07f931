"""What the pages of records hang on."""

from flask import Blueprint

bp = Blueprint("records", __name__, cli_group="records")
