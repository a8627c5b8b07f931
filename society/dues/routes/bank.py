"""Bank statements: read in, matched to what is open, booked at one word; what is left is decided line by line."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, func, select
from werkzeug.wrappers import Response

from society.db import begin_write, db
from society.dues import queries
from society.dues.actions import banking
from society.dues.forms import AssignForm, BookForm, ColumnsForm, StatementForm
from society.dues.matching import Claim, Matches, matches
from society.dues.models import BankFile, BankLine, Due, LineState
from society.dues.render import signed
from society.dues.routes.blueprint import bp
from society.dues.statements import Columns, Read, Statement, read, sentences, statement
from society.errors import Refused
from society.fields import on_one_line
from society.people.access import me, open_to
from society.people.models import Person
from society.rsvps import feed as own_feed
from society.settings import society
from society.tables import rows
from society.text import counted
from society.times import now
from society.web import Form, find

ON_A_PAGE = 50
FOUND = 10
"""People shown for a search, on the page of a line."""
TABS = ("certain", "suggested", "unknown", "ignored")


@bp.route("/organize/payments/bank", methods=["GET", "POST"])
@open_to("secretary")
def bank() -> ResponseReturnValue:
    """Read a statement in, and see what its lines pay."""
    form = StatementForm()
    if request.method == "POST":
        content = request.files["file"].read() if "file" in request.files else b""
        try:
            return _taken_in(content, statement(rows(content)))
        except Refused as refusal:
            form.file.errors = [str(refusal) if content else "Please choose a file."]
    return _lines_page(form)


def _taken_in(content: bytes, found: Statement) -> Response:
    """By the columns of the last statement at once; otherwise they are asked for."""
    columns = Columns.kept(society().bank_columns)
    result = read(found, columns) if columns.fit(found.names) else None
    begin_write(public=False)
    if result and not result.mistakes:
        return _added(result)
    kept = banking.keep_file(content, now=now(), by=me())
    db.session.commit()
    return redirect(url_for(".bank_columns", file_id=kept.id), 303)


def _added(result: Read) -> Response:
    new = banking.add_lines(result.credits, now=now())
    db.session.commit()
    known = len(result.credits) - new
    flash(
        f"{counted(new, 'line')} read in"
        + (f", {known:,} known already" if known else "")
        + (f", {result.debits:,} on which nothing came in" if result.debits else "")
        + "."
    )
    return redirect(url_for(".bank"), 303)


def _lines_page(form: StatementForm) -> ResponseReturnValue:
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 1_000_000:
        abort(404)
    found, ignored = matches(), _ignored(page)
    tab = request.args.get("show", "")
    if tab not in TABS:
        tab = next((name for name in TABS[:3] if getattr(found, name)), TABS[0])
    shown = _pairs(found, tab)[(page - 1) * ON_A_PAGE : page * ON_A_PAGE] if tab != "ignored" else ignored
    numbers = {name: len(getattr(found, name)) for name in TABS[:3]}
    of_ignored = select(func.count(BankLine.id)).where(BankLine.state == LineState.IGNORED)
    numbers["ignored"] = db.session.scalar(of_ignored) or 0
    answer = render_template(
        "dues/bank.html",
        form=form,
        book=BookForm(),
        at_once=banking.MOST_AT_ONCE,
        tab=tab,
        numbers=numbers,
        shown=shown,
        page=page,
        more=numbers[tab] > page * ON_A_PAGE,
    )
    return answer, 422 if form.errors else 200


def _pairs(found: Matches, tab: str) -> list[tuple[BankLine, Claim | None]]:
    if tab == "unknown":
        return [(line, None) for line in found.unknown]
    return [*(found.certain if tab == "certain" else found.suggested)]


def _ignored(page: int) -> list[tuple[BankLine, Claim | None]]:
    lines = select(BankLine).where(BankLine.state == LineState.IGNORED).order_by(BankLine.id.desc())
    return [(line, None) for line in db.session.scalars(lines.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE))]


@bp.route("/organize/payments/bank/files/<int:file_id>", methods=["GET", "POST"])
@open_to("secretary")
def bank_columns(file_id: int) -> ResponseReturnValue:
    """Say which column of a statement is what; it is remembered."""
    kept: BankFile = find(select(BankFile).where(BankFile.id == file_id))
    found = statement(rows(kept.content))
    columns = Columns.kept(society().bank_columns)
    usual = columns if columns.fit(found.names) else found.usual(queries.currencies()[0])
    form = ColumnsForm(found.names, usual)
    if request.method == "POST" and form.validate():
        result = read(found, form.columns)  # before the transaction that writes
        if not result.mistakes or form.leave_out.data:
            begin_write(public=False)
            banking.remember(form.columns)
            db.session.execute(delete(BankFile).where(BankFile.id == file_id))
            return _added(result)
        form.form_errors = list(sentences(result))
    return render_template("dues/bank_columns.html", form=form, statement=found), 422 if form.errors else 200


@bp.post("/organize/payments/bank/book")
@open_to("secretary")
def bank_book() -> ResponseReturnValue:
    """Book the lines of which it is certain what they pay."""
    form = BookForm()
    if form.accepted(public=False):
        paid = banking.book_certain(now=now(), by=me(), tell=form.tell.data)
        for due in paid:
            if due.renews:
                own_feed.standing_changed(due.person, now())
        db.session.commit()
        flash(f"Booked {counted(len(paid), 'payment')}." if paid else "There was nothing to book.")
    return redirect(url_for(".bank"), 303)


@bp.route("/organize/payments/bank/lines/<int:line_id>", methods=["GET", "POST"])
@open_to("secretary")
def bank_line(line_id: int) -> ResponseReturnValue:
    """Decide by hand what one line pays."""
    form = AssignForm()
    if form.accepted(public=False):
        line = _line(line_id)
        of = _chosen(*form.chosen)
        payment = banking.book(line, of, now=now(), by=me(), tell=form.tell.data)
        if isinstance(of, Due) and of.renews:
            own_feed.standing_changed(of.person, now())
        db.session.commit()
        flash(f"Booked {signed(payment.amount, payment.currency)} of {payment.person.name}.")
        return redirect(url_for(".bank"), 303)
    return _line_page(_line(line_id), form)


def _line(line_id: int) -> BankLine:
    found: BankLine = find(select(BankLine).where(BankLine.id == line_id).with_for_update(of=BankLine))
    return found


def _chosen(kind: str, number: int) -> Due | Person:
    if kind == "due":
        due: Due = find(queries.invoices().where(Due.id == number))
        return due
    person: Person = find(select(Person).where(Person.id == number))
    return person


def _line_page(line: BankLine, form: AssignForm) -> ResponseReturnValue:
    words = on_one_line(request.args.get("q"))[:100]
    people = db.session.scalars(queries.people_called(words or line.payer.replace(",", " ") or "?").limit(FOUND)).all()
    in_currency = Due.person_id.in_([person.id for person in people]), Due.currency == line.currency
    dues = db.session.execute(queries.open_dues().where(*in_currency)).all()
    choices = {f"due:{due.id}": f"{due.person.name}: {due.about}, {signed(left, due.currency)}" for due, left in dues}
    choices |= {f"person:{person.id}": f"{person.name}: a credit, for no invoice yet" for person in people}
    form.choice.choices = choices
    page = render_template("dues/bank_line.html", line=line, form=form, words=words, found=bool(choices))
    return page, 422 if form.errors else 200


@bp.post("/organize/payments/bank/lines/<int:line_id>/ignore")
@open_to("secretary")
def bank_ignore(line_id: int) -> ResponseReturnValue:
    """The line is no payment of a member."""
    if Form().accepted(public=False):
        banking.ignore(_line(line_id), now=now(), by=me())
        db.session.commit()
        flash("The line is ignored from now on.")
    return redirect(url_for(".bank"), 303)


@bp.post("/organize/payments/bank/lines/<int:line_id>/take-up")
@open_to("secretary")
def bank_take_up(line_id: int) -> ResponseReturnValue:
    """It may be a payment after all."""
    if Form().accepted(public=False):
        banking.take_up(_line(line_id), now=now(), by=me())
        db.session.commit()
        flash("The line waits for a decision again.")
    return redirect(url_for(".bank"), 303)
