"""What a refusal at the door says of the reader's address, and what only of whoever hands the letter over."""

import pytest

from society.db import db
from society.mail import worker
from society.mail.actions import retry_refused, write_markdown
from society.mail.models import DeadAddress
from society.mail.refusals import is_gone, status_in
from tests.builders import NOW, a_person
from tests.mail.postbox import a_postbox

OF_US = (
    "550 relay not permitted",
    "550 Relaying denied",
    "554 <ann@example.org>: Relay access denied",
    "550 authentication required",
    "550 Sender verify failed",
    "550-Verification failed for <us@example.org> 550-No such user here 550 Sender verify failed",
    "550 <us@example.org>: Sender address rejected: User unknown",
    "550 Message rejected as spam",
    "550 too many messages, slow down",
    "550 Administrative prohibition",
    "550 your server is blocked, no such user would have been told otherwise",
    "553 sorry, that domain isn't in my list of allowed rcpthosts",
    "550 5.7.1 no such user may be told to you",
    "550 5.0.0 Access denied",
    "553 no",
    "550",
    "550 Mailbox unavailable: quota exceeded",
    "552 Requested mail action aborted: mailbox unavailable",
    "550 This account has been temporarily disabled",
    "550 5.7.1 Requested action not taken: mailbox unavailable",
    "550 Requested action not taken: message refused",
)
OF_THE_READER = (
    "550 5.1.1 whatever",
    "550 5.2.1 <ann@example.org> authentication of the owner failed, disabled",
    "550 5.0.0 User unknown",
    "550 No such user here",
    "550 <ann@example.org>: Recipient address rejected: User unknown in local recipient table",
    "550 <ann@example.org>: Recipient address rejected: User unknown in relay recipient table",
    "550 Unrouteable address",
    "551 mailbox does not exist",
    "554 delivery error: dd Sorry, your message cannot be delivered. This account has been disabled or discontinued",
    "554 30 Sorry, your message cannot be delivered. This mailbox is disabled",
    "550 ann@example.org is not a valid mailbox",
    "550 5.0.0 account inactive",
    "550 <ann@example.org>: Recipient address rejected: Account Closed",
    "550 5.5.0 Requested action not taken: mailbox unavailable",
    "550 Requested action not taken: mailbox unavailable",
    "550 The email account that you tried to reach is disabled",
)


@pytest.mark.parametrize("said", OF_US)
def test_what_is_wrong_with_us_says_nothing_of_the_address(said):
    assert not is_gone(status_in(said), said)


@pytest.mark.parametrize("said", OF_THE_READER)
def test_an_address_that_is_not_there_is_known_by_code_or_words(said):
    assert is_gone(status_in(said), said)


def test_once_a_relay_is_set_right_all_refused_letters_go_out_without_an_address_to_lift(app, monkeypatch):
    with a_postbox() as postbox:
        monkeypatch.setitem(app.config, "MAIL_URL", postbox.url)
        people = [a_person() for _ in range(5)]
        for number, person in enumerate(people):
            write_markdown(person, "Subject", "Body", f"r{number}", now=NOW)
            postbox.answers[person.email] = ["550 relay not permitted"]
        db.session.commit()

        assert worker.deliver_due(NOW) == 0
        assert db.session.query(DeadAddress).count() == 0
        retry_refused(NOW)
        db.session.commit()
        assert worker.deliver_due(NOW) == 5
