"""The register as secretaries keep it."""

from society.register.routes import figures, listing, person
from society.register.routes.blueprint import bp

__all__ = ["bp", "figures", "listing", "person"]
