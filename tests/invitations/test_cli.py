"""The command that a mail server hands messages to."""

from pathlib import Path

import pytest

from society.factory import create_app


@pytest.mark.once
def test_a_mail_server_is_asked_to_try_again_while_the_database_is_away(tmp_path: Path) -> None:
    away = {"DATABASE_URL": "postgresql+psycopg://us@127.0.0.1:1/none", "SECRET_KEY": "s", "INSTANCE": str(tmp_path)}
    tried = create_app(away).test_cli_runner().invoke(args=["mail", "receive"], input=b"Subject: Yes\r\n\r\n")

    assert tried.exit_code == 75
    assert "the database does not answer" in tried.stderr
