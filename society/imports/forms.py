"""Forms for reading calendars in."""

from typing import Any

import wtforms
from flask import request
from wtforms.fields import SelectChoice

from society.choices import Zone
from society.fields import Line
from society.imports.planning import Options
from society.times import known_zone
from society.web import Form


class CalendarForm(Form):
    """A calendar's file, or the address where it is."""

    file = wtforms.FileField("File", render_kw={"accept": ".ics,text/calendar"})
    address = Line("Or its address", most=500, render_kw={"inputmode": "url", "placeholder": "https://"})


class OptionsForm(Form):
    """What an organizer decides before a calendar is read in."""

    zone = Zone("Times without a zone are by the clocks of")
    publish = wtforms.BooleanField("Publish what is new")
    make_new = wtforms.BooleanField("Make venues and categories that are not known here yet")
    tell = wtforms.BooleanField("Write to the guests of published events that change")

    def __init__(self, floating: int, zone: str | None) -> None:
        """`zone` is that of the file itself, which is likely meant."""
        super().__init__()
        if floating:
            if zone and request.method != "POST":
                self.zone.process_data(zone)
            self.zone.choices = [SelectChoice("", "Please choose"), *self.zone.choices]
        else:
            del self.zone

    @property
    def options(self) -> Options:
        """As they were chosen."""
        zone: Any = self.zone.data if "zone" in self else None
        ticked = {name: bool(self[name].data) for name in ("publish", "make_new", "tell")}
        return Options(zone=zone if zone and known_zone(zone) else None, **ticked)
