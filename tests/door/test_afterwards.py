"""When it is over: how many of each party came is put right, and who was forgotten is added."""

from datetime import datetime

import pytest
from sqlalchemy import select

from society.audit.models import AuditEntry
from society.db import db
from society.rsvps.actions import reply
from society.rsvps.afterwards import attendance, correct
from society.rsvps.counts import arrived
from society.rsvps.models import Answer, Rsvp
from society.times import now
from tests.builders import NOW, a_person, an_event
from tests.door.conftest import at
from tests.door.test_offline import an_act, told


@pytest.fixture
def over(app):
    return an_event("Long over", starts=datetime(2024, 3, 5, 20), published_at=NOW, max_party_size=4)


def a_party(event, name, size=1, came=0):
    rsvp = reply(event, a_person(name), Answer.YES, party_size=size, at=event.answers_close_at.replace(year=2023))
    if came:
        rsvp.check_in(NOW, came)
    db.session.commit()
    return rsvp


def page_of(event):
    return f"{at(event)}/afterwards"


def sent(client, event, was=None, **came):
    """As the form sends it; "came-1" is how many came of the answer with that number."""
    given = {name: str(number) for name, number in came.items()}
    given |= {f"was-{name[5:]}": str(number) for name, number in (was or {}).items()}
    return client.post(page_of(event), data=given)


def came_of(*rsvps):
    db.session.expire_all()
    return [db.session.get_one(Rsvp, rsvp.id).came for rsvp in rsvps]


def test_each_partys_number_is_put_right_at_once(organizer, over):
    ann, bo, cy, di = a_party(over, "Ann", 3), a_party(over, "Bo", 2, 2), a_party(over, "Cy", 4, 3), a_party(over, "Di")
    page = organizer.get(page_of(over)).text
    assert all(f'name="came-{rsvp.id}"' in page for rsvp in (ann, bo, cy, di))
    changed = {f"came-{ann.id}": 2, f"came-{bo.id}": 0, f"came-{cy.id}": 4, f"came-{di.id}": 0}
    answer = sent(organizer, over, **changed)
    assert answer.status_code == 303
    assert came_of(ann, bo, cy, di) == [2, 0, 4, 0]
    assert [ann.checked_in_at, cy.checked_in_at] == [over.starts_at, NOW], "the hour at which the door saw them stays"
    assert (arrived(over), attendance(now(), 10)[0].came) == (6, 6)
    assert "Put right: 3 answers." in organizer.get(answer.location).text
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.act.startswith("guest noted"))).all()
    assert [(entry.before["came"], entry.after["came"]) for entry in noted] == [(0, 2), (2, 0), (3, 4)]


def test_more_than_had_seats_and_nonsense_come_back_as_typed_and_nothing_is_kept(organizer, over):
    ann, bo = a_party(over, "Ann", 3), a_party(over, "Bo")
    for wrong in ("4", "-1", "two", "9" * 12):
        answer = sent(organizer, over, **{f"came-{ann.id}": wrong, f"came-{bo.id}": 1})
        assert answer.status_code == 422
        assert f'value="{wrong}"' in answer.text
        assert "They had 3 seats: a number from 0 to 3, please." in answer.text
        assert came_of(ann, bo) == [0, 0]


def test_what_the_door_told_meanwhile_is_not_undone(organizer, over):
    ann, bo = a_party(over, "Ann", 3, 3), a_party(over, "Bo", 2, 2)
    was = {f"came-{ann.id}": 0, f"came-{bo.id}": 0}
    answer = sent(organizer, over, was=was, **{f"came-{ann.id}": 0, f"came-{bo.id}": 1})
    assert came_of(ann, bo) == [3, 2], "one was not touched on the page, of the other somebody else knew better"
    assert "Somebody else had changed Bo meanwhile" in organizer.get(answer.location).text


def test_a_phone_may_still_tell_after_it_was_put_right(organizer, over):
    ann = a_party(over, "Ann", 2, 1)
    sent(organizer, over, **{f"came-{ann.id}": 0})
    assert told(organizer, at(over), an_act(ann, came=1)).json[0]["fate"] == "done"
    assert came_of(ann) == [1]


def test_with_one_click_parties_of_which_a_part_was_there_are_whole(organizer, over):
    ann, bo = a_party(over, "Ann", 3, 1), a_party(over, "Bo", 2)
    assert correct(over, [ann.id, bo.id], there=True, by=a_person(), now=now()) == 2
    db.session.commit()
    assert came_of(ann, bo) == [3, 2]
    assert ann.checked_in_at == NOW


def test_who_was_forgotten_is_added_and_what_is_refused_stays_typed(organizer, over):
    over.capacity = 3
    ann = a_party(over, "Ann", 1)
    typed = {"name": "Wanda Walker", "email": "wanda@example.org", "party_size": "2"}
    organizer.post(page_of(over), data=typed)
    wanda = db.session.scalars(select(Rsvp).where(Rsvp.id != ann.id)).one()
    assert (wanda.person.email, wanda.came, wanda.checked_in_at) == ("wanda@example.org", 2, over.starts_at)

    for given in ({**typed, "email": "late@example.org"}, typed, {**typed, "name": " "}):
        answer = organizer.post(page_of(over), data=given)
        assert (answer.status_code, given["email"] in answer.text) == (422, True)
    assert "not 2 free seats left" in organizer.post(page_of(over), data={**typed, "email": ""}).text


def test_nobody_was_there_before_it_began(organizer, event, ann):
    assert "It has not begun" in organizer.get(page_of(event)).text
    assert sent(organizer, event, **{f"came-{ann.id}": 1}).status_code == 409
    typed = {"name": "Wanda", "email": "", "party_size": "1"}
    assert organizer.post(page_of(event), data=typed).status_code == 422
    assert came_of(ann) == [0]


def test_the_page_asks_as_often_for_three_as_for_one_and_saving_writes_two_rows_for_each(organizer, over, counted):
    def asked(*rsvps):
        with counted() as looking:
            organizer.get(page_of(over))
        with counted() as saving:
            sent(organizer, over, **{f"came-{rsvp.id}": 1 for rsvp in rsvps})
        return len(looking), len(saving)

    looking, saving = asked(a_party(over, "Ann", 2))
    assert asked(*(a_party(over, name, 2) for name in ("Bo", "Cy", "Di"))) == (looking, saving + 2 * 2)


def test_others_see_nothing_of_it(client, over):
    ann = a_party(over, "Ann")
    client.sign_in(a_person("Mel", "secretary"))
    assert client.get(page_of(over)).status_code in (403, 404)
    assert sent(client, over, **{f"came-{ann.id}": 1}).status_code in (403, 404)
