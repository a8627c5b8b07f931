"""The demo is the same for a seed, and such as the program itself could have made."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby, pairwise
from unittest.mock import ANY

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from stdnum import iban

from society.agenda.clashes import brought
from society.agenda.queries import agenda
from society.agenda.timetable import timetable
from society.audit.models import AuditEntry
from society.backings.models import BackingStep, Word
from society.backings.queries import history
from society.backings.telling import to_ask_again
from society.backings.versions import outdated
from society.calendars.actions import public_feeds
from society.calendars.models import Entry, SessionEntries
from society.calendars.render import vevent
from society.calendars.sessions import session_vevent
from society.calendars.subscribers import by_app, public_fetches
from society.db import db
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.fill import Demo
from society.demo.leftovers import Leftovers
from society.demo.people import ORGANIZER, SECRETARY
from society.demo.setting import EXCURSIONS, SOCIETY, TALKED
from society.door.models import DoorKey
from society.dues.models import Counter, Due, Method, Payment
from society.dues.queries import open_dues
from society.events.models import Backing, BackingState, Event, RsvpPolicy, Visibility
from society.events.queries import loaded, templates
from society.invitations.queries import other_times
from society.mail.models import Letter, LetterState
from society.material.models import Material, MaterialKind, Seen
from society.membership.models import Covers, Membership, Status
from society.membership.queries import in_good_standing, waiting_applications
from society.notices.life import from_template
from society.notices.merge import Reader, problems, values
from society.notices.models import Delivery, Notice, NoticeVersion
from society.notices.versions import main, others
from society.offices.models import Term
from society.people.models import Consent, Person, Role, RoleName
from society.pictures.models import Rendition
from society.questions.models import Question, QuestionAnswer
from society.rsvps.counts import turnout
from society.rsvps.models import Answer, Rsvp, RsvpStatus, Transition
from society.rsvps.passing import promote
from society.rsvps.reach import reach
from society.rsvps.session_seats import seats_taken
from society.rsvps.waiting import waiting
from society.series.models import EventSeries
from society.series.queries import occurrences
from society.series.values import changed, values_of
from society.times import midnight
from society.tokens import hashed
from tests.builders import NOW
from tests.demo.conftest import DAY, SMALL, Content
from tests.demo.conftest import fill as fill_again

pytestmark = [pytest.mark.usefixtures("filled"), pytest.mark.once]  # it is made here, and only stored there


def the_events() -> list[Event]:
    return list(db.session.scalars(loaded(select(Event).order_by(Event.id))))


def test_the_same_seed_gives_the_same_data_and_another_one_other_data(content: Callable[[int], Content]) -> None:
    first, second, other = content(3), content(3), content(4)

    for name, rows in first.items():
        assert rows == second[name], name
    assert first["event"] != other["event"]


def test_it_has_as_much_of_everything_as_was_asked_for(filled: Demo) -> None:
    events = select(Event.id).where(Event.template_name == "").subquery()
    counts = [db.session.scalar(select(func.count()).select_from(counted)) for counted in (Person, events, Rsvp)]
    assert counts == [SMALL.people, SMALL.events, SMALL.rsvps]
    assert filled.answers == SMALL.rsvps


def test_there_is_an_event_of_every_kind_and_state() -> None:
    events = the_events()

    assert {event.rsvp_policy for event in events} == set(RsvpPolicy)
    assert {event.visibility for event in events} == set(Visibility)
    assert any(event.cancelled_at and event.starts.date() > DAY for event in events)
    assert any(event.postponed_at for event in events)
    assert any(event.published_at is None for event in events)
    assert any(event.all_day and (event.ends - event.starts).days > 1 for event in events)
    online = [event for event in events if event.online_url and not event.venue]
    assert online
    assert {event.category.name for event in online if event.category} <= TALKED
    assert any(event.sequence and event.on for event in events)
    assert any(event.on and event.starts.date() > DAY and waiting(event) for event in events)
    once = [event.title for event in events if event.series_id is None]
    assert len(set(once)) == len(once)


def test_a_congress_of_two_halls_has_forty_speakers_and_nothing_clashes() -> None:
    congress = db.session.scalars(select(Event).where(Event.has_agenda)).one()
    sessions = db.session.scalars(agenda(congress)).all()

    assert len({speaker.key for session in sessions for speaker in session.speakers}) == 40
    assert [len(day.columns) for day in timetable(sessions)] == [2, 3, 2]
    assert brought(congress, [], sessions).sentences == []
    (workshop,) = (session for session in sessions if session.capacity)
    assert 0 < seats_taken(workshop) <= workshop.capacity
    entries = db.session.get_one(SessionEntries, congress.id).vevents
    assert entries == b"".join(session_vevent(congress, session) for session in sessions)


def test_some_have_pictures_and_something_stays_of_what_is_over() -> None:
    events = the_events()
    shown = {event.picture_id for event in events if event.picture_id}
    kept = set(db.session.scalars(select(Rendition.picture_id)))
    assert shown
    assert shown <= kept
    over = [event for event in events if event.has_material]
    assert over
    assert all(event.ends_at <= midnight(DAY, "Europe/London") and event.on for event in over)
    materials = db.session.scalars(select(Material)).all()
    assert {one.seen_by for one in materials} >= {Seen.EVERYONE, Seen.MEMBERS}
    assert {one.kind for one in materials} >= {MaterialKind.RECORDING, MaterialKind.SLIDES}


def test_walks_of_late_have_photographs() -> None:
    now = midnight(DAY, "Europe/London")
    walk = next(event for event in the_events() if event.on and event.ends_at < now and not event.has_material)
    walk.ends_at, bulk = now - timedelta(days=3), Bulk()
    Leftovers(now, Chance("a walk"), bulk).keep(walk, EXCURSIONS)
    bulk.flush()

    photographs = select(Material).where(Material.event_id == walk.id, Material.preview_width > 0)
    assert len(db.session.scalars(photographs).all()) == 3


def test_a_series_runs_and_one_of_its_evenings_is_not_like_the_others() -> None:
    series = db.session.scalars(select(EventSeries)).one()
    evenings = db.session.scalars(loaded(occurrences(series))).all()
    values = [values_of(evening) for evening in evenings]

    assert [evening.series_on for evening in evenings] == series.rule.days(series.first_on, up_to=series.made_until)
    assert evenings[0].starts.date() < DAY < evenings[-1].starts.date()
    (other,) = [number for number, each in enumerate(values) if each != values[0]]
    assert changed(values[0], values[other]) == {"clock", "room"}
    assert evenings[other].sequence == 1
    assert len({evening.slug for evening in evenings}) == len(evenings)


def test_templates_are_there_to_begin_with() -> None:
    kept = db.session.scalars(templates()).all()
    assert len(kept) == 2
    organizer = db.session.get_one(Person, ORGANIZER)
    for template in kept:
        begun = from_template(template, "Europe/London", by=organizer, now=NOW)
        assert (begun.title, begun.starts.weekday()) == (template.title, template.starts.weekday())


def test_the_next_event_that_somebody_comes_to_has_a_key(filled: Demo) -> None:
    event, now = filled.helpers.event, midnight(DAY, "Europe/London")
    key = db.session.scalars(select(DoorKey)).one()

    assert (key.event_id, key.hashed) == (event.id, hashed(filled.helpers.secret))
    assert key.opens(now)
    sooner = select(Rsvp.id).join(Rsvp.event).where(Event.starts_at > now, Event.starts_at < event.starts_at)
    on = Event.cancelled_at.is_(None) & Event.postponed_at.is_(None)
    assert db.session.scalars(sooner.where(on, Rsvp.status == RsvpStatus.CONFIRMED)).all() == []


def test_some_would_rather_come_at_another_time() -> None:
    assert any(other_times(event, NOW) for event in the_events())


def test_some_backings_are_in_each_state() -> None:
    assert set(db.session.scalars(select(Backing.state))) >= {BackingState.CONFIRMED, BackingState.PROPOSED}


def test_contacts_gave_their_word_by_the_mailed_link_and_some_heard_of_a_change_since() -> None:
    coming = [event for event in the_events() if event.on and event.starts.date() > DAY]
    given = {b.id: (event, b) for event in coming for b in event.backings if b.given}
    steps = history(backing for _, backing in given.values())
    for number, (_event, backing) in given.items():
        confirmed = [step for step in steps[number] if step.word is Word.CONFIRMED]
        assert confirmed[-1].version == backing.agreed
        assert (confirmed[-1].name, confirmed[-1].address) == (backing.contact_name, backing.contact_email)
    assert any([step.word for step in steps[number]] == [Word.ASKED, Word.CONFIRMED] for number in given)

    (moved,) = [event for event in coming if outdated(event)]
    (waits,) = outdated(moved)
    assert [step.word for step in steps[waits.id]] == [Word.ASKED, Word.CONFIRMED, Word.ASKED_AGAIN]
    assert to_ask_again(moved, NOW) == [], "they were told"
    renewed = [b for b in moved.backings if b.given and b is not waits]
    assert [[step.version["place"] for step in steps[b.id]] for b in renewed] == [[ANY, ANY, moved.place, moved.place]]
    (left,) = [backing for backing in moved.backings if backing.state is BackingState.WITHDRAWN]
    assert left.said_no_at == moved.revised_at


def test_each_step_of_a_backing_is_in_the_audit_log_and_none_is_to_come() -> None:
    steps = db.session.scalars(select(BackingStep)).all()
    logged = select(AuditEntry.act, AuditEntry.at).where(AuditEntry.act.startswith("backing "))
    assert sorted((f"backing {step.word}", step.at) for step in steps) == sorted(map(tuple, db.session.execute(logged)))
    assert all(step.at < midnight(DAY, "Europe/London") for step in steps)


def test_no_event_is_overbooked_and_nobody_waits_who_would_fit() -> None:
    for event in the_events():
        if event.capacity is not None:
            assert turnout(event).seats <= event.capacity
        now = event.published_at
        assert now is None or promote(event, now) == []


def test_queues_stand_in_the_order_in_which_people_came() -> None:
    rows = db.session.scalars(select(Rsvp).where(Rsvp.status == RsvpStatus.WAITLISTED).order_by(Rsvp.event_id, Rsvp.id))
    for _event, queue in groupby(rows, lambda rsvp: rsvp.event_id):
        moments = [rsvp.queued_at for rsvp in queue]
        assert None not in moments
        assert len(set(moments)) == len(moments)


def test_every_answer_has_its_log() -> None:
    steps = db.session.scalars(select(Transition).order_by(Transition.rsvp_id, Transition.id)).all()
    logs = {number: list(log) for number, log in groupby(steps, lambda step: step.rsvp_id)}

    for rsvp in db.session.scalars(select(Rsvp)):
        log = logs[rsvp.id]
        assert log[0].before is None
        assert [step.after for step in log[:-1]] == [step.before for step in log[1:]]
        assert log[-1].after is rsvp.status
        assert (rsvp.status is RsvpStatus.CONFIRMED) <= (rsvp.answer is Answer.YES)


def test_answers_come_between_publication_and_the_end_of_answering() -> None:
    for rsvp in db.session.scalars(select(Rsvp)):
        event = rsvp.event
        assert event.published_at is not None
        assert event.rsvp_policy is not RsvpPolicy.CLOSED
        assert event.published_at <= rsvp.answered_at < min(event.starts_at, event.rsvp_closes_at or event.starts_at)
        assert rsvp.person.created_at <= rsvp.answered_at


def test_every_step_but_the_first_and_renewals_take_the_place_of_one_of_their_own_person() -> None:
    rows = {row.id: row for row in db.session.scalars(select(Membership))}
    replaced = [row.replaces_id for row in rows.values() if row.replaces_id]

    assert len(set(replaced)) == len(replaced)
    for row in rows.values():
        former = rows[row.replaces_id] if row.replaces_id else None
        assert former is None or (former.person_id == row.person_id and former.starts_on <= row.starts_on)
        if row.status in (Status.LAPSED, Status.RESIGNED):
            assert former.status is Status.ACTIVE
        elif row.status is Status.REJECTED:
            assert former.status is Status.APPLIED
        if row.status is Status.ACTIVE and row.ends_on:
            assert row.good_until == row.ends_on + timedelta(days=row.tier.grace_days)


def test_periods_of_membership_follow_one_another() -> None:
    last = aliased(Membership)
    replacing = select(last.starts_on).where(last.replaces_id == Membership.id).scalar_subquery()
    active = select(Membership, replacing).where(Membership.status == Status.ACTIVE)
    rows = db.session.execute(active.order_by(Membership.person_id, Membership.starts_on)).all()
    for _person, periods in groupby(rows, lambda row: row[0].person_id):
        for (earlier, replaced_on), (later, _) in pairwise(periods):
            assert (replaced_on or earlier.ends_on + timedelta(days=1)) <= later.starts_on


@pytest.mark.parametrize("day", [DAY, date(2024, 2, 29), date(2020, 1, 15), date(2017, 12, 31)])
def test_the_demo_lets_members_answer_who_are_members_by_the_register(filled: Demo, day: date) -> None:
    by_the_register = db.session.scalars(select(Person.id).where(in_good_standing(day)).order_by(Person.id)).all()

    assert [
        number for number in range(1, SMALL.people + 1) if filled.register.is_member(number, day)
    ] == by_the_register


def test_the_ledger_runs_without_gaps_and_has_one_of_everything() -> None:
    dues = db.session.scalars(select(Due).order_by(Due.number)).all()
    payments = db.session.scalars(select(Payment).order_by(Payment.receipt)).all()
    receipts = [payment.receipt for payment in payments if payment.receipt]

    assert [due.number for due in dues] == list(range(1, len(dues) + 1))
    assert sorted(receipts) == list(range(1, len(receipts) + 1))
    assert {counter.key: counter.number for counter in db.session.scalars(select(Counter))} == {
        "invoice": len(dues),
        "receipt": len(receipts),
    }
    assert {payment.method for payment in payments} == set(Method)
    assert all(payment.received_on < DAY and payment.received_on >= payment.due.issued_on for payment in payments)
    assert db.session.execute(open_dues()).first()
    assert any(payment.refunds_id for payment in payments)


def test_nothing_is_paid_twice_but_what_was_sent_back() -> None:
    sums = select(Due.amount, func.coalesce(func.sum(Payment.amount), 0)).outerjoin(Payment, Payment.due_id == Due.id)
    for amount, paid in db.session.execute(sums.group_by(Due.id)):
        assert paid in (0, amount)


def test_households_cover_people_with_rows_of_their_own() -> None:
    payer = aliased(Membership)
    pairs = select(Membership, payer).join(payer, Membership.covered_by_id == payer.id)
    rows = db.session.execute(pairs).all()

    assert rows
    for covered, paying in rows:
        assert covered.person_id != paying.person_id
        assert (covered.tier.covers, covered.ends_on) == (Covers.HOUSEHOLD, paying.ends_on)
        assert covered.person.address == paying.person.address
        assert paying.covers_name


def test_applications_wait_with_answers_and_some_look_like_people_who_are_known() -> None:
    waiting = db.session.scalars(waiting_applications()).all()

    assert len(waiting) == 3
    assert all(application.answers[0]["answer"] for application in waiting)
    known = select(func.count()).where(Person.address != "", Person.address.in_([w.person.address for w in waiting]))
    assert db.session.scalar(known) >= len(waiting) + 2


def test_people_have_particulars_and_offices_their_holders() -> None:
    people = db.session.scalars(select(Person)).all()

    for name in ("city", "address", "phone", "language", "zone", "notes", "shown", "external_id"):
        assert any(getattr(person, name) for person in people), name
    assert any(person.tags for person in people)
    assert all(person.folded for person in people)
    assert db.session.scalar(select(func.count()).select_from(Consent)) > SMALL.people / 2
    terms = db.session.scalars(select(Term)).all()
    assert {term.office.title for term in terms if term.starts_on <= DAY <= term.ends_on} >= {"Secretary", "Treasurer"}
    following = db.session.scalars(select(Role).where(Role.term_id.is_not(None))).one()
    assert (following.name, following.person_id) == (RoleName.SECRETARY, SECRETARY)


def test_the_account_number_has_the_right_check_digits() -> None:
    assert iban.is_valid(SOCIETY["iban"])


def test_most_people_are_members_in_good_standing_and_some_have_applied() -> None:
    standing = db.session.scalar(select(func.count()).select_from(Person).where(in_good_standing(DAY)))
    statuses = set(db.session.scalars(select(Membership.status)))

    assert standing > SMALL.people / 2
    assert {Status.ACTIVE, Status.APPLIED, Status.LAPSED} <= statuses


def test_calendar_entries_are_those_that_the_program_would_write() -> None:
    for event in the_events():
        entry = db.session.get(Entry, event.id)
        if event.published_at is None:
            assert entry is None
        else:
            assert entry.vevent == vevent(event)
            assert set(entry.feeds.split()) == public_feeds(event)


def test_sent_notices_have_gone_out_to_everyone_they_were_for() -> None:
    assert set(db.session.scalars(select(Letter.state))) == {LetterState.SENT, LetterState.REFUSED}
    for notice in db.session.scalars(select(Notice)):
        deliveries = db.session.scalars(select(Delivery).where(Delivery.notice_id == notice.id)).all()
        assert bool(deliveries) == bool(notice.sent_at)
        for delivery in deliveries:
            assert delivery.letter is None or delivery.letter.reason == f"notice:{notice.id}"


def test_a_database_that_holds_something_is_refused() -> None:
    with pytest.raises(Exception, match="fills only an empty one"):
        fill_again()


def test_conditions_are_shown_where_they_make_sense() -> None:
    events = [event for event in the_events() if event.published_at]
    assert {event.currency for event in events if event.price} == {"EUR"}
    assert any(event.price == 0 for event in events)
    for event in events:
        if event.minimum_by:
            assert event.minimum
            assert event.minimum_judged_at is None
            assert event.minimum_by.date() >= DAY
        if event.members_first_until:
            assert turnout(event).going == 0


def test_the_congress_asks_and_those_who_come_have_answered() -> None:
    (congress,) = db.session.scalars(select(Event).where(Event.asks))
    said = select(QuestionAnswer.rsvp_id).join(Question).where(Question.required, QuestionAnswer.guest == 0)
    coming = select(Rsvp.id).where(Rsvp.event_id == congress.id, Rsvp.status == RsvpStatus.CONFIRMED)

    assert set(db.session.scalars(coming)) <= set(db.session.scalars(said))
    parties = dict(db.session.execute(select(Rsvp.id, Rsvp.party_size)).all())
    guests = db.session.execute(select(QuestionAnswer.rsvp_id, QuestionAnswer.guest)).all()
    assert all(guest < parties[rsvp_id] for rsvp_id, guest in guests)


def test_most_own_calendars_show_events_as_they_are_and_some_do_not() -> None:
    found = [reach(event) for event in the_events() if event.published_at]
    assert sum(one.reached for one in found) > sum(one.behind for one in found) > 0
    assert {fetch.name for fetch in public_fetches()} == {"All events", "Open to all"}
    assert len({one.app for one in by_app(NOW)}) > 4


def test_a_notice_is_written_in_several_languages_without_holes() -> None:
    notice = db.session.scalars(select(Notice).join(NoticeVersion).distinct()).one()
    versions = list(others(notice))

    assert {said.language for said in versions} == {"de", "fr"}
    texts = [text for said in (main(notice), *versions) for text in (said.subject, said.body)]
    assert [sentence for text in texts for sentence in problems(text, values(notice, Reader()))] == []
