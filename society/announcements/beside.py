"""Which time of day belongs to a day that an announcement names."""

import re

from society.announcements.dates import Day
from society.announcements.hours import Hours

NEAR = 120
"""Characters between a date and the time of day that belongs to it."""
LEAST_LISTED = 3
"""Lines that begin with a time of day, which make a programme."""
_SENTENCE_END = re.compile(r"(?<=[^\W_]{2})[.!?)]{1,3}\s(?=[A-ZÀ-Þ])|\n")


def nearest(day: Day, hours: list[Hours], text: str) -> Hours | None:
    """The first behind it, else the last before; that too where only it stands in the sentence of the day."""
    after = [h for h in hours if 0 <= h.at - day.end <= NEAR]
    before = [h for h in hours if 0 <= day.at - h.end <= NEAR // 2]
    apart = after and _SENTENCE_END.search(text, day.end, after[0].at)
    if before and apart and not _SENTENCE_END.search(text, before[-1].end, day.at):
        return before[-1]
    return next(iter(after), None) or (before[-1] if before else None)


def hours_of(day: Day, hours: list[Hours], text: str) -> Hours | None:
    """The time of day beside the date; of two, "7.00 for 7.30", the later, unless other clocks show it."""
    near = nearest(day, hours, text)
    if near is None:
        return next(iter(hours), None)
    listed = [h for h in hours if text[h.at - 1 : h.at] in ("", "\n")]
    if near in listed[LEAST_LISTED - 1 :] and near.at < day.at:
        return listed[0]
    following = next((h for h in hours if h.at > near.at), None)
    if following and near.stop is None and following.start > near.start and following.at - near.end <= 5:
        return near if re.search(r"[A-Z]{2}", text[near.end : following.at]) else following
    return near
