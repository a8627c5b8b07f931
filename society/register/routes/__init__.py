"""The register as secretaries keep it."""

from society.register.routes import bulk, exports, figures, imports, listing, person, views
from society.register.routes.blueprint import bp

__all__ = ["bp", "bulk", "exports", "figures", "imports", "listing", "person", "views"]
