"""Notices that went out, to whom, and the letters that they came to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.paragraphs import CHANGES
from society.demo.people import ORGANIZER, SECRETARY, Register
from society.demo.tongues import NEWS
from society.events.models import Event, Visibility
from society.mail.models import DeadAddress, Letter, MailingList, OptOut
from society.notices.audiences import ANSWERS
from society.notices.letters import letters
from society.notices.models import Audience, Delivery, Notice, NoticeKind, NoticeVersion
from society.notices.wording import suggested
from society.people.models import Person
from society.rsvps.models import Rsvp, RsvpStatus

MOST_LETTERS = 1_500
"""In all: a demo's outbox is looked at, not mailed."""
MOST_READERS = 300
"""Of one notice: larger ones are left out."""

_REFUSAL = "550 5.1.1 There is no mailbox of that name here."


@dataclass
class Occasion:
    """A reason to write: the event, the kind of notice, when it went out, and to whom."""

    kind: NoticeKind
    event: Event
    at: datetime
    readers: list[int]
    answered: dict[int, datetime]
    """When those who have answered the event did so last."""


class PostOffice:
    """Collects occasions while events are made, then writes the latest of them as notices that have been sent."""

    def __init__(self, now: datetime, register: Register, chance: Chance, bulk: Bulk) -> None:
        self._now, self._register, self._chance, self._bulk = now, register, chance, bulk
        self._occasions: list[Occasion] = []
        self._next: Event | None = None
        self._left: set[int] = set()
        self._dead: int | None = None

    def note(self, event: Event, rsvps: list[Rsvp]) -> None:
        """See whether there was anything to write about."""
        if event.published_at is None or event.ends_at < self._now - timedelta(days=200):
            return
        if self._next is None and event.on and event.starts_at > self._now and rsvps:
            self._next = event
        answered = {rsvp.person_id: rsvp.answered_at for rsvp in rsvps}
        for kind, at in self._news(event):
            statuses = ANSWERS[Audience.GOING if kind is NoticeKind.REMINDER else Audience.ANSWERED]
            readers = [rsvp.person_id for rsvp in rsvps if RsvpStatus(rsvp.status) in statuses]
            if kind is NoticeKind.ANNOUNCEMENT:
                on = at.date()
                readers = [n for n in range(1, len(self._register.since) + 1) if self._register.is_member(n, on)]
            if readers and len(readers) <= MOST_READERS:
                self._occasions.append(Occasion(kind, event, at, readers, answered))

    def _news(self, event: Event) -> Iterator[tuple[NoticeKind, datetime]]:
        if event.cancelled_at:
            yield NoticeKind.CANCELLATION, event.cancelled_at
        elif event.sequence:
            yield NoticeKind.CHANGE, event.revised_at
        elif (at := event.starts_at - timedelta(days=2)) < self._now and event.starts_at < self._now:
            yield NoticeKind.REMINDER, at
        elif self._now < event.starts_at < self._now + timedelta(days=40) and event.visibility is Visibility.PUBLIC:
            yield NoticeKind.ANNOUNCEMENT, self._now - timedelta(days=self._chance.randint(0, 9), hours=5)

    def write(self) -> Iterator[None]:
        """The latest occasions, oldest first, one a step; and two notices that somebody has begun to write."""
        self._lose_some()
        for occasion in self.chosen():
            self._send(occasion)
            self._bulk.flush_if_many()
            yield
        if self._next is not None:
            self._draft(self._next)
        self._news_in_several_languages()

    def chosen(self) -> list[Occasion]:
        """The latest, as far as the outbox is to hold them; of the announcements one."""
        chosen, letters_left = [], MOST_LETTERS
        seen: set[NoticeKind] = set()
        for occasion in sorted(self._occasions, key=lambda o: o.at, reverse=True):
            fits = len(occasion.readers) <= letters_left
            if fits and (occasion.kind is not NoticeKind.ANNOUNCEMENT or occasion.kind not in seen):
                seen.add(occasion.kind)
                letters_left -= len(occasion.readers)
                chosen.append(occasion)
        return chosen[::-1]

    def _lose_some(self) -> None:
        """A few have left a list."""
        reachable = [n for n, email in enumerate(self._register.emails, 1) if email and n > SECRETARY]
        for number in self._chance.some(reachable, min(len(reachable) // 30, 200)):
            at = self._chance.moment(self._register.since[number - 1], self._now)
            self._bulk.add(OptOut(person_id=number, mailing_list=MailingList.ANNOUNCEMENTS, at=at))
            self._left.add(number)

    def _send(self, occasion: Occasion) -> None:
        notice = self._notice(occasion.kind, occasion.event, occasion.at)
        notice.sent_at = occasion.at
        self._bulk.add(notice)
        mailed = [n for n in occasion.readers if self._can_be_mailed(n, occasion.kind)]
        written = dict(zip(mailed, self._letters(notice, mailed, occasion), strict=True))
        for number in occasion.readers:
            letter = written.get(number)
            self._bulk.add(
                Delivery(notice_id=notice.id, person_id=number, letter_id=letter.id if letter is not None else None)
            )

    def _can_be_mailed(self, number: int, kind: NoticeKind) -> bool:
        left = kind.mailing_list is MailingList.ANNOUNCEMENTS and number in self._left
        on_paper = kind.mailing_list is not None and number in self._register.on_paper
        return self._register.emails[number - 1] is not None and not (left or on_paper) and number != self._dead

    def _letters(self, notice: Notice, numbers: Iterable[int], occasion: Occasion) -> Iterator[Letter]:
        """Written to people without numbers, so that their bodies hold no links sealed by this installation's key."""
        chosen, at = list(numbers), occasion.at
        people = [Person(name=self._register.names[n - 1], email=self._register.emails[n - 1]) for n in chosen]
        for number, letter in zip(chosen, letters(notice, people, at), strict=True):
            letter.person_id = number
            letter.message_id = f"<{self._chance.token(24)}@example.org>"
            letter.attempts = 1
            letter.succeed(at + timedelta(seconds=self._chance.randint(2, 90)))
            if self._dead is None and number > SECRETARY:
                self._dead = number
                self._bounce(letter, at)
            elif (answered := occasion.answered.get(number, at)) > (letter.sent_at or at):
                letter.act(answered)
            self._bulk.add(letter)
            yield letter

    def _bounce(self, letter: Letter, at: datetime) -> None:
        """One mailbox is gone: the first letter to it told so, and no other was written to it."""
        letter.sent_at = None
        letter.refuse(_REFUSAL)
        self._bulk.add(DeadAddress(address=letter.to_address, at=at + timedelta(minutes=1), answer=_REFUSAL))

    def _draft(self, event: Event) -> None:
        self._bulk.add(self._notice(NoticeKind.REMINDER, event, self._now - timedelta(hours=4)))

    def _news_in_several_languages(self) -> None:
        (_main, (subject, body)), *others = NEWS.items()
        written = {"created_by_id": ORGANIZER, "created_at": self._now - timedelta(days=1)}
        kind, audience = NoticeKind.NEWSLETTER, Audience.MEMBERS
        notice = Notice(kind=kind, audience=audience, subject=subject, body=body, **written)
        self._bulk.add(notice)
        for language, (heading, text) in others:
            self._bulk.add(NoticeVersion(notice_id=notice.id, language=language, subject=heading, body=text))

    def _notice(self, kind: NoticeKind, event: Event, at: datetime) -> Notice:
        subject, body = suggested(kind, event)
        if kind is NoticeKind.CHANGE:
            body = body.replace("\n\n", f"\n\n{self._chance.choice(CHANGES)}\n\n", 1)
        audience = {NoticeKind.ANNOUNCEMENT: Audience.MEMBERS, NoticeKind.REMINDER: Audience.GOING}
        return Notice(
            kind=kind,
            event=event,
            event_id=event.id,
            audience=audience.get(kind, Audience.ANSWERED),
            subject=subject,
            body=body,
            created_by_id=ORGANIZER,
            created_at=at - timedelta(minutes=20),
        )
