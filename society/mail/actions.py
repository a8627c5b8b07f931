"""Writing letters, in the transaction of the reason for them; and who gets which."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update

from society.audit.actions import record
from society.db import db
from society.errors import Refused
from society.fields import on_one_line, subject_line
from society.inserts import post, post_once, write_down_all
from society.languages import ENGLISH, tidy
from society.mail.models import OPEN_ENDS, DeadAddress, Letter, LetterState, MailingList, OptOut
from society.mail.queries import dead_among, is_barred, is_barred_at, is_dead, own_domain
from society.mail.wording import from_template
from society.people.models import Person, Rhythm
from society.people.queries import person_by_email
from society.rows import fresh
from society.settings import society

A_DAY = timedelta(days=1)
OLD = timedelta(days=30)
"""What was to leave before is sent after all only if somebody wants that."""


def write(
    to: Person,
    template: str,
    reason: str,
    *,
    now: datetime,
    due_at: datetime | None = None,
    calendar: bytes | None = None,
    reply_to: str | None = None,
    mailing_list: MailingList | None = None,
    secret: bool = False,
    asked: bool = False,
    new_reason: bool = False,
    **fields: Any,
) -> Letter | None:
    """Write a template to a person, in their language; None if they have had it, cannot get or do not want it. It
    leaves at once, or when it is due.

    What they have `asked` for at this moment goes even to an address that was given up: if it arrives, it is none. That
    they have had it is not looked for with a `new_reason`, which is no older than the letter.
    Besides `fields`, a template has `society`, `person` and `absolute(path)`. Values cannot format or link anything;
    for a link use `absolute(path)` or the `link` filter: `{{ address | link("Your answer") }}`.
    """
    subject, body, language = from_template(template, to, to.language, fields)
    return write_markdown(
        to,
        subject,
        body,
        reason,
        now=now,
        due_at=due_at,
        language=language,
        calendar=calendar,
        reply_to=reply_to,
        mailing_list=mailing_list,
        secret=secret,
        asked=asked,
        new_reason=new_reason,
    )


def write_markdown(
    to: Person,
    subject: str,
    body_markdown: str,
    reason: str,
    *,
    now: datetime,
    due_at: datetime | None = None,
    language: str = ENGLISH,
    calendar: bytes | None = None,
    reply_to: str | None = None,
    mailing_list: MailingList | None = None,
    secret: bool = False,
    asked: bool = False,
    new_reason: bool = False,
) -> Letter | None:
    """Write a text that is composed already, its values escaped; None as for `write`."""
    if _is_barred(to, reason, mailing_list, asked=asked, new_reason=new_reason):
        return None
    letter = composed(
        to,
        subject,
        body_markdown,
        reason,
        now=now,
        due_at=due_at,
        language=language,
        calendar=calendar,
        reply_to=reply_to,
        mailing_list=mailing_list,
        secret=secret,
    )
    return post(letter)


def post_all(letters: Sequence[Letter]) -> None:
    """Put many letters into the outbox, in a few statements: as `write` does with each that is on no list, and whose
    reason is as new as they are."""
    dead = dead_among([letter.to_address for letter in letters])
    write_down_all([letter for letter in letters if letter.to_address and letter.to_address not in dead])


def write_to_address(
    address: str,
    template: str,
    reason: str,
    *,
    now: datetime,
    to_name: str = "",
    wanted: str = "",
    calendar: bytes | None = None,
    reply_to: str | None = None,
    secret: bool = False,
    asked: bool = False,
    **fields: Any,
) -> Letter | None:
    """Like `write`, to an address without a person, such as an organization's contact. In the wanted language, if we
    know who reads it."""
    if not address or is_barred_at(address, reason, asked=asked):
        return None
    subject, body, language = from_template(template, None, wanted, fields)
    letter = composed(
        Person(name=to_name, email=address),
        subject,
        body,
        reason,
        now=now,
        language=language,
        calendar=calendar,
        reply_to=reply_to,
        secret=secret,
    )
    return post_once(letter)


def composed(
    to: Person,
    subject: str,
    body_markdown: str,
    reason: str,
    *,
    now: datetime,
    due_at: datetime | None = None,
    language: str = ENGLISH,
    calendar: bytes | None = None,
    reply_to: str | None = None,
    mailing_list: MailingList | None = None,
    secret: bool = False,
    thread: str | None = None,
) -> Letter:
    """A letter as it would be written, not yet in the outbox."""
    return fresh(
        Letter,
        person_id=to.id,
        to_name=on_one_line(to.name)[:200],
        to_address=to.email or "",
        reason=reason,
        message_id=f"<{token_urlsafe(18)}@{own_domain()}>",
        subject=subject_line(subject)[:250].rstrip(),
        body=body_markdown,
        language=language,
        mailing_list=mailing_list,
        state=LetterState.QUEUED,
        written_at=now,
        due_at=due_at or now,
        attempts=0,
        open_ends=0,
        calendar=calendar,
        reply_to=reply_to,
        secret=secret,
        thread=thread,
        bulk=mailing_list is not None,
        halted=False,
    )


def _is_barred(to: Person, reason: str, mailing_list: MailingList | None, *, asked: bool, new_reason: bool) -> bool:
    db.session.flush()  # someone new gets their number here
    if not to.email or (mailing_list is not None and to.wants_paper):
        return True
    if new_reason and mailing_list is None:
        return not asked and is_dead(to.email)
    return is_barred(to, reason, mailing_list, asked=asked)


def leave(person: Person, mailing_list: MailingList, now: datetime) -> None:
    """They stop getting that list; leaving twice is leaving once. Notices that wait in the outbox are looked at anew
    when they are due, and then are for them no more."""
    if post_once(OptOut(person_id=person.id, mailing_list=mailing_list, at=now)):
        theirs = Letter.person_id == person.id, Letter.mailing_list == mailing_list, Letter.reason.startswith("notice:")
        waiting = update(Letter).where(*theirs, Letter.state.in_((LetterState.QUEUED, LetterState.CLAIMED)))
        db.session.execute(waiting.values(state=LetterState.TIMED, claimed_until=None))


def come_back(person: Person, mailing_list: MailingList) -> None:
    """They get that list again."""
    gone = delete(OptOut).where(OptOut.person_id == person.id, OptOut.mailing_list == mailing_list)
    db.session.execute(gone)


def choose(person: Person, wanted: Collection[MailingList], now: datetime) -> None:
    """They are on these lists and no others."""
    for mailing_list in MailingList:
        if mailing_list in wanted:
            come_back(person, mailing_list)
        else:
            leave(person, mailing_list, now)


def choose_paper(person: Person, wanted: bool) -> None:
    """What goes out on lists comes to them by letter, or by mail."""
    if wanted and not person.has_postal_address:
        raise Refused("We have no postal address of yours, so nothing can come by letter.")
    person.by_letter = wanted


def choose_language(person: Person, code: str) -> None:
    """They get letters in that language, as far as they are written in it; empty: in the society's own."""
    if code != person.language:
        person.language = tidy(code)
        person.revision += 1  # their profile has it too


def choose_rhythm(person: Person, rhythm: Rhythm, now: datetime) -> None:
    """They get what can wait at once, or gathered; when what waits already may leave, they know who had it wait."""
    if rhythm is not person.rhythm:
        person.rhythm = rhythm
        waiting = update(Letter).where(Letter.person_id == person.id, Letter.state == LetterState.HELD)
        db.session.execute(waiting.values(state=LetterState.TIMED, due_at=now))


def bury(address: str, answer: str, now: datetime) -> None:
    """A mail server refused the address for good; nothing more is sent to it, nor what waits, save one-time links.

    A worker that has claimed a letter ahead finds that it may not go. What is held for a digest, or written anew when
    it is due, is looked at by then: its reader may have another address.
    """
    answer = on_one_line(answer)
    dead = post_once(DeadAddress(address=address, answer=answer[:500], at=now))
    if dead is None:
        return
    if person := person_by_email(address):
        record("address given up", person, by=None, now=now, after={"address": address, "answer": dead.answer})
    queued = Letter.state.in_((LetterState.QUEUED, LetterState.CLAIMED))
    waiting = update(Letter).where(Letter.to_address == address, queued, Letter.secret.is_(False))
    error = f"The address was given up before: {answer}"[:500]
    db.session.execute(waiting.values(state=LetterState.REFUSED, claimed_until=None, last_error=error))


def lift(dead: DeadAddress) -> None:
    """Staff know better: the address may be written to again."""
    db.session.delete(dead)


def revive(address: str | None) -> None:
    """Somebody has opened what was mailed to that address: it works."""
    db.session.execute(delete(DeadAddress).where(DeadAddress.address == address))


class Retried(NamedTuple):
    """How many refused letters are queued again, and how many are left as they are."""

    again: int
    old: int = 0
    """They were to leave long ago."""
    over: int = 0
    """What they bring for calendars is over."""
    open: int = 0
    """They were handed over as often as may be, and may have arrived."""


def retry_refused(
    now: datetime,
    *,
    by: Person | None = None,
    old_too: bool = False,
    open_too: bool = False,
    only: int | None = None,
) -> Retried:
    """Queue the refused letters again, or `only` that one, save those to dead addresses, those that staff keep back,
    and one-time links, which are asked for anew; and what says nothing to anybody by now. Those to many are looked at
    once more as they leave (see `society.mail.leaving`)."""
    dead = select(DeadAddress.address)
    refused = select(Letter).where(Letter.state == LetterState.REFUSED, Letter.to_address.not_in(dead))
    refused = refused if only is None else refused.where(Letter.id == only)
    again, left = [], Counter[str]()
    for letter in db.session.scalars(refused.where(~Letter.secret, ~Letter.halted)):
        if why := _why_not_again(letter, now, old_too=old_too, open_too=open_too):
            left[why] += 1
        else:
            again.append(letter)
    for letter in again:
        letter.queue_again(now)
    if again:
        record("refused letters queued again", society(), by=by, now=now, after={"letters": len(again)})
    return Retried(len(again), **left)


def _why_not_again(letter: Letter, now: datetime, *, old_too: bool, open_too: bool) -> str:
    """Which of the numbers it belongs to that are left; empty if to none."""
    if letter.open_ends >= OPEN_ENDS and not open_too:
        return "open"
    days = re.findall(rb"^DTEND[^:]*:(\d{8})", letter.calendar or b"", re.MULTILINE)
    if days and max(days).decode() < f"{now - A_DAY:%Y%m%d}":  # wherever it took place
        return "over"
    return "old" if not old_too and letter.due_at < now - OLD else ""
