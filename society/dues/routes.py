"""What members owe and pay: one's own, and the treasurer's pages."""

from flask import Blueprint

from society.dues.models import Due  # noqa: F401

bp = Blueprint("dues", __name__, cli_group="dues")
