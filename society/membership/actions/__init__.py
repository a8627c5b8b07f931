"""What changes memberships: applying and deciding, the periods, whom they cover, and the tiers."""

from society.membership.actions.applying import answer, apply, approve, ask_back, begin, join, reject
from society.membership.actions.covering import cover, cover_from, uncover
from society.membership.actions.inviting import invite, revoke, use_invitation
from society.membership.actions.periods import add_period, change_tier, renew, resign, restore
from society.membership.actions.steps import begin_period, end_period
from society.membership.actions.tiers import blank_tier, set_terms, set_tier

__all__ = [
    "add_period",
    "answer",
    "apply",
    "approve",
    "ask_back",
    "begin",
    "begin_period",
    "blank_tier",
    "change_tier",
    "cover",
    "cover_from",
    "end_period",
    "invite",
    "join",
    "reject",
    "renew",
    "resign",
    "restore",
    "revoke",
    "set_terms",
    "set_tier",
    "uncover",
    "use_invitation",
]
