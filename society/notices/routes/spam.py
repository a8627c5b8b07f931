"""What a filter for spam says of a notice before it leaves."""

from flask import render_template

from society.db import db
from society.limits import TEST_MAIL, limiter
from society.mail.message import in_bytes, message
from society.mail.spam import is_installed, judged
from society.notices.copies import copy_for, mailed
from society.notices.routes import asked_for, bp
from society.people.access import open_to
from society.times import now


@bp.get("/organize/notices/<int:notice_id>/spam")
@limiter.limit(TEST_MAIL)
@open_to("organizer")
def spam(notice_id: int) -> str:
    """Ask SpamAssassin about the letter to the first of its readers."""
    notice = asked_for(notice_id)
    first = next(iter(mailed(notice, now(), most=1)), None)
    letter = copy_for(notice, first, now())
    subject, body = letter.subject, in_bytes(message(letter))
    db.session.rollback()  # nothing is held open while it thinks
    judgement = judged(body) if is_installed() else None
    return render_template(
        "notices/spam.html", notice_id=notice_id, subject=subject, judgement=judgement, installed=is_installed()
    )
