"""Which time of day belongs to a day that an announcement names."""

import re

from society.announcements.days.dates import Day
from society.announcements.days.hours import Hours

NEAR = 120
"""Characters between a date and the time of day that belongs to it."""
LEAST_LISTED = 3
"""Lines that begin with a time of day, which make a programme."""


def nearest(day: Day, hours: list[Hours]) -> Hours | None:
    """The first behind it, else the last before."""
    after = [h for h in hours if 0 <= h.at - day.end <= NEAR]
    before = [h for h in hours if 0 <= day.at - h.end <= NEAR // 2]
    return next(iter(after), None) or (before[-1] if before else None)


def hours_of(day: Day, hours: list[Hours], text: str) -> Hours | None:
    """The time of day beside the date; of two, "7.00 for 7.30", the later, unless other clocks show it."""
    near = nearest(day, hours)
    if near is None:
        return next(iter(hours), None)
    listed = [h for h in hours if text[h.at - 1 : h.at] in ("", "\n")]
    if near in listed[LEAST_LISTED - 1 :] and near.at < day.at:
        return listed[0]
    following = next((h for h in hours if h.at > near.at), None)
    if following and near.stop is None and following.start > near.start and following.at - near.end <= 5:
        return near if re.search(r"[A-Z]{2}", text[near.end : following.at]) else following
    return near
