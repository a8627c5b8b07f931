"""The members who chose to appear, for members."""

from flask import Blueprint

bp = Blueprint("directory", __name__, cli_group="directory")
