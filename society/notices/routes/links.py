"""What a notice leads to on other servers, tried before it leaves."""

from flask import render_template
from flask.typing import ResponseReturnValue

from society.db import db
from society.imports.visits import MOST, visits
from society.limits import TRY_LINKS, limiter
from society.notices.checks import elsewhere, unopenable
from society.notices.letters import shown_subject
from society.notices.routes import asked_for, bp
from society.people.access import open_to
from society.times import now


@bp.post("/organize/notices/<int:notice_id>/links")
@limiter.limit(TRY_LINKS)
@open_to("organizer")
def links(notice_id: int) -> ResponseReturnValue:
    """Ask the servers that it leads to whether its links open. Only when somebody wants that: they learn of it."""
    notice = asked_for(notice_id)
    found, ours, subject = elsewhere(notice), unopenable(notice, now()), shown_subject(notice)
    db.session.rollback()  # nothing is held open while other servers are asked
    return render_template(
        "notices/links.html",
        notice_id=notice_id,
        subject=subject,
        ours=ours,
        visits=visits(found),
        left_out=max(0, len(found) - MOST),
    )
