"""What stands around an announcement and is no part of it: how letters close, marks of forwarding, what programs
add to a newsletter."""

import re

MOST_WORDS = 6
"""Of a line that closes a letter."""
_REGARDS = re.compile(
    r"\b(?:regards|cheers|(?:best|good|kind|warm|every good) wish(?:es)?|gr(?:ü|ue)(?:ß|ss)(?:en?)?|gru(?:ß|ss)"
    r"|salutations|cordialement|amicalement|amitiés|bien à (?:vous|toi|tous)|à (?:très )?bientôt|saludos?|abrazos?"
    r"|atentamente|cordialmente)(?: (?:from|to|an|a|à|de|von) .{2,30})?$|^(?:sincerely|faithfully|warmly"
    r"|(?:un |muy )?cordial(?:es)? saludos?)$|^(?:yours(?: \w+)?|best|love"
    r"|(?:and )?(?:many |with )?thanks(?: (?:in advance|again|and .{3,20}))?|thank you|vielen dank|merci|gracias"
    r"|all the best|(?:(?:hope|look(?:ing)? forward) to )?(?:see(?:ing)?|join(?:ing)?) you (?:all )?(?:there|then"
    r"|soon)|bis (?:dann|bald)|nos vemos|hasta pronto)$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^(?:begin |anfang der )?(?:forwarded|original|weitergeleitete|ursprüngliche)[\w ]{0,12} (?:message"
    r"|nachricht|e-?mail)"
    r"|^message transféré|^mensaje reenviado|^(?:on|am|le|el) .{5,80}(?:wrote|schrieb.{0,40}|a écrit|escribió) ?:$",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"\b(?:unsubscribe|update (?:your )?preferences|manage (?:your )?(?:subscription|preferences)"
    r"|view (?:this )?(?:e-?mail )?(?:in|online)(?: your)? ?(?:browser)?$"
    r"|(?:you(?:'re| are)?|you've) (?:have )?(?:receiv(?:ed?|ing)|getting) (?:this|our)"
    r"|(?:because|as) you (?:are )?(?:signed up|subscribed)|read (?:this )?online$|registered charity"
    r"|all rights reserved|sent from my \w+|follow us on|copyright ©?|abmelden|abbestellen"
    r"|im browser (?:an|lesen|öffnen)|(?:sie erhalten|du erhältst) diese|(?:se )?désabonner|désinscri\w+"
    r"|voir (?:dans le navigateur|en ligne)|vous recevez (?:ce|cette)|mentions légales|dar(?:se|te)? de baja"
    r"|ver (?:en el|en su|en tu) navegador|(?:ha |has )?recib(?:e|es|ido) este (?:correo|boletín|mensaje)"
    r"|aviso legal)\b|^©",
    re.IGNORECASE,
)
LONGEST_ADDED = 160


_SIGNED = re.compile(
    r"(?:[,.!]|\s[–-])\s(?:the\s)?[A-ZÀ-Þ][\w.'’-]{0,20}(?:\s[A-ZÀ-Þ][\w.'’-]{0,20}){0,2}(?:\steam|\sx{1,3})?$"
)
"""Whoever signs on the line of the closing words: "Regards, Ada"."""


def closes(line: str) -> bool:
    """Whether a letter ends with it: "With kind regards,"."""
    bare = _SIGNED.sub("", line.rstrip(" ,.!")).rstrip(" ,.!")
    return len(bare.split()) <= MOST_WORDS and not re.search(r"[\d:?]", bare) and bool(_REGARDS.search(bare))


def is_mark_of_forwarding(line: str) -> bool:
    return bool(_FORWARDED.search(line))


def is_added(line: str) -> bool:
    """Whether it is there because of how a newsletter is sent, and says nothing of what is on."""
    return len(line) <= LONGEST_ADDED and bool(_ADDED.search(line))
