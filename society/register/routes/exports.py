"""Taking the register away as a file; who did is kept in the audit log."""

from datetime import date, datetime
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy import Select

from society.db import begin_write, db
from society.errors import Refused
from society.people.access import me, open_to
from society.register import exporting
from society.register.queries import found
from society.register.routes.blueprint import bp, today
from society.register.wanted import wanted
from society.times import now

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vcf": "text/vcard; charset=utf-8",
}


@bp.get("/organize/people.csv")
@open_to("secretary")
def people_csv() -> Response:
    """The register, or what the list's filters leave of it, as a table."""
    return _file("csv")


@bp.get("/organize/people.xlsx")
@open_to("secretary")
def people_xlsx() -> Response:
    """The same as a spreadsheet."""
    return _file("xlsx")


@bp.get("/organize/people.vcf")
@open_to("secretary")
def people_vcf() -> Response:
    """The same people as business cards."""
    return _file("vcf")


def _file(form: str) -> Response:
    """Sent as it is read. Looking at the headers alone is no export."""
    asked = wanted(request.args)
    as_of = _as_of() or asked.on
    whom: Select[int] = found(asked, asked.on or as_of or today())
    name = f"people-{as_of or today()}.{form}"
    if request.method == "GET":
        begin_write(public=False)
        narrowed = urlencode([pair for pair in request.args.items(multi=True) if pair[0] != "as_of"])[:500]
        exporting.note(me(), form, narrowed, as_of, exporting.how_many(whom), now())
        db.session.commit()
        response = Response(exporting.written(form, db.engine, whom, as_of), content_type=KINDS[form])
    else:
        response = Response(content_type=KINDS[form])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _as_of() -> date | None:
    text = request.args.get("as_of", "")
    if not text:
        return None
    try:
        return datetime.strptime(text[:10], "%Y-%m-%d").date()
    except ValueError as error:
        raise Refused(f"“{text[:40]}” is not a date such as 2024-03-30.") from error
