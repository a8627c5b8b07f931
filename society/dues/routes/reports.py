"""The treasurer's report, on a page and as a table for spreadsheets."""

from datetime import date

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from society.dues import report as reports
from society.dues.routes.blueprint import bp, today
from society.people.access import open_to
from society.times import EARLIEST, LATEST


@bp.get("/organize/payments/report")
@open_to("secretary")
def report() -> str:
    """What was owed, paid, waived and refunded within some days; this year's unless others are asked for."""
    first, last, mistake = _days()
    lines = reports.report(first, last)
    return render_template(
        "dues/report.html",
        lines=lines,
        totals=reports.totals(lines),
        methods=reports.PAYING,
        first=first,
        last=last,
        mistake=mistake,
    )


@bp.get("/organize/payments/report.csv")
@open_to("secretary")
def report_table() -> AnyResponse:
    """The same lines."""
    first, last, _ = _days()
    lines = list(reports.csv_lines(reports.report(first, last)))
    response = Response(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="dues-{first}-{last}.csv"'
    return response


def _days() -> tuple[date, date, str]:
    """The days asked for, and a sentence if they were none: then the whole year."""
    year = today().year
    usual = date(year, 1, 1), date(year, 12, 31)
    first, last = _day("from", usual[0]), _day("to", usual[1])
    if first is None or last is None:
        return *usual, "Please give both days as dates, such as 2027-03-30."
    if first > last:
        return *usual, "The first day is after the last."
    return first, last, ""


def _day(name: str, usual: date) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return usual
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if EARLIEST <= day < LATEST else None
