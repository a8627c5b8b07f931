"""What letters of notices are asked when their turn has come: nothing leaves that is so no longer, nor to whom it is no
longer for."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from society.db import db
from society.events.models import Visibility
from society.mail import claims, worker
from society.mail.actions import leave, retry_refused
from society.mail.models import Letter, LetterState, MailingList
from society.notices import going
from society.notices.actions import alter, cancel
from society.notices.digest import send_digests
from society.notices.models import Audience, Delivery, Notice, NoticeKind
from society.notices.sending import send
from society.notices.timed import send_timed
from society.people.models import Person, Rhythm
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from tests.builders import NOW, TODAY, a_membership, a_person, an_event
from tests.mail.postbox import a_postbox

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def postbox(app, monkeypatch):
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        yield box


def a_guest(event, name=""):
    given = {"answer": Answer.YES, "status": RsvpStatus.CONFIRMED, "answered_at": NOW}
    rsvp = Rsvp(event=event, person=a_person(name), **given)
    db.session.add(rsvp)
    db.session.flush()
    return rsvp


def told(event, kind=NoticeKind.ANNOUNCEMENT, audience=Audience.EVERYONE, leaves_at=NOW):
    notice = Notice(
        kind=kind, audience=audience, event=event, subject="{{ event_title }}", body="Dear all", created_at=NOW
    )
    send(notice, NOW, leaves_at)
    db.session.commit()
    return notice


def news(audience=Audience.MEMBERS):
    notice = Notice(kind=NoticeKind.NEWSLETTER, audience=audience, subject="News", body="Dear all", created_at=NOW)
    send(notice, NOW)
    db.session.commit()
    return notice


def delivered(at):
    """What the post office does in the minutes after."""
    for minute in range(3):
        send_timed(at + timedelta(minutes=minute))
        send_digests(at + timedelta(minutes=minute))
        worker.deliver_due(at + timedelta(minutes=minute))


def hide(event):
    event.visibility = Visibility.MEMBERS


def test_what_has_become_for_members_only_reaches_members_alone(postbox):
    member, _ = a_membership(a_person()).person, a_person("Guest")
    olga, event = a_person("Olga", "organizer"), an_event("A dinner")
    told(event, leaves_at=NOW + HOUR)
    alter(event, lambda: hide(event), by=olga, now=NOW, tell=False)
    db.session.commit()

    delivered(NOW + HOUR)

    assert postbox.recipients == [member.email]


def test_so_in_a_digest(postbox):
    guest, event = a_person("Guest", rhythm=Rhythm.DAILY), an_event("A dinner")
    told(event)
    alter(event, lambda: hide(event), by=guest, now=NOW, tell=False)
    db.session.commit()

    delivered(NOW + DAY)

    assert postbox.recipients == []


@pytest.mark.parametrize("rhythm", [Rhythm.AT_ONCE, Rhythm.WEEKLY])
def test_whoever_has_left_the_society_gets_nothing_that_is_for_members(postbox, rhythm):
    membership = a_membership(a_person())
    membership.person.rhythm = rhythm
    news()
    membership.ends_on = membership.good_until = TODAY - DAY
    db.session.commit()

    delivered(NOW + 8 * DAY)

    assert postbox.recipients == []


def test_whoever_does_not_come_any_more_is_not_reminded(postbox):
    event = an_event("A talk")
    going, gone = a_guest(event), a_guest(event)
    told(event, NoticeKind.REMINDER, Audience.GOING, NOW + HOUR)
    gone.status = RsvpStatus.DECLINED
    db.session.commit()

    delivered(NOW + HOUR)

    assert postbox.recipients == [going.person.email]


def test_nobody_is_invited_to_what_is_over(postbox):
    a_person()
    event = an_event("A talk")
    told(event, NoticeKind.INVITATION)

    delivered(event.ends_at + HOUR)

    assert postbox.recipients == []
    assert db.session.scalars(select(Delivery.letter_id)).all() == [None]


def put_off_while(act, at=NOW):
    """A server puts it off, and meanwhile something happens: nobody can keep back what is in a worker's hands."""
    (held,) = claims.claim(at)
    assert claims.may_go(held, at)
    db.session.commit()
    act()
    db.session.commit()
    claims.note(held, lambda letter: letter.put_off(NOW + HOUR, "450 come back"))
    db.session.commit()


def test_what_was_called_off_while_a_server_put_it_off_does_not_leave(postbox):
    olga, event = a_person("Olga", "organizer"), an_event("A talk")
    told(event)
    put_off_while(lambda: cancel(event, by=olga, now=NOW + HOUR, tell=False))

    delivered(NOW + HOUR)

    assert postbox.recipients == []


def rename(event, title, at=NOW, **told):
    alter(event, lambda: setattr(event, "title", title), by=db.session.get(Person, 1), now=at, **told)
    db.session.commit()


def call_off(event, at, **told):
    cancel(event, by=db.session.get(Person, 1), now=at, **told)


@pytest.mark.parametrize(
    ("later", "read"),
    [
        (partial(call_off, at=NOW + HOUR / 2), ["Cancelled: A debate"]),
        (partial(call_off, at=NOW + HOUR / 2, tell=False), []),
        (partial(rename, title="A quarrel", at=NOW + HOUR / 2), ["Changed: A quarrel"]),
        (partial(rename, title="A debatte", at=NOW + HOUR / 2, tell=False), ["Changed: A debate"]),
    ],
)
def test_news_that_a_server_put_off_never_comes_after_what_is_so_by_then(postbox, later, read):
    a_person("Olga", "organizer")
    event = an_event("A talk")
    guest = a_guest(event)
    rename(event, "A debate")
    put_off_while(lambda: later(event), at=NOW + HOUR / 4)  # after the minutes in which it could be taken back

    delivered(NOW + HOUR)

    assert [message["Subject"] for message in postbox.messages] == read
    assert set(postbox.recipients) <= {guest.person.email}


def test_each_of_two_changes_within_minutes_is_told_in_their_order(postbox):
    a_person("Olga", "organizer")
    event = an_event("A talk")
    a_guest(event)
    rename(event, "A debate", note="Bring your passport.")
    rename(event, "A quarrel", at=NOW + timedelta(minutes=2))

    delivered(NOW + HOUR)

    assert [message["Subject"] for message in postbox.messages] == ["Changed: A debate", "Changed: A quarrel"]
    assert "Bring your passport." in postbox.messages[0].get_body(("plain",)).get_content()


def test_news_leaves_where_the_later_news_was_stopped(postbox):
    olga, event = a_person("Olga", "organizer"), an_event("A talk")
    a_guest(event)
    rename(event, "A debate")
    rename(event, "A quarrel", at=NOW + HOUR / 4)
    going.stop(db.session.scalars(select(Notice).order_by(Notice.id.desc())).first(), by=olga, now=NOW + HOUR / 4)
    db.session.commit()

    delivered(NOW + HOUR)

    assert [message["Subject"] for message in postbox.messages] == ["Changed: A debate"]


def test_what_was_changed_while_a_server_put_it_off_says_how_things_are_by_then(postbox):
    olga, event = a_person("Olga", "organizer"), an_event("A talk")
    told(event)
    put_off_while(
        lambda: alter(event, lambda: setattr(event, "title", "A debate"), by=olga, now=NOW + HOUR / 2, tell=False)
    )

    delivered(NOW + HOUR)

    assert [message["Subject"] for message in postbox.messages] == ["A debate"]


@pytest.mark.parametrize("act", ["cancelled", "left"])
def test_a_digest_that_was_written_is_gathered_anew_of_what_still_counts(postbox, act):
    ann, event = a_person("Ann", rhythm=Rhythm.DAILY), an_event("A talk")
    told(event)
    news(Audience.EVERYONE)
    told(an_event("A walk"))
    send_digests(NOW + DAY)
    if act == "cancelled":
        cancel(event, by=ann, now=NOW + DAY, tell=False)
    else:
        leave(ann, MailingList.NEWSLETTER, NOW + DAY)
    db.session.commit()

    delivered(NOW + DAY)

    (message,) = postbox.messages
    text = message.get_body(("plain",)).get_content()
    assert ("A talk" in text, "News" in text, "A walk" in text) == (act != "cancelled", act != "left", True)


def test_a_digest_of_which_nothing_is_left_does_not_leave(postbox):
    ann, event = a_person("Ann", rhythm=Rhythm.DAILY), an_event("A talk")
    told(event)
    send_digests(NOW + DAY)
    cancel(event, by=ann, now=NOW + DAY, tell=False)
    db.session.commit()

    delivered(NOW + DAY)

    assert postbox.recipients == []


@pytest.mark.parametrize(("days", "reminded"), [(0, True), (90, False)])
def test_no_reminder_says_soon_of_what_was_moved_on(postbox, days, reminded):
    event = an_event("A talk")
    going = a_guest(event).person
    told(event, NoticeKind.REMINDER, Audience.GOING, NOW + HOUR)

    def move():
        event.schedule(event.starts + days * DAY + HOUR, event.ends + days * DAY + HOUR, event.zone, all_day=False)

    alter(event, move, by=going, now=NOW, tell=False)
    db.session.commit()

    delivered(NOW + HOUR)

    assert bool(postbox.recipients) is reminded


def test_news_of_a_change_tells_of_that_change(postbox):
    olga, event = a_person("Olga", "organizer"), an_event("A talk")
    ann = a_guest(event).person
    postbox.answers[ann.email] = ["450 come back"]
    alter(event, lambda: setattr(event, "room", "Room 2"), by=olga, now=NOW, note="Up the stairs")
    db.session.commit()
    worker.deliver_due(NOW + HOUR)
    alter(event, lambda: setattr(event, "summary", "In short"), by=olga, now=NOW + HOUR, tell=False)
    db.session.commit()

    delivered(NOW + 2 * HOUR)

    assert postbox.recipients == [ann.email]
    assert db.session.scalar(select(Letter.state)) is LetterState.SENT


def test_what_was_refused_is_not_tried_again_while_its_notice_is_stopped(postbox):
    olga, _ = a_person("Olga", "organizer"), a_person("Ben")
    notice = news(Audience.EVERYONE)
    refused, other = claims.claim(NOW)
    claims.may_go(refused, NOW)
    claims.note(refused, lambda letter: letter.refuse("554 5.7.1 not now"))
    claims.give_back([other], NOW)
    going.stop(notice, by=olga, now=NOW)

    assert retry_refused(NOW).again == 0
    db.session.commit()
    delivered(NOW)
    assert not postbox.messages

    going.go_on(notice, by=olga, now=NOW)
    assert retry_refused(NOW).again == 1
    db.session.commit()
    delivered(NOW)
    assert len(postbox.messages) == 2
