"""Pictures of the register."""

from datetime import timedelta

from flask import render_template, request
from markupsafe import Markup

from society.kept import Kept, keep
from society.people.access import open_to
from society.register import drawing
from society.register.figures import Figures, figures, version
from society.register.routes.blueprint import bp, today
from society.settings import society
from society.times import midnight, now

SPANS = (2, 5, 10)
"""Years that can be looked at."""


@bp.get("/organize/people/figures")
@open_to("secretary")
def show_figures() -> str:
    """Members over time, who joined and left, and who stayed."""
    years = request.args.get("years", 5, type=int)
    years = years if years in SPANS else 5
    return render_template("register/figures.html", pictures=_pictures(years), years=years, spans=SPANS)


def _pictures(years: int) -> Markup:
    """The pictures with their tables; made once, until the register changes or the day is over."""
    key, current, at = ("register.figures", years), version(), now()
    found = keep().get(key, current, at)
    if found is None:
        body = _drawn(figures(today(), years))
        over_at = midnight(today() + timedelta(days=1), society().zone)
        found = Kept(current, body.encode(), "text/html", over_at)
        keep().put(key, found)
    return Markup(found.body.decode())  # noqa: S704, rendered by a template of ours


def _drawn(found: Figures) -> str:
    return render_template(
        "register/figures_drawn.html",
        tiers=found.tiers,
        months=found.months,
        cohorts=found.cohorts,
        members=drawing.members(found.months, found.tiers),
        turns=drawing.turns(found.months),
        stayed=drawing.stayed(found.cohorts) if found.cohorts else None,
    )
