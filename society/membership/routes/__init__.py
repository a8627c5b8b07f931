"""Pages of membership: joining, one's own membership, the secretary's queue and registering, tiers and settings."""

from society.membership.routes import card, joining, own, periods, queue, tiers
from society.membership.routes.blueprint import bp

__all__ = ["bp", "card", "joining", "own", "periods", "queue", "tiers"]
