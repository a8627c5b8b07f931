"""The register as secretaries keep it."""

from society.register.routes import exports, figures, imports, listing, person, views
from society.register.routes.blueprint import bp

__all__ = ["bp", "exports", "figures", "imports", "listing", "person", "views"]
