"""A newsletter that tells of several events: which are offered, how they read, and who hears of which."""

from datetime import timedelta

import pytest
from sqlalchemy import event as sql_events
from sqlalchemy import select

from society.db import db
from society.errors import Refused
from society.events.models import Visibility
from society.mail.message import as_text
from society.mail.models import Letter
from society.notices import newsletter
from society.notices.letters import letter_to_all
from society.notices.models import Audience, Notice, NoticeKind
from society.notices.newsletter import listing, told_events
from society.notices.sending import send
from society.times import now
from tests.builders import NEXT_MONTH, NOW, a_membership, a_person, a_tier, a_venue, an_event

BODY = "Dear {{ first_name }},\n\n{{ events }}\n\n{{ society }}"


def a_newsletter(*events, audience=Audience.EVERYONE, body=BODY):
    notice = Notice(kind=NoticeKind.NEWSLETTER, audience=audience, subject="News", body=body, created_at=NOW)
    notice.events, notice.author = list(events), a_person("Author", "organizer")
    db.session.add(notice)
    db.session.flush()
    return notice


def letters_by_name():
    return {letter.to_name: letter for letter in db.session.scalars(select(Letter))}


def test_each_event_is_told_with_its_day_place_and_page_soonest_first(app):
    late = an_event("Late *one*", starts=NEXT_MONTH + timedelta(days=9), venue=a_venue("Scott Hall"))
    soon = an_event("Soon", starts=NEXT_MONTH, summary="What it is about.")

    text = as_text(letter_to_all(a_newsletter(late, soon), NOW))

    assert text.index("Soon") < text.index("What it is about.") < text.index("Late *one*") < text.index("Scott Hall")
    assert f"/events/{soon.slug}" in text
    assert f"/events/{late.slug}" in text


def test_what_is_for_members_only_is_told_to_members_alone(app):
    mia, guest = a_person("Mia"), a_person("Gus")
    a_membership(mia, a_tier())
    hidden = an_event("Secret supper", visibility=Visibility.MEMBERS)

    send(a_newsletter(an_event("Open talk"), hidden), NOW)

    written = letters_by_name()
    assert "Secret supper" in written["Mia"].body
    assert "For members" in written["Mia"].body
    assert "Secret supper" not in written[guest.name].body
    assert "Open talk" in written[guest.name].body


def test_the_copy_for_all_at_once_tells_of_it_only_where_all_are_members(app):
    hidden, shown = an_event("Secret supper", visibility=Visibility.MEMBERS), an_event("Open talk")

    assert "Secret" not in letter_to_all(a_newsletter(hidden, shown), NOW).body
    assert "Secret" in letter_to_all(a_newsletter(hidden, shown, audience=Audience.MEMBERS), NOW).body


def test_a_newsletter_that_would_be_empty_for_some_is_refused(app):
    hidden = an_event("Secret supper", visibility=Visibility.MEMBERS)
    a_person("Gus")

    with pytest.raises(Refused, match="events"):
        send(a_newsletter(hidden), NOW)


def test_what_was_cancelled_since_is_left_out_and_the_draft_says_so(app, client):
    off, on = an_event("Off"), an_event("On")
    notice = a_newsletter(off, on)
    off.cancel(NOW)
    client.sign_in(notice.author)

    assert "“Off” is cancelled, so it is left out." in client.get(f"/organize/notices/{notice.id}").text
    assert "Off" not in letter_to_all(notice, NOW).body


@pytest.mark.parametrize("title", ["{{ name }}", "[x](javascript:alert(1))", "a\nb", "<b>bold</b>", "# Heading"])
def test_no_title_can_format_link_or_name_a_field(app, title):
    told = as_text(letter_to_all(a_newsletter(an_event(title)), NOW))
    assert " ".join(title.split()) in " ".join(told.split())


def test_however_many_events_it_takes_the_same_statements(app):
    def asked(notice):
        statements = []
        db.session.commit()
        db.session.expire_all()
        listen = lambda *args: statements.append(args[2])  # noqa: E731
        sql_events.listen(db.engine, "before_cursor_execute", listen)
        listing(told_events(notice))
        sql_events.remove(db.engine, "before_cursor_execute", listen)
        return len(statements)

    venues = [a_venue(f"Hall {n}") for n in range(4)]
    few = a_newsletter(an_event("First", venue=venues[0]))
    many = a_newsletter(*(an_event(f"Talk {n}", venue=venue) for n, venue in enumerate(venues[1:])))
    assert asked(few) == asked(many)


def test_the_form_begins_with_what_is_near_and_keeps_what_is_ticked(app, client):
    olga = a_person("Olga", "organizer")
    client.sign_in(olga)
    near, far = an_event("Near", starts=_in(10, now())), an_event("Far", starts=_in(90, now()))

    page = client.get("/organize/notices/new?kind=newsletter").text
    assert "{{ events }}" in page
    assert f'checked id="events-0" name="events" type="checkbox" value="{near.id}"' in page
    given = {"kind": "newsletter", "event": "", "audience": "everyone", "subject": "News", "body": BODY}
    empty = client.post("/organize/notices/new", data=given)
    assert empty.status_code == 422
    assert "{{ events }} is empty" in empty.text
    odd = client.post("/organize/notices/new", data={**given, "events": [str(near.id), "999999"]})
    assert odd.status_code == 422
    subject = client.post("/organize/notices/new", data={**given, "events": [str(far.id)], "subject": "{{ events }}"})
    assert subject.status_code == 422
    assert "not in the subject" in subject.text

    kept = client.post("/organize/notices/new", data={**given, "events": [str(far.id)]})
    assert kept.status_code == 303
    page = client.get(kept.location).text
    assert f'name="events" type="checkbox" value="{near.id}"' in page
    assert "Far" in client.get(f"{kept.location}/text").text
    assert "Near" not in client.get(f"{kept.location}/text").text


def test_what_is_ticked_stays_offered_however_much_else_is_announced(app, monkeypatch):
    monkeypatch.setattr(newsletter, "MOST", 1)
    late, soon = an_event("Late", starts=NEXT_MONTH + timedelta(days=9)), an_event("Soon", starts=NEXT_MONTH)

    assert db.session.scalars(newsletter.choosable(NOW)).all() == [soon]
    assert db.session.scalars(newsletter.choosable(NOW, [late.id])).all() == [soon, late]


def _in(days, moment):
    return (moment + timedelta(days=days)).replace(tzinfo=None, microsecond=0)
