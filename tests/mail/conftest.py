"""What tests of mail share."""

import pytest

from tests.certificates import proving_by, self_signed
from tests.mail.bad_server import a_bad_server


@pytest.fixture
def certificate(tmp_path):
    """Of a mail server that nobody knows, named mail.example.org."""
    return proving_by(self_signed(tmp_path, "mail.example.org"))


@pytest.fixture
def server(app, monkeypatch):
    with a_bad_server() as made:
        monkeypatch.setitem(app.config, "MAIL_URL", made.url)
        yield made
