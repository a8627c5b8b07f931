"""What a filter for spam says of a draft: SpamAssassin itself, and programs that answer as it does."""

import subprocess

import pytest

from society.db import db
from society.mail import spam
from tests.builders import a_person
from tests.notices.filters import REPORT, a_program, says
from tests.notices.test_sending import a_notice


@pytest.fixture
def programs(app, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def page_of(client, notice) -> str:
    return client.get(f"/organize/notices/{notice.id}/spam").text


def a_draft(client):
    notice = a_notice(subject="Grüße")
    a_person("Ann")
    client.sign_in(notice.author)
    db.session.commit()
    return notice


def test_the_score_and_its_rules_are_told_in_plain_words(client, programs):
    notice = a_draft(client)
    a_program(programs, "spamassassin", says(REPORT.format(score=" 7.3")).replace("( 7.3", "(7.3"))

    assert "Is it taken for spam?" in client.get(f"/organize/notices/{notice.id}").text
    page = page_of(client, notice)
    assert "This is taken for spam" in page
    assert "It scores 7.3; from 5 on it is spam." in page
    assert page.index("+7.3") < page.index("+1.2") < page.index("-0.5")
    assert ">In a link: Contains an address that stands on a &lt;list&gt;" in page
    assert "It does not say why" in page
    assert "NO_RELAYS" not in page
    assert "Not a rule" not in page
    assert (programs / "spamassassin.asked").read_text() == "-L -t --nocreate-prefs\n"
    assert b"Subject: =?utf-8?b?R3LDvMOfZQ==?=" in (programs / "spamassassin.read").read_bytes()


def test_the_daemon_is_asked_first_and_passed_over_where_it_is_down(client, programs):
    notice = a_draft(client)
    a_program(programs, "spamassassin", says(REPORT.format(score="7.3")))
    a_program(programs, "spamc", says(REPORT.format(score="1.1")))
    assert "That is well." in page_of(client, notice)
    assert not (programs / "spamassassin.asked").exists()

    a_program(programs, "spamc", "exit 69")
    assert "It scores 7.3" in page_of(client, notice)


def test_one_that_falls_silent_is_waited_for_only_so_long(client, programs, monkeypatch):
    notice = a_draft(client)
    monkeypatch.setattr(spam, "SECONDS", 0.2)
    a_program(programs, "spamassassin", "exec /bin/sleep 30")
    assert "did not answer in time" in page_of(client, notice)


def test_without_one_nothing_is_offered(client, programs):
    notice = a_draft(client)
    assert "taken for spam" not in client.get(f"/organize/notices/{notice.id}").text
    assert "No such filter is installed" in page_of(client, notice)


@pytest.mark.parametrize(("score", "words"), [(-1.0, "well"), (2.9, "well"), (3.0, "stricter"), (5.0, "not see it")])
def test_a_score_is_explained(score, words):
    found = spam.read(f"(1.0 points, 9.0 required) ({score} points, 5.0 required)")
    assert words in found.sentence
    assert spam.read("nothing of the kind") is None


@pytest.mark.parametrize(
    "told",
    [
        "Inhaltsanalyse im Detail:   (7.3 Punkte, 5.0 benötigt)",
        "Detalhes da análise:   (7.3 pontos, mínimo de 5.0)",
        "Szczegóły analizy zawartości: (7.3 zaliczonych, 5.0 wymaganych)",
    ],
)
def test_a_daemon_of_another_language_is_understood(told):
    found = spam.read(f"7.3/5.0\n{told}\n\n 2.4 EMPFAENGER             Ohne Empfänger\n")
    assert (found.score, found.limit) == (7.3, 5.0)
    assert found.rules == (spam.Rule(2.4, "EMPFAENGER", "Ohne Empfänger"),)


@pytest.mark.once
def test_the_real_program_is_understood_in_a_country_of_another_language(client, monkeypatch):
    monkeypatch.setattr(spam, "PROGRAMS", spam.PROGRAMS[1:])
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    notice = a_draft(client)
    notice.body = r"XJS\*C4JDBQADN1.NSBN3\*2IDNEN\*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL\*C.34X"
    db.session.commit()
    page = page_of(client, notice)
    assert "This is taken for spam" in page
    assert "+1000.0" in page
    assert ">In the text: Generic Test for Unsolicited Bulk Email" in page


@pytest.mark.once
def test_the_real_daemons_client_understands_how_it_is_asked():
    asked = subprocess.run(spam.PROGRAMS[0], input=b"Subject: x\n\nx\n", capture_output=True, check=False)
    assert asked.returncode in (0, 69), asked.stderr  # answered, or no daemon: not 64, "wrong usage"
