"""Settings that cannot be meant are told of in a sentence at the start, and none of it repeats a password."""

import pytest
from flask import Flask

from society.config import configure
from society.errors import Refused


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *((name, wrong) for name in ("TRUSTED_PROXIES", "MAX_UPLOAD", "FEED_MEMORY") for wrong in ("16MB", -1, 1.5)),
        *(
            ("DATABASE_URL", wrong)
            for wrong in ("society.db", "mysql://a:secret@b/c", "postgresql+psycopg://a:secret@b:x/c")
        ),
        *(
            ("BASE_URL", wrong)
            for wrong in ("society.example.org", "//society.example.org", "ftp://society.example.org")
        ),
        *(("REDIS_URL", wrong) for wrong in ("localhost", "http://:secret@localhost")),
        *(
            ("MAIL_URL", wrong)
            for wrong in (
                "mail.example.org",
                "smtp://",
                "smtp://us:secret@mail.example.org:99999",
                "smtp://us:secret@mail..example.org",
                "smtp://us:se/secret@mail.example.org",
                "smtp://us:[secret@mail.example.org",
                "file:",
            )
        ),
        *(("IMAP_URL", wrong) for wrong in ("imap.example.org", "imaps://us:secret@imap..example.org")),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(tmp_path, name, wrong):
    with pytest.raises(Refused, match=f"^{name} must be ") as refusal:
        configure(Flask("society", instance_path=str(tmp_path)), {name: wrong})

    assert "secret" not in str(refusal.value)


def test_settings_that_can_be_meant_are_taken(tmp_path):
    app = Flask("society", instance_path=str(tmp_path))
    database = "postgresql+psycopg://society@/society?host=/run/postgresql"

    mail = {"MAIL_URL": "smtps://us%40er:p%C3%A4ss@bücher.example", "IMAP_URL": "imap://us:p@[::1]:143/INBOX/Answers"}

    configure(app, {"TRUSTED_PROXIES": "1", "DATABASE_URL": database, "REDIS_URL": "redis://localhost:6379/0", **mail})

    assert (app.config["TRUSTED_PROXIES"], app.config["SQLALCHEMY_DATABASE_URI"]) == (1, database)
