"""Pages of people: signing in, a person's own things, and who has which role."""

from society.people.routes import own, signing_in, staff
from society.people.routes.blueprint import bp

__all__ = ["bp", "own", "signing_in", "staff"]
