"""What changes memberships: applying and deciding, the periods, whom they cover, and the tiers."""

from society.membership.actions.applying import apply, approve, begin, join, reject
from society.membership.actions.covering import cover, cover_from, uncover
from society.membership.actions.periods import add_period, change_tier, renew, resign, restore
from society.membership.actions.steps import begin_period, end_period
from society.membership.actions.tiers import blank_tier, set_tier

__all__ = [
    "add_period",
    "apply",
    "approve",
    "begin",
    "begin_period",
    "blank_tier",
    "change_tier",
    "cover",
    "cover_from",
    "end_period",
    "join",
    "reject",
    "renew",
    "resign",
    "restore",
    "set_tier",
    "uncover",
]
