"""The members who chose to appear, for members."""

import re
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.db import db
from society.directory import queries
from society.fields import on_one_line
from society.membership.queries import standing
from society.people.access import me, open_to
from society.settings import society
from society.times import now, today_in
from society.web import number_asked

bp = Blueprint("directory", __name__, cli_group="directory")

ON_A_PAGE = 60


@bp.get("/members")
@open_to("person")
def index() -> ResponseReturnValue:
    """The directory, for members in good standing and staff."""
    today = today_in(society().zone, now())
    if not me().is_staff and standing(me(), today) is None:
        return render_template("directory/closed.html"), 403
    search, letter = on_one_line(request.args.get("q"))[:100], request.args.get("letter", "").lower()
    letter = letter if re.fullmatch("[a-z]", letter) else ""
    after = number_asked("after")
    rows = queries.called(queries.listed(today), search)
    rows = queries.beginning_with(rows, letter) if letter else rows
    found = db.session.scalars(queries.following(rows, after).limit(ON_A_PAGE + 1)).all()
    people = found[:ON_A_PAGE]
    asked: dict[str, Any] = {"q": search or None, "letter": letter or None}
    return render_template(
        "directory/index.html",
        people=people,
        search=search,
        letter=letter,
        first_url=url_for(".index", **asked) if after else None,
        next_url=url_for(".index", **asked, after=people[-1].id) if len(found) > ON_A_PAGE else None,
    )
