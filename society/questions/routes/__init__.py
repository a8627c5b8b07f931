"""For organizers: what is asked at an event, and the files that were sent as answers."""

from flask import Blueprint

bp = Blueprint("questions", __name__)

from society.questions.routes import files, organizing  # noqa: E402, F401, they put their pages on `bp`
