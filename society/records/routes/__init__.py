"""All that is kept on one person: to read, to merge, to erase."""

from society.records.routes import merging
from society.records.routes.blueprint import bp

__all__ = ["bp", "merging"]
