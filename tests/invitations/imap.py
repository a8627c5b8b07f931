"""A real IMAP server on loopback: Dovecot, over a mailbox of its own."""

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

SETTINGS = """\
protocols = imap
listen = 127.0.0.1
base_dir = {base}
state_dir = {base}
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{folder}/%u
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/%u
}}
"""

NAMESPACE = """\
namespace inbox {
  inbox = yes
  prefix = INBOX.
  separator = .
}
"""
"""Own folders have names that begin so, as with many who rent out mailboxes."""

_numbers = count(1)


class Mailbox:
    """What lies in it, and a way to put more there."""

    def __init__(self, port: int) -> None:
        self.port, self.user = port, f"answers{next(_numbers)}"
        self.url = f"imap://{self.user}:secret@127.0.0.1:{port}/INBOX"

    @contextmanager
    def open(self, folder: str = "INBOX") -> Iterator[MailBoxUnencrypted]:
        with MailBoxUnencrypted("127.0.0.1", self.port).login(self.user, "secret", folder) as box:
            yield box

    def deliver(self, raw: bytes) -> None:
        with self.open() as box:
            box.append(raw, "INBOX")

    def count(self, folder: str) -> int:
        with self.open(folder) as box:
            return len(box.uids())


@contextmanager
def an_imap_server(more: str = "") -> Iterator[int]:
    """The server, running, at its port; whoever signs in has a mailbox. Its sockets need a short path."""
    program = _installed()
    base = Path(tempfile.mkdtemp(prefix="imap."))
    own = pwd.getpwnam(getpass.getuser() if os.getuid() else "mail")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    group = subprocess.check_output(["id", "-gn", own.pw_name], text=True).strip()
    home = base / "home"
    home.mkdir()
    if not os.getuid():
        base.chmod(0o755)
        shutil.chown(home, own.pw_uid, own.pw_gid)
    settings = base / "dovecot.conf"
    values = {"base": base / "run", "folder": home, "user": own.pw_name, "group": group, "port": port}
    settings.write_text(SETTINGS.format(**values, uid=own.pw_uid, gid=own.pw_gid) + more)
    command = [program, "-F", "-c", settings]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    try:
        _wait_for(port, server)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # at once: nothing in it is worth a second
        server.wait(10)
        assert server.stderr
        server.stderr.close()
        shutil.rmtree(base)


def _installed() -> str:
    """Where it is missing the tests fail, as those of a browser do: what is skipped is not missed by anyone."""
    found = shutil.which("dovecot") or shutil.which("/usr/sbin/dovecot")
    return found or pytest.fail("Dovecot is not installed; bin/system-packages installs it")


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(1200):
        if server.poll() is not None:
            assert server.stderr
            raise RuntimeError(server.stderr.read().decode())
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The IMAP server did not open its port.")
