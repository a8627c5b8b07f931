"""Working on a notice, looking at it, sending it, and what became of it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.mail import spam
from society.mail.message import as_text
from society.mail.queries import outbox_only
from society.notices import paper, queries
from society.notices.checks import elsewhere, unopenable
from society.notices.clocks import clocks_of
from society.notices.copies import as_said, copy_for, in_neutral_words, mailed, number_mailed, readers
from society.notices.forms import Button, LaterForm, NoticeForm
from society.notices.gaps import gaps, lacking
from society.notices.going import progress
from society.notices.letters import asks_calendars, shown_subject
from society.notices.models import Notice
from society.notices.newsletter import left_out
from society.notices.planned import plan, untimely
from society.notices.reach import reach
from society.notices.remarks import remarks
from society.notices.render import LONGEST_LINK, MORE_THAN_FIT, MOST_IN_BCC, clipped, mail_link
from society.notices.routes import asked_for, bp, chosen_reader
from society.notices.routes.beginning import FIELDS, FOR_SECRETARIES, may_ask_the_register, views_kept
from society.notices.routes.typed import as_typed, is_asked
from society.notices.sending import holes, send
from society.notices.spoken import all_spoken, spoken
from society.notices.unsaid import without_agenda
from society.notices.versions import others, spoken_languages
from society.people.access import me, open_to
from society.people.models import Person
from society.people.savers import saved_meanwhile
from society.settings import society
from society.text import counted, markdown
from society.times import now
from society.web import held, number_asked

PAGE = 50
FIRST = 8
"""Readers that the page before sending names."""


@bp.get("/organize/notices")
@open_to("organizer")
def index() -> str:
    """All notices, drafts first."""
    page = number_asked("page") or 1
    found = db.session.scalars(queries.notices().offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    return render_template(
        "notices/index.html",
        notices=[(each, shown_subject(each), to) for each, to in zip(shown, all_spoken(shown), strict=True)],
        counts=queries.sent_counts([notice.id for notice in shown]),
        at=now(),
        page=page,
        more=len(found) > PAGE,
    )


@bp.route("/organize/notices/<int:notice_id>", methods=["GET", "POST"])
@open_to("organizer")
def show(notice_id: int) -> ResponseReturnValue:
    """A draft to work on, or the account of what became of a sent one."""
    notice = asked_for(notice_id)
    if notice.sent_at is not None and request.method == "GET":
        return _account(notice)
    form = NoticeForm(notice, views_kept())
    if not may_ask_the_register(form, notice):
        return _chosen_by_others(notice)
    if is_asked():
        must_be_unsent(notice)
    elif form.accepted(public=False):
        hold_unsent(notice)
        if shown := saved_meanwhile(NoticeForm(notice, views_kept()), notice):
            return _draft(notice, **shown), 422
        before = written_down(notice)
        form.fill(notice)
        if (after := written_down(notice)) != before:
            record("notice changed", notice, by=me(), now=now(), before=before, after=after)
        db.session.commit()
        flash("Saved. Nothing has been sent.")
        return redirect(url_for(".show", notice_id=notice.id), 303)
    return _draft(notice, form), 422 if form.errors else 200


def _chosen_by_others(notice: Notice) -> ResponseReturnValue:
    """The form with the readers whom a secretary has chosen meanwhile, where it came with those chosen before."""
    must_be_unsent(notice)
    shown = saved_meanwhile(NoticeForm(notice, views_kept()), notice)
    if not shown or not may_ask_the_register(shown["form"], notice):
        abort(403, FOR_SECRETARIES)
    return _draft(notice, **shown), 422


def must_be_unsent(notice: Notice) -> None:
    """Somebody may have sent it while this form was being filled in."""
    if notice.sent_at is not None:
        raise Refused("This notice has been sent, so it can no longer be changed.")


def hold_unsent(notice: Notice) -> None:
    """The same of one that is about to be changed: whoever sends it at this moment does so before or after."""
    must_be_unsent(held(notice))


def written_down(notice: Notice) -> dict[str, str]:
    """What the audit log tells of a draft."""
    return {
        "kind": notice.kind.label,
        "event": notice.event.title if notice.event else "",
        "to": spoken(notice),
        "subject": notice.subject,
        "text": notice.body,
    }


def _draft(notice: Notice, form: NoticeForm, **more: object) -> str:
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
        elsewhere=len(elsewhere(notice)),
        languages=spoken_languages(notice, now()),
        readers=offered,
        **more,
        **_as_read(notice, chosen_reader(notice), found.mailed),
        **_by_post(notice, found.by_letter),
    )


def _to_mend(notice: Notice) -> list[str]:
    found = remarks(notice.subject, notice.body)
    for said in others(notice):
        found += [f"In {said.name}: {sentence}" for sentence in remarks(said.subject, said.body)]
    return _not_of_its_words(notice) + found


def _not_of_its_words(notice: Notice) -> list[str]:
    """What else its writer may want to know before it leaves."""
    found = without_agenda(notice) + untimely(notice, now()) + unopenable(notice, now()) + left_out(notice)
    return found + clipped(copy_for(notice, None, now()))


def _account(notice: Notice) -> str:
    since = number_asked("since") or 0
    return render_template(
        "notices/sent.html",
        notice=notice,
        progress=progress(notice, now()),
        lacking=gaps(notice, now()) if notice.paused_at else (),
        outbox_only=outbox_only(),
        **_as_read(notice, chosen_reader(notice), number_mailed(notice, now())),
        **_by_post(notice, len(paper.on_paper(notice, now(), since=since)), since or None),
    )


def _by_post(notice: Notice, number: int, since: int | None = None) -> dict[str, object]:
    """What is offered for those it reaches by post (`since` whom, see `on_paper`), and for all who could be written to
    so."""
    offered = {"since": since, "formats": list(paper.Format), "sheets": list(paper.Labels)}
    most = {"most_letters": paper.MOST_LETTERS, "most_labels": paper.MOST_LABELS}
    return {"by_post": number, "with_address": paper.count_with_postal_address(notice, now()), **offered, **most}


def _as_read(notice: Notice, reader: Person | None, number: int) -> dict[str, object]:
    """How it looks to a reader: their letter, and its body as a page shows it; and the link that mails it to all."""
    letter = as_said(notice, reader, now())
    return {
        "reader": reader,
        "letter": letter,
        "preview": markdown(letter.body),
        "plain_text": as_text(letter),
        "wrong": lacking(notice, now()),
        "for_all": in_neutral_words(notice),
        "mail_link": mail_link(copy_for(notice, None, now()), mailed(notice, now(), most=MORE_THAN_FIT)),
        "longest_mail_link": LONGEST_LINK,
        "number_mailed": number,
        "most_in_bcc": MOST_IN_BCC,
    }


@bp.route("/organize/notices/<int:notice_id>/send", methods=["GET", "POST"])
@open_to("organizer")
def confirm(notice_id: int) -> ResponseReturnValue:
    """Say to how many and to whom it goes; send it when that is confirmed."""
    notice = asked_for(notice_id)
    if Button().accepted(public=False):
        found = send(notice, now(), society().after_hold(now()))
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
        wrong=holes(notice, now()),
        elsewhere=len(elsewhere(notice)),
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
        if notice.planned_at and (late := queries.too_late(notice, notice.planned_at)):
            flash(late, "warn")
        flash("It is sent then." if notice.planned_at else "It stays a draft until you send it.")
        for said in [] if form.own_hour else form.shown_twice():
            flash(said, "info")
        return redirect(url_for(".show", notice_id=notice.id), 303)
    subject, clocks = shown_subject(notice), clocks_of(notice, now())
    page = render_template(
        "notices/schedule.html",
        notice=notice,
        subject=subject,
        form=form,
        clocks=clocks,
        latest=queries.latest_call(notice),
    )
    return page, 422 if form.errors else 200


def _handed_over(notice: Notice, letters: int) -> str:
    if not notice.waits(now()):
        return f"{counted(letters, 'letter')} handed to the post office."
    return f"{counted(letters, 'letter')} written. Until the first leaves, you can take the notice back."
