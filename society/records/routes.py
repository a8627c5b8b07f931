"""All that is kept on one person: to read, to merge, to erase."""

from flask import Blueprint

bp = Blueprint("records", __name__, cli_group="records")
