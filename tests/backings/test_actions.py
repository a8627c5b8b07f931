"""Asking organizations for their word, and what becomes of it."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from society.audit.models import AuditEntry
from society.backings import actions, telling
from society.backings.entering import set_backers
from society.backings.models import BackingStep, Word
from society.backings.versions import moved_on, outdated, same_words, version
from society.calendars.models import Entry
from society.db import db
from society.errors import Refused
from society.events.models import BackingRole, BackingState, Event
from society.events.render import backing_sentence, sponsors_by_level
from society.mail.models import Letter, LetterState
from society.notices.actions import alter, cancel, describe_venue, postpone, publish
from society.notices.life import whole_copy
from society.people.models import EventOrganizer
from society.records.erasing import blank
from society.settings import Society, renew
from tests.builders import NEXT_MONTH, NOW, a_backing, a_person, a_venue, an_event, an_organization, letters_to

CONTACT = ("Cora Contact", "cora@example.org")
LATER = NOW + timedelta(hours=30)


@pytest.fixture
def organizer(app):
    return a_person("Ora Organizer", "organizer")


@pytest.fixture
def event(organizer):
    made = an_event("Rivers", description="All about rivers, and where they go.", created_by_id=organizer.id)
    db.session.refresh(made)
    return made


@pytest.fixture
def asked(event, organizer):
    return actions.ask(event, an_organization("C League"), BackingRole.ENDORSER, contact=CONTACT, by=organizer, now=NOW)


def letters_at(address: str) -> list[str]:
    rows = select(Letter.subject).where(Letter.to_address == address).order_by(Letter.id)
    return list(db.session.scalars(rows))


def words(backing) -> list[Word]:
    rows = select(BackingStep.word).where(BackingStep.backing_id == backing.id).order_by(BackingStep.id)
    return list(db.session.scalars(rows))


def test_a_copy_is_vouched_for_anew_by_its_organizer_but_a_contacts_word_was_for_that_event(event, asked, organizer):
    a_backing(event, "B Debating Union", "sponsor")
    actions.confirm(event, asked, "Cora", "Chair", NOW)
    db.session.flush()

    copy = whole_copy(event, by=organizer, now=NOW)

    assert backing_sentence(copy) == "Sponsored by the B Debating Union."
    (proposed,) = [backing for backing in copy.backings if backing.state is BackingState.PROPOSED]
    assert (proposed.contact_email, proposed.asked_at, proposed.agreed) == ("cora@example.org", None, None)
    actions.remind(copy, proposed, by=organizer, now=LATER)
    assert words(proposed) == [Word.ASKED]
    vouched = next(backing for backing in copy.backings if backing is not proposed)
    step = db.session.scalars(select(BackingStep).where(BackingStep.backing_id == vouched.id)).one()
    assert (step.word, step.by, step.version["title"]) == (Word.TAKEN_ALONG, organizer, "Rivers")
    assert len(whole_copy(copy, by=organizer, now=LATER).backings) == 2


def test_who_is_asked_is_written_to_and_not_named(event, asked):
    assert asked.state is BackingState.PROPOSED
    assert backing_sentence(event) == ""
    assert letters_at("cora@example.org") == ["Will you endorse this event? Rivers"]
    (letter,) = db.session.scalars(select(Letter).where(Letter.to_address == "cora@example.org"))
    assert "Endorsed by the C League" in letter.body
    assert "/backings/" in letter.body


@pytest.mark.parametrize(
    ("language", "words"), [("en", "postponed; the new date"), ("de", "verschoben; der neue"), ("es", "aplazado; la")]
)
def test_who_is_asked_about_what_is_put_off_is_told_so(event, organizer, language, words):
    db.session.get_one(Society, 1).language = language
    renew()
    event.postpone(NOW)
    actions.ask(event, an_organization("C League"), BackingRole.ENDORSER, contact=CONTACT, by=organizer, now=NOW)
    assert words in db.session.scalars(select(Letter.body).where(Letter.to_address == "cora@example.org")).one()


def test_a_yes_is_shown_on_record_and_told_to_the_organizer(event, asked, organizer):
    actions.confirm(event, asked, "Cora Contact", "Chair", NOW)

    assert backing_sentence(event) == "Endorsed by the C League."
    assert words(asked) == [Word.ASKED, Word.CONFIRMED]
    step = db.session.scalars(select(BackingStep).where(BackingStep.word == Word.CONFIRMED)).one()
    assert (step.name, step.title, step.version["title"]) == ("Cora Contact", "Chair", "Rivers")
    assert "the C League" in db.session.scalars(select(Entry.vevent)).one().decode().replace("\r\n ", "")
    assert letters_to(organizer) == ["C League has confirmed: Rivers"]
    assert (
        "Cora Contact, Chair" in db.session.scalars(select(Letter.body).where(Letter.person_id == organizer.id)).one()
    )
    acts = list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
    assert acts[-2:] == ["backing asked", "backing confirmed"]


def test_an_answer_reaches_who_asked_and_those_in_charge_each_once(event, organizer):
    asking, gone, other = (a_person("", "organizer") for _ in range(3))
    beside = a_person("Bea Beside")
    beside.organizing.append(EventOrganizer(event_id=event.id, given_at=NOW))
    body = an_organization("C League")
    asked = actions.ask(event, body, BackingRole.ENDORSER, contact=CONTACT, by=gone, now=NOW)
    actions.remind(event, asked, by=asking, now=LATER)
    organizer.roles, gone.roles = [], []
    db.session.flush()
    actions.decline(event, asked, "Cora", "", LATER)
    assert [letters_to(each) for each in (asking, beside)] == [["C League has declined: Rivers"]] * 2
    assert [letters_to(each) for each in (organizer, gone, other)] == [[], [], []]

    db.session.delete(beside.organizing.pop())
    db.session.flush()
    actions.confirm(event, asked, "Cora", "", LATER)
    assert letters_to(other) == ["C League has confirmed: Rivers"], "with nobody of its own, all who organize"
    assert len(letters_to(asking)) == 2


def test_a_no_names_nobody_and_may_become_a_yes(event, asked):
    actions.decline(event, asked, "Cora", "", NOW)
    assert backing_sentence(event) == ""
    actions.confirm(event, asked, "Cora", "", NOW)
    assert backing_sentence(event) == "Endorsed by the C League."


def test_a_word_taken_back_is_named_no_more(event, asked):
    actions.confirm(event, asked, "Cora", "", NOW)
    actions.withdraw(event, asked, "Cora", "", NOW)
    assert backing_sentence(event) == ""
    assert words(asked)[-1] is Word.WITHDRAWN
    steps = len(words(asked))
    actions.withdraw(event, asked, "Cora", "", NOW)
    assert len(words(asked)) == steps, "what is said twice is on record once"


def test_what_was_not_given_cannot_be_taken_back(event, asked):
    with pytest.raises(Refused, match="nothing to withdraw"):
        actions.withdraw(event, asked, "Cora", "", NOW)


def moved(event: Event, **values) -> list[str]:
    for name, value in values.items():
        setattr(event, name, value)
    event.raise_sequence(LATER)
    return [backing.organization.name for backing in telling.ask_again(event, LATER)]


def test_what_changes_materially_is_asked_again_once(event, asked):
    actions.confirm(event, asked, "Cora", "", NOW)

    assert moved(event, title="Rivers and Lakes") == ["C League"]
    assert telling.ask_again(event, LATER) == []
    assert letters_at("cora@example.org")[-1] == "An event that you back has changed: Rivers and Lakes"
    assert [b.id for b in outdated(event)] == [asked.id]
    assert backing_sentence(event) == "Endorsed by the C League."

    revised_at = event.revised_at
    actions.confirm(event, asked, "Cora", "", LATER + timedelta(hours=1))
    assert outdated(event) == []
    assert event.revised_at == revised_at, "calendars show nothing else than before"


def asked_again() -> int:
    return sum(subject.startswith("An event that you back has changed") for subject in letters_at("cora@example.org"))


def test_who_was_told_is_not_told_again_for_what_does_not_concern_them(event, asked, organizer):
    actions.confirm(event, asked, "Cora", "", NOW)
    counts = []
    for hours, (name, value) in enumerate([("title", "Lakes"), ("summary", "Other words."), ("room", "Room 9")]):
        alter(event, partial(setattr, event, name, value), by=organizer, now=LATER + timedelta(hours=hours))
        counts.append(asked_again())
    assert counts == [1, 1, 2]


def test_a_draft_that_became_another_is_asked_about_when_it_is_announced(organizer):
    draft = an_event("Rivers", published_at=None, slug=None, created_by_id=organizer.id)
    backing = actions.ask(draft, an_organization(), BackingRole.HOST, contact=CONTACT, by=organizer, now=NOW)
    actions.confirm(draft, backing, "Cora", "", NOW)
    alter(draft, lambda: setattr(draft, "title", "Lakes"), by=organizer, now=LATER)
    assert asked_again() == 0
    publish(draft, by=organizer, now=LATER)
    assert asked_again() == 1


def test_a_venue_that_moves_takes_the_question_along(event, asked, organizer):
    event.venue = a_venue("Hall")
    actions.confirm(event, asked, "Cora", "", NOW)
    describe_venue(event.venue, {"address": "9 Other Road"}, organizer, LATER)
    assert asked_again() == 1


def test_who_backs_two_evenings_of_no_series_is_asked_about_each_by_the_same_act(organizer):
    hall, league = a_venue("Hall"), an_organization("C League")
    for _ in range(2):
        event = an_event("Rivers", venue=hall, created_by_id=organizer.id)
        backing = actions.ask(event, league, BackingRole.ENDORSER, contact=CONTACT, by=organizer, now=NOW)
        actions.confirm(event, backing, "Cora", "", NOW)
    describe_venue(hall, {"address": "9 Other Road"}, organizer, LATER)
    assert asked_again() == 2


def test_nobody_is_asked_again_about_what_is_over(event, asked, organizer):
    actions.confirm(event, asked, "Cora", "", NOW)
    alter(event, lambda: setattr(event, "title", "Lakes"), by=organizer, now=event.ends_at + timedelta(days=1))
    assert asked_again() == 0


@pytest.mark.parametrize(
    ("change", "material"),
    [
        ({"description": "**All** about rivers – and where they go!"}, False),
        ({"description": "All about rivers, and where they went."}, True),
        ({"title": "RIVERS!"}, False),
        ({"title": "Rivres"}, True),
        ({"room": "Room 9"}, True),
        ({"summary": "New words."}, False),
        ({"capacity": 40}, False),
    ],
)
def test_only_what_a_backer_agreed_to_counts(event, asked, change, material):
    actions.confirm(event, asked, "Cora", "", NOW)
    assert bool(moved(event, **change)) is material


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("On rivers – and lakes", "On Rivers, and Lakes.", True),
        ("“Free will”: _not_ an illusion…", '"Free will" - NOT an illusion', True),
        ("pp. 5–10, it’s", "pp. 5-10, it's", True),
        ("# Rivers\n\n+ one\n+ two", "**Rivers**\n- One\n- Two", True),
        ("Café", "Cafe\u0301", True),
        ("Café", "Cafe", False),
        ("On immortality", "On immorality", False),
        (
            "We argue for the motion, in ten words or so, tonight",
            "We argue against the motion, in ten words or so, tonight",
            False,
        ),
        ("It is so", "It is not so", False),
        ("Man bites dog", "Dog bites man", False),
        ("Scott Hall, Room 221", "Scott Hall, Room 22.1", False),
        ("1.5 degrees", "15 degrees", False),
        ("−5 degrees", "5 degrees", False),
        ("50 % off", "50 off", False),
        ("C#", "C", False),
        ("C++", "C", False),
        ("支持我们的运动", "支持他们的运动", False),
        ("की", "का", False),
        ("Rivers", "", False),
    ],
)
def test_other_words_are_told_from_other_signs(one, other, same):
    assert same_words(one, other) is same_words(other, one) is same


@pytest.mark.once
def test_old_and_new_are_told_in_the_societys_language(event, asked):
    db.session.execute(update(Society).values(language="de"))
    renew()
    event.schedule(datetime(2032, 3, 4, 20), datetime(2032, 3, 4, 21, 30), event.zone, all_day=False)
    actions.confirm(event, asked, "Cora", "", NOW)
    event.schedule(datetime(2032, 3, 5), datetime(2032, 3, 7), event.zone, all_day=True)

    moved(event)

    letter = db.session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    told = letter.body.replace("\\", "")
    assert letter.language == "de"
    assert "Zeit" in told
    assert ": Donnerstag, 4. März 2032, 20:00 – 21:30 (New York, Ortszeit)\n" in told
    assert ": Freitag, 5. März 2032 – Samstag, 6. März 2032\n" in told


@pytest.mark.parametrize(
    ("values", "told"),
    [({"article": ""}, ("the C League", "C League")), ({"name": "C Union"}, ("C League", "C Union"))],
)
def test_another_article_alone_is_told_as_old_and_new_in_other_languages_too(event, asked, values, told):
    actions.confirm(event, asked, "Cora", "", NOW)
    for name, value in values.items():
        setattr(asked.organization, name, value)
    assert [change[1:] for change in moved_on(asked.agreed, version(event, asked), "de")] == [told]


def test_whom_an_organizer_vouches_for_calendars_name_and_a_contacts_own_word_stays_as_it_is(event, asked, organizer):
    actions.vouch(event, asked, by=organizer, now=NOW)
    assert "the C League" in db.session.scalars(select(Entry.vevent)).one().decode().replace("\r\n ", "")
    trust = actions.ask(event, an_organization("Trust"), BackingRole.HOST, contact=CONTACT, by=organizer, now=NOW)
    actions.confirm(event, trust, "Cora", "", NOW)
    actions.vouch(event, trust, by=organizer, now=LATER)
    assert (words(trust), trust.confirmed_by_id, trust.given) == ([Word.ASKED, Word.CONFIRMED], None, True)


def test_who_was_vouched_for_is_not_asked_again(event, organizer):
    a_backing(event, "D Society", "sponsor")
    assert moved(event, title="Other") == []


def test_backers_are_told_when_it_is_off(event, asked, organizer):
    actions.confirm(event, asked, "Cora", "", NOW)
    postpone(event, by=organizer, now=NOW)
    cancel(event, by=organizer, now=NOW)
    assert letters_at("cora@example.org")[1:] == ["Postponed: Rivers", "Cancelled: Rivers"]
    with pytest.raises(Refused, match="cancelled"):
        actions.confirm(event, asked, "Cora", "", NOW)


def test_reminders_keep_a_day_between_them(event, asked, organizer):
    with pytest.raises(Refused, match="within the last day"):
        actions.remind(event, asked, by=organizer, now=NOW + timedelta(hours=23))
    actions.remind(event, asked, by=organizer, now=LATER)
    assert len(letters_at("cora@example.org")) == 2
    assert words(asked) == [Word.ASKED, Word.REMINDED]
    actions.confirm(event, asked, "Cora", "", LATER)
    with pytest.raises(Refused, match="does not owe an answer"):
        actions.remind(event, asked, by=organizer, now=LATER + timedelta(days=2))


def test_a_question_taken_back_kills_its_link(event, asked, organizer):
    key = asked.link_key
    actions.take_back(event, asked, by=organizer, now=NOW)
    assert words(asked) == [Word.ASKED, Word.TAKEN_BACK]
    assert asked.link_key != key
    assert asked.state is BackingState.WITHDRAWN


def test_asking_twice_asks_anew_and_who_backs_it_is_not_asked(event, asked, organizer):
    again = actions.ask(event, asked.organization, BackingRole.ENDORSER, contact=CONTACT, by=organizer, now=LATER)
    assert again is asked
    actions.confirm(event, asked, "Cora", "", LATER)
    with pytest.raises(Refused, match="backs this event"):
        actions.ask(event, asked.organization, BackingRole.ENDORSER, contact=CONTACT, by=organizer, now=LATER)


def test_who_has_not_answered_yet_is_named_by_no_form(event, asked, organizer):
    with pytest.raises(Refused, match="has not answered yet"):
        set_backers(event, BackingRole.ENDORSER, [asked.organization_id], organizer, LATER)
    assert (asked.state, words(asked)) == (BackingState.PROPOSED, [Word.ASKED])


def test_whose_word_the_form_took_out_is_vouched_for_when_it_comes_back_on_record(event, asked, organizer):
    actions.confirm(event, asked, "Cora", "", NOW)
    key = asked.link_key
    for names in ([], [asked.organization_id]):
        set_backers(event, BackingRole.ENDORSER, names, organizer, NOW)
    assert (asked.state, asked.confirmed_by_id, asked.agreed) == (BackingState.CONFIRMED, organizer.id, None)
    assert asked.link_key != key
    assert words(asked)[2:] == [Word.TAKEN_BACK, Word.VOUCHED]
    last = db.session.scalars(select(BackingStep).order_by(BackingStep.id.desc()).limit(1)).one()
    assert (last.by, last.version["wording"]) == (organizer, "Endorsed by the C League.")
    assert moved(event, title="Other") == []


def test_order_and_levels_of_sponsors_are_the_organizers(event, organizer):
    one, two = a_backing(event, "One", "sponsor"), a_backing(event, "Two", "sponsor")
    actions.move(event, two, down=False, now=NOW)
    actions.move(event, two, down=False, now=NOW)
    assert backing_sentence(event) == "Sponsored by the Two and the One."
    actions.set_level(event, one, "Gold", by=organizer, now=NOW)
    assert [(level, [o.name for o in found]) for level, found in sponsors_by_level(event)] == [("Gold", ["One"])]


def test_nothing_can_be_asked_for_what_is_over(organizer):
    event = an_event(starts=NEXT_MONTH - timedelta(days=80))
    with pytest.raises(Refused, match="over"):
        actions.ask(event, an_organization(), BackingRole.HOST, contact=CONTACT, by=organizer, now=NOW)


def test_a_version_compares_with_itself(event, asked):
    assert moved_on(version(event, asked), version(event, asked)) == []


@pytest.mark.parametrize("answer", ["declined", "withdrew"])
def test_nobody_says_yes_for_who_said_no_but_they_can_be_asked_anew(event, asked, organizer, answer):
    if answer == "declined":
        actions.decline(event, asked, "Cora", "", NOW)
    else:
        actions.confirm(event, asked, "Cora", "", NOW)
        actions.withdraw(event, asked, "Cora", "", NOW)

    def refuses():
        with pytest.raises(Refused, match="said no"):
            actions.vouch(event, asked, by=organizer, now=NOW)
        with pytest.raises(Refused, match="said no"):
            set_backers(event, asked.role, [asked.organization_id], organizer, NOW)

    refuses()
    with pytest.raises(Refused, match="neither named nor asked"):
        actions.take_back(event, asked, by=organizer, now=NOW)
    actions.ask(event, asked.organization, asked.role, contact=CONTACT, by=organizer, now=LATER)
    assert asked.state is BackingState.PROPOSED
    refuses()
    actions.take_back(event, asked, by=organizer, now=NOW)
    refuses()
    assert backing_sentence(event) == ""

    actions.ask(event, asked.organization, asked.role, contact=CONTACT, by=organizer, now=LATER)
    actions.confirm(event, asked, "Cora", "", LATER)
    set_backers(event, asked.role, [], organizer, LATER)
    actions.vouch(event, asked, by=organizer, now=LATER)
    assert backing_sentence(event) == "Endorsed by the C League."


def test_who_is_erased_is_nobody_on_the_record_nor_among_those_told_also_where_another_was_asked_since(
    event, asked, organizer
):
    cora = a_person("Cora Contact", email="cora@example.org")
    actions.decline(event, asked, "Cora Contact", "Chair", NOW)
    other = ("Olga Other", "olga@example.org")
    actions.ask(event, asked.organization, asked.role, contact=other, by=organizer, now=LATER)
    actions.confirm(event, asked, "Olga Other", "Secretary", LATER)
    db.session.flush()

    blank([cora], "Erased person", LATER)
    db.session.expire_all()
    said = select(BackingStep.word, BackingStep.name, BackingStep.title).where(BackingStep.by_id.is_(None))
    said = said.order_by(BackingStep.id)
    assert db.session.execute(said).all() == [(Word.DECLINED, "", ""), (Word.CONFIRMED, "Olga Other", "Secretary")]

    blank([a_person("Olga", email="olga@example.org")], "Erased person", LATER)
    db.session.expire_all()
    event.title = "Lakes"
    assert (telling.with_a_word(event), telling.to_ask_again(event, LATER)) == ([], [])
    assert backing_sentence(event) == "Endorsed by the C League."


def test_who_was_asked_today_is_not_asked_anew_by_the_same_address_and_an_earlier_link_still_opens(
    event, asked, organizer
):
    key = asked.link_key
    again = partial(actions.ask, event, asked.organization, asked.role, by=organizer)
    with pytest.raises(Refused, match="within the last day"):
        again(contact=CONTACT, now=NOW + timedelta(hours=1))
    again(contact=CONTACT, now=LATER)
    assert asked.link_key == key
    again(contact=("Olga", "olga@example.org"), now=LATER)
    assert asked.link_key != key


def test_the_same_answer_said_twice_is_told_once(event, asked, organizer):
    for _ in range(2):
        actions.decline(event, asked, "Cora", "", NOW)
    for _ in range(2):
        actions.confirm(event, asked, "Cora", "", LATER)
    assert letters_to(organizer) == ["C League has declined: Rivers", "C League has confirmed: Rivers"]
    assert words(asked) == [Word.ASKED, Word.DECLINED, Word.CONFIRMED]


@pytest.mark.parametrize("left", [False, True])
def test_what_has_not_left_for_a_contact_whose_link_died_does_not_leave(event, asked, organizer, left):
    actions.confirm(event, asked, "Cora", "Chair", NOW)
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    actions.hand_over(event, asked, ("Ned", "nde@example.org"), by=organizer, now=NOW)
    if left:
        db.session.execute(update(Letter).values(state=LetterState.SENT))
    actions.hand_over(event, asked, ("Ned", "ned@example.org"), by=organizer, now=LATER)

    assert (len(letters_at("cora@example.org")), len(letters_at("nde@example.org"))) == (1, int(left))
    assert len(letters_at("ned@example.org")) == 1
    actions.take_back(event, asked, by=organizer, now=LATER)
    assert letters_at("ned@example.org") == []


def test_nothing_leaves_for_a_contact_whom_the_form_took_out(event, asked, organizer):
    actions.confirm(event, asked, "Cora", "Chair", NOW)
    actions.hand_over(event, asked, ("Ned", "ned@example.org"), by=organizer, now=NOW)
    assert len(letters_at("ned@example.org")) == 1
    set_backers(event, BackingRole.ENDORSER, [], organizer, LATER)
    assert letters_at("ned@example.org") == []


def test_who_is_asked_in_the_place_of_another_is_alone_written_to(event, asked, organizer):
    actions.ask(event, asked.organization, asked.role, contact=("Ned", "ned@example.org"), by=organizer, now=LATER)
    assert (letters_at("cora@example.org"), len(letters_at("ned@example.org"))) == ([], 1)
