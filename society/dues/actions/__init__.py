"""What changes the ledger. Every one of these adds rows; none changes a row or takes one away."""

from society.dues.actions.owing import credit, owe, raise_for
from society.dues.actions.paying import refund, take, use_credit, waive

__all__ = ["credit", "owe", "raise_for", "refund", "take", "use_credit", "waive"]
