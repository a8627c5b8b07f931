"""The register as secretaries keep it."""

from flask import Blueprint

from society.register.models import SavedView  # noqa: F401

bp = Blueprint("register", __name__, cli_group="register")
