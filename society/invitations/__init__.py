"""Answers that calendar programs mail back, and what becomes of them (RFC 5546, RFC 6047)."""
