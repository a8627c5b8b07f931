"""What the pages of dues hang on."""

from flask import Blueprint

from society.dues.models import Due  # noqa: F401

bp = Blueprint("dues", __name__, cli_group="dues")
