"""Whether a mail server's refusal, at the door or in a report that comes back, says that there is no such address."""

import re

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_GONE = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.0", "5.2.1")
"""No such mailbox, host or address (RFC 3463, 3.2 and 3.3): other failures, as of a full mailbox, may pass."""
_VAGUE = re.compile(r"5\.0\.\d+|5\.(1\.0|3\.0|4\.1|4\.4|4\.310|5\.0)")
"""Says that something is wrong for good, or with the way there: what, the words tell. Postfix makes 5.0.0 of a plain
550, and Exchange says 5.4.1 of recipients that it does not have."""
_NO_SUCH_ADDRESS = re.compile(
    r"(unknown|no such|invalid|unrouteable|inactive|disabled) (local )?(user|recipient|mailbox|address|account|person)|"
    r"(?<!sender )(user|recipient|mailbox|address|account)( name| you tried to reach| that you tried to reach)? "
    r"(is |has been )?(unknown|not found|rejected|disabled|invalid|inactive|closed|discontinued|deactivated)|"
    r"not a valid (user|recipient|mailbox|address|account)|\b550\b[^\n]*\bmailbox (is )?unavailable|"
    r"does ?n[o']t exist|no mailbox (here )?by that name|doesn't have a|not listed in|host or domain name not found",
    re.IGNORECASE,
)
"""Large providers say “mailbox unavailable” with 550 of addresses that they do not have (RFC 5321, 4.2.3)."""
_MAY_PASS = re.compile(r"\bquota|\bfull\b|\bstorage|\btemporar|\btoo many\b|\blater\b", re.IGNORECASE)
_OF_US = re.compile(
    r"\brelay(ing)? (is )?(not|den|access|prohib)|to relay\b|\bauthenticat|"
    r"\bsender[ -](address )?(verif|reject|callout)|verif\w+ failed for|callout verif|"
    r"\b(spam|blocked|black ?list|block ?list)",
    re.IGNORECASE,
)
"""What is wrong with who hands it over, or with what it says: then its words on an address may be on ours."""


def status_in(said: str) -> str:
    """The first enhanced code in a text (RFC 3463); empty if there is none."""
    found = _STATUS.search(said)
    return found[1] if found else ""


def is_gone(status: str, said: str) -> bool:
    """By the enhanced code where there is one that tells; else by the words, since a plain 550 is also how spam is
    refused, and every letter of whoever may not hand over mail there."""
    if status and not _VAGUE.fullmatch(status):
        return status in _GONE
    return bool(_NO_SUCH_ADDRESS.search(said)) and not _OF_US.search(said) and not _MAY_PASS.search(said)
