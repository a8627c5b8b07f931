"""What members owe and pay: one's own, and the treasurer's pages."""

from society.dues.routes import accounts, bank, own, renewals, reports, treasury, wordings
from society.dues.routes.blueprint import bp

__all__ = ["accounts", "bank", "bp", "own", "renewals", "reports", "treasury", "wordings"]
