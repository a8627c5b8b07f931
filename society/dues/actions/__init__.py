"""What changes the ledger. Every one of these adds rows; none changes a row or takes one away."""

from society.dues.actions.changing import charge_change, reckon
from society.dues.actions.owing import credit, owe, raise_for
from society.dues.actions.paying import refund, take, use_credit, waive

__all__ = ["charge_change", "credit", "owe", "raise_for", "reckon", "refund", "take", "use_credit", "waive"]
