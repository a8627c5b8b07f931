"""A draft in further languages."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from society.audit.actions import record
from society.db import db
from society.languages import name_of
from society.mail.filling import filled
from society.notices import merge
from society.notices.copies import readers
from society.notices.forms import Button
from society.notices.letters import shown_subject
from society.notices.models import Notice, NoticeVersion
from society.notices.newsletter import told_to
from society.notices.queries import rsvps_by_person
from society.notices.routes import asked_for, bp, chosen_reader
from society.notices.routes.beginning import FIELDS
from society.notices.routes.writing import hold_unsent, must_be_unsent
from society.notices.version_forms import VersionForm
from society.notices.versions import Said
from society.notices.wording import in_other_languages
from society.people.access import me, open_to
from society.people.savers import saved_meanwhile
from society.phrases import languages
from society.text import markdown
from society.times import now
from society.web import held

MOST_READERS = 100
"""So many of those it is for are offered to read it as."""

bp.add_app_template_filter(name_of, "language_name")


@bp.route("/organize/notices/<int:notice_id>/languages", methods=["GET", "POST"])
@open_to("organizer")
def new_version(notice_id: int) -> ResponseReturnValue:
    """Write it in one more language, beginning with the main text."""
    return _written(asked_for(notice_id), None)


@bp.route("/organize/notices/<int:notice_id>/languages/<language>", methods=["GET", "POST"])
@open_to("organizer")
def version(notice_id: int, language: str) -> ResponseReturnValue:
    """Change what it says in one of them."""
    notice = asked_for(notice_id)
    return _written(notice, _asked(notice, language))


def _written(notice: Notice, found: NoticeVersion | None) -> ResponseReturnValue:
    must_be_unsent(notice)
    wordings = _wordings(notice) if found is None else {}
    language = request.args.get("language", "")
    start = wordings.get(language) or Said(language, notice.subject, notice.body)
    form = VersionForm(notice, found, start)
    if "preview" not in request.form and form.accepted(public=False):
        hold_unsent(notice)
        if found and (shown := saved_meanwhile(VersionForm(notice, held(found), start), notice)):
            return _version_page(notice, found, **shown), 422
        before = _told(found) if found else {}
        if found is None:
            notice.versions.append(found := NoticeVersion())
        form.fill(found)
        if (after := _told(found)) != before:
            record("notice changed", notice, by=me(), now=now(), before=before, after=after)
        db.session.commit()
        flash("Saved. Nothing has been sent.")
        return redirect(url_for(".show", notice_id=notice.id, _anchor="languages"), 303)
    seen = _as_read(notice, form) if request.method == "POST" and form.validate() else None
    return _version_page(notice, found, form, seen=seen, wordings=wordings), 422 if form.errors else 200


def _version_page(notice: Notice, found: NoticeVersion | None, form: VersionForm, **more: object) -> str:
    shown = {
        "subject": shown_subject(notice),
        "version": found,
        "form": form,
        "fields": FIELDS,
        "reader": chosen_reader(notice),
        "readers": db.session.scalars(readers(notice, now()).limit(MOST_READERS)).unique().all(),
    }
    return render_template("notices/version.html", notice=notice, **shown, **more)


def _told(version: NoticeVersion) -> dict[str, str]:
    return {"language": version.language, "subject": version.subject, "text": version.body}


def _wordings(notice: Notice) -> dict[str, Said]:
    """Those for its kind in the languages that it is not written in yet, built in or the society's own."""
    several = bool(notice.events)
    found = in_other_languages(notice.kind.value, notice.event, notice.audience, languages(), several=several)
    there = {one.language for one in notice.versions}
    return {one: Said(one, said.subject, said.body) for one, said in found.items() if one not in there}


def _as_read(notice: Notice, form: VersionForm) -> tuple[str, Markup]:
    """Subject and text as they read in that language, for the chosen reader or for all at once."""
    language, person = str(form.language.data), chosen_reader(notice)
    rsvp = rsvps_by_person(notice.event, [person.id]).get(person.id) if person else None
    own = merge.reader_values(notice, merge.Reader(person, rsvp), language)
    values = {**merge.event_values(notice.event, language), **own}
    told = told_to(notice, person, now(), language)
    body = markdown(filled(str(form.body.data), {**values, **told}))
    return merge.subject(str(form.subject.data), notice.event, values, language), body


@bp.post("/organize/notices/<int:notice_id>/languages/<language>/remove")
@open_to("organizer")
def remove_version(notice_id: int, language: str) -> ResponseReturnValue:
    """Let those who read it have the main text."""
    notice = asked_for(notice_id)
    found = _asked(notice, language)
    if Button().accepted(public=False):
        hold_unsent(notice)
        record("notice changed", notice, by=me(), now=now(), before=_told(found))
        notice.versions.remove(found)
        db.session.commit()
        flash(f"{name_of(language)} is gone. Who would have read that reads the main text.")
    return redirect(url_for(".show", notice_id=notice.id, _anchor="languages"), 303)


def _asked(notice: Notice, language: str) -> NoticeVersion:
    return next((one for one in notice.versions if one.language == language), None) or abort(404)
