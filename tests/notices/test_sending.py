"""Notices: whom they reach, how they are filled, and what is told of a change."""

import gc
from datetime import timedelta
from time import process_time

import pytest

from society.db import db
from society.errors import Refused
from society.events.changes import Change
from society.mail.actions import bury, leave, write_markdown
from society.mail.filling import filled, filled_line
from society.mail.message import as_html, as_text
from society.mail.models import Letter, MailingList
from society.mail.wording import link
from society.notices import sending
from society.notices.copies import mailed
from society.notices.going import Which, progress
from society.notices.letters import FEW
from society.notices.letters import letters as made_letters
from society.notices.merge import Reader, problems, values
from society.notices.models import Audience, Delivery, Notice, NoticeKind, NoticeVersion
from society.notices.news import tell
from society.notices.paper import on_paper
from society.notices.queries import people_in
from society.notices.reach import reach
from society.notices.sending import holes, send
from society.notices.wording import in_other_languages, suggested
from society.people.models import Person
from society.rsvps.models import Answer, Rsvp, RsvpStatus
from society.rsvps.render import link as rsvp_link
from society.settings import absolute
from society.text import markdown
from tests.builders import NOW, a_person, a_venue, an_event

pytestmark = pytest.mark.usefixtures("app")


def an_rsvp(event, person, status=RsvpStatus.CONFIRMED):
    rsvp = Rsvp(event=event, person=person, answer=Answer.YES, status=status, answered_at=NOW)
    db.session.add(rsvp)
    db.session.flush()
    return rsvp


def a_notice(event=None, **values):
    given = {
        "kind": NoticeKind.ANNOUNCEMENT,
        "audience": Audience.EVERYONE,
        "subject": "Hello {{ first_name }}",
        "body": "Dear {{ name }},\n\nhello.",
        "author": a_person("Olga", "organizer"),
        "created_at": NOW,
        **values,
    }
    notice = Notice(event=event, **given)
    db.session.add(notice)
    db.session.flush()
    return notice


def letters():
    return {letter.to_address: letter for letter in db.session.query(Letter)}


def test_it_reaches_those_who_can_and_want_to_be_mailed_and_says_who_is_left_out():
    ann, ben, cem = a_person("Ann"), a_person("Ben"), a_person("Cem")
    a_person("Dora", email=None)
    a_person("Emil", email=None, address="1 Example Street")
    a_person("Fay", by_letter=True, address="2 Example Street")
    a_person("Gil", by_letter=True)
    leave(ben, MailingList.ANNOUNCEMENTS, NOW)
    bury(cem.email, "550", NOW)
    notice = a_notice()

    before, found = reach(notice, NOW), send(notice, NOW)

    assert {person.name for person in mailed(notice, NOW)} == {"Ann", "Gil", "Olga"}
    assert {person.name for person in on_paper(notice, NOW)} == {"Emil", "Fay"}
    assert found == before, "as counted before it was sent"
    assert (
        str(found)
        == "5 people, 2 of them by letter. Besides, 1 left this list, mail to 1 comes back and 1 cannot be reached."
    )
    assert letters()[ann.email].subject == "Hello Ann"
    assert letters()[ann.email].reply_to == notice.author.email
    assert db.session.query(Delivery).count() == 8
    numbers = progress(notice, NOW).numbers
    assert (numbers[Which.WAITING], numbers[Which.NOT_MAILED]) == (3, 5)


def test_however_many_it_is_for_only_some_are_in_memory_at_once(monkeypatch):
    monkeypatch.setattr(sending, "AT_A_TIME", 4)
    for number in range(10):
        a_person(f"Reader {number}", **({"email": None, "address": "1 Example Street"} if number == 5 else {}))
    event = an_event(organizer=None)
    notice = a_notice(event)
    number = notice.id
    most = 0

    def counted(notice, readers, now):
        nonlocal most
        gc.collect()
        most = max(most, sum(isinstance(one, Person) for one in db.session.identity_map.values()))
        assert len(readers) <= min(sending.AT_A_TIME, FEW), "else what everyone has would be looked up at each step"
        return made(notice, readers, now)

    made = made_letters
    monkeypatch.setattr(sending, "letters", counted)

    found = send(notice, NOW)

    assert (found.mailed, found.by_letter) == (10, 1)
    assert most <= sending.AT_A_TIME + 2, "those of this step, the last before them, and its author"
    all_rows = db.session.query(Delivery, Person, Letter).join(Delivery.person).outerjoin(Delivery.letter)
    rows = all_rows.filter(Delivery.notice_id == number).order_by(Delivery.id).all()
    assert [person.name for _, person, _ in rows] == ["Olga", *(f"Reader {number}" for number in range(10))]
    assert [letter.person_id if letter else None for *_, letter in rows] == [
        person.id if person.email else None for _, person, _ in rows
    ]


def test_what_cannot_wait_for_the_post_is_mailed_to_those_who_chose_letters():
    event, ann = an_event(), a_person("Ann", by_letter=True, address="1 Example Street")
    an_rsvp(event, ann)
    change = a_notice(event, kind=NoticeKind.CHANGE, audience=Audience.ANSWERED)
    reminder = a_notice(event, kind=NoticeKind.REMINDER, audience=Audience.GOING)

    assert list(mailed(change, NOW)) == [ann]
    assert on_paper(reminder, NOW) == [ann]
    assert write_markdown(ann, "S", "B", "r", now=NOW, mailing_list=MailingList.REMINDERS) is None
    assert write_markdown(ann, "S", "B", "r", now=NOW) is not None


def test_it_is_sent_once():
    a_person()
    notice = a_notice()
    send(notice, NOW)

    with pytest.raises(Refused):
        send(notice, NOW)


def test_an_address_that_was_only_typed_once_is_not_part_of_everyone():
    a_person("Typed", verified_at=None)
    asked, came = a_person("Asked", verified_at=None), a_person("Came", verified_at=None)
    event = an_event()
    an_rsvp(event, asked, RsvpStatus.UNCONFIRMED)
    an_rsvp(event, came)

    assert [person.name for person in db.session.scalars(people_in(a_notice(), NOW))] == ["Came", "Olga"]


def test_audiences_of_an_event_are_those_who_gave_these_answers():
    event = an_event()
    for status in RsvpStatus:
        an_rsvp(event, a_person(status.value), status)
        an_rsvp(an_event(), a_person("elsewhere"), status)

    def names(audience):
        return {person.name for person in db.session.scalars(people_in(a_notice(event, audience=audience), NOW))}

    assert names(Audience.GOING) == {"confirmed"}
    assert names(Audience.WAITING) == {"waitlisted"}
    assert names(Audience.ANSWERED) == {"confirmed", "offered", "waitlisted", "pending", "maybe"}


def test_values_can_neither_format_nor_fill_further_fields():
    event = an_event("{{ name }} [x](http://evil.example) <b>")
    notice = a_notice(event, subject="{{ event_title }}", body="**{{ event_title }}**\n\n{{name}}")
    ann = a_person("{{ event_title }}\r\nBcc: x@example.org")
    send(notice, NOW)
    letter = letters()[ann.email]

    assert letter.subject == event.title
    assert event.title in as_text(letter)
    assert 'evil.example"' not in as_html(letter)
    assert "{{ event_title }}" in as_text(letter)


def test_a_notice_in_memoriam_that_names_nobody_is_not_sent_in_any_language():
    notice = a_notice(kind=NoticeKind.MEMORIAM, body=suggested(NoticeKind.MEMORIAM, None).body)
    german = in_other_languages("memoriam", None, Audience.MEMBERS, ["de"])["de"]
    notice.versions.append(NoticeVersion(language="de", subject=german.subject, body=german.body))
    assert holes(notice, NOW) == ["It does not say yet who has died.", "In German: it does not say yet who has died."]
    with pytest.raises(Refused, match="who has died"):
        send(notice, NOW)

    for said in (notice, *notice.versions):
        said.body = said.body.replace("{{ society }}", "Émile Zola\n\n{{ society }}")
    assert send(notice, NOW).mailed == 1


@pytest.mark.parametrize("with_event", [False, True])
def test_a_call_to_renew_leads_to_where_one_renews_whatever_lists_its_reader_has_left(with_event):
    event, ben = an_event() if with_event else None, a_person("Ben")
    subject, body = suggested(NoticeKind.RENEWAL, event)
    for mailing_list in MailingList:
        leave(ben, mailing_list, NOW)
    assert send(a_notice(event, kind=NoticeKind.RENEWAL, subject=subject, body=body), NOW).mailed == 2
    letter = letters()[ben.email]
    assert letter.subject.startswith("Please renew your membership of ")
    assert f"see how to pay:\n<{absolute('/me/membership/renew')}>" in letter.body


def test_unknown_and_empty_fields_are_said_and_not_sent():
    event = an_event(summary="")
    known = values(a_notice(event), Reader())

    assert problems("{{ first_name }} {{event_title}}", known) == []
    assert problems("{{ frist_name }}", known) == ["There is no field {{ frist_name }}."]
    assert "empty" in problems("{{ event_summary }}", known)[0]
    assert "needs an event" in problems("{{ event_title }}", values(a_notice(), Reader()))[0]
    for stray in ["{{ first_name", "}}", "{{", "{{ first_name }} }}"]:
        assert "stands alone" in problems(stray, known)[-1]
    for hostile in ["{{ ''.__class__ }}", "{{ 7*7 }}", "{{}}", "{{ config }}", "{{ {{ name }} }}"]:
        assert problems(hostile, known)
        assert "49" not in filled(hostile, known)
    with pytest.raises(Refused):
        send(a_notice(body="{{ nothing }}"), NOW)


def test_braces_without_end_keep_nobody_waiting():
    begun = process_time()
    for text in ("{{" * 10_000, "{{ a " * 4_000, "}}{{" * 5_000):
        assert problems(text, {})
    assert process_time() - begun < 8


def test_a_link_field_is_a_link_by_itself_and_under_a_label():
    fields = values(a_notice(an_event(slug="talk")), Reader())

    assert filled("{{ event_link }}", fields) == "<https://society.example.org/events/talk>"
    assert filled("[Go]({{ event_link }})", fields) == "[Go](<https://society.example.org/events/talk>)"
    assert filled_line("{{ event_link }}", fields) == "https://society.example.org/events/talk"


def test_a_value_in_code_reads_as_it_is_and_cannot_end_it():
    known = {"link": link("https://a.example/x-1"), "evil": "a_b* `c` ~~~\n```\n<i>d"}
    text = "{{ evil }} `{{ link }} {{ evil }}`\n\n- ``{{ evil }}``\n\n~~~\n{{ evil }}\n~~~\n\n    {{ evil }}\n\nend"
    html = str(markdown(filled(text, known)))

    said = f"a_b* 'c' {3 * chr(39)} {3 * chr(39)} &lt;i&gt;d"
    assert f"<code>https://a.example/x-1 {said}</code>" in html
    assert html.count(f"<code>{said}") == 3
    assert html.count("<code>") == 4
    assert html.rstrip().endswith("<p>end</p>")
    assert filled("a\\_b {{ evil }}", {"evil": "x_y"}) == "a\\_b x\\_y", "elsewhere it is escaped"


@pytest.mark.parametrize("kind", NoticeKind)
def test_the_built_in_wording_has_no_holes(kind):
    bare = an_event(summary="", venue=None)
    full = an_event(summary="A talk.", venue=a_venue("Scott Hall"), room="Room 221")
    for event in (bare, full, None):
        subject, body = suggested(kind, event)
        notice = a_notice(event, kind=kind)
        assert problems(subject + body, values(notice, Reader())) == []


def test_a_change_is_told_to_all_who_answered_with_old_and_new_and_their_own_link():
    event = an_event("Ides *of* March")
    ann, ben, cem = a_person("Ann"), a_person("Ben"), a_person("Cem")
    rsvp = an_rsvp(event, ann)
    an_rsvp(event, ben, RsvpStatus.WAITLISTED)
    an_rsvp(event, cem, RsvpStatus.DECLINED)
    leave(ann, MailingList.ANNOUNCEMENTS, NOW)
    olga = a_person("Olga", "organizer")
    change = Change("starts", "When", "8:00 pm", "9:00 pm")

    notice = tell(event, NoticeKind.CHANGE, changes={"en": [change]}, note="Sorry!\n# {{ name }}", by=olga, now=NOW)

    assert notice.sent_at == NOW
    assert set(letters()) == {ann.email, ben.email}
    letter = letters()[ann.email]
    assert letter.subject == "Changed: Ides *of* March"
    assert letter.reply_to == olga.email
    assert letter.mailing_list is None
    assert b"BEGIN:VEVENT" in letter.calendar
    for expected in ["Dear Ann,", "until now: 8:00 pm", "from now on: 9:00 pm", "> Sorry!\n> # {{ name }}"]:
        assert expected in as_text(letter)
    assert absolute(rsvp_link(rsvp)) in as_text(letter)
    assert absolute(rsvp_link(rsvp)) not in as_text(letters()[ben.email])


def test_a_cancellation_says_so_and_asks_for_nothing():
    event = an_event("Talk")
    ann = a_person("Ann")
    an_rsvp(event, ann)
    event.cancel(NOW)

    tell(event, NoticeKind.CANCELLATION, changes={"en": []}, note="", by=a_person("Olga", "organizer"), now=NOW)

    letter = letters()[ann.email]
    assert letter.subject == "Cancelled: Talk"
    assert "will not take place" in as_text(letter)
    assert "/rsvps/" not in as_text(letter)
    assert b"STATUS:CANCELLED" in letter.calendar


def test_two_changes_are_two_letters():
    event, ann, olga = an_event(), a_person(), a_person("Olga", "organizer")
    an_rsvp(event, ann)
    for minutes in (0, 1):
        at = NOW + timedelta(minutes=minutes)
        tell(event, NoticeKind.CHANGE, changes={"en": [Change("room", "Room", "", "2")]}, note="", by=olga, now=at)

    assert db.session.query(Letter).count() == 2


def test_nobody_to_tell_is_no_notice():
    assert tell(an_event(), NoticeKind.CHANGE, changes={"en": []}, note="", by=a_person(), now=NOW) is None
    assert db.session.query(Notice).count() == 0
