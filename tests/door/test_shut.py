"""When nobody is let in: what does not take place, and what is long over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from society.db import db
from society.door.actions import make_key
from society.door.codes import code_of
from society.door.models import AFTER_THE_END
from society.rsvps.models import Rsvp
from society.times import now
from tests.builders import NOW, a_person
from tests.door.conftest import at
from tests.door.test_offline import an_act


@pytest.mark.parametrize(("field", "word"), [("cancelled_at", "cancelled"), ("postponed_at", "put off")])
def test_nobody_is_let_in_to_what_does_not_take_place(organizer, client, event, ann, field, word):
    keyed = f"/door/{make_key(event, by=a_person(), now=now())}"
    setattr(event, field, NOW)
    db.session.commit()
    walks_in = {"name": "Wanda & Co", "party_size": "2", "email": ""}

    for there in (at(event), keyed):
        assert f"This event is {word}, so nobody is let in." in organizer.get(there).text
        for sent in ({"code": code_of(ann.id, ann.link_key)}, {"action": "in", "rsvp": ann.id}, walks_in):
            page = organizer.post(there, data=sent)
            assert page.status_code in (409, 422)
            assert f"This event is {word}, so nobody is let in." in page.text
        assert 'value="Wanda &amp; Co"' in page.text
        assert 'value="2"' in page.text
        (outcome,) = organizer.post(f"{there}/sync", json={"now": 1e9, "acts": [an_act(ann)]}).json
        assert (outcome["fate"], outcome["words"]) == ("refused", f"This event is {word}, so nobody is let in.")
    db.session.expire_all()
    assert ann.checked_in_at is None
    assert db.session.scalars(select(Rsvp)).all() == [ann]


def test_who_was_in_before_it_was_put_off_can_be_taken_out_again(organizer, event, ann):
    organizer.post(at(event), data={"action": "in", "rsvp": ann.id})
    event.postponed_at = NOW
    assert organizer.post(at(event), data={"action": "undo", "rsvp": ann.id}).status_code == 303
    db.session.expire_all()
    assert ann.checked_in_at is None


def test_the_door_shuts_when_keys_to_it_end_and_leads_to_who_came(organizer, event, ann):
    keyed = f"/door/{make_key(event, by=a_person(), now=now())}"
    over = now() - AFTER_THE_END
    for ends_at, shut in ((over + timedelta(minutes=5), False), (over, True)):
        event.starts_at, event.ends_at = ends_at - timedelta(hours=2), ends_at
        db.session.commit()
        page = organizer.get(at(event)).text
        assert (f"{at(event)}/afterwards" in page and "long over" in page) is shut
        offered = "Check in Ann Lee", "Check in by code", "Let them in"
        assert all((words in page) is not shut for words in offered), "no button that does nothing"
        for sent in ({"code": code_of(ann.id, ann.link_key)}, {"action": "in", "rsvp": ann.id}):
            assert (organizer.post(at(event), data=sent).status_code == 303) is not shut
        walked = organizer.post(at(event), data={"name": f"Wanda {shut}", "party_size": "1", "email": ""})
        assert (walked.status_code == 303) is not shut
        assert (organizer.get(keyed).status_code == 200) is not shut
    assert "or the event is long over. Please ask whoever gave it to you." in organizer.get(keyed).text
