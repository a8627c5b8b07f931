"""What new notices begin with: the built-in wordings, and the society's own in their place."""

from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from society.db import db
from society.events.models import Event
from society.fields import on_one_line
from society.languages import name_of, tidy, why_not_beside
from society.mail.filling import filled, filled_line
from society.mail.queries import own_wordings
from society.mail.wordings import Wording, elsewhere, ours, put, reset, said_in
from society.notices import merge
from society.notices.forms import Button
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.newsletter import near, told_to
from society.notices.routes import bp
from society.notices.wording import AUDIENCES, LABELS, THANKS, built_in, for_event
from society.notices.wording_forms import FIELDS, WordingForm
from society.people.access import me, open_to
from society.phrases import is_translated
from society.settings import society
from society.text import markdown
from society.times import now


@bp.get("/organize/notices/wordings")
@open_to("organizer")
def wordings() -> str:
    """All of them, and which are the society's own."""
    found = own_wordings()
    own = {row.of: row for row in found if not row.language}
    rows = [(name, label, own.get(name) or built_in(name, ours())) for name, label in LABELS.items()]
    return render_template(
        "notices/wordings.html", rows=rows, own=own, elsewhere={name: elsewhere(name, found) for name in LABELS}
    )


@bp.route("/organize/notices/wordings/<wording>", methods=["GET", "POST"])
@open_to("organizer")
def wording(wording: str) -> ResponseReturnValue:
    """One, in the main language or in `?language=de`: to read, to look at for an event, and to change."""
    name, language = _asked(wording), tidy(on_one_line(request.args.get("language")))
    if wrong := language and why_not_beside(society().language, language):
        flash(wrong, "error")
        return redirect(url_for(".wording", wording=name), 303)
    rows = {row.language: row for row in own_wordings(name)}
    own, built = rows.get(language), built_in(name, ours())
    form = WordingForm(said_in(language, rows, partial(built_in, name))[0])
    if "preview" not in request.form and form.accepted(public=False):
        put(name, form.wording, built, by=me(), now=now(), language=language)
        db.session.commit()
        flash("Saved. What is begun from now on starts with it.")
        return redirect(url_for(".wording", wording=name, language=language or None), 303)
    holds = request.method == "GET" or form.validate()
    seen = _as_begun(form.wording, name, form.about, language) if holds else None
    page = render_template(
        "notices/wording.html",
        name=name,
        label=LABELS[name],
        language=language,
        elsewhere=elsewhere(name, rows.values()),
        own=own,
        built_in=built,
        has_built_in=not language or is_translated(language),
        form=form,
        fields=FIELDS,
        seen=seen,
    )
    return page, 422 if form.errors else 200


def _as_begun(wording: Wording, name: str, event: Event | None, language: str) -> tuple[str, Markup] | None:
    """The subject and text as the reader of a notice that begins with it finds them."""
    kind = NoticeKind.MINUTES if name == THANKS else NoticeKind(name)
    if event is None and (name == THANKS or kind.needs_event):
        return None
    audience = Audience.CAME if name == THANKS else AUDIENCES[kind]
    events = list(db.session.scalars(near(now()))) if kind is NoticeKind.NEWSLETTER and event is None else []
    begins = for_event(wording, name, event, audience, several=bool(events))
    notice = Notice(kind=kind, audience=audience, event=event, events=events)
    said = language or society().language
    values = {**merge.event_values(event, said), **merge.reader_values(notice, merge.Reader(), said)}
    told = told_to(notice, None, now(), said)
    return filled_line(begins.subject, values), markdown(filled(begins.body, {**values, **told}))


@bp.post("/organize/notices/wordings/<wording>/reset")
@open_to("organizer")
def reset_wording(wording: str) -> ResponseReturnValue:
    """Go back to the built-in one; or do without it in `?language=de`."""
    name, language = _asked(wording), tidy(on_one_line(request.args.get("language")))
    if Button().accepted(public=False):
        reset(name, by=me(), now=now(), language=language)
        db.session.commit()
        flash("The built-in wording is back." if not language else f"{name_of(language)} is gone.")
    return redirect(url_for(".wording", wording=name), 303)


def _asked(name: str) -> str:
    return name if name in LABELS else abort(404)
