"""What tests of mail share."""

import ssl
import subprocess

import pytest

from tests.mail.bad_server import a_bad_server


@pytest.fixture
def certificate(tmp_path):
    """Of a mail server that nobody knows, named mail.example.org."""
    made = [
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        "/CN=mail.example.org",
    ]
    files = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "certificate")]
    subprocess.run(["openssl", "req", *made, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    return context


@pytest.fixture
def server(app, monkeypatch):
    with a_bad_server() as made:
        monkeypatch.setitem(app.config, "MAIL_URL", made.url)
        yield made
