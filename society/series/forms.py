"""What organizers fill in to let an event recur."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import wtforms
from wtforms.validators import ValidationError

from society.choices import ChosenSeveral
from society.events.models import Event
from society.fields import Day, Paragraphs, Whole
from society.series import left_out
from society.series.left_out import LeftOut, Unread
from society.series.queries import Scope
from society.series.rules import MONTHS, MOST, ORDINALS, WEEKDAYS, Every, Rule, another_from, is_last, nth_of
from society.text import listed
from society.web import Form

LAST = 6
"""By which the last place in a month, -1, is offered as a number of its own: 5."""


class RuleForm(Form):
    """How an event recurs, offered in the terms of its own date."""

    every = wtforms.RadioField(
        "It takes place", choices={}, default=Every.WEEK.value, invalid_choice_message="Please choose one of these."
    )
    interval = Whole(
        "Every how many", least=1, most=24, description="2: every second week, month, and so on.", default=1
    )
    weekdays = ChosenSeveral(
        "On these days of the week", description="Only for weeks. Left empty, on the day of this event."
    )
    places = ChosenSeveral(
        "On these of the month", description="Only for a weekday of the month. Left empty, on that of this event."
    )
    without_months = ChosenSeveral("Except in")
    without_days = Paragraphs(
        "Except on",
        most=4_000,
        description="Dates, by commas or one a line: 24 and 31 December 2027, or 20 December to 3 January.",
        render_kw={"rows": 3},
    )
    until = Day("Until", description="Left empty, with no number either, it goes on, made a year ahead.")
    count = Whole("Or so many times", least=2, most=100)

    def __init__(
        self, event: Event, rule: Rule | None = None, first: date | None = None, before: date | None = None
    ) -> None:
        """`rule` is the one that is changed: days that it left out go with it where they are none of the new one.
        `first` is the day of the rule that the event stands for, where it was moved to another itself; from `before` on
        another rule holds."""
        self.before, self._zone, self.left_out = before, event.zone, LeftOut()
        self.first, self.left_out_before = first or event.starts.date(), rule.without_days if rule else ()
        self.stands = "is on" if self.first == event.starts.date() else "stands for"
        rule = rule.ending_before(before) if rule and before else rule
        super().__init__(**(_typed(rule, self.first) if rule else {"interval": 1}))
        self.every.choices = dict(self._offered())
        self.weekdays.offer(enumerate(WEEKDAYS))
        self.places.offer((place % LAST, f"The {which} {self.first:%A}") for place, which in ORDINALS.items())
        self.without_months.offer(enumerate(MONTHS, 1))

    def _offered(self) -> list[tuple[str, str]]:
        """The rules that fit the event's date; that it is the last such day of its month is a rule of its own."""
        by_weekday = Rule(Every.MONTH_WEEKDAY).spoken(self.first)
        offered = [
            (Every.WEEK.value, "Week by week"),
            (Every.MONTH_WEEKDAY.value, by_weekday),
            (Every.MONTH_DAY.value, Rule(Every.MONTH_DAY).spoken(self.first)),
            (Every.DAY.value, "Day by day"),
            (Every.YEAR.value, Rule(Every.YEAR).spoken(self.first)),
        ]
        if is_last(self.first) and self.first.day <= 28:
            offered.insert(2, ("last", Rule(Every.MONTH_WEEKDAY, last=True).spoken(self.first)))
        return offered

    def validate_without_days(self, field: wtforms.Field) -> None:
        if field.errors:
            return
        try:
            self.left_out = left_out.read(field.data or "", self.first, self._zone)
        except Unread as unread:
            raise ValidationError(str(unread)) from None

    def validate_until(self, field: wtforms.Field) -> None:
        if field.data and field.data <= self.first:
            raise ValidationError("The series must end after this event.")
        if field.data and self.count.data:
            raise ValidationError("Please give either a last day or a number, not both.")

    def validate(self, extra_validators: Any = None) -> bool:
        self.dropped: list[date] = []
        if super().validate(extra_validators):
            self._fit(self.rule)
        return not self.errors

    def _fit(self, rule: Rule) -> None:
        """The event itself is one of its days, and each day left out would be another."""
        first, strays = self.first, rule.strays(self.first)
        self.dropped = [day for day in strays if day in self.left_out_before]
        strays = [day for day in strays if day not in self.dropped]
        if rule.every is Every.WEEK and rule.weekdays and first.weekday() not in rule.weekdays:
            self.weekdays.errors = [f"This event {self.stands} a {first:%A}: please choose that too, or none."]
        if rule.places and not {nth_of(first, last=False), -1 if is_last(first) else 0} & set(rule.places):
            which = ORDINALS[nth_of(first, last=False)]
            self.places.errors = [f"This event {self.stands} the {which} {first:%A}: please choose that too, or none."]
        if first.month in rule.without_months:
            self.without_months.errors = [f"This event itself is in {first:%B}."]
        if self.before and rule.reaches(first, self.before):
            self.until.errors = [another_from(self.before)]
        self._fit_days_out(rule, strays)

    def _fit_days_out(self, rule: Rule, strays: Sequence[date]) -> None:
        first, out = self.first, rule.without_days
        fits = not (self.weekdays.errors or self.places.errors)
        over = [day for day in out if day < first and day not in self.left_out_before]
        spans = [span for span in self.left_out.spans if not _any_within(span, self.left_out_before)]
        empty = [span for span in spans if fits and not _any_within(span, out)]
        said = ""
        if first in out:
            said = f"This event itself {self.stands} {_said(first)}."
        elif over:
            said = f"Before this event, with which the series begins: {listed([*map(_said, over)])}."
        elif empty:
            said = f"Nothing would be on from {_said(empty[0][0])} to {_said(empty[0][1])} anyway."
        elif strays and fits:
            said = f"Nothing would be on {listed([*map(_said, strays)])} anyway: a wrong date?"
        if said:
            self.without_days.errors = [said]

    def allows(self, days: Sequence[date]) -> bool:
        """Whether all of these can be made at once, as those of a rule with an end are; says so if not."""
        if self.rule.ends and len(days) > MOST:
            self.until.errors = [f"These are {len(days)} events within a year, and at most {MOST} are made at once."]
        return not self.errors

    @property
    def rule(self) -> Rule:
        """What was filled in."""
        every = Every.MONTH_WEEKDAY if self.every.data == "last" else Every(self.every.data)
        rule = Rule(
            every,
            interval=self.interval.data or 1,
            weekdays=tuple(sorted(self.weekdays.data or ())) if every is Every.WEEK else (),
            last=self.every.data == "last",
            places=self._places() if every is Every.MONTH_WEEKDAY else (),
            without_months=tuple(sorted(self.without_months.data or ())),
            until=self.until.data,
            count=self.count.data,
        )
        return replace(rule, without_days=tuple(sorted(self._days_out(rule) - {*self.dropped})))

    def _days_out(self, rule: Rule) -> set[date]:
        """Those named, and of a span the days on which something would be."""
        named, spans = self.left_out.days, self.left_out.spans
        of_rule = rule.all_days(self.first, max(last for _, last in spans)) if spans else ()
        return {*named, *(day for day in of_rule if any(start <= day <= last for start, last in spans))}

    def _places(self) -> tuple[int, ...]:
        return tuple(place for place in ORDINALS if place % LAST in (self.places.data or ()))


def _typed(rule: Rule, first: date) -> dict[str, Any]:
    """A rule as the form shows it, from its first day on."""
    out = [day for day in rule.without_days if day >= first]
    return {
        "every": "last" if rule.last else rule.every.value,
        "interval": rule.interval,
        "weekdays": list(rule.weekdays),
        "places": [place % LAST for place in rule.places],
        "without_months": list(rule.without_months),
        "without_days": left_out.written(out, rule.all_days(first, max(out, default=first))),
        "until": rule.until,
        "count": rule.count,
    }


def _any_within(span: tuple[date, date], days: Sequence[date]) -> bool:
    return any(span[0] <= day <= span[1] for day in days)


def _said(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"


class ScopeForm(Form):
    """How far an act reaches."""

    scope = wtforms.RadioField(
        "Call off",
        choices={
            Scope.FOLLOWING.value: "This one and all that follow",
            Scope.ALL.value: "All that are still to come",
        },
        default=Scope.FOLLOWING.value,
        invalid_choice_message="Please choose one of these.",
    )


def scope_asked(form: Any) -> Scope:
    """The scope that a form carries along; anything else is this one alone."""
    found = form.get("scope", "")
    return Scope(found) if found in set(Scope) else Scope.THIS
