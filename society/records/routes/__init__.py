"""All that is kept on one person: to read, to merge, to erase."""

from society.records.routes import erasing, merging, own
from society.records.routes.blueprint import bp

__all__ = ["bp", "erasing", "merging", "own"]
