"""The door: its page and its keys, what it keeps for a time without network, and what is printed for it."""

from flask import Blueprint

bp = Blueprint("door", __name__)

from society.door.routes import afterwards, checkin, offline, paper  # noqa: E402, F401, they put their pages on `bp`
