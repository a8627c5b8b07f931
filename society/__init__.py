"""Events, memberships and notices of a society."""

__version__ = "0.1.0"
