"""The register as secretaries keep it."""

from society.register.routes import listing, person
from society.register.routes.blueprint import bp

__all__ = ["bp", "listing", "person"]
