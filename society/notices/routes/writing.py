"""Writing a notice, looking at it, sending it, and what became of it."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.mail import spam
from society.mail.filling import filled
from society.mail.message import as_text
from society.mail.queries import outbox_only
from society.notices import merge, paper, queries
from society.notices.checks import unopenable
from society.notices.clocks import clocks_of
from society.notices.copies import copy_for, mailed, readers
from society.notices.forms import Button, LaterForm, NoticeForm
from society.notices.going import progress
from society.notices.letters import asks_calendars, shown_subject
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.newsletter import left_out, near, told_to
from society.notices.planned import plan, untimely
from society.notices.reach import reach
from society.notices.remarks import remarks
from society.notices.render import LONGEST_LINK, MORE_THAN_FIT, clipped, mail_link
from society.notices.routes import asked_for, bp, chosen_reader
from society.notices.routes.typed import as_typed, is_asked
from society.notices.sending import after_hold, holes_elsewhere, send
from society.notices.versions import others, said_to, spoken_languages
from society.notices.wording import AUDIENCES, suggested
from society.people.access import me, open_to
from society.people.models import Person, RoleName
from society.rsvps.selection import LONGEST, Selection
from society.settings import society
from society.text import counted, markdown
from society.times import now
from society.web import allow, number_asked

PAGE = 50
MOST_TICKED = 100
"""Answers that a list shows, and more."""
FIRST = 8
"""Readers that the page before sending names."""
FIELDS = merge.OFFERED | merge.OFFERED_WITH_EVENT


@bp.get("/organize/notices")
@open_to("organizer")
def index() -> str:
    """All notices, drafts first."""
    page = number_asked("page") or 1
    found = db.session.scalars(queries.notices().offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    return render_template(
        "notices/index.html",
        notices=[(notice, shown_subject(notice)) for notice in shown],
        counts=queries.sent_counts([notice.id for notice in shown]),
        at=now(),
        page=page,
        more=len(found) > PAGE,
    )


@bp.route("/organize/notices/new", methods=["GET", "POST"])
@open_to("organizer")
def new() -> ResponseReturnValue:
    """Write a notice, starting from the wording for its kind and event."""
    asked = request.args.get("kind", "")
    kind = NoticeKind(asked) if asked in list(NoticeKind) else NoticeKind.ANNOUNCEMENT
    form = _started(kind, number_asked("event"))
    _check_may_ask_the_register(form)
    if not is_asked() and form.accepted(public=False):
        notice = Notice(author=me(), created_at=now())
        form.fill(notice)
        db.session.add(notice)
        record("notice drafted", notice, by=me(), now=now(), after={"subject": notice.subject})
        db.session.commit()
        flash("Saved as a draft. Nothing has been sent.")
        return redirect(url_for(".show", notice_id=notice.id), 303)
    views = db.session.scalars(queries.views_of(me())).all() if me().has_role(RoleName.SECRETARY) else ()
    page = render_template("notices/new.html", form=form, fields=FIELDS, typed=as_typed(form), views=views)
    return page, 422 if form.errors else 200


def _started(kind: NoticeKind, event_id: int | None) -> NoticeForm:
    event = db.session.scalar(select(Event).where(Event.id == event_id, Event.published_at.is_not(None)))
    asked = request.args.get("audience", "")
    audience = Audience(asked) if asked in list(Audience) else AUDIENCES[kind]
    several = kind is NoticeKind.NEWSLETTER and event is None
    events = [each.id for each in db.session.scalars(near(now()))] if several else []
    subject, body = suggested(kind, event, audience, several=bool(events))
    start: dict[str, object] = {
        "kind": kind.value,
        "event": event.id if event else None,
        "audience": audience.value,
        "found": _found(),
    }
    return NoticeForm(None, **start, subject=subject, body=body, events=events)


def _check_may_ask_the_register(form: NoticeForm, notice: Notice | None = None) -> None:
    """Whom the register finds by which filter is for secretaries to know; a draft of theirs others may finish."""
    same = notice is not None and (notice.audience, notice.found) == (Audience.REGISTER, form.found.data)
    allow(same or form.audience.data != Audience.REGISTER or me().has_role(RoleName.SECRETARY))


def _found() -> str:
    """Who was ticked on an event's list of answers; if nobody was, or all were meant, what its filters find. Or what
    was asked of the register."""
    if request.args.get("audience") == Audience.REGISTER:
        return request.args.get("found", "")[:LONGEST]
    ticked = [int(number) for number in request.args.getlist("rsvp") if number.isdecimal() and len(number) < 10]
    if ticked and "every" not in request.args:
        return Selection.asked({}, ticked[:MOST_TICKED]).query
    return Selection.read(request.args["found"]).query if "found" in request.args else ""


@bp.route("/organize/notices/<int:notice_id>", methods=["GET", "POST"])
@open_to("organizer")
def show(notice_id: int) -> ResponseReturnValue:
    """A draft to work on, or the account of what became of a sent one."""
    notice = asked_for(notice_id)
    if notice.sent_at is not None and request.method == "GET":
        return _account(notice)
    form = NoticeForm(notice)
    _check_may_ask_the_register(form, notice)
    if is_asked():
        must_be_unsent(notice)
    elif form.accepted(public=False):
        must_be_unsent(notice)
        form.fill(notice)
        db.session.commit()
        flash("Saved. Nothing has been sent.")
        return redirect(url_for(".show", notice_id=notice.id), 303)
    return _draft(notice, form), 422 if form.errors else 200


def must_be_unsent(notice: Notice) -> None:
    """Somebody may have sent it while this form was being filled in."""
    if notice.sent_at is not None:
        raise Refused("This notice has been sent, so it can no longer be changed.")


def _draft(notice: Notice, form: NoticeForm) -> str:
    found = reach(notice, now())
    offered = db.session.scalars(readers(notice, now()).limit(100)).unique().all()
    return render_template(
        "notices/draft.html",
        notice=notice,
        form=form,
        fields=FIELDS,
        typed=as_typed(form),
        recipients=found,
        late=queries.too_late(notice, notice.planned_at or now()),
        last_time=queries.last_time(notice, now()),
        by_own_clock=clocks_of(notice, now()).spoken(notice.own_hour, now()) if notice.own_hour else "",
        asks_filter=spam.is_installed(),
        remarks=_to_mend(notice),
        languages=spoken_languages(notice, now()),
        readers=offered,
        **_as_read(notice, mailed(notice, now(), most=MORE_THAN_FIT)),
        **_by_post(notice, found.by_letter),
    )


def _to_mend(notice: Notice) -> list[str]:
    found = remarks(notice.subject, notice.body) + holes_elsewhere(notice, now())
    for said in others(notice):
        found += [f"In {said.name}: {sentence}" for sentence in remarks(said.subject, said.body)]
    return _not_of_its_words(notice) + found


def _not_of_its_words(notice: Notice) -> list[str]:
    """What else its writer may want to know before it leaves."""
    found = untimely(notice, now()) + unopenable(notice, now()) + left_out(notice)
    return found + clipped(copy_for(notice, None, now()))


def _account(notice: Notice) -> str:
    return render_template(
        "notices/sent.html",
        notice=notice,
        progress=progress(notice, now()),
        outbox_only=outbox_only(),
        **_as_read(notice, mailed(notice, now(), most=MORE_THAN_FIT)),
        **_by_post(notice, len(paper.on_paper(notice, now()))),
    )


def _by_post(notice: Notice, number: int) -> dict[str, object]:
    """What is offered for those it reaches by post, and for all who could be written to so."""
    offered = {"formats": list(paper.Format), "sheets": list(paper.Labels)}
    most = {"most_letters": paper.MOST_LETTERS, "most_labels": paper.MOST_LABELS}
    return {"by_post": number, "with_address": paper.count_with_postal_address(notice, now()), **offered, **most}


def _as_read(notice: Notice, mailed: Sequence[Person]) -> dict[str, object]:
    """How it looks to the chosen reader: the letter, and its body as a page shows it; and the link that mails it."""
    reader = chosen_reader(notice)
    rsvp = queries.rsvps_by_person(notice.event).get(reader.id) if reader else None
    fields = {**merge.values(notice, merge.Reader(reader, rsvp)), **told_to(notice, reader, now())}
    body = filled(said_to(notice, reader).body, fields)
    letter = copy_for(notice, reader, now())
    return {
        "reader": reader,
        "letter": letter,
        "preview": markdown(body),
        "plain_text": as_text(letter),
        "mail_link": mail_link(copy_for(notice, None, now()), mailed),
        "longest_mail_link": LONGEST_LINK,
    }


@bp.route("/organize/notices/<int:notice_id>/send", methods=["GET", "POST"])
@open_to("organizer")
def confirm(notice_id: int) -> ResponseReturnValue:
    """Say to how many and to whom it goes; send it when that is confirmed."""
    notice = asked_for(notice_id)
    if Button().accepted(public=False):
        found = send(notice, now(), after_hold(now()))
        record("notice sent", notice, by=me(), now=now(), after={"letters": found.mailed})
        db.session.commit()
        if found.mailed:
            flash(_handed_over(notice, found.mailed))
        if found.by_letter:
            flash(f"{counted(found.by_letter, 'letter')} still to be printed and posted: see “On paper”.", "info")
        return redirect(url_for(".show", notice_id=notice.id), 303)
    if notice.sent_at is not None:
        return redirect(url_for(".show", notice_id=notice.id), 303)
    found = reach(notice, now())
    return render_template(
        "notices/confirm.html",
        notice=notice,
        subject=shown_subject(notice),
        recipients=found,
        first=mailed(notice, now(), most=FIRST),
        languages=spoken_languages(notice, now()),
        late=queries.too_late(notice, now()),
        asks=asks_calendars(notice, now()),
        last_time=queries.last_time(notice, now()),
        remarks=_not_of_its_words(notice),
        outbox_only=outbox_only(),
        hold=counted(society().hold_minutes, "minute") if society().hold_minutes else "",
    )


@bp.route("/organize/notices/<int:notice_id>/schedule", methods=["GET", "POST"])
@open_to("organizer")
def schedule(notice_id: int) -> ResponseReturnValue:
    """Have a draft sent by itself at a time to come, or no more."""
    notice = asked_for(notice_id)
    form = LaterForm(notice)
    if form.accepted(public=False):
        plan(notice, form.instant(), own_hour=form.own_hour, by=me(), now=now())
        db.session.commit()
        flash("It is sent then." if notice.planned_at else "It stays a draft until you send it.")
        return redirect(url_for(".show", notice_id=notice.id), 303)
    subject, clocks = shown_subject(notice), clocks_of(notice, now())
    page = render_template("notices/schedule.html", notice=notice, subject=subject, form=form, clocks=clocks)
    return page, 422 if form.errors else 200


def _handed_over(notice: Notice, letters: int) -> str:
    if not notice.waits(now()):
        return f"{counted(letters, 'letter')} handed to the post office."
    return f"{counted(letters, 'letter')} written. Until the first leaves, you can take the notice back."
