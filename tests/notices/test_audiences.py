"""Audiences: officers, the invited who are silent, those of last time; and looking through whom a draft is for."""

import re
from datetime import timedelta

import pytest

from society.db import db
from society.events.models import Category, Visibility
from society.mail.actions import bury, leave
from society.mail.models import LetterState, MailingList
from society.notices.models import IN_COMMITTEE, OWN_OFFICES, Audience, Delivery, Notice, NoticeKind
from society.notices.queries import last_time, people_in
from society.notices.sending import send
from society.notices.spoken import all_spoken, spoken
from society.offices.models import Office, Term
from society.register.models import SavedView
from society.rsvps.models import RsvpStatus
from tests.builders import NEXT_MONTH, NOW, TODAY, a_membership, a_person, a_tier, an_event
from tests.notices.test_sending import a_notice, an_rsvp

DAY = timedelta(days=1)


def names(notice):
    return [person.name for person in db.session.scalars(people_in(notice, NOW)).unique()]


def a_term(name, committee="", starts_on=TODAY - 9 * DAY, ends_on=None):
    office = Office(title="Chairperson", committee=committee)
    db.session.add(Term(office=office, person=a_person(name), starts_on=starts_on, ends_on=ends_on))
    db.session.flush()


def came(event, name):
    an_rsvp(event, a_person(name)).checked_in_at = event.starts_at
    db.session.flush()


def test_officers_are_those_of_today_all_or_of_the_society_or_of_a_committee(app):
    a_term("Ann")
    a_term("Ben", "Choir")
    a_term("Before", "Choir", ends_on=TODAY - 3 * DAY)
    a_term("To come", "Choir", starts_on=TODAY + 3 * DAY)
    a_term("Cem", "Library")

    assert names(a_notice(audience=Audience.OFFICERS)) == ["Ann", "Ben", "Cem"]
    assert names(a_notice(audience=Audience.OFFICERS, found=OWN_OFFICES)) == ["Ann"]
    choir = a_notice(audience=Audience.OFFICERS, found=IN_COMMITTEE + "Choir")
    assert names(choir) == ["Ben"]
    assert spoken(choir) == "those who hold an office in “Choir” now"


def test_a_committee_is_chosen_in_the_form_kept_and_refused_if_there_is_none_of_that_name(app, client):
    client.sign_in(a_person("Olga", "organizer"))
    given = {"kind": "announcement", "event": "", "audience": "officers", "subject": "News", "body": "Dear {{ name }},"}
    assert "Of the society itself" not in client.get("/organize/notices/new?kind=announcement").text
    a_term("Ben", "Choir")

    kept = client.post("/organize/notices/new", data={**given, "committee": "committee=Choir"})

    page = client.get(kept.location).text
    assert "those who hold an office in “Choir” now: 1 person." in page
    assert '<option selected value="committee=Choir">' in page
    assert client.post("/organize/notices/new", data={**given, "committee": "committee=Sailing"}).status_code == 422
    assert client.post(kept.location, data={**given, "audience": "members"}).status_code == 303
    assert "members in good standing" in client.get(kept.location).text


def test_who_was_invited_and_said_nothing_is_found_once_the_letter_has_left(app):
    event = an_event()
    people = {name: a_person(name) for name in ("Ann", "Ben", "Cem", "Dia", "Eva", "Flo")}
    invitation = a_notice(event, kind=NoticeKind.INVITATION)
    asked = a_notice(event, kind=NoticeKind.REMINDER, audience=Audience.INVITED)
    assert names(asked) == []

    send(invitation, NOW)
    assert names(asked) == [], "nothing has left yet"
    for letter in [one.letter for one in deliveries(invitation)]:
        letter.state = LetterState.REFUSED if letter.person_id == people["Eva"].id else LetterState.SENT
    an_rsvp(event, people["Ben"])
    an_rsvp(event, people["Cem"], RsvpStatus.CANCELLED)
    an_rsvp(event, people["Flo"], RsvpStatus.UNCONFIRMED)
    leave(people["Dia"], MailingList.INVITATIONS, NOW)
    db.session.flush()

    assert set(names(asked)) & set(people) == {"Ann", "Flo"}
    assert names(a_notice(an_event(), kind=NoticeKind.REMINDER, audience=Audience.INVITED)) == []


def deliveries(notice):
    return db.session.query(Delivery).filter_by(notice_id=notice.id).all()


def test_last_time_is_the_latest_of_its_category_that_took_place(app):
    talks = Category(name="Talks", slug="talks")
    when = {name: NEXT_MONTH - timedelta(days=days) for name, days in [("older", 90), ("last", 60), ("off", 50)]}
    older, last, off = (an_event(name, category=talks, starts=starts) for name, starts in when.items())
    off.cancelled_at = NOW
    came(older, "Older")
    came(last, "Ann")
    an_rsvp(last, a_person("Stayed away"))
    came(off, "Off")
    came(an_event("elsewhere", starts=when["off"]), "Elsewhere")
    came(an_event("yet to come", category=talks, starts=NEXT_MONTH - DAY), "Too early")

    notice = a_notice(an_event(category=talks), audience=Audience.LAST)

    assert names(notice) == ["Ann"]
    assert last_time(notice, NOW).startswith("Last time was “last” on ")
    alone = a_notice(an_event(), audience=Audience.LAST)
    assert names(alone) == []
    assert "took place before it" in last_time(alone, NOW)


@pytest.mark.parametrize("audience", [Audience.LAST, Audience.OFFICERS, Audience.INVITED, Audience.REGISTER])
def test_of_an_event_for_members_only_a_guest_on_such_a_list_learns_nothing(app, audience):
    talks = Category(name="Talks", slug="talks")
    last = an_event(category=talks, starts=NEXT_MONTH - timedelta(days=60))
    event = an_event(category=talks)
    office = Office(title="Chairperson")
    for name in ("Guest", "Member"):
        person = a_person(name)
        an_rsvp(last, person).checked_in_at = last.starts_at
        db.session.add(Term(office=office, person=person, starts_on=TODAY - DAY))
        if name == "Member":
            a_membership(person)
    invitation = a_notice(event, kind=NoticeKind.INVITATION)
    send(invitation, NOW)
    for delivery in deliveries(invitation):
        delivery.letter.state = LetterState.SENT
    notice = a_notice(event, kind=NoticeKind.REMINDER, audience=audience)
    assert {"Guest", "Member"} <= set(names(notice))

    event.visibility = Visibility.MEMBERS

    assert names(notice) == ["Member"]
    assert spoken(notice).endswith("as far as they are members in good standing")


def test_whom_a_draft_is_for_is_looked_through_by_how_it_comes_to_them(app, client):
    olga = a_person("Olga", "organizer")
    gone, dead, post, none = a_person("Gone"), a_person("Dead"), a_person("Post"), a_person("None")
    leave(gone, MailingList.ANNOUNCEMENTS, NOW)
    bury(dead.email, "no such user", NOW)
    post.email, post.address, none.email = None, "1 Example Street", None
    notice = a_notice(author=olga)
    client.sign_in(olga)
    here = f"/organize/notices/{notice.id}/recipients"

    assert here in client.get(f"/organize/notices/{notice.id}").text
    assert here in client.get(f"/organize/notices/{notice.id}/send").text
    page = client.get(here).text
    for words in ("All (6)", "By mail (2)", "By letter (1)", "Left this list (1)", "Mail comes back (1)", "None"):
        assert words in page, words
    left = client.get(f"{here}?which=left").text
    assert ">Gone</a></th>" in left
    assert ">Dead</a></th>" not in left
    assert client.get(f"{here}?which=nonsense&page=-1").status_code == 200
    assert "There is nobody here." in client.get(f"{here}?page=99").text


def test_the_lists_before_and_after_lead_to_each_readers_letter(app, client):
    olga, zoe = a_person("Olga", "organizer"), a_person("Zoe")
    for _ in range(100):
        a_person("Many")
    notice = a_notice(author=olga)
    client.sign_in(olga)
    page = f"/organize/notices/{notice.id}"
    zoes = f"{page}?person={zoe.id}"

    assert f'href="{zoes}"' in client.get(f"{page}/recipients?page=3").text
    assert f'<option value="{zoe.id}" selected>Zoe</option>' in client.get(zoes).text, (
        "though she is past the hundredth"
    )

    send(notice, NOW)
    db.session.commit()
    assert f'href="{zoes}"' in client.get(f"{page}/recipients?page=3").text
    assert "Dear Zoe" in client.get(zoes).text


def test_the_list_costs_the_same_for_one_and_for_many_and_is_paged(app, client, counted):
    olga = a_person("Olga", "organizer")
    notice = a_notice(author=olga)
    client.sign_in(olga)
    here = f"/organize/notices/{notice.id}/recipients"
    client.get(here)
    with counted() as few:
        client.get(here)
    for _ in range(51):
        a_person()
    with counted() as many:
        page = client.get(here).text

    assert len(few) == len(many)
    assert "page=2" in page
    assert client.get(f"{here}?page=2").text.count('<th scope="row">') == 3


def test_a_secretary_begins_a_notice_for_a_kept_view_of_the_register(app, client):
    olga = a_person("Olga", "organizer", "secretary")
    ann = a_person("Ann", language="de-CH")
    a_person("Ben", language="en")
    db.session.add(SavedView(person_id=olga.id, name="German readers", query="language=de"))
    db.session.add(SavedView(person_id=olga.id, name="All", query=""))
    client.sign_in(olga)

    begun = "/organize/notices/new?kind=announcement"
    page = client.get(begun).text
    assert re.findall(r'<option[^>]*value="(language[^"]*|)">([^<]*)', page.partition("View of the register")[2])[
        :2
    ] == [
        ("", "Choose a view"),
        ("language=de", "German readers"),
    ]
    given = {"kind": "announcement", "audience": "register", "subject": "News", "body": "Dear {{ name }},"}
    refused = client.post(begun, data=given)
    assert (refused.status_code, "choose one of your views" in refused.text) == (422, True)
    draft = client.post(begun, data={**given, "view": "language=de"}).location
    notice = db.session.query(Notice).one()
    assert names(notice) == [ann.name]
    assert '<option selected value="language=de">German readers' in client.get(draft).text

    client.sign_in(a_person("Otto", "organizer"))
    assert "German readers" not in client.get(begun).text
    assert "Those in the register who read German" in client.get(draft).text
    assert client.post(draft, data={**given, "view": "language=de"}).status_code == 303
    assert client.post(draft, data={**given, "view": "language=en"}).status_code == 403


def test_whom_the_register_finds_is_a_sentence_wherever_the_notice_is_told_of(app, client, counted):
    household, student = a_tier("Household"), a_tier("Student")
    by_filters = {
        f"tier={household.id}&city=Harrowmere": "members of the tier Household who live in Harrowmere",
        f"tier={household.id}&tier={student.id}&status=ended": "those in the register of the tiers Household or Student"
        " who have not renewed a period that is over",
        "standing=yes&tag=choir&on=2024-12-31": "members in good standing who are tagged “choir”,"
        " as the register stood on 31 December 2024",
        "standing=no&joined_from=2024-01-01&joined_to=2024-01-31&no_email=1": "those in the register who are not in"
        " good standing, joined on 1 January 2024 or later, joined on 31 January 2024 or earlier and have no email",
        "q=ann&role=admin&sort=joined": "those in the register who are found by “ann” and have the role of admin",
    }
    notices = [a_notice(audience=Audience.REGISTER, found=found) for found in by_filters]
    with counted() as queries:
        assert all_spoken(notices) == list(by_filters.values())
    assert len(queries) == 1

    notice, said = notices[0], "embers of the tier Household who live in Harrowmere"
    notice.planned_at = NOW + DAY
    client.sign_in(a_person("Olga", "organizer"))
    draft = f"/organize/notices/{notice.id}"
    for page in (draft, f"{draft}/send", f"{draft}/schedule", f"{draft}/recipients", "/organize/notices/planned"):
        assert said in client.get(page).text, page
    notice.sent_at = NOW
    for page in (draft, "/organize/notices"):
        assert said in client.get(page).text, page


def test_any_audience_is_narrowed_to_a_city_and_to_who_reads_a_language(app, client, monkeypatch):
    people = [("Ann", "Exampleton", "de-AT"), ("Ben", "EXAMPLETON", ""), ("Cem", "Exampleton", "fr"), ("Dan", "", "de")]
    for name, city, language in people:
        a_membership(a_person(name, city=city, language=language))
    here = a_notice(audience=Audience.MEMBERS, city="exampleton")
    assert names(here) == ["Ann", "Ben", "Cem"]
    assert spoken(here) == "members in good standing, as far as they live in exampleton"
    assert names(a_notice(audience=Audience.EVERYONE, reads="de")) == ["Ann", "Dan"]
    assert names(a_notice(audience=Audience.MEMBERS, city="Exampleton", reads="de-at")) == ["Ann"]
    assert names(a_notice(audience=Audience.MEMBERS, reads="en")) == ["Ben"], "who has chosen none reads the society's"
    assert names(a_notice(audience=Audience.GOING, event=an_event(), city="Exampleton")) == []

    client.sign_in(a_person("Olga", "organizer"))
    page = client.get("/organize/notices/new?kind=announcement").text
    cities = page.partition('<datalist id="cities">')[2].partition("</datalist>")[0]
    assert re.findall("<option>([^<]+)", cities) == ["EXAMPLETON", "Exampleton"]
    given = {"kind": "announcement", "audience": "members", "subject": "News", "body": "Dear {{ name }},"}
    draft = client.post("/organize/notices/new", data={**given, "city": "éxampleton", "reads": "de"}).location
    for path in (draft, f"{draft}/recipients", f"{draft}/send"):
        assert "members in good standing, as far as they live in Exampleton and read German" in client.get(path).text
    assert "Ann" in client.get(f"{draft}/recipients").text
    refused = client.post("/organize/notices/new", data={**given, "city": "Nowhere", "reads": "de"})
    assert (refused.status_code, "We know nobody who lives in “Nowhere”." in refused.text) == (422, True)


def test_members_are_narrowed_to_a_tier_by_whoever_may_write_the_notice(app, client):
    household, student = a_tier("Household"), a_tier("Student")
    ended = {"ends_on": TODAY - 9 * DAY, "good_until": TODAY - 3 * DAY}
    for name, tier, city, values in (
        ("Ann", household, "Harrowmere", {}),
        ("Ben", household, "", {}),
        ("Cem", student, "Harrowmere", {}),
        ("Gone", household, "Harrowmere", ended),
    ):
        a_membership(a_person(name, city=city), tier, **values)
    guests = a_notice(audience=Audience.EVERYONE, tier_id=household.id)
    assert names(guests) == ["Ann", "Ben"]
    assert spoken(guests).endswith("as far as they are members in good standing of the tier Household")

    client.sign_in(a_person("Olga", "organizer"))
    given = {"kind": "announcement", "audience": "members", "subject": "News", "body": "Dear {{ name }},"}
    draft = client.post("/organize/notices/new", data={**given, "tier": household.id}).location
    notice = db.session.get_one(Notice, int(draft.rsplit("/", 1)[1]))
    assert names(notice) == ["Ann", "Ben"]
    assert f'<option selected value="{household.id}">Household' in client.get(draft).text
    assert "members in good standing of the tier Household: 2 " in client.get(f"{draft}/send").text
    client.post(draft, data={**given, "tier": household.id, "city": "Harrowmere"})
    db.session.refresh(notice)
    assert names(notice) == ["Ann"]
    said = "members in good standing of the tier Household, as far as they live in Harrowmere: 1 "
    assert said in client.get(f"{draft}/send").text
    assert client.post(draft, data={**given, "tier": "999"}).status_code == 422
    client.post(draft, data={**given, "tier": "", "city": ""})
    db.session.refresh(notice)
    assert names(notice) == ["Ann", "Ben", "Cem"]
