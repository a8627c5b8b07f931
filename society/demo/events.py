"""Events from their slots: titles, places, speakers, backings, and what has become of them since."""

from datetime import datetime, timedelta

from society.backings.models import Word
from society.calendars.actions import rendered
from society.calendars.models import Entry
from society.demo.bulk import Bulk
from society.demo.chance import Chance
from society.demo.circle import TITLE, Circle
from society.demo.conditions import set_conditions
from society.demo.congress import DAYS, LAST_HOUR
from society.demo.contacts import NAMES, Contacts
from society.demo.illustrations import Illustrations
from society.demo.leftovers import Leftovers
from society.demo.patterns import templates
from society.demo.people import ORGANIZER
from society.demo.records import kept_as_template, records, reminders
from society.demo.remarks import WHY_CANCELLED, WHY_POSTPONED
from society.demo.setting import (
    CATEGORIES,
    COLOURS,
    DISCUSSIONS,
    EXCURSIONS,
    EXHIBITIONS,
    LECTURES,
    MEETINGS,
    ORGANIZATIONS,
    TALKED,
    VENUES,
    WORKSHOPS,
    ZONE,
)
from society.demo.slots import KINDS, Slot, Trait
from society.demo.wording import Wording
from society.events.actions import RESERVED
from society.events.models import (
    Backing,
    BackingRole,
    BackingState,
    Category,
    Event,
    RsvpPolicy,
    Speaker,
    Venue,
    Visibility,
    instants,
)
from society.events.room_models import Room
from society.organizations.models import Organization
from society.text import slug
from society.times import to_utc, to_wall

_STATES = {
    BackingState.CONFIRMED: 84.0,
    BackingState.PROPOSED: 8.0,
    BackingState.DECLINED: 5.0,
    BackingState.WITHDRAWN: 3.0,
}
LEVELS = ("Gold", "Silver", "")
_BACKED = {LECTURES: 0.55, DISCUSSIONS: 0.5, EXHIBITIONS: 0.7}
"""How often events of a category have backers."""


class Announcer:
    """Makes events, one a slot, over the venues, categories and organizations that it adds first."""

    def __init__(
        self,
        now: datetime,
        chance: Chance,
        bulk: Bulk,
        *,
        circle: Circle,
        contacts: Contacts,
        illustrations: Illustrations,
        leftovers: Leftovers,
    ) -> None:
        self._now, self._chance, self._bulk = now, chance, bulk
        self._contacts = contacts
        self._circle, self._illustrations, self._leftovers = circle, illustrations, leftovers
        self._titles: set[str] = set()
        self._slugs = set(RESERVED)
        colours = dict(zip(CATEGORIES, COLOURS, strict=True))
        self._categories = {n: Category(name=n, slug=slug(n), colour=colours[n]) for n in CATEGORIES}
        self._venues = [
            Venue(
                name=p.name,
                slug=slug(p.name),
                address=p.address,
                town=p.address.rpartition(", ")[2],
                zone=ZONE,
                capacity=p.capacity,
                access=p.access,
            )
            for p in VENUES
        ]
        self._organizations = [
            Organization(
                name=body.name,
                name_key=body.name.lower(),
                article=body.article,
                slug=slug(body.name),
                url=f"https://{slug(body.name)}.example.org",
                contact=f"{slug(body.name)}@example.org",
                about=body.about,
                created_at=now - timedelta(days=3650),
            )
            for body in ORGANIZATIONS
        ]

    def prepare(self) -> None:
        self._illustrations.prepare(self._venues, self._organizations, self._now)
        for row in (*self._categories.values(), *self._venues, *self._organizations):
            self._bulk.add(row)
        for venue, place in zip(self._venues, VENUES, strict=True):
            for position, name in enumerate(place.rooms):
                seats = place.capacity if position == 0 else None
                self._bulk.add(Room(venue_id=venue.id, position=position, name=name, capacity=seats, access=""))
        for template in templates(self._now, self._venues, self._categories, self._chance):
            self._bulk.add(template)
            self._bulk.add(kept_as_template(template))

    def announce(self, slot: Slot, answers: int) -> Event:
        """The whole event, with its calendar entry. `answers` is how many it will have: a full one has fewer seats."""
        words = Wording(self._chance)
        words.date(slot.starts.year, slot.starts.month)
        event = self._event(slot, words)
        self._place(event, slot)
        self._limit(event, slot, answers)
        set_conditions(event, slot, answers, self._now, self._chance)
        self._turn(event, slot)
        self._illustrations.illustrate(event, slot.category)
        self._bulk.add(event)
        if slot.trait is Trait.SERIES:
            self._circle.take(event)
        self._leftovers.keep(event, slot.category)
        self._add_speakers(event, slot, words)
        self._add_backings(event, slot)
        moved = self._contacts.speak(event)
        for planned in reminders(event, self._now):
            self._bulk.add(planned)
        for entry in records(event, moved):
            self._bulk.add(entry)
        if event.published_at:
            self._bulk.add(Entry(event_id=event.id, **rendered(event)))
        return event

    def _event(self, slot: Slot, words: Wording) -> Event:
        chance, with_book = self._chance, slot.trait is Trait.BOOK and slot.category == LECTURES
        starts, ends, all_day = self._length(slot)
        starts_at, ends_at = instants(starts, ends, ZONE, all_day=all_day)
        title, category = self._title(slot, words), self._categories[slot.category]
        is_draft = slot.trait is Trait.DRAFT
        event = Event(
            title=title,
            slug=None if is_draft else slug(title, taken=self._slugs.__contains__),
            uid=f"{chance.token(24)}@society.event",
            summary=words.summary(slot.category, with_book=with_book),
            description=words.description(slot.category, with_book=with_book),
            category=category,
            category_id=category.id,
            starts=starts,
            ends=ends,
            zone=ZONE,
            starts_at=starts_at,
            ends_at=ends_at,
            all_day=all_day,
            created_by_id=ORGANIZER,
            created_at=slot.opens_at - timedelta(days=chance.randint(1, 9)),
            published_at=None if is_draft else slot.opens_at,
            revised_at=slot.opens_at,
            sequence=0,
            room="",
            online_url="",
            instructions="",
            confirm_minutes=120,
        )
        self._slugs.add(event.slug or "")
        return event

    def _length(self, slot: Slot) -> tuple[datetime, datetime, bool]:
        """Start, end, and whether it is whole days: then the end is the midnight after the last."""
        chance, day = self._chance, datetime.combine(slot.starts.date(), datetime.min.time())
        if slot.category == EXHIBITIONS:
            return day, day + timedelta(days=chance.randint(9, 40)), True
        if slot.category == EXCURSIONS and slot.trait in (Trait.APPROVAL, Trait.SEVERAL_DAYS):
            return day, day + timedelta(days=chance.randint(2, 4)), True
        if slot.trait is Trait.CONGRESS:
            return day.replace(hour=9), day + timedelta(days=DAYS - 1, hours=LAST_HOUR), False
        if slot.trait is Trait.WHOLE_DAY:
            return day, day + timedelta(days=1), True
        return slot.starts, slot.starts + timedelta(minutes=chance.choice(KINDS[slot.category].minutes)), False

    def _title(self, slot: Slot, words: Wording) -> str:
        """One that no other event has, if a few tries find it; but those of the series have the same."""
        if slot.trait is Trait.SERIES:
            return TITLE
        for _ in range(8):
            if slot.trait is Trait.CONGRESS:
                title = f"The Harrow valley congress {slot.starts.year}"
            elif slot.category == MEETINGS and slot.starts.month == 3:
                title = f"Annual general meeting {slot.starts.year}"
            elif slot.category == EXCURSIONS and slot.trait is Trait.APPROVAL:
                title = words.journey()
            elif slot.trait is Trait.BOOK and slot.category == LECTURES:
                title = words.book
            else:
                title = words.title(slot.category)
            if title not in self._titles:
                break
            words.__post_init__()
            words.date(slot.starts.year, slot.starts.month)
        self._titles.add(title)
        return title

    def _place(self, event: Event, slot: Slot) -> None:
        chance = self._chance
        if slot.trait is Trait.ONLINE and slot.category in TALKED:
            event.online_url = f"https://meet.example.org/{chance.token(10)}"
            event.instructions = f"The passcode is {slot.starts:%d%m%y}.\nTo listen by phone, dial 01632 960 960."
            return
        fitting = [n for n, place in enumerate(VENUES) if slot.category in place.suits]
        number = fitting[0] if slot.trait is Trait.BOOK and chance.is_so(0.3) else chance.choice(fitting)
        if slot.trait in (Trait.CONGRESS, Trait.SERIES):
            number = 0
        event.venue, event.venue_id = self._venues[number], self._venues[number].id
        event.room = "" if slot.trait is Trait.CONGRESS else chance.choice(VENUES[number].rooms)
        if slot.category in (LECTURES, DISCUSSIONS) and (chance.is_so(0.1) or slot.trait is Trait.FULL):
            event.online_url = f"https://meet.example.org/{chance.token(10)}"

    def _limit(self, event: Event, slot: Slot, answers: int) -> None:
        """Who may come, how many, until when they can say so."""
        members_only = slot.trait is Trait.MEMBERS or slot.category == MEETINGS
        event.visibility = Visibility.MEMBERS if members_only else Visibility.PUBLIC
        event.max_party_size = 1 if slot.category in (WORKSHOPS, MEETINGS) else self._chance.choice((1, 2, 4))
        event.capacity = 14 if slot.category == WORKSHOPS else event.venue.capacity if event.venue else None
        if slot.trait is Trait.FULL:
            there = 0.3 if event.hybrid else 0.55
            event.capacity = max(event.max_party_size, round(answers * there), 3)
        event.rsvp_policy = RsvpPolicy.OPEN
        if members_only or (slot.trait is Trait.PLAIN and self._chance.is_so(0.06)):
            event.rsvp_policy = RsvpPolicy.MEMBERS
        if slot.trait is Trait.APPROVAL:
            event.rsvp_policy = RsvpPolicy.APPROVAL
        if slot.trait is Trait.CLOSED or slot.category == EXHIBITIONS:
            event.rsvp_policy = RsvpPolicy.CLOSED
        if slot.trait is Trait.DEADLINE or slot.category == WORKSHOPS:
            event.rsvp_deadline = event.starts.replace(hour=18, minute=0) - timedelta(days=2)
            event.rsvp_closes_at = to_utc(event.rsvp_deadline, ZONE)

    def _turn(self, event: Event, slot: Slot) -> None:
        """What has become of it since it was announced."""
        opens, closes = slot.opens_at, slot.closes_at
        if slot.trait in (Trait.MOVED, Trait.CANCELLED, Trait.POSTPONED):
            event.revised_at = self._chance.moment(opens + (closes - opens) * 2 // 3, closes - timedelta(hours=2))
            event.revised_at = event.revised_at.replace(microsecond=0)
            event.sequence = 1
        match slot.trait:
            case Trait.CANCELLED:
                event.cancelled_at, event.why_off = event.revised_at, self._chance.choice(WHY_CANCELLED)
            case Trait.POSTPONED:
                event.postponed_at, event.why_off = event.revised_at, self._chance.choice(WHY_POSTPONED)

    def _add_speakers(self, event: Event, slot: Slot, words: Wording) -> None:
        silent = slot.category == EXHIBITIONS or slot.trait in (Trait.CONGRESS, Trait.SERIES)
        count = 0 if silent else 3 if slot.category == DISCUSSIONS else 1
        for position in range(count):
            voice = words if position == 0 else Wording(self._chance)
            name, about = voice.speaker, voice.about_speaker()
            if slot.trait is Trait.BOOK and slot.category == LECTURES:
                about = f"author of “{words.book}”, {about}"
            speaker = Speaker(event_id=event.id, position=position, name=name, about=about)
            event.speakers.append(speaker)
            self._bulk.add(speaker)

    def _add_backings(self, event: Event, slot: Slot) -> None:
        chance = self._chance
        if slot.trait is Trait.SERIES:
            return
        is_showpiece = slot.trait is Trait.BOOK and slot.starts > to_wall(self._now, ZONE)
        if not is_showpiece and not chance.is_so(_BACKED.get(slot.category, 0.15)):
            return
        roles = [BackingRole.HOST] * chance.is_so(0.3)
        roles += [BackingRole.SPONSOR] * chance.randint(1 if is_showpiece else 0, 2)
        roles += [BackingRole.ENDORSER] * chance.randint(2 if is_showpiece else 0, 3)
        for position, (role, body) in enumerate(zip(roles, chance.some(self._organizations, len(roles)), strict=True)):
            state = BackingState.CONFIRMED if is_showpiece else chance.weighed(_STATES)
            backing = Backing(event_id=event.id, organization=body, organization_id=body.id, role=role)
            backing.state, backing.position = state, position
            if state is BackingState.CONFIRMED:
                backing.confirmed_at, backing.confirmed_by_id = event.created_at, ORGANIZER
            if role is BackingRole.SPONSOR:
                backing.level = LEVELS[position % len(LEVELS)]
            backing.link_key = f"{chance.randint(0, 2**120):032x}"
            event.backings.append(backing)
            self._bulk.add(backing)
            if state is not BackingState.CONFIRMED:
                self._add_question(event, backing)

    def _add_question(self, event: Event, backing: Backing) -> None:
        """What an organization was asked by letter, and what it said."""
        words = [Word.ASKED, *{BackingState.DECLINED: [Word.DECLINED]}.get(backing.state, [])]
        words += [Word.CONFIRMED, Word.WITHDRAWN] if backing.state is BackingState.WITHDRAWN else []
        self._contacts.answer(event, backing, self._chance.choice(NAMES), words)
