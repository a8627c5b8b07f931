"""A notice in one's own mailbox, before it leaves for anybody else's."""

from flask import render_template
from flask.typing import ResponseReturnValue

from society.errors import Refused
from society.limits import TEST_MAIL, limiter
from society.mail.conversation import handed_over
from society.mail.packing import packed
from society.mail.parcels import TurnedDown
from society.notices.gaps import lacking
from society.notices.letters import letters
from society.notices.routes import asked_for, bp
from society.people.access import me, open_to
from society.times import now


@bp.post("/organize/notices/<int:notice_id>/trial")
@limiter.limit(TEST_MAIL)
@open_to("organizer")
def trial(notice_id: int) -> ResponseReturnValue:
    """Hand it over at once, past the outbox, to whoever asks for that; show what we and the mail server said."""
    notice = asked_for(notice_id)
    if not me().email:
        raise Refused("We have no mail address of yours, so no test can come to you.")
    letter = next(letters(notice, [me()], now()))
    subject, letter.subject = letter.subject, f"Test: {letter.subject}"
    parcel = packed(letter, me())
    if isinstance(parcel, TurnedDown):
        raise Refused(str(parcel))
    held = handed_over(parcel._replace(file_name=f"test-notice-{notice_id}.eml"))
    return render_template(
        "notices/trial.html",
        notice_id=notice_id,
        subject=subject,
        held=held,
        to=letter.to_address,
        wrong=lacking(notice, now()),
    )
