"""Notices on their way: taken back, paused, stopped, let go on, and accounted for."""

import threading
import time
from datetime import timedelta

import pytest

from society.audit.models import AuditEntry
from society.db import begin_write, db
from society.errors import Refused
from society.events.changes import Change
from society.mail import claims, worker
from society.mail.actions import leave
from society.mail.message import message
from society.mail.models import Letter, LetterState, MailingList
from society.mail.parcels import PutOff
from society.notices import going
from society.notices.digest import send_digests
from society.notices.models import Audience, Delivery, Notice, NoticeKind
from society.notices.news import tell
from society.notices.sending import send
from society.people.models import Rhythm
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.series.models import EventSeries
from society.settings import society
from tests.builders import NOW, a_person, an_event
from tests.mail.postbox import a_postbox

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def olga(app, client):
    person = a_person("Olga", "organizer")
    client.sign_in(person)
    return person


@pytest.fixture
def postbox(app, monkeypatch):
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        yield box


def a_sent_notice(author, readers=3, leaves_at=None, at=NOW, **values):
    begin_write(keep=True)
    for number in range(readers - 1):
        a_person(f"Reader {number}")
    notice = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.EVERYONE, created_at=at, author=author, **values)
    notice.subject, notice.body = "News", "Dear {{ name }}"
    db.session.add(notice)
    send(notice, at, leaves_at)
    db.session.commit()
    return notice


def act(verb, notice, by):
    begin_write(public=False)
    verb(notice, by=by, now=NOW)
    db.session.commit()


@pytest.fixture
def office(monkeypatch):
    monkeypatch.setattr(claims, "AHEAD", 1)
    return Office()


class Office:
    """A worker between two steps of its work."""

    def take(self):
        begin_write(public=False)
        self.held = worker._Held(NOW)
        self.carried = self.held.next()
        db.session.commit()
        assert self.carried is not None

    def settle(self, outcome=None):
        begin_write(public=False)
        worker._settle(self.carried, outcome, NOW)
        self.carried = self.held.next()
        db.session.commit()


def standing(notice):
    db.session.expire_all()
    found = going.progress(notice, NOW)
    numbers = found.numbers
    return found.phase, numbers["sent"], numbers["waiting"], numbers["kept-back"]


def test_nothing_leaves_before_its_time_and_until_then_it_is_made_a_draft_again(olga, postbox):
    notice = a_sent_notice(olga, leaves_at=society().after_hold(NOW))
    assert notice.leaves_at == LATER
    assert worker.deliver_due(LATER - timedelta(seconds=1)) == 0

    act(going.take_back, notice, olga)

    assert (notice.sent_at, notice.leaves_at) == (None, None)
    assert db.session.query(Letter).count() == db.session.query(Delivery).count() == 0
    send(notice, LATER)
    db.session.commit()
    assert worker.deliver_due(LATER) == 3


def test_it_is_not_taken_back_once_a_letter_is_on_its_way(olga, postbox, office):
    notice = a_sent_notice(olga)
    office.take()

    with pytest.raises(Refused, match="have left already"):
        act(going.take_back, notice, olga)
    db.session.rollback()

    assert db.session.query(Delivery).count() == 3
    assert worker.deliver_due(NOW) == 2


def test_it_is_taken_back_while_its_letters_are_claimed_and_none_is_on_its_way(olga, postbox):
    notice = a_sent_notice(olga)
    begin_write(public=False)
    held = claims.claim(NOW)
    db.session.commit()
    assert len(held) == 3
    assert standing(notice) == ("going", 0, 3, 0)

    act(going.take_back, notice, olga)

    begin_write(public=False)
    assert [claims.may_go(one, NOW) for one in held] == [False] * 3
    db.session.commit()
    assert db.session.query(Letter).count() == db.session.query(Delivery).count() == 0
    assert notice.sent_at is None
    send(notice, LATER)
    db.session.commit()
    assert worker.deliver_due(LATER) == 3


def test_what_a_worker_holds_goes_out_and_all_else_is_kept_back_until_it_goes_on(olga, postbox, office):
    notice = a_sent_notice(olga, readers=4)
    office.take()

    act(going.pause, notice, olga)
    office.settle()
    assert office.carried is None
    assert standing(notice) == ("paused", 1, 0, 3)

    act(going.stop, notice, olga)
    assert worker.deliver_due(LATER) == 0
    assert standing(notice) == ("stopped", 1, 0, 3)
    assert db.session.query(Delivery).filter(Delivery.letter_id.is_not(None)).count() == 4

    act(going.go_on, notice, olga)
    assert worker.deliver_due(LATER) == 3
    assert standing(notice) == ("done", 4, 0, 0)
    with pytest.raises(Refused):
        act(going.pause, notice, olga)
    db.session.rollback()
    assert [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)][-3:] == [
        "notice paused",
        "notice stopped",
        "notice going on",
    ]


def test_a_letter_that_the_server_puts_off_after_the_pause_is_kept_back_with_the_others(olga, postbox, office):
    notice = a_sent_notice(olga, readers=2)
    office.take()
    act(going.pause, notice, olga)

    office.settle(PutOff("451 later"))

    assert worker.deliver_due(NOW + timedelta(days=1)) == 0
    assert standing(notice) == ("paused", 0, 0, 2)


def test_what_is_only_claimed_ahead_can_still_be_kept_back(olga, postbox, office, monkeypatch):
    monkeypatch.setattr(claims, "AHEAD", 9)
    notice = a_sent_notice(olga, readers=4)
    office.take()

    act(going.pause, notice, olga)
    office.settle()

    assert office.carried is None
    assert standing(notice) == ("paused", 1, 0, 3)
    act(going.go_on, notice, olga)
    assert worker.deliver_due(NOW) == 3


def test_what_a_killed_worker_held_of_a_paused_notice_is_kept_back(olga, postbox, office):
    notice = a_sent_notice(olga, readers=2)
    office.take()
    act(going.pause, notice, olga)

    assert worker.deliver_due(NOW + claims.CLAIM) == 0
    assert standing(notice) == ("paused", 0, 0, 2)


def test_paused_among_workers_each_letter_is_either_out_or_kept_back(app, olga, postbox):
    notice = a_sent_notice(olga, readers=60)
    postbox.on_message = lambda: time.sleep(0.03)

    def work():
        with app.app_context():
            worker.deliver_due(NOW)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for thread in workers:
        thread.start()
    assert postbox.arrived.wait(10)
    act(going.pause, notice, olga)
    for thread in workers:
        thread.join()

    phase, sent, waiting, kept_back = standing(notice)
    assert (phase, waiting, sent + kept_back) == ("paused", 0, 60)
    assert 0 < sent == len(postbox.messages) < 60


def test_what_waits_for_a_digest_is_kept_back_too(olga):
    a_person("Dora", rhythm=Rhythm.DAILY)
    notice = a_sent_notice(olga, readers=1)
    act(going.stop, notice, olga)

    send_digests(NOW + timedelta(days=2))

    dora = db.session.query(Letter).filter_by(to_name="Dora").one()
    assert (dora.state, dora.halted) == (LetterState.HELD, True)
    act(going.go_on, notice, olga)
    send_digests(NOW + timedelta(days=2))
    assert dora.state is LetterState.QUEUED


def test_only_what_can_be_done_is_offered_while_a_digest_waits(olga, client):
    """What has gone into a digest leaves with what else is in it; before that it can be kept back like all else."""
    a_person("Dora", rhythm=Rhythm.DAILY)
    olga.email = None
    notice, _other = (a_sent_notice(olga, readers=0) for _ in range(2))
    here = f"/organize/notices/{notice.id}"

    def offered():
        page = client.get(here).text
        return [act for act in ("pause", "stop", "take-back", "go-on") if f'action="{here}/{act}"' in page]

    assert offered() == ["pause", "stop", "take-back"]
    send_digests(NOW + timedelta(days=2))
    db.session.commit()

    assert {letter.state for letter in db.session.query(Letter).filter_by(reason=f"notice:{notice.id}")} == {"gathered"}
    assert offered() == []
    assert client.post(f"{here}/pause").status_code == client.post(f"{here}/take-back").status_code == 409


def test_what_is_told_of_a_change_waits_too_and_passes_behind_what_somebody_waits_for(olga, client):
    event, ann = an_event(), a_person("Ann")
    rsvp = Rsvp(event=event, person=ann, answer=Answer.YES, status=RsvpStatus.CONFIRMED, answered_at=NOW)
    db.session.add(rsvp)
    assert "leave 5 minutes later" in client.get(f"/organize/events/{event.id}/cancel").text

    tell(event, NoticeKind.CHANGE, changes={"en": [Change("room", "Room", "", "2")]}, note="", by=olga, now=NOW)

    letter = db.session.query(Letter).one()
    assert (letter.due_at, letter.bulk) == (LATER, True)


def test_letters_about_one_event_belong_together_and_complaints_are_counted_without_naming_a_reader(olga):
    event, series = an_event(), EventSeries(title="Circle", rule_json={}, first_on=NOW, made_until=NOW, created_at=NOW)
    db.session.add(series)
    db.session.flush()
    evening, next_evening = (an_event(series_id=series.id, series_on=NOW + timedelta(weeks=n)) for n in range(2))
    first, second, other = (a_sent_notice(olga, 1, event=about) for about in (event, event, None))
    weekly, next_week = (a_sent_notice(olga, 1, event=about) for about in (evening, next_evening))

    def headers(notice):
        letter = db.session.query(Letter).filter_by(reason=f"notice:{notice.id}").first()
        made = message(letter)
        return made["References"], made["Feedback-ID"]

    thread = f"<event-{event.id}@society.example.org>"
    assert headers(first) == headers(second) == (thread, f"event-{event.id}:notice:announcements:societyexampleo")
    assert [headers(one)[0].split()[0] for one in (weekly, next_week)] == [
        f"<series-{series.id}@society.example.org>"
    ] * 2
    assert headers(next_week)[0].split()[1:] == [f"<event-{next_evening.id}@society.example.org>"]
    assert headers(next_week)[1].startswith(f"event-{next_evening.id}:notice:")
    assert headers(other) == (None, "none:notice:announcements:societyexampleo")


def test_its_page_leads_from_the_hold_through_the_pause_to_the_account(olga, client, postbox):
    page = client.post("/organize/notices/new", data=DRAFT).location
    assert "after 5 minutes" in client.get(f"{page}/send").text
    client.post(f"{page}/send")
    shown = client.get(page).text
    assert "It leaves at" in shown
    assert "to 1 person by mail" in shown
    assert 'data-again="' in client.get(f"{page}/progress").text
    for verb, sentence in [("pause", "Paused</b>"), ("stop", "was not sent"), ("go-on", "It leaves at")]:
        assert client.post(f"{page}/{verb}").status_code == 303
        assert sentence in client.get(page).text
    assert client.post(f"{page}/go-on").status_code == 409
    assert client.post(f"{page}/take-back").status_code == 303
    assert client.post(f"{page}/take-back").status_code == 409
    assert "A draft" in client.get(page).text


DRAFT = {"kind": "announcement", "event": "", "audience": "everyone", "subject": "News", "body": "Dear {{ name }},"}


def test_the_account_names_who_refused_and_who_left_and_asks_as_often_for_many_as_for_few(
    olga, client, postbox, counted
):
    notice = a_sent_notice(olga, readers=3)
    first, second = db.session.query(Letter).order_by(Letter.id).limit(2)
    postbox.answers[first.to_address] = ["550 5.1.1 no such user"]
    worker.deliver_due(NOW)
    leave(db.session.get(type(olga), second.person_id), MailingList.ANNOUNCEMENTS, LATER)
    db.session.commit()
    page = f"/organize/notices/{notice.id}"

    shown = client.get(page).text
    for figure in ["<b>2</b> sent", "<b>1</b> refused", "<b>1</b> left the list since"]:
        assert figure in shown
    refused = client.get(f"{page}/recipients?which=refused").text
    assert first.to_address in refused
    assert "550 5.1.1 no such user" in refused
    assert second.to_address not in refused
    assert second.to_address in client.get(f"{page}/recipients?which=left").text

    more = f"/organize/notices/{a_sent_notice(olga, readers=60).id}"
    for path in ("/progress", "/recipients"):
        with counted() as few:
            client.get(page + path)
        with counted() as many:
            client.get(more + path)
        assert len(few) == len(many) <= 8
    assert "page=2" in client.get(f"{more}/recipients").text
