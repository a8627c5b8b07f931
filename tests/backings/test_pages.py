"""The organizers' page of an event's backings, and the page behind the mailed link."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from society.audit.models import AuditEntry
from society.backings import actions, telling
from society.backings.models import BackingStep, Word
from society.backings.render import link
from society.calendars.models import Entry
from society.db import db
from society.events.models import Backing, BackingState
from society.mail.actions import bury
from society.mail.models import Letter
from society.notices.actions import alter
from society.notices.models import Notice
from society.organizations.models import Organization
from society.people.models import EventOrganizer, Person
from society.rsvps.actions import reply
from society.rsvps.feed import refresh
from society.rsvps.models import Answer
from society.series.queries import hold_with_others
from society.settings import Society, renew
from tests.backings.test_actions import letters_at, words
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, a_venue, an_event, an_organization

ASKED = {
    "role": "sponsor",
    "contact_name": "Cora",
    "contact_email": "cora@example.org",
    "new_organization": "the C League",
}


@pytest.fixture
def event(app):
    return an_event("Rivers")


@pytest.fixture
def organizer(client, event):
    return client.sign_in(a_person("Ora", "organizer"))


def edited(organizer, event) -> dict[str, str]:
    """The fields of the event's form as they stand, without any backers."""
    page = organizer.get(f"/organize/events/{event.id}").text
    found = re.findall(r'<input[^>]*name="(revision|starts_at|ends_at|max_party_size)"[^>]*value="([^"]*)"', page)
    stands = {"title": event.title, "timezone": event.zone, "visibility": "public", "rsvp_policy": "open"}
    return {**dict(found), **stands}


def asked(client, event, **values) -> Backing:
    answer = client.post(f"/organize/events/{event.id}/backings", data={**ASKED, **values})
    assert answer.status_code == 303, answer.text
    return db.session.scalars(select(Backing).order_by(Backing.id.desc()).limit(1)).one()


def test_the_page_behind_the_link_is_shown_while_others_write_for_long(organizer, client, event):
    backing = asked(organizer, event)
    backing.shown = ""
    db.session.commit()
    address = link(backing)

    with db.engine.execution_options(writes=True).begin() as elsewhere:
        elsewhere.execute(update(Backing).values(level="Gold"))
        assert client.get(address).status_code == 200
    assert client.get(address).status_code == 200

    db.session.expire_all()
    assert backing.shown != ""


def test_an_organization_is_asked_and_answers_by_its_link_without_an_account(organizer, client, event):
    backing = asked(organizer, event)
    organizer.post("/logout")

    page = client.get(link(backing))
    assert page.headers["Cache-Control"] == "no-store"
    assert "Sponsored by the C League." in page.text
    assert (
        page.text.index('href="#your-word"') < page.text.index('<dl class="facts">') < page.text.index('id="your-word"')
    )
    assert "C League" not in client.get(f"/events/{event.slug}").text

    assert client.post(link(backing), data={"decision": "confirm", "name": "Cora", "title": "Chair"}).status_code == 303
    assert (
        'Sponsored by the <a href="/organizations/c-league">C League</a>.' in client.get(f"/events/{event.slug}").text
    )
    page = client.get(link(backing))
    assert ("Withdraw our name" in page.text, "Say yes or no" in page.text) == (True, False)

    client.post(link(backing), data={"decision": "withdraw", "name": "Cora"})
    assert "C League" not in client.get(f"/events/{event.slug}").text


def test_who_asks_a_body_by_a_name_written_otherwise_is_told_which_was_asked(organizer, event):
    an_organization("Dunne & Sons")
    answer = organizer.post(
        f"/organize/events/{event.id}/backings", data={**ASKED, "new_organization": "Dunne and Sons"}
    )
    page = organizer.get(answer.location).text
    assert "“Dunne and Sons” is taken as Dunne &amp; Sons, which is known already." in page


def test_an_address_that_mail_comes_back_from_is_shown_and_asked_no_more(organizer, event):
    backing, at = asked(organizer, event), f"/organize/events/{event.id}/backings"
    assert "Mail comes back" not in organizer.get(at).text
    bury("cora@example.org", "550", NOW)
    backing.asked_at = None
    db.session.commit()

    page = organizer.get(at).text
    assert ("Mail comes back" in page, 'value="remind"' in page) == (True, False)
    assert "comes back. Please ask" in organizer.post(f"{at}/{backing.id}", data={"act": "remind"}).text
    answer = organizer.post(at, data={**ASKED, "new_organization": "the D League"})
    assert (answer.status_code, "please find another" in answer.text) == (422, True)


def test_who_is_asked_reads_the_level_at_which_they_would_be_named(organizer, client, event):
    backing = asked(organizer, event, level="Gold")
    body = db.session.scalars(select(Letter.body).where(Letter.to_address == "cora@example.org")).one()
    assert "would name it as a sponsor of the level “Gold”" in body
    assert "would name the C League as a sponsor of the level “Gold”" in client.get(link(backing)).text


def test_the_page_behind_the_link_tells_who_gave_the_word_and_asks_no_more(organizer, client, event):
    backing = asked(organizer, event)
    assert "asks whether the C League would sponsor" in client.get(link(backing)).text
    client.post(link(backing), data={"decision": "confirm", "name": "Cora", "title": "Chair"})
    page = client.get(link(backing)).text
    assert "asked whether the C League would sponsor" in page
    assert "<p>Cora, Chair said yes on " in page


def test_a_contact_whose_word_an_organizer_had_otherwise_is_told_so_and_can_give_it(organizer, client, event):
    backing = asked(organizer, event)
    backing.vouch(a_person(), NOW)
    db.session.commit()
    page = client.get(link(backing)).text
    assert "The organizers say that they have your word by another way" in page
    assert "Thank you." not in page
    assert "Yes, we sponsor it" in page

    answer = client.post(link(backing), data={"decision": "confirm", "name": "Cora", "title": "Chair"})
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    assert (backing.vouched, backing.given) == (False, True)


def test_the_contact_address_of_an_organization_need_not_be_typed(organizer, client, event):
    body, unknown = an_organization("C League", contact="cora@example.org"), an_organization("D Society")
    db.session.commit()
    at, typed = f"/organize/events/{event.id}/backings", {**ASKED, "new_organization": "", "contact_email": ""}
    assert "Please give an email address." in organizer.post(at, data={**typed, "organization": str(unknown.id)}).text
    assert asked(organizer, event, **{**typed, "organization": str(body.id)}).contact_email == "cora@example.org"

    helper = a_person("Hal")
    db.session.add(EventOrganizer(event_id=event.id, person=helper, given_at=NOW))
    db.session.commit()
    client.sign_in(helper)
    answer = client.post(at, data={**typed, "organization": str(body.id), "role": "host"})
    assert (answer.status_code, "Please give an email address." in answer.text) == (422, True)


def test_looking_changes_nothing(organizer, client, event):
    backing = asked(organizer, event)
    client.get(link(backing))
    db.session.refresh(backing)
    assert backing.state is BackingState.PROPOSED


@pytest.mark.parametrize("data", [{"decision": "confirm"}, {"name": "Cora"}, {"decision": "sell", "name": "Cora"}])
def test_a_word_without_a_name_or_a_button_comes_back(organizer, client, event, data):
    backing = asked(organizer, event)
    answer = client.post(link(backing), data={"title": "Kept", **data})
    assert answer.status_code == 422
    assert 'value="Kept"' in answer.text


@pytest.mark.parametrize(
    "change",
    [lambda event: setattr(event, "title", "Lakes"), lambda event: a_backing(event, "A Club", "sponsor")],
    ids=["another title", "another sponsor in the sentence"],
)
def test_a_yes_does_not_hold_for_what_was_changed_meanwhile(organizer, client, event, change):
    backing = asked(organizer, event)
    (seen,) = re.findall(r'name="seen" value="(\w+)"', client.get(link(backing)).text)
    yes = {"decision": "confirm", "name": "Cora", "title": "Chair", "seen": seen}
    change(event)
    db.session.commit()

    answer = client.post(link(backing), data=yes)
    assert answer.status_code == 422
    assert "changed while you read" in answer.text
    assert 'value="Chair"' in answer.text
    (seen,) = re.findall(r'name="seen" value="(\w+)"', answer.text)
    assert client.post(link(backing), data={**yes, "seen": seen}).status_code == 303


@pytest.mark.parametrize(
    ("change", "status"),
    [(lambda event: setattr(event, "title", "Lakes"), 409), (lambda event: event.backings[0].take_back(), 404)],
)
def test_a_yes_that_waits_for_a_change_does_not_hold_for_it(organizer, client, event, monkeypatch, change, status):
    backing, held = asked(organizer, event), hold_with_others
    (seen,) = re.findall(r'name="seen" value="(\w+)"', client.get(link(backing)).text)

    def hold(found, scope):
        change(found)  # whoever held it until then
        held(found, scope)

    monkeypatch.setattr("society.backings.routes.hold_with_others", hold)
    answer = client.post(link(backing), data={"decision": "confirm", "name": "Cora", "title": "Chair", "seen": seen})
    assert (answer.status_code, "changed while you read" in answer.text) == (status, status == 409)
    db.session.refresh(backing)
    assert (backing.state, backing.agreed) == (BackingState.PROPOSED, None)


YES = {"decision": "confirm", "name": "Cora", "title": "Chair"}


@pytest.mark.parametrize(
    ("missing", "said"), [("name", "Please say who you are"), ("title", "Please say in which office")]
)
@pytest.mark.parametrize("left", [None, " "], ids=["out", "empty"])
def test_a_yes_needs_a_name_and_an_office_and_keeps_what_was_typed(organizer, client, event, missing, said, left):
    backing = asked(organizer, event)
    typed = {**YES, "name": "Dora", "title": "Dean", missing: left}
    answer = client.post(link(backing), data={name: value for name, value in typed.items() if value})
    (kept,) = {"Dora", "Dean"} & set(typed.values())
    assert (answer.status_code, f'value="{kept}"' in answer.text) == (422, True)
    assert re.search(rf'id="{missing}-error"><p>{said}', answer.text)
    db.session.refresh(backing)
    assert backing.state is BackingState.PROPOSED


def test_a_no_needs_neither_and_is_on_record_as_of_whom_the_letter_was_for(organizer, client, event):
    backing = asked(organizer, event)
    assert client.post(link(backing), data={"decision": "decline", "name": "", "title": ""}).status_code == 303
    assert client.post(link(backing), data=YES).status_code == 303
    assert client.post(link(backing), data={"decision": "withdraw"}).status_code == 303
    said = select(BackingStep.word, BackingStep.name, BackingStep.title).order_by(BackingStep.id)
    assert db.session.execute(said.where(BackingStep.name != "")).all() == [
        (Word.DECLINED, "Cora", ""),
        (Word.CONFIRMED, "Cora", "Chair"),
        (Word.WITHDRAWN, "Cora", ""),
    ]


def agreed_to(backing) -> str | None:
    db.session.expire_all()
    return backing.agreed and backing.agreed["title"]


def test_a_yes_that_does_not_say_what_was_read_holds_for_what_was_last_shown(organizer, client, event):
    backing = asked(organizer, event)
    event.title = "Lakes"
    db.session.commit()
    client.head(link(backing))
    answer = client.post(link(backing), data=YES)
    assert (answer.status_code, "changed while you read" in answer.text, agreed_to(backing)) == (422, True, None)
    assert "<h1>Lakes</h1>" in answer.text
    assert client.post(link(backing), data=YES).status_code == 303, "the page was shown with that answer"
    assert agreed_to(backing) == "Lakes"

    event.title = "Seas"
    db.session.commit()
    client.get(link(backing))
    event.title = "Oceans"
    db.session.commit()
    assert client.post(link(backing), data=YES).status_code == 422
    event.title = "Seas"
    db.session.commit()
    assert (client.get(link(backing)).status_code, client.post(link(backing), data=YES).status_code) == (200, 303)
    assert agreed_to(backing) == "Seas"
    steps = select(BackingStep).where(BackingStep.word == Word.CONFIRMED).order_by(BackingStep.id)
    assert [step.version["title"] for step in db.session.scalars(steps)] == ["Lakes", "Seas"]


def test_a_letter_that_tells_of_a_change_has_shown_it(organizer, client, event):
    backing = asked(organizer, event)
    client.post(link(backing), data=YES)
    db.session.expire_all()
    event.title = "Lakes"
    telling.ask_again(event, NOW)
    db.session.commit()
    assert client.post(link(backing), data=YES).status_code == 303
    assert agreed_to(backing) == "Lakes"


def test_an_answer_from_another_tab_comes_back_to_the_page_as_it_is_by_now(organizer, client, event):
    backing = asked(organizer, event)
    words = {"name": "Cora", "title": "Chair"}
    client.post(link(backing), data={"decision": "confirm", **words})

    late = client.post(link(backing), data={"decision": "decline", **words})
    assert late.status_code == 409
    assert "You have said yes meanwhile" in late.text
    assert "Withdraw our name" in late.text

    for _ in range(2):  # a button that is pressed twice
        assert client.post(link(backing), data={"decision": "withdraw", **words}).status_code == 303
    db.session.expire_all()
    assert backing.state is BackingState.WITHDRAWN


def test_foreign_and_revoked_links_lead_nowhere(organizer, client, event):
    backing = asked(organizer, event)
    good = link(backing)
    wrong = client.get(good[:-2] + "xx")
    assert wrong.status_code == 404
    assert "This link opens nothing" in wrong.text
    organizer.post(f"/organize/events/{event.id}/backings/{backing.id}", data={"act": "take back"})
    assert client.get(good).status_code == 404
    vouched = a_backing(event, "V Society", "host")
    assert client.get(link(vouched)).status_code == 404


@pytest.mark.parametrize(("decision", "said"), [("decline", "said no. Ask them anew"), ("", "has not answered yet")])
def test_the_events_form_names_nobody_who_was_asked_and_did_not_say_yes(organizer, client, event, decision, said):
    backing = asked(organizer, event, role="endorser")
    if decision:
        client.post(link(backing), data={"decision": decision, "name": "Cora"})
    typed = {**edited(organizer, event), "summary": "Kept words"}
    for entry in ({"new_endorsers": "The C league"}, {"endorsers": str(backing.organization_id)}):
        answer = organizer.post(f"/organize/events/{event.id}", data={**typed, **entry})
        assert answer.status_code == 422
        assert f"C League {said}" in unescape(answer.text) or f"C League was asked, and {said}" in answer.text
        assert "Kept words" in answer.text
    assert "C League" not in client.get(f"/events/{event.slug}").text
    page = organizer.post(f"/organize/events/{event.id}", data={**typed, "new_sponsors": "C League"})
    assert organizer.agree(page, tell="no").status_code == 303
    assert "C League" in client.get(f"/events/{event.slug}").text


def test_who_the_events_form_takes_out_has_a_link_no_more_and_the_page_before_says_so(organizer, client, event):
    backing = asked(organizer, event, role="endorser")
    good = link(backing)
    client.post(good, data={"decision": "confirm", "name": "Cora", "title": "Chair"})
    without = edited(organizer, event)
    page = organizer.post(f"/organize/events/{event.id}", data=without)
    assert "C League: named no more. Its contact is not written to" in page.text
    assert organizer.agree(page, tell="no").status_code == 303
    assert client.get(good).status_code == 404
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["backing asked", "backing confirmed", "event changed"]
    assert "Named no more, or asked no more" in organizer.get(f"/organize/events/{event.id}/backings").text


def test_a_form_that_does_not_hold_asks_nobody(organizer, event):
    for wrong in ({"contact_email": "nobody"}, {"new_organization": ""}, {"role": "owner"}):
        answer = organizer.post(f"/organize/events/{event.id}/backings", data={**ASKED, **wrong})
        assert answer.status_code == 422
        assert 'value="Cora"' in answer.text
    both = organizer.post(f"/organize/events/{event.id}/backings", data={**ASKED, "organization": an_organization().id})
    assert both.status_code == 422
    assert db.session.scalars(select(Backing)).all() == []
    assert letters_at("cora@example.org") == []


def test_an_act_on_another_events_backing_is_not_found(organizer, event):
    other = a_backing(an_event(), "O Society", "host")
    assert organizer.post(f"/organize/events/{event.id}/backings/{other.id}", data={"act": "vouch"}).status_code == 404


def test_the_change_preview_names_who_is_asked_again(organizer, client, event):
    backing = asked(organizer, event)
    client.post(link(backing), data={"decision": "confirm", "name": "Cora", "title": "Chair"})
    fields = {**edited(organizer, event), "title": "Lakes"}
    body = db.session.scalars(select(Organization.id)).one()
    fields["sponsors"] = str(body)

    name, address = db.session.scalars(select(Organization.name)).one(), f"/organize/events/{event.id}"
    preview = organizer.post(address, data={**fields, "title": event.title.upper()})
    assert f"{name}: not written to." in preview.text
    preview = organizer.post(address, data=fields)
    assert "Those who back it are asked again" in preview.text
    for act in ("cancel", "postpone"):
        assert f"{name}: they back it by their own word, and are told" in organizer.get(f"{address}/{act}").text
    assert organizer.agree(preview, tell="no").status_code == 303
    assert letters_at("cora@example.org")[-1] == "An event that you back has changed: Lakes"
    assert "earlier version" in organizer.get(f"/organize/events/{event.id}/backings").text


def test_who_heard_that_it_was_put_off_hears_that_it_keeps_its_date(organizer, client, event):
    backing = asked(organizer, event)
    client.post(link(backing), data=YES)
    path, wall = f"/organize/events/{event.id}", "%Y-%m-%dT%H:%M"
    organizer.agree(organizer.get(f"{path}/postpone"), tell="no")
    kept = {"starts_at": f"{event.starts:{wall}}", "ends_at": f"{event.ends:{wall}}", "tell": "no"}

    page = organizer.post(f"{path}/postpone", data=kept)
    assert (
        "C League: they back it by their own word, and are told whatever you choose that it is on again." in page.text
    )
    organizer.agree(page, tell="no")

    assert letters_at("cora@example.org")[-2:] == ["Postponed: Rivers", "On again: Rivers"]
    organizer.post(f"{path}/backings/{backing.id}", data={"act": "level", "level": "Gold"})
    assert letters_at("cora@example.org")[-1] == "On again: Rivers"


CUT_OFF = "C League: not written to, since mail to its contact comes back."


def test_who_cannot_be_written_to_is_named_so_on_the_pages_before_a_change(organizer, client, event):
    backing = asked(organizer, event)
    client.post(link(backing), data=YES)
    bury("cora@example.org", "550 no such user", NOW)
    db.session.commit()
    path, typed = (
        f"/organize/events/{event.id}",
        edited(organizer, event) | {"sponsors": [str(backing.organization_id)]},
    )

    preview = organizer.post(path, data={**typed, "title": "Oceans"})
    assert CUT_OFF in unescape(preview.text)
    assert "asked again" not in preview.text
    for turn in ("cancel", "postpone"):
        page = organizer.get(f"{path}/{turn}").text
        assert CUT_OFF in page, turn
        assert "are told whatever you choose" not in page, turn

    before = letters_at("cora@example.org")
    organizer.agree(preview, tell="no")
    assert letters_at("cora@example.org") == before
    page = organizer.get(f"{path}/backings").text
    assert "comes back, so they were not asked to renew it" in page
    assert "Please give another contact." in page


def test_of_a_draft_that_is_deleted_who_cannot_be_written_to_is_named_so(organizer, client):
    draft = an_event("Lakes", published_at=None)
    asked(organizer, draft)
    bury("cora@example.org", "550 no such user", NOW)
    db.session.commit()
    page = organizer.get(f"/organize/events/{draft.id}/delete").text
    assert CUT_OFF in page
    assert "They are told" not in page


def test_the_page_before_a_venue_changes_names_who_is_asked_again(organizer, client, event):
    event.venue = a_venue("Hall", address="1 Old Road")
    backing = asked(organizer, event)
    client.post(link(backing), data={"decision": "confirm", "name": "Cora", "title": "Chair"})
    at, fields = f"/organize/venues/{event.venue_id}", {"name": "Hall", "timezone": event.zone}
    page = organizer.post(at, data={**fields, "address": "1, Old Road."})
    assert "asked again" not in page.text
    assert organizer.agree(page).status_code == 303

    page = organizer.post(at, data={**fields, "address": "2 New Road"})
    assert page.status_code == 200
    assert "C League: Rivers" in page.text
    assert "No guest is written to" in page.text
    assert letters_at("cora@example.org")[1:] == []
    assert organizer.agree(page).status_code == 303
    assert letters_at("cora@example.org")[1:] == ["An event that you back has changed: Rivers"]


def test_who_backs_in_two_roles_is_named_once_on_the_pages_before_a_change(organizer, client, event):
    event.venue = a_venue("Hall", address="1 Old Road")
    for role in ("sponsor", "endorser"):
        client.post(
            link(asked(organizer, event, role=role)), data={"decision": "confirm", "name": "Cora", "title": "Chair"}
        )
    typed = {"name": "Hall", "timezone": event.zone, "address": "2 New Road"}
    assert "C League: Rivers</li>" in organizer.post(f"/organize/venues/{event.venue_id}", data=typed).text
    page = organizer.get(f"/organize/events/{event.id}/cancel").text
    assert "C League: they back it by their own word" in page
    assert "C League, C League" not in page


@pytest.mark.parametrize("backings", [1, 4])
def test_the_page_costs_the_same_however_many_back_it(organizer, event, backings, counted):
    for number in range(backings):
        a_backing(event, f"Body {number}", "endorser")
    with counted() as count:
        organizer.get(f"/organize/events/{event.id}/backings")
    assert len(count) <= 11


def test_an_organizations_page_says_what_it_backed_as_what(client, event):
    backing = a_backing(event, "B Union", "sponsor")
    backing.level = "Gold"
    db.session.commit()
    page = client.get(f"/organizations/{backing.organization.slug}").text
    assert "Sponsor, Gold" in page


def press(organizer, event, backing, act, **typed):
    answer = organizer.post(f"/organize/events/{event.id}/backings/{backing.id}", data={"act": act, **typed})
    db.session.expire_all()
    return answer


def test_who_is_named_is_shown_with_what_it_does_before_it_is_saved(organizer, event):
    first, second = a_backing(event, "A Club", "sponsor"), a_backing(event, "B Club", "sponsor")
    refresh(event, NOW)
    reply(event, a_person("Ann", email="ann@example.org"), Answer.YES, at=NOW)
    db.session.flush()
    before = db.session.get(Entry, event.id).vevent

    for act, old, new in (
        ("down", "the A Club and the B Club", "the B Club and the A Club"),
        ("take back", "the A Club and the B Club", "the B Club"),
    ):
        page = press(organizer, event, first, act)
        assert page.status_code == 200
        for said in (
            f"<del>{old}</del>",
            f"<ins>{new}</ins>",
            "<b>1</b> going",
            "calendar",
            "Write to them",
            "A line of",
        ):
            assert said in page.text
        assert db.session.get(Entry, event.id).vevent == before
        assert (first.state, first.position < second.position) == (BackingState.CONFIRMED, True)

    assert organizer.agree(page, tell="yes", message="Sorry & thanks").status_code == 303
    db.session.expire_all()
    assert first.state is BackingState.WITHDRAWN
    assert db.session.get(Entry, event.id).vevent != before
    notice = db.session.scalars(select(Notice)).one()
    assert "Sorry" in notice.body
    assert "B Club" in notice.body


def test_who_is_first_or_last_of_a_role_has_no_button_to_be_named_earlier_or_later(organizer, event):
    first, middle, last = (a_backing(event, name, "sponsor") for name in ("A Club", "B Club", "C Club"))
    alone = a_backing(event, "D Club", "host")
    page = organizer.get(f"/organize/events/{event.id}/backings").text
    for backing, offered in ((first, ["Later"]), (middle, ["Earlier", "Later"]), (last, ["Earlier"]), (alone, [])):
        card = page.partition(f'id="backing-{backing.id}"')[2].partition("</section>")[0]
        assert re.findall(r">(Earlier|Later)</button>", card) == offered


def test_nobody_is_told_of_who_backs_it_unless_that_is_chosen(organizer, event):
    backing = asked(organizer, event)
    page = press(organizer, event, backing, "vouch")
    assert "Nobody has answered yet" in page.text
    reply(event, a_person("Ann", email="ann@example.org"), Answer.YES, at=NOW)
    db.session.commit()
    page = organizer.agree(page)  # to writing to nobody, before she had answered
    assert "Nothing is done yet" in page.text
    assert "<ins>the C League</ins>" in page.text
    assert re.search(r'name="tell"[^>]*value="no"[^>]*checked|checked[^>]*name="tell"[^>]*value="no"', page.text)
    assert press(organizer, event, backing, "vouch").status_code == 200
    long = organizer.agree(page, message="x" * 3_000)
    assert (long.status_code, "x" * 3_000 in long.text) == (422, True)
    organizer.agree(page, tell="no")
    db.session.expire_all()
    assert backing.state is BackingState.CONFIRMED
    assert not db.session.scalars(select(Notice)).all()


def test_what_changes_the_page_alone_is_saved_at_once_and_said(organizer, event):
    shown, unshown = a_backing(event, "A Club", "sponsor"), asked(organizer, event)
    refresh(event, NOW)
    db.session.commit()
    at = f"/organize/events/{event.id}/backings"

    assert press(organizer, event, shown, "level", level="Gold").status_code == 303
    assert "page alone shows the level" in organizer.get(at).text
    assert press(organizer, event, shown, "down").status_code == 303
    assert "stays as it was" in organizer.get(at).text
    assert press(organizer, event, unshown, "take back").status_code == 303
    db.session.expire_all()
    assert (shown.level, unshown.state) == ("Gold", BackingState.WITHDRAWN)


def test_a_drafts_backings_are_saved_at_once_and_logged_once(organizer):
    draft = an_event("Draft", published_at=None)
    backing = a_backing(draft, "A Club", "sponsor")
    assert press(organizer, draft, backing, "take back").status_code == 303
    assert press(organizer, draft, backing, "vouch").status_code == 303
    assert backing.state is BackingState.CONFIRMED
    assert db.session.scalars(select(AuditEntry.act)).all() == ["event changed"] * 2


def test_another_name_is_asked_about_for_what_is_to_come_and_seen_before(organizer, event):
    backing = asked(organizer, event)
    actions.confirm(event, backing, "Cora", "Chair", NOW)
    past = an_event("Over", starts=NEXT_MONTH - timedelta(days=80))
    over = a_backing(past, "A Club", "sponsor")
    over.organization, over.agreed, over.contact_email = backing.organization, backing.agreed, backing.contact_email
    db.session.commit()
    body, before = backing.organization, len(letters_at("cora@example.org"))
    here, typed = f"/organize/organizations/{body.id}", {"name": "C-League", "has_article": "y"}

    assert "asked again" not in organizer.post(here, data=typed).text  # the same words
    page = organizer.post(here, data={**typed, "name": "C Union"})
    assert f"<li>C Union: {event.title}</li>" in page.text
    assert "2 events" not in page.text
    organizer.agree(page)

    assert letters_at("cora@example.org")[before:] == [f"An event that you back has changed: {event.title}"]
    letter = db.session.scalars(select(Letter.body).order_by(Letter.id.desc())).first()
    assert "Named as, as you agreed to it: the C League" in letter
    assert "Named as now: the C Union" in letter
    db.session.expire_all()
    assert words(backing)[-1] is Word.ASKED_AGAIN
    assert [one.state for one in (backing, over)] == [BackingState.CONFIRMED] * 2
    page = organizer.get(link(backing)).text
    assert "<ins>the C Union</ins>" in page


def test_the_record_shows_the_words_that_were_agreed_to(organizer, client, event):
    event.description = "First words."
    db.session.commit()
    backing = asked(organizer, event)
    page = client.get(link(backing)).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    said = {"decision": "confirm", "name": "Cora", "title": "Chair", "seen": seen[1]}
    assert client.post(link(backing), data=said).status_code == 303
    db.session.get_one(type(event), event.id).description = "Other words."
    db.session.commit()

    record = organizer.get(f"/organize/events/{event.id}/backings").text.partition("The record")[2]

    assert "First words." in record
    assert "Other words." not in record


def test_another_contact_answers_for_a_word_that_stays(organizer, client, event):
    backing = asked(organizer, event)
    client.post(link(backing), data={"decision": "confirm", "name": "Cora", "title": "Chair"})
    db.session.expire_all()
    old, at = link(backing), f"/organize/events/{event.id}/backings"
    agreed, at_form = backing.agreed, f"{at}/{backing.id}/contact"
    organizer.sign_in(db.session.scalars(select(Person).where(Person.name == "Ora")).one())
    assert f'href="{at_form}"' in organizer.get(at).text
    assert "cora@example.org" in organizer.get(at_form).text

    assert organizer.post(at_form, data={"contact_name": "Ned", "contact_email": "NED@example.org"}).status_code == 303
    db.session.expire_all()
    assert (backing.contact_name, backing.contact_email, backing.agreed) == ("Ned", "ned@example.org", agreed)
    assert (backing.state, words(backing)) == ("confirmed", [Word.ASKED, Word.CONFIRMED, Word.HANDED_OVER])
    page = organizer.get(at).text
    assert ("by Cora, Chair" in page, "<b>Another contact given</b> by Ora" in page) == (True, True)
    assert letters_at("ned@example.org") == ["You are the contact for an event that your organization backs: Rivers"]
    assert letters_at("cora@example.org") == [], "it had not left, and its link opens no more"
    body = db.session.scalars(select(Letter.body).order_by(Letter.id.desc()).limit(1)).one()
    assert ("There is nothing that you must do" in body, link(backing) in body.replace("\\", "")) == (True, True)

    assert client.get(old).status_code == 404
    assert 'value="Ned"' in client.get(link(backing)).text
    client.post(link(backing), data={"decision": "withdraw", "name": "Ned"})
    db.session.expire_all()
    assert backing.state == "withdrawn"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"contact_email": ""}, "Please give an email address."),
        ({"contact_email": "nobody"}, "That is not a mail address we can write to."),
        ({"contact_email": "gone@example.org"}, "Mail to gone@example.org comes back, so please find another."),
        (
            {"contact_email": "cora@example.org", "contact_name": "Cora"},
            "This is the contact already, by the same name.",
        ),
    ],
)
def test_a_contact_who_cannot_be_written_to_or_is_there_already_is_not_taken(organizer, client, event, typed, said):
    backing, kept = asked(organizer, event), {"contact_name": "Ned Newcomer", **typed}
    actions.confirm(event, backing, "Cora", "Chair", NOW)
    bury("gone@example.org", "550", NOW)
    db.session.commit()
    answer = organizer.post(f"/organize/events/{event.id}/backings/{backing.id}/contact", data=kept)
    assert (answer.status_code, said in answer.text, f'value="{kept["contact_name"]}"' in answer.text) == (
        422,
        True,
        True,
    )
    db.session.expire_all()
    assert backing.contact_email == "cora@example.org"


def test_no_contact_is_given_where_no_contact_gave_a_word_or_to_an_event_that_is_off(organizer, event):
    vouched, backing = a_backing(event, "B Union", "host"), asked(organizer, event)
    db.session.commit()
    at, ned = f"/organize/events/{event.id}/backings", {"contact_name": "Ned", "contact_email": "ned@example.org"}
    for one in (vouched, backing):
        answer = organizer.post(f"{at}/{one.id}/contact", data=ned)
        assert (answer.status_code, "is not named here by the word of a contact" in answer.text) == (409, True)
        assert organizer.get(f"{at}/{one.id}/contact").location == at
    assert "/contact" not in organizer.get(at).text

    actions.confirm(event, backing, "Cora", "Chair", NOW)
    event.cancelled_at = NOW
    db.session.commit()
    assert "/contact" not in organizer.get(at).text
    assert organizer.get(f"{at}/{backing.id}/contact").location == at
    answer = organizer.post(f"{at}/{backing.id}/contact", data=ned)
    assert (answer.status_code, "This event is cancelled." in answer.text) == (409, True)
    assert letters_at("ned@example.org") == []


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_who_comes_to_what_has_changed_since_is_asked_once_to_renew_it(organizer, client, event, language):
    db.session.get_one(Society, 1).language = language
    renew()
    backing = asked(organizer, event)
    actions.confirm(event, backing, "Cora", "Chair", NOW)
    bury("cora@example.org", "550", NOW)
    ora = db.session.scalars(select(Person).where(Person.name == "Ora")).one()
    alter(event, lambda: setattr(event, "title", "Seas"), by=ora, now=NOW, note="", tell=False)
    db.session.commit()
    assert "Mail comes back" in organizer.get(f"/organize/events/{event.id}/backings").text

    at = f"/organize/events/{event.id}/backings/{backing.id}/contact"
    assert "the letter asks them to renew it" in organizer.get(at).text
    organizer.post(at, data={"contact_name": "Ned", "contact_email": "ned@example.org"})
    db.session.expire_all()
    (letter,) = db.session.scalars(select(Letter).where(Letter.to_address == "ned@example.org"))
    said = {"en": "the event has changed", "de": "Seit der Zusage hat sich die Veranstaltung geändert"}
    said |= {"fr": "l’événement a changé", "es": "el evento ha cambiado"}
    assert (said[language] in letter.body, "Seas" in letter.subject) == (True, True)
    assert "Confirm it as it is now" in client.get(link(backing)).text

    alter(event, lambda: setattr(event, "summary", "For all."), by=ora, now=NOW, note="", tell=False)
    assert len(letters_at("ned@example.org")) == 1, "nothing new to them"
    alter(event, lambda: setattr(event, "title", "Oceans"), by=ora, now=NOW, note="", tell=False)
    assert len(letters_at("ned@example.org")) == 2
