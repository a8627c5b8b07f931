"""A test of a notice, to whoever writes it."""

from sqlalchemy import func, select

from society.db import db
from society.limits import limiter
from society.mail.models import Letter
from society.notices.models import Audience, Notice, NoticeKind
from tests.builders import NOW, a_person, an_event
from tests.mail.postbox import a_postbox


def test_who_writes_a_notice_gets_it_at_once_as_a_reader_would_and_sees_what_was_said(app, client, monkeypatch):
    olga = a_person("Olga Olsen", "organizer", email="olga@example.org")
    a_person("Ann")
    about = {"event": an_event("Tides"), "subject": "Come: {{ event_title }}", "body": "Dear {{ first_name }}"}
    notice = Notice(kind=NoticeKind.ANNOUNCEMENT, audience=Audience.EVERYONE, author=olga, created_at=NOW, **about)
    db.session.add(notice)
    db.session.commit()
    client.sign_in(olga)
    address = f"/organize/notices/{notice.id}"
    assert f'action="{address}/trial"' in client.get(address).text

    monkeypatch.setattr(limiter, "enabled", False)
    with a_postbox() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", box.url)
        page = client.post(f"{address}/trial").text

    assert box.recipients == ["olga@example.org"]
    (message,) = box.messages
    assert message["Subject"] == "Test: Come: Tides"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Dear Olga" in message.get_body(("plain",)).get_content()
    assert [part.get_filename() for part in message.iter_attachments()] == ["event.ics"]
    assert "The mail server took the letter" in page
    assert "rcpt TO:&lt;olga@example.org&gt;" in page
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 0
    assert notice.sent_at is None

    folder = f"file:{app.instance_path}/outbox"
    monkeypatch.setitem(app.config, "MAIL_URL", folder)
    assert f"test-notice-{notice.id}.eml" in client.post(f"{address}/trial").text
    olga.email = None
    db.session.commit()
    assert client.post(f"{address}/trial").status_code == 409
