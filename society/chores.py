"""The timed work of the post office's process: each chore can be ended at any instant, and repeated.

Each of `CHORES` is run at start, every hour, and right after midnight by the society's own clock (see
`society.mail.worker`).
"""

import logging
from datetime import datetime

from flask import current_app

from society.bounces.actions import tell_of_dead_addresses
from society.calendars.fetches import forget_old_fetches
from society.calendars.upkeep import keep_up
from society.db import begin_write, db
from society.dues.renewals import lapse, remind
from society.errors import Refused
from society.events.actions import forget_pictures
from society.imports.actions import forget_old_files as forget_old_calendars
from society.invitations.unsorted import look_after_unsorted
from society.mail.worker import Chore
from society.notices.digest import send_digests
from society.notices.life import publish_planned
from society.notices.minimum import judge_minimums
from society.notices.planned import send_due_notices
from society.notices.timed import send_timed
from society.notices.unusable import tell_of_unusable
from society.records.actions import forget_guests
from society.register import importing
from society.reminders.actions import send_planned, thank_more
from society.rsvps.joint_letters import settle as settle_joint
from society.rsvps.leaving import settle as settle_answers
from society.rsvps.passing import pass_seats_on
from society.series.actions import make_more
from society.sisters.actions import fetch_due as fetch_sisters

log = logging.getLogger("society.mail")


def forget_old_files(now: datetime) -> None:
    """Let go of files of imports that nobody went through with, of pictures that nothing shows, of apps long gone."""
    begin_write(public=False)
    importing.forget_old_files(now)
    forget_old_calendars(now)
    forget_pictures(now)
    forget_old_fetches(now)
    db.session.commit()


def take_answers(_now: datetime) -> None:
    """Read what was mailed back, where a mailbox is set."""
    if not current_app.config["IMAP_URL"]:
        return
    from society.invitations import mailbox  # few installations need IMAP in memory

    try:
        for line in mailbox.poll():
            log.info("mail received", extra={"outcome": line})
    except Refused as refusal:
        log.warning("mailbox out of reach", extra={"error": str(refusal)})


EVERY_MINUTE: tuple[Chore, ...] = (
    keep_up,
    pass_seats_on,
    judge_minimums,
    publish_planned,
    send_due_notices,
    send_timed,
    settle_answers,
    settle_joint,
    send_planned,
    thank_more,
    send_digests,
)
"""What cannot wait for an hour, and costs next to nothing when there is nothing to do."""

BESIDE: tuple[Chore, ...] = (take_answers, fetch_sisters)
"""What cannot wait for an hour either, and waits for servers elsewhere, which may take their time."""

CHORES: tuple[Chore, ...] = (
    remind,
    lapse,
    forget_guests,
    forget_old_files,
    make_more,
    tell_of_dead_addresses,
    tell_of_unusable,
    look_after_unsorted,
)
