"""When an announcement says that something is: which of the days, times of day and zones that it names are meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from society.announcements.days import dates
from society.announcements.days.beside import NEAR, hours_of, nearest
from society.announcements.days.clocks import as_in_britain, offset_in, zone_of, zones_in
from society.announcements.days.date_forms import TO, month_first_in
from society.announcements.days.dates import Day, said
from society.announcements.days.ends import end_after
from society.announcements.days.hours import Hours, bare_hours, doors_in, hours_in
from society.announcements.days.lasting import end_by_length
from society.announcements.days.opening import is_opening
from society.announcements.days.today import told_by_today
from society.announcements.lines.layout import Layout
from society.announcements.sites.besides import is_in_bad_weather
from society.events.forms import USUAL
from society.events.render import spoken_time
from society.text import listed
from society.times import place_of

MOST_OTHERS = 3
"""Other dates that are named in a doubt."""

_DIGITS = re.compile(r"\b([01]\d|2[0-3])([0-5]\d)\b")
"""A time of day as it stands on a timetable: 1930."""
_DUE = re.compile(
    r"(?:rsvp|reply|register|book(?:ing)?|deadline|closing date|anmeld\w*|inscri\w+)[^.\n]{0,30}$"
    r"|\b(?:by|no later than|before|spätestens(?: am)?|bis(?: zum)?|avant le|jusqu['’]au|antes del?|hasta el)"
    r"\s(?:[^\W\d_]{3,10},?\s)?$"
)
_OLD = re.compile(
    r"(?:originally|previously|formerly|instead of|and not on|(?:moved|postponed|rescheduled) from"
    r"|was (?:to|planned|due|scheduled)|(?:planned|scheduled) for|ursprünglich|statt|verschoben vom|initialement"
    r"|au lieu du|originalmente|en lugar del|aplazad[oa] del)\b[^.\n\d]{0,30}$"
)
_OVER = re.compile(
    r"\b(?:ends?|ending|finish(?:es|ing)?|back|until|till|carriages|jusqu['’]à|hasta)\s"
    r"(?:at |by |around |about |las )?$",
    re.IGNORECASE,
)
"""What stands before a time of day that is no start."""
_OFF = re.compile(
    r"^[^.\n\d]{0,30}(?:(?:will|does) not take place|(?:is|has been) cancelled|fällt (?:leider )?aus|entfällt"
    r"|est annulée?|(?:queda|ha sido) cancelad[oa])"
)
_NEW = re.compile(
    r"(?:new date|(?:moved|postponed|rescheduled|put off) (?:to|until|for)|now(?: be| take place)? on|verschoben auf"
    r"|verlegt auf|neuer termin|nouvelle date|report[ée]e? au|nueva fecha|(?:aplazad|trasladad)[oa] al)\b"
    r"[^.\n\d]{0,30}$"
)
_DATELINE = re.compile(r"(?:^|\n)[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{2,30},\s(?:[A-Z][\w.]{1,12},\s)?$")
"""Before the day on which a press release was written: "MILLERSVALE, March 1 –"."""
_CLOSE = re.compile(
    r"(?:^|[.,;]\s)(?:it |we )?(?:ends?|finish(?:es)?) (?:at |by |around )?\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]\.?m|uhr|h)?"
    r"|^\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]m|uhr|h)?:?\s(?:close|closing|end|ends|finish|depart|schluss|ende|fin|clôture|cierre)\b",
    re.IGNORECASE | re.MULTILINE,
)
_DAY, _CLOCK = "[\ue000-\ue3ff]", "[\ue400-\ue7ff]"
_MOMENT = (
    rf"(?:({_CLOCK}),?\s?(?:on\s|am\s|le\s|el\s)?(?:the\s)?({_DAY})"
    rf"|({_DAY}),?\s?(?:(?:at|um|à|a las|ab|from|von)\s)?({_CLOCK}))"
)
_FROM_TO = re.compile(_MOMENT + rf",?{TO}(?:on\s|am\s|dem\s)?" + _MOMENT)
"""From a time of one day to a time of another, once each is one letter."""


@dataclass(frozen=True)
class When:
    """A start and, where it is said, an end by the clocks of the place; of whole days the first and the last."""

    starts: datetime
    ends: datetime | None
    quote: str
    all_day: bool = False
    doubt: str = ""
    doubt_of_end: str = ""
    zone: tuple[str, str, str] | None = None
    """Whose clocks, if the text says so and they are not the society's; in what words, and what is unsure."""


def when_of(layout: Layout, today: date, zone: str) -> When | None:
    """What is told first of all that is yet to come, but for days by which answers are due and those given up."""
    clock = "\n".join(
        line.text if dates.dated_in(line.text) else _DIGITS.sub(r"\1:\2", line.text) for line in layout.labelled("time")
    )
    clock += "".join(f" – {line.text}" for line in layout.labelled("end"))
    text, days = _days(layout, clock, today, month_first=month_first_in(zone))
    if not days:
        return None
    hours = [h for h in hours_in(text) if not any(d.at <= h.at < d.end for d in days)]
    hours = [h for h in hours if not _is_end(h, text)]
    meant = _meant(text, days)
    day = next((d for d in meant if nearest(d, hours)), meant[0])
    when = next((found for found in _from_to(text, days, hours) if found.starts.date() == day.first), None)
    others = (h for h in hours_in(clock or layout.prose) if not _is_end(h, clock or layout.prose))
    told = hours_of(day, hours, text) or next(others, None) or next(bare_hours(text), None)
    told = told or next(doors_in(layout.whole), None)
    told = None if told and is_opening(text, told, day) else told
    when = when or _on(day, told)
    if told and told.stop and day.first < day.last and (other := next((h for h in hours if _differ(h, told)), None)):
        when = replace(when, doubt_of_end=f"The text names {other.quote} too.")
    if told and when.ends is None and not when.all_day and (end := end_after(text, told)):
        when = replace(when, ends=datetime.combine(when.starts, end[0]), quote=f"{when.quote} … {end[1]}")
    last = (when.ends or when.starts).date()
    open_ended = told is not None and told.stop is None and (when.ends is None or when.starts.date() < last)
    if open_ended and (close := next(_closes(layout.prose), None)) and datetime.combine(last, close) > when.starts:
        when = replace(when, ends=datetime.combine(last, close), doubt_of_end="")
    if open_ended and when.ends is None and (length := end_by_length(layout.prose, when.starts)):
        when = replace(when, ends=length[0], quote=f"{when.quote} … {length[1]}")
    doubts = [when.doubt, _named_too(when, [d for d in days if not _matches(_DUE, text, d)]), no_such_day(text)]
    when = replace(when, doubt=" ".join(filter(None, doubts)))
    beside = text[told.at : told.end + NEAR].partition("\n")[0] if told in hours else ""
    return _by_its_clocks(when, beside, f"{text}\n{layout.prose}", zone)


def _is_end(hours: Hours, text: str) -> bool:
    return bool(_OVER.search(text, max(hours.at - 24, 0), hours.at))


def no_such_day(text: str) -> str:
    """What to say of dates that do not exist."""
    return " ".join(f"There is no “{one.quote}”." for one in dates.no_days_in(text)[:MOST_OTHERS])


def _days(layout: Layout, clock: str, today: date, *, month_first: bool) -> tuple[str, list[Day]]:
    """The days yet to come, and the part of the text that names them; else one told by today, else what is past."""
    named = "\n".join(line.text for line in layout.labelled("when"))
    past = "", list[Day]()
    for text in filter(None, (f"{named}\n{clock}".strip(), layout.prose, layout.subject, layout.whole)):
        days = dates.days_in(text, today, month_first=month_first)
        if ahead := [day for day in days if day.last >= today]:
            return text, ahead
        past = past if past[1] else (text, [*days])
    loose = told_by_today(layout.prose, today)
    if loose and not named and not any(at <= loose.at < end for at, end in dates.dated_in(layout.prose)):
        return layout.prose, [loose]
    return past[0], [replace(day, doubt=f"{said(day.last)} is past.") for day in past[1]]


def _matches(pattern: re.Pattern[str], text: str, day: Day) -> bool:
    """Whether such words stand before a day."""
    return bool(pattern.search(text[max(day.at - 50, 0) : day.at].casefold()))


def _meant(text: str, days: list[Day]) -> list[Day]:
    """The days on which it may be; never none."""
    new = [day for day in days if _matches(_NEW, text, day) and not is_in_bad_weather(text, day.at)]
    on = [day for day in days if not (_OFF.search(text[day.end : day.end + 60].casefold()) or _is_dateline(text, day))]
    kept = [day for day in on if not _matches(_DUE, text, day) and not _matches(_OLD, text, day)]
    return new or kept or days[:1]


def _is_dateline(text: str, day: Day) -> bool:
    return bool(_DATELINE.search(text[max(day.at - 50, 0) : day.at]) and re.match(r"\s[–-]", text[day.end :]))


def _named_too(when: When, days: list[Day]) -> str:
    """What else it could be: days that are named besides."""
    last = (when.ends or when.starts).date()
    others = dict.fromkeys(said(day.first) for day in days if day.last < when.starts.date() or day.first > last)
    return f"The text names {listed(list(others)[:MOST_OTHERS])} too." if others else ""


def _differ(one: Hours, other: Hours) -> bool:
    return one.stop is not None and (one.start, one.stop) != (other.start, other.stop)


def _on(day: Day, hours: Hours | None) -> When:
    """At that time of day; where the end of several days is not told, when it may end is asked."""
    quote = " … ".join(filter(None, [day.quote, hours.quote if hours else ""]))
    if hours is None:
        missing = "No time of day was found." if day.first == day.last else ""
        first, last = datetime.combine(day.first, time()), datetime.combine(day.last, time())
        return When(first, last, quote, all_day=True, doubt=" ".join(filter(None, [day.doubt, missing])))
    doubt = " ".join(filter(None, [day.doubt, hours.doubt]))
    starts = datetime.combine(day.first, hours.start)
    if hours.stop is None and day.first == day.last:
        return When(starts, None, quote, doubt=doubt)
    if hours.stop is None:
        ends = datetime.combine(day.last, hours.start) + USUAL
        return When(starts, ends, quote, doubt=doubt, doubt_of_end=f"When it ends on {said(day.last)} is not told.")
    ends = datetime.combine(day.last, hours.stop)
    return When(starts, ends if ends > starts else ends + timedelta(days=1), quote, doubt=doubt)


def _from_to(text: str, days: list[Day], hours: list[Hours]) -> Iterator[When]:
    """Whatever goes from a time of one day to a time of another: "31 December 10pm – 1 January 2am"."""
    held: dict[str, Day | Hours] = {chr(0xE000 + n): day for n, day in enumerate(days)}
    held |= {chr(0xE400 + n): one for n, one in enumerate(hours[:0x400])}
    parts, at = [], 0
    for letter, one in sorted(held.items(), key=lambda pair: pair[1].at):
        if one.at >= at:
            parts += [text[at : one.at], letter]
            at = one.end
    for match in _FROM_TO.finditer("".join([*parts, text[at:]])):
        one, other = (held[letter] for letter in match.groups() if letter and letter <= "\ue3ff")
        begin, end = (held[letter] for letter in match.groups() if letter and letter > "\ue3ff")
        if isinstance(one, Day) and isinstance(other, Day) and isinstance(begin, Hours) and isinstance(end, Hours):
            starts, ends = datetime.combine(one.first, begin.start), datetime.combine(other.last, end.start)
            if starts < ends:
                quote = text[min(one.at, begin.at) : max(other.end, end.end)]
                yield When(starts, ends, quote, doubt=" ".join(filter(None, [one.doubt, other.doubt])))


def _closes(prose: str) -> Iterator[time]:
    """The end that a programme tells as its last line: "15.30 Close"."""
    for match in _CLOSE.finditer(prose):
        yield from (hours.start for hours in hours_in(match[0]))


def _by_its_clocks(when: When, beside: str, text: str, home: str) -> When:
    """With the zone that is told; a time told only by its distance from UTC is turned into ours."""
    if told := offset_in(beside):
        ahead, words = told
        shift = (when.starts.replace(tzinfo=ZoneInfo(home)).utcoffset() or timedelta()) - ahead
        starts, ends = when.starts + shift, when.ends and when.ends + shift
        doubt = f"{spoken_time(when.starts)} {words} is {spoken_time(starts)} in {place_of(home)}."
        return replace(when, starts=starts, ends=ends, zone=(home, words, doubt)) if shift else when
    clocks = list(zones_in(beside)) or list(zones_in(text))
    if not clocks:
        return when
    zone, words, _ = clocks[0]
    zone = as_in_britain(zone, words, when.starts)
    instant = when.starts.replace(tzinfo=ZoneInfo(zone))
    for other, called, at in clocks[1:] if beside else []:
        hours = next((h for h in hours_in(beside) if h.at < at <= h.end + 2), None)
        if hours and (datetime.combine(when.starts, hours.start, ZoneInfo(other)) - instant) % timedelta(days=1):
            quote = f"{hours.quote} {called} is not {spoken_time(when.starts)} {words}."
            when = replace(when, doubt=" ".join(filter(None, [when.doubt, quote])))
    if instant.utcoffset() == when.starts.replace(tzinfo=ZoneInfo(home)).utcoffset():
        return when  # "GMT" in a British winter names no other zone
    doubt = f"“{words}” is taken for the clocks there." if zone_of(words) else ""
    return replace(when, zone=(zone, words, doubt))
