"""Programs that answer as SpamAssassin does."""

from pathlib import Path

REPORT = """From: us@example.org
Subject: (99.0 points, 1.0 required)

 9.9 OF_THE_LETTER          Not a rule
Spam detection software has looked at it.

Content analysis details:   ({score} points, 5.0 required)

 pts rule name              description
---- ---------------------- --------------------------------------------------
-0.0 NO_RELAYS              Informational: message was not relayed via SMTP
 1.2 MISSING_HEADERS        Missing To: header
{score} URI_OF_EVIL            URI: Contains an address that stands
                            on a <list>
-0.5 GOOD_MANNERS           Well written
 0.1 NEVER_DESCRIBED        BODY: No description available.

"""


def a_program(folder: Path, name: str, does: str) -> None:
    path = folder / name
    path.write_text(f'#!/bin/sh\n/bin/cat > {folder}/{name}.read\necho "$@" > {folder}/{name}.asked\n{does}\n')
    path.chmod(0o755)


def says(report: str) -> str:
    return f"/bin/cat <<'EOF'\n{report}\nEOF"
