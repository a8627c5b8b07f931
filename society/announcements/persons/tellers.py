"""Who tells of what a title names, where their name stands at its end: "The Moon by Prof. Kay"."""

import re

from society.announcements.persons.names import NAME, is_name

_TELLER = re.compile(
    r"(?:(?:[,:]|\s[–-])\s(?:an? |une? |eine? )?(?:[a-z]{3,14} ){0,2}(?:talk|lecture|evening|conversation"
    r"|workshop|reading|session|abend|vortrag|lesung|conférence|soirée|charla) (?:by|with|from|von|mit|de|par|avec"
    r"|con)(?: [a-zß-ÿ]{3,20}){0,3}|,? (?:by|with|von|mit|par|avec)|, (?:an? (?:illustrated )?|der "
    rf"|une? )?(?:talk by|lecture by|vortrag von|lesung mit|conférence de|causerie de|a cargo del?(?: la)?)) ({NAME})$",
)


def parted_from_teller(title: str) -> tuple[str, str]:
    """A title without who tells of it, "The Moon by Prof. Kay", and that name; an untitled one may be in the title."""
    told = _TELLER.search(title)
    return (title[: told.start()], told[1]) if told and is_name(told[1]) else (title, "")
