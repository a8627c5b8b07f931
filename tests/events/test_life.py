"""Events moved to another date, published by themselves, and begun with templates."""

from datetime import datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import func, select

from society.agenda.models import Session
from society.audit.models import AuditEntry
from society.calendars.models import Entry
from society.db import db
from society.errors import Refused
from society.events.models import Event
from society.mail.models import Letter
from society.notices.life import from_template, keep_as_template, plan_publication, publish_planned
from society.records.answers import withdraw_coming
from society.records.queries import consequences
from society.rsvps.actions import reply, withdraw
from society.rsvps.afterwards import correct
from society.rsvps.counts import seats_taken
from society.rsvps.feed import refresh
from society.rsvps.models import Answer, RsvpStatus
from society.rsvps.queries import coming, gone, rsvp_of, why_closed
from society.series.actions import cancel_several
from society.series.queries import Scope
from society.times import to_utc, to_wall
from tests.builders import NEXT_MONTH, NOW, a_person, an_event

LATER = NEXT_MONTH + timedelta(days=14)
SAID = {"starts_at": f"{LATER:%Y-%m-%dT%H:%M}", "tell": "yes"}


@pytest.fixture
def organizer(client):
    return client.sign_in(a_person("Olga Organizer", "organizer"))


@pytest.fixture
def evening(app):
    event = an_event("An evening", starts=NEXT_MONTH, capacity=1, rsvp_deadline=NEXT_MONTH - timedelta(days=1))
    event.schedule(event.starts, event.ends, event.zone, all_day=False)
    refresh(event, NOW)
    db.session.commit()
    return event


def test_an_event_moves_to_a_known_date_in_one_act_and_one_letter(organizer, evening):
    ann, ben = a_person(), a_person()
    for person in (ann, ben):
        reply(evening, person, Answer.YES, at=NOW)
    db.session.commit()
    length, sequence = evening.ends - evening.starts, evening.sequence

    page = organizer.post(f"/organize/events/{evening.id}/postpone", data=SAID)
    answer = organizer.agree(page, tell="yes", message="The hall is shut.")
    db.session.expire_all()

    assert answer.status_code == 303
    assert (evening.starts, evening.ends - evening.starts) == (LATER, length)
    assert (evening.postponed_at, evening.sequence) == (None, sequence + 1)
    assert evening.rsvp_deadline == LATER - timedelta(days=1)
    assert [rsvp_of(evening, person).status for person in (ann, ben)] == [RsvpStatus.CONFIRMED, RsvpStatus.WAITLISTED]
    told = db.session.scalars(select(Letter).where(Letter.reason.like("notice:%"))).all()
    assert {letter.person_id for letter in told} == {ann.id, ben.id}
    assert "The hall is shut" in told[0].body
    assert f"{LATER:%Y%m%dT%H%M%S}".encode() in db.session.get(Entry, evening.id).vevent


def test_what_moving_will_do_is_said_first_and_nothing_is_done(organizer, evening):
    reply(evening, a_person(), Answer.YES, at=NOW)
    db.session.commit()
    page = organizer.post(f"/organize/events/{evening.id}/postpone", data={"starts_at": SAID["starts_at"]})

    assert page.status_code == 200
    assert "What will change" in page.text
    assert "Answers until" in page.text
    assert f'name="starts_at" value="{SAID["starts_at"]}"' in page.text
    assert evening.starts == NEXT_MONTH


def test_moments_that_clocks_jump_over_on_the_new_date_become_others_and_that_is_said(organizer):
    """In Cairo there is no midnight on 25 April 2036."""
    moments = dict.fromkeys(("rsvp_deadline", "members_first_until", "minimum_by"), datetime(2036, 4, 17))
    event = an_event(starts=datetime(2036, 4, 17, 20), zone="Africa/Cairo", minimum=2, **moments)
    refresh(event, NOW)
    db.session.commit()
    address, sent = f"/organize/events/{event.id}/postpone", {"starts_at": "2036-04-25T20:00", "tell": "no"}

    page = organizer.post(address, data=sent)
    assert "Clocks in Cairo jump over 12:00 am on 25 April 2036; 1:00 am is meant instead." in page.text
    organizer.agree(page, tell="no")
    db.session.expire_all()

    assert {getattr(event, name) for name in moments} == {datetime(2036, 4, 25, 1)}
    assert to_wall(event.rsvp_closes_at, event.zone) == event.rsvp_deadline
    event.members_first_until = event.minimum_by = datetime(2036, 4, 25)  # as stored before that was seen to
    db.session.commit()
    assert "25 April 2036, 1:00 am" in organizer.get(f"/events/{event.slug}").text


def test_without_a_date_it_is_put_off_until_there_is_one(organizer, evening):
    address = f"/organize/events/{evening.id}/postpone"
    organizer.agree(organizer.get(address), tell="no")
    db.session.expire_all()

    assert evening.postponed_at is not None
    form = organizer.get(address).text
    assert ("it is put off until you know" in form, "That of before" in form) == (False, True)
    same = organizer.post(address, data={"starts_at": f"{NEXT_MONTH:%Y-%m-%dT%H:%M}"})
    assert "<del>Postponed</del>" in same.text, "it can be held at its old date after all"
    organizer.agree(organizer.post(address, data=SAID))
    db.session.expire_all()
    assert (evening.postponed_at, evening.starts) == (None, LATER)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"starts_at": "2020-01-01T20:00"}, "must be to come"),
        ({"starts_at": f"{LATER:%Y-%m-%d}"}, "time of day"),
        ({"starts_at": "soon"}, "Please give a date and time"),
        ({"ends_at": f"{LATER:%Y-%m-%dT%H:%M}"}, "Please give the new start"),
        ({"starts_at": f"{LATER:%Y-%m-%dT%H:%M}", "ends_at": f"{NEXT_MONTH:%Y-%m-%dT%H:%M}"}, "after the start"),
    ],
)
def test_a_date_that_cannot_be_is_told_beside_its_field(organizer, evening, sent, said):
    answer = organizer.post(f"/organize/events/{evening.id}/postpone", data=sent)
    db.session.expire_all()

    assert answer.status_code == 422
    assert said in answer.text
    assert evening.starts == NEXT_MONTH


def test_a_draft_is_published_at_its_time_and_not_before(organizer):
    draft = an_event("To come", published_at=None, starts=LATER)
    db.session.commit()
    wall = NEXT_MONTH.replace(hour=9)
    sent = organizer.post(f"/organize/events/{draft.id}/schedule", data={"publish_at": f"{wall:%Y-%m-%dT%H:%M}"})
    told = f"It is published by itself on {wall:%A, %-d %B %Y}, 9:00 am (New York time)."
    assert told in organizer.get(sent.location).text
    db.session.expire_all()
    planned = draft.publish_at
    assert to_wall(planned, draft.zone) == wall
    assert "Goes out" in organizer.get("/organize/events?show=planned").text

    publish_planned(planned - timedelta(seconds=1))
    assert draft.published_at is None
    publish_planned(planned)

    assert (draft.published_at, draft.publish_at, draft.slug) == (planned, None, "to-come")
    assert db.session.get(Entry, draft.id) is not None
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["publication planned", "event published"]


def test_a_plan_can_be_taken_back_and_publishing_by_hand_ends_it(organizer):
    one, other = (an_event(published_at=None, starts=LATER) for _ in range(2))
    for draft in (one, other):
        plan_publication(draft, draft.starts_at - timedelta(days=3), by=a_person(), now=NOW)
    db.session.commit()

    organizer.post(f"/organize/events/{one.id}/schedule", data={"publish_at": ""})
    db.session.expire_all()
    organizer.post(f"/organize/events/{other.id}/publish")
    db.session.expire_all()

    assert (one.publish_at, one.published_at, other.publish_at) == (None, None, None)


def test_a_draft_that_cannot_be_published_holds_up_no_other(app):
    broken, whole = (an_event(published_at=None, starts=LATER) for _ in range(2))
    for hours, draft in enumerate((broken, whole)):
        plan_publication(draft, NOW + timedelta(hours=hours), by=a_person(), now=NOW)
    broken.template_name = "Not to be published"
    db.session.commit()

    publish_planned(NOW + timedelta(hours=2))

    db.session.expire_all()
    assert (broken.published_at, whole.published_at) == (None, NOW + timedelta(hours=2))


def test_what_is_over_by_then_stays_a_draft_and_its_organizers_are_told(app):
    author = a_person("", "organizer")
    draft = an_event(published_at=None, starts=NEXT_MONTH, created_by_id=author.id)
    plan_publication(draft, draft.starts_at - timedelta(days=1), by=author, now=NOW)
    with pytest.raises(Refused, match="over by then"):
        plan_publication(draft, draft.ends_at, by=author, now=NOW)
    db.session.commit()

    publish_planned(draft.ends_at + timedelta(days=1))

    assert (draft.published_at, draft.publish_at) == (None, None)
    assert [letter.person_id for letter in db.session.scalars(select(Letter))] == [author.id]


def test_two_post_offices_publish_a_draft_once(app):
    draft = an_event(published_at=None, starts=NEXT_MONTH)
    plan_publication(draft, NOW, by=a_person(), now=NOW)
    db.session.commit()

    def work():
        with app.app_context():
            publish_planned(NOW)

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    published = select(func.count()).where(AuditEntry.act == "event published")
    assert db.session.scalar(published) == 1


@pytest.mark.parametrize("at", ["2020-01-01T09:00", "2027-03-30", "x"])
def test_a_time_to_publish_that_cannot_be_is_told(organizer, at):
    draft = an_event(published_at=None, starts=LATER)
    db.session.commit()

    assert organizer.post(f"/organize/events/{draft.id}/schedule", data={"publish_at": at}).status_code == 422
    assert draft.publish_at is None


@pytest.mark.parametrize("counted", [False, True])
def test_a_time_to_publish_at_which_it_is_over_or_counted_is_told_beside_its_field(organizer, counted):
    draft = an_event(published_at=None, starts=LATER)
    at, said = f"{draft.ends:%Y-%m-%dT%H:%M}", "The event is over by then."
    if counted:
        draft.minimum, draft.minimum_by = 5, draft.starts - timedelta(days=2)
        at, said = f"{draft.minimum_by:%Y-%m-%dT%H:%M}", "Whether enough people come would be counted before that."
    db.session.commit()

    page = organizer.post(f"/organize/events/{draft.id}/schedule", data={"publish_at": at})

    assert page.status_code == 422
    assert f'id="publish_at-error"><p>{said}</p>' in page.text
    assert f'value="{at}"' in page.text
    assert draft.publish_at is None


def test_a_time_to_publish_that_clocks_show_twice_says_which_is_taken(organizer):
    twice = datetime(2030, 11, 3, 1, 30)
    draft = an_event(published_at=None, starts=twice + timedelta(days=9))
    db.session.commit()

    for wall, said in ((twice, 1), (twice + timedelta(hours=2), 0)):
        sent = organizer.post(f"/organize/events/{draft.id}/schedule", data={"publish_at": f"{wall:%Y-%m-%dT%H:%M}"})
        page = organizer.get(sent.location).text
        assert page.count("show 1:30 am twice that night; the earlier one is meant.") == said
        db.session.expire_all()
        assert draft.publish_at == to_utc(wall, draft.zone)


def test_a_template_begins_events_and_is_none_itself(organizer, evening):
    organizer.post(f"/organize/events/{evening.id}/template", data={"name": "A usual evening"})
    db.session.expire_all()
    template = db.session.scalars(select(Event).where(Event.template_name != "")).one()
    assert "A usual evening" in organizer.get("/organize/events/new").text
    assert organizer.get(f"/organize/events/{template.id}/schedule").status_code == 404
    assert f'/organize/events/{template.id}"' not in organizer.get("/organize/events?show=drafts").text
    assert organizer.post(f"/organize/events/{template.id}/publish").status_code == 409

    there = organizer.post(f"/organize/events/templates/{template.id}/use").location
    made = db.session.get(Event, int(there.rsplit("/", 1)[1]))
    organizer.post(f"/organize/events/templates/{template.id}/remove")
    db.session.expire_all()

    assert (made.title, made.template_name, made.published_at) == ("An evening", "", None)
    assert (made.starts.weekday(), made.starts.time()) == (NEXT_MONTH.weekday(), NEXT_MONTH.time())
    assert made.rsvp_deadline == made.starts - timedelta(days=1)
    assert db.session.scalars(select(Event).where(Event.template_name != "")).all() == []


@pytest.mark.parametrize(
    ("lasts", "all_day", "said"),
    [
        (timedelta(days=2, hours=-4), False, "Tuesdays, 8:00 pm, 3 days"),
        (timedelta(hours=6), False, "Tuesdays, 8:00 pm, "),
        (timedelta(days=2), True, "Tuesdays, 2 days<"),
    ],
)
def test_a_template_tells_how_many_days_it_lasts_and_no_date(organizer, lasts, all_day, said):
    starts = datetime(2027, 3, 30, 0 if all_day else 20)
    event = an_event(starts=starts, ends=starts + lasts, all_day=all_day)
    keep_as_template(event, "Congress", by=a_person(), now=NOW)
    db.session.commit()

    page = organizer.get("/organize/events/templates").text

    assert said in page
    assert "until" not in page
    assert (" days" in page) == (lasts > timedelta(days=1))


def test_a_template_takes_the_agenda_along_on_its_new_day(app):
    event = an_event(starts=datetime(2027, 3, 30, 20), has_agenda=True)
    session = Session(event_id=event.id, title="First", starts=event.starts, ends=event.ends, kind="talk")
    session.starts_at, session.ends_at, session.revised_at = event.starts_at, event.ends_at, NOW
    db.session.add(session)
    template = keep_as_template(event, "Congress", by=a_person(), now=NOW)

    made = from_template(template, "UTC", by=a_person(), now=NOW)
    db.session.flush()

    copied = db.session.scalars(select(Session).where(Session.event_id == made.id)).one()
    assert copied.starts == made.starts


def test_a_postponed_event_gets_its_new_date_though_the_old_one_has_passed(organizer, evening):
    address = f"/organize/events/{evening.id}/postpone"
    organizer.agree(organizer.get(address), tell="no")
    gone = NOW.replace(tzinfo=None) - timedelta(days=3)
    evening.starts, evening.ends = gone, gone + timedelta(hours=1)
    evening.starts_at, evening.ends_at = NOW - timedelta(days=3), NOW - timedelta(days=3) + timedelta(hours=1)
    db.session.commit()
    assert "Please give the new start" in organizer.post(address, data={"tell": "no"}).text
    assert organizer.agree(organizer.post(address, data=SAID)).status_code == 303
    db.session.expire_all()
    assert (evening.starts, evening.postponed_at) == (LATER, None)


def test_an_event_put_off_without_a_date_is_not_over_once_the_old_one_has_passed(organizer, evening):
    evening.capacity = None
    people = ann, ben, cem = [a_person() for _ in range(3)]
    for person in people:
        reply(evening, person, Answer.YES, at=NOW)
    evening.postpone(NOW)
    late = evening.ends_at + timedelta(days=1)

    assert not evening.over(late)
    assert "postponed" in why_closed(evening, late)
    assert [rsvp.person for rsvp, _ in db.session.execute(coming(ann, late))] == [ann]
    assert db.session.execute(gone(ann, late)).all() == []
    withdraw(rsvp_of(evening, ann), late)
    reply(evening, ben, Answer.NO, at=late)
    assert (consequences(cem, late).coming, consequences(cem, late).past) == (1, 0)
    withdraw_coming(cem, late)
    assert seats_taken(evening) == 0
    with pytest.raises(Refused, match="has not begun"):
        correct(evening, [], there=True, by=ann, now=late)
    cancel_several(evening, Scope.THIS, by=ann, now=late)
    assert evening.cancelled_at == late
    assert evening.over(late)


def test_organizers_find_what_waits_for_a_date_and_what_they_entered(organizer, evening):
    organizer.agree(organizer.get(f"/organize/events/{evening.id}/postpone"), tell="no")
    typed = {"title": "My own", "starts_at": f"{LATER:%Y-%m-%dT%H:%M}"}
    organizer.post("/organize/events/new", data=typed)
    assert "An evening" in organizer.get("/organize/events?show=postponed").text
    assert "An evening" not in organizer.get("/organize/events?show=postponed&mine=1").text
    assert "My own" in organizer.get("/organize/events?show=drafts&mine=1").text


def test_a_template_is_called_something_else(organizer, evening):
    address = f"/organize/events/{evening.id}/template"
    organizer.post(address, data={"name": "Usual"})
    kept = db.session.scalars(select(Event).where(Event.template_name == "Usual")).one()
    page = organizer.post(f"/organize/events/{kept.id}/template", data={"name": "Monthly"}, follow_redirects=True)
    assert "Monthly" in page.text
    assert db.session.scalars(select(Event.template_name).where(Event.template_name != "")).all() == ["Monthly"]


def test_a_planned_publication_keeps_its_hour_when_the_zone_changes(evening):
    evening.published_at, evening.publish_at = None, NOW
    evening.schedule(evening.starts, evening.ends, "Asia/Tokyo", all_day=False)
    assert to_wall(evening.publish_at, "Asia/Tokyo") == to_wall(NOW, "America/New_York")
    evening.publish_at = to_utc(datetime(2036, 4, 25), "Asia/Tokyo")
    evening.schedule(evening.starts, evening.ends, "Africa/Cairo", all_day=False)
    assert to_wall(evening.publish_at, "Africa/Cairo") == datetime(2036, 4, 25, 1)  # there is no midnight that day


@pytest.mark.parametrize("act", ["cancel", "postpone"])
def test_what_somebody_called_off_meanwhile_is_not_asked_about_once_more(organizer, evening, act):
    page = organizer.get(f"/organize/events/{evening.id}/{act}")
    organizer.agree(organizer.get(f"/organize/events/{evening.id}/cancel"), tell="no")

    answer = organizer.agree(page, tell="yes")

    assert answer.status_code == 409
    assert "This event is cancelled." in answer.text
    assert "Nothing is done yet" not in answer.text
