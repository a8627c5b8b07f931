"""A small society with one of everything, and an address for every route of the application."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from werkzeug.routing import Rule

from society.agenda.actions import add as add_sessions
from society.agenda.models import SpeakerProfile
from society.agenda.planning import Plan
from society.backings import actions as backings
from society.backings.render import link as backing_link
from society.calendars.actions import render_anew
from society.db import begin_write, db
from society.door.actions import make_key
from society.dues.actions import owe, take
from society.dues.models import BankFile, BankLine, LineState, Method
from society.dues.render import invoice_link, receipt_link
from society.dues.renewals import link as renewal_link
from society.events.models import Backing, BackingRole, Category, Event, Visibility
from society.imports.models import CalendarFile
from society.invitations.proposals import path
from society.mail.links import unsubscribe_token
from society.mail.models import DeadAddress, MailingList
from society.material.actions import add as add_material
from society.material.models import MaterialKind, Seen
from society.material.reading import Read
from society.membership import card
from society.membership.actions import cover, end_period, invite
from society.membership.models import Choice, Covers, Membership, Status
from society.membership.render import application_path
from society.notices.models import Audience, Notice, NoticeKind, NoticeVersion
from society.offices.models import Office, Term
from society.organizations.models import Organization
from society.people.actions import one_time_link
from society.people.models import Person, Purpose
from society.pictures.actions import keep as keep_picture
from society.pictures.models import Look, Shown
from society.pictures.reading import made
from society.questions.actions import ask, keep
from society.questions.asking import Filled
from society.questions.fields import Sent
from society.questions.models import Kind, QuestionAnswer
from society.register import waiting
from society.register.changes import open_change_set
from society.register.models import ChangeKind, ImportFile
from society.reminders.models import DAY, Occasion, Planned
from society.rsvps import feed
from society.rsvps.actions import ask_guest, reply, withdraw
from society.rsvps.models import Answer
from society.rsvps.queries import rsvp_of
from society.rsvps.render import joining_link, link
from society.rsvps.seat_news import to_come
from society.settings import Society
from society.sisters.models import SisterCalendar, SisterEntry
from tests.builders import (
    NOW,
    TODAY,
    a_backing,
    a_membership,
    a_person,
    a_photo,
    a_tier,
    a_venue,
    an_event,
    an_organization,
)

A_CALENDAR = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
UID:elsewhere@example.org
DTSTART:20270105T190000
SUMMARY:An evening
END:VEVENT
END:VCALENDAR
"""
ROLES = ("visitor", "member", "organizer", "secretary", "admin")


@dataclass
class World:
    """Who there is, and what stands in the addresses of pages: by endpoint, else by the name in the address."""

    people: dict[str, Person | None] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    by_endpoint: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_name: dict[str, Any] = field(default_factory=dict)

    def values(self, rule: Rule) -> dict[str, Any]:
        own = self.by_endpoint.get(rule.endpoint, {})
        return {name: own[name] if name in own else self.by_name[name] for name in rule.arguments}

    def address(self, app: Flask, rule: Rule) -> str:
        return built(app, rule, self.values(rule))


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """Every route that answers to the method, in the order of its address; what takes others' rows along comes last."""
    answering = (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))
    yield from sorted(answering, key=lambda rule: (rule.endpoint == "records.erase_own", rule.rule))


def built(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    """The path of a route with these values."""
    found = rule.build(values, append_unknown=False)
    assert found is not None, rule
    return found[1]


def a_world() -> World:
    """One of everything: people of each role, events in each state, answers, notices, and links not used yet."""
    begin_write()
    world = World()
    members = a_tier("Member", needs_approval=True)
    world.people = {"visitor": None, "member": a_person("Mia Member", email="member@example.org")}
    for role in ROLES[2:]:
        world.people[role] = a_person(f"{role.capitalize()} Example", role, email=f"{role}@example.org")
    a_person("Second Admin", "admin")
    for person in filter(None, world.people.values()):
        a_membership(person, members)
    _add_pages(world)
    _add_links(world, members)
    _add_household(world)
    _add_money(world)
    _add_imports(world)
    _add_questions(world)
    _add_planned(world)
    _add_sisters(world)
    published = select(Event.id).where(Event.published_at.is_not(None))
    render_anew(db.session.scalars(published).all(), NOW)
    db.session.commit()
    return world


def _add_pages(world: World) -> None:
    venue, category = a_venue("Scott Hall", address="1 Example Street"), Category(name="Lectures", slug="lectures")
    db.session.add(category)
    event = an_event("Title: Subtitle", venue=venue, category=category, capacity=2, max_party_size=3)
    backing = a_backing(event, "B Debating Union", "sponsor")
    secret = an_event("The hidden evening", visibility=Visibility.MEMBERS)
    draft = an_event("Not announced yet", published_at=None)
    later, doomed = (an_event(title, published_at=None) for title in ("Announced later", "Entered twice"))
    kept = an_event("As every month", published_at=None, template_name="A usual evening")
    gone = an_event("As never again", published_at=None, template_name="A rare evening")
    cancelled = an_event("Called off", cancelled_at=NOW)
    over = an_event("Long over", starts=event.starts - timedelta(days=90))
    notice = Notice(
        kind=NoticeKind.ANNOUNCEMENT,
        audience=Audience.EVERYONE,
        event=event,
        created_at=NOW,
        versions=[NoticeVersion(language=one, subject="News", body="Hello") for one in ("de", "fr")],
    )
    notice.subject, notice.body, notice.author = "News", "Dear {{ first_name }}", world.people["organizer"]
    dead = DeadAddress(address="gone@example.org", answer="550 No such user", at=NOW)
    term = Term(office=Office(title="Treasurer"), person=world.people["member"], starts_on=TODAY)
    db.session.add_all([notice, dead, term])
    db.session.flush()
    plan = Plan("A session", event.starts, event.ends, room="Hall A", capacity=1, speakers=(("Ada Example", ""),))
    (session,) = add_sessions(event, [plan], NOW)
    db.session.add(SpeakerProfile(key="ada-example", name="Ada Example"))
    by = {"by": world.people["organizer"], "now": NOW}
    asked, given = _asked_and_given(event, backing.organization, **by)
    values = {"kind": MaterialKind.SLIDES, "title": "Slides", "url": "", "seen_by": Seen.EVERYONE}
    sheet = Read("talk.pdf", "application/pdf", b"%PDF-1.7 not much", preview=b"small")
    slides, thrown = (add_material(event, values, sheet, **by) for _ in range(2))
    drawn = keep_picture(made(a_photo(), Look.PHOTO), Look.PHOTO, NOW)
    event.show(Shown(drawn, "A hall"))
    world.by_name = {
        "material_id": slides.id,
        "backing_id": asked.id,
        "session_id": session.id,
        "slug": event.slug,
        "kind": "category",
        "wording": "announcement",
        "language": "de",
        "event_id": event.id,
        "venue_id": venue.id,
        "category_id": category.id,
        "organization_id": backing.organization.id,
        "notice_id": notice.id,
        "dead_id": dead.id,
        "person_id": world.people["member"].id,
        "office_id": term.office.id,
        "term_id": term.id,
    }
    world.events = {"open": event, "secret": secret, "draft": draft, "cancelled": cancelled, "over": over}
    world.by_endpoint = {
        "events.venue": {"slug": venue.slug},
        "backings.contact": {"event_id": event.id, "backing_id": given.id},
        "backings.by_link": {"token": backing_link(asked).rsplit("/", 1)[1]},
        "agenda.speaker": {"slug": "ada-example"},
        "agenda.edit_speaker": {"slug": "ada-example"},
        "dues.wording": {"wording": "renewal"},
        "dues.stop_reminder": {"what": "30"},
        "dues.resume_reminder": {"what": "30"},
        "dues.reset_wording": {"wording": "renewal"},
        "notices.remove_version": {"notice_id": notice.id, "language": "fr"},
        "organizations.show": {"slug": backing.organization.slug},
        "calendars.narrowed": {"slug": category.slug},
        "material.remove": {"event_id": event.id, "material_id": thrown.id},
        "pictures.file": {"name": f"{drawn.key}-{drawn.widths[0]}.jpg"},
        "calendars.subscribe_to": {"slug": category.slug},
        "assets.file": {"name": next(iter(current_app.extensions["assets"])).rsplit("/", 1)[1]},
        "events.publish": {"event_id": draft.id},
        "events.schedule": {"event_id": later.id},
        "events.delete": {"event_id": doomed.id},
        "events.use_template": {"event_id": kept.id},
        "events.remove_template": {"event_id": gone.id},
        "events.preview": {"event_id": draft.id},
    }


def _asked_and_given(event: Event, host: Organization, **by: Any) -> tuple[Backing, Backing]:
    """Of two backings that whose contact was asked, and that whose contact said yes."""
    given = backings.ask(event, host, BackingRole.HOST, contact=("Hal Host", "hal@example.org"), **by)
    backings.confirm(event, given, "Hal Host", "Chair", NOW)
    asked = backings.ask(
        *(event, an_organization("Asked Association"), BackingRole.ENDORSER),
        contact=("Cora Contact", "cora@example.org"),
        **by,
    )
    return asked, given


DOOR = ("count", "guests", "offline", "on_paper", "sync")
"""What a phone keeps for a time without network, and what is printed for one that may give out."""


def _add_planned(world: World) -> None:
    planned = Planned(event=world.events["open"], occasion=Occasion.REMINDER, minutes=DAY)
    db.session.add(planned)
    db.session.flush()
    world.by_name["planned_id"] = planned.id
    full, first, second = an_event("The full evening", capacity=1), a_person("Fay First"), a_person("Sid Second")
    for person in (first, second):
        reply(full, person, Answer.YES, at=NOW)
    withdraw(rsvp_of(full, first), NOW)
    (seat,) = to_come(NOW - timedelta(days=1), 1)
    for name in ("news", "stop_news", "resume_news"):
        world.by_endpoint[f"reminders.{name}"] = {"event_id": full.id, "letter_id": seat.letter.id}


def _add_sisters(world: World) -> None:
    """Calendars of others; nothing is fetched for them, since they are inside a private network."""
    shown, stopped = (_a_sister(f"Sister {number}", f"https://127.0.0.{number}/all.ics") for number in (1, 2))
    event = world.events["open"]
    same = {name: getattr(event, name) for name in ("starts", "ends", "zone", "starts_at", "ends_at")}
    db.session.add(SisterEntry(calendar=shown, uid="one", title="An evening elsewhere", **same))
    db.session.get_one(Society, 1).has_sisters = True
    db.session.flush()
    world.by_name["sister_id"] = shown.id
    world.by_endpoint["sisters.stop"] = {"sister_id": stopped.id}


def _a_sister(name: str, address: str) -> SisterCalendar:
    calendar = SisterCalendar(name=name, address=address, created_at=NOW, read_at=NOW, answered_at=NOW, next_at=NOW)
    db.session.add(calendar)
    return calendar


def _add_links(world: World, members: Any) -> None:
    event, member = world.events["open"], world.people["member"]
    for person in filter(None, world.people.values()):
        reply(event, person, Answer.YES, at=NOW)
    applicant = a_person("Anna Applicant", email="applicant@example.org")
    application = a_membership(applicant, members, status=Status.APPLIED, applied_at=NOW, starts_on=TODAY)
    ask_guest(event, "Gus Guest", "guest@example.org", Answer.YES, 1, "", NOW)
    rsvp = rsvp_of(event, member)
    key = make_key(event, by=world.people["organizer"], now=NOW)
    newcomer = a_person("Nora Newcomer", verified_at=None)
    world.by_name |= {"application_id": application.id, "tier_id": members.id, "rsvp_id": rsvp.id}
    world.by_endpoint |= {
        "rsvps.by_link": {"token": link(rsvp).rsplit("/", 1)[1]},
        "rsvps.online": {"token": joining_link(rsvp).split("/")[2]},
        "rsvps.sessions": {"token": link(rsvp).rsplit("/", 1)[1]},
        **{f"material.{what}_by_link": {"token": link(rsvp).rsplit("/", 1)[1]} for what in ("file", "small")},
        "door.ticket": {"token": link(rsvp).rsplit("/", 1)[1]},
        "door.ticket_pdf": {"token": link(rsvp).rsplit("/", 1)[1]},
        **{name: {"token": key} for name in ("door.by_key", *(f"door.{of}_by_key" for of in DOOR))},
        "invitations.suggest": {"slug": event.slug, "token": path(event, member).rsplit("/", 1)[1]},
        "mail.unsubscribe": {"token": unsubscribe_token(member, MailingList.ANNOUNCEMENTS)},
        "records.erase_own": {"token": one_time_link(a_person("Olga Own"), Purpose.ERASE, NOW)},
        "people.verify": {"token": one_time_link(newcomer, Purpose.VERIFY, NOW)},
        "people.use_link": {"token": one_time_link(applicant, Purpose.SIGN_IN, NOW)},
        "people.reset": {"token": one_time_link(applicant, Purpose.RESET, NOW)},
        "people.change_email": {
            "token": one_time_link(applicant, Purpose.NEW_EMAIL, NOW, new_email="new@example.org"),
        },
        "calendars.personal_page": {"token": "somebodys"},
        "calendars.personal": {"token": feed.subscribe(member, feed.Wanted(everything=True), now=NOW)},
        "site.setup": {"token": "used-up"},
    }


def _add_imports(world: World) -> None:
    """A file that waits to be read in, and one that was."""
    options = waiting.look_at(b"email,name\nnew@example.org,New\n", None, NOW)
    file = ImportFile(name="people.csv", content=b"email,name\nnew@example.org,New\n", uploaded_at=NOW, options=options)
    db.session.add(file)
    changes = open_change_set(ChangeKind.IMPORT, "Imported people.csv", by=None, now=NOW)
    calendar = CalendarFile(name="events.ics", content=A_CALENDAR, uploaded_at=NOW)
    db.session.add(calendar)
    db.session.flush()
    world.by_name |= {"import_id": file.id, "change_set_id": changes.id, "file_id": calendar.id}


def _add_money(world: World) -> None:
    """An open invoice, and one that is paid."""
    member, by = world.people["member"], {"now": NOW, "by": world.people["secretary"]}
    due, paid = (owe(member, 3000, "EUR", about, TODAY, tell=True, **by) for about in ("Dinner", "Badge"))
    payment = take(paid, 3000, Method.CASH, TODAY, **by)
    invoice, receipt = ({"token": path.rsplit("/", 1)[1]} for path in (invoice_link(due), receipt_link(payment)))
    line = BankLine(digest="one", booked_on=TODAY, amount=3000, currency="EUR", payer="Mia", text="Dinner")
    line.read_at, line.state = NOW, LineState.OPEN
    statement = BankFile(content=b"Date,Amount,Payer\n3.1.2027,30.00,Ann\n", uploaded_at=NOW)
    db.session.add_all([line, statement])
    db.session.flush()
    world.by_name |= {"due_id": due.id, "payment_id": payment.id, "line_id": line.id, "file_id": statement.id}
    world.by_endpoint |= {"dues.invoice_page": invoice, "dues.invoice_pdf": invoice}
    world.by_endpoint |= {"dues.receipt_page": receipt, "dues.receipt_pdf": receipt}
    renewing, vouching = ({"token": path.rsplit("/", 1)[1]} for path in (renewal_link(member), card.link(member)))
    world.by_endpoint |= {"dues.renew": renewing, "membership.vouch": vouching}


def _add_household(world: World) -> None:
    """A membership for several people, one that lapsed, an invitation, and an applicant's link."""
    payer = world.people["member"]
    household = a_membership(payer, a_tier("Family", covers=Covers.HOUSEHOLD, places=40), covers_name="The Examples")
    child = cover(household, a_person("Cleo Child"), TODAY, now=NOW, by=payer)
    former = a_membership(a_person("Fred Former"), a_tier("Friend"))
    honorary = a_tier("Honorary member", choice=Choice.INVITATION)
    invitation = invite(honorary, "invited@example.org", NOW, by=world.people["secretary"])
    application = db.session.get_one(Membership, world.by_name["application_id"])
    lapsed = end_period(former, Status.LAPSED, TODAY, now=NOW, by=None)
    world.by_name |= {"membership_id": household.id, "invitation_id": invitation.id}
    world.by_endpoint |= {
        "membership.application": {"token": application_path(application).rsplit("/", 1)[1]},
        "membership.remove": {"membership_id": child.id},
        "membership.uncover": {"membership_id": child.id},
        "membership.restore": {"membership_id": lapsed.id},
    }


def _add_questions(world: World) -> None:
    """An event that asks one of each kind, and a file that was sent to it."""
    event, member = an_event("The dinner", max_party_size=3), world.people["member"]
    by = {"by": world.people["organizer"], "now": NOW}
    plain = {"hint": "", "options": "", "required": False, "of_each": False}
    asked = {kind: ask(event, plain | {"kind": kind, "text": f"A {kind}?"}, **by) for kind in Kind}
    for kind in (Kind.CHOICE, Kind.SEVERAL, Kind.DIETARY, Kind.ACCESS):
        asked[kind].options = "Fish\nNone"
    rsvp = reply(event, member, Answer.YES, at=NOW)
    db.session.flush()
    file = Sent("plan.pdf", "application/pdf", b"%PDF-1.7")
    keep(rsvp.id, 1, [Filled(asked[Kind.FILE], 0, file.name, file)], NOW)
    answer_id = db.session.scalars(select(QuestionAnswer.id)).one()
    world.by_name |= {"question_id": asked[Kind.LINE].id, "answer_id": answer_id}
    theirs = ("questions.edit", "questions.move", "questions.remove", "questions.file", "questions.files")
    world.by_endpoint |= {name: {"event_id": event.id} for name in theirs}
    world.by_endpoint["rsvps.sent_file"] = {"token": link(rsvp).rsplit("/", 1)[1]}
    world.by_endpoint |= {name: {"slug": event.slug} for name in ("rsvps.form", "rsvps.answer")}
