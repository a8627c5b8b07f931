"""Calendars fetched from addresses: from public servers, in bounds, and from nowhere else."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from society.errors import Refused
from society.imports import fetching
from society.imports.fetching import fetch, is_public

LOOPBACK = {"127.0.0.1"}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", self.path.partition("?")[2])
            self.end_headers()
            return
        if self.headers["If-None-Match"] == '"known"':
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        if self.path == "/endless":
            self.wfile.write(b"x" * (fetching.MOST_BYTES + 1))
        else:
            self.wfile.write(f"{self.headers['Host']} {self.path}".encode())

    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def server():
    answering = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=answering.serve_forever)
    thread.start()
    yield f"http://calendar.example.org:{answering.server_port}"
    answering.shutdown()
    thread.join()
    answering.server_close()


def get(address):
    """With a name server that leads every name to this machine, and this machine allowed."""
    names = {"private.example.org": ["10.0.0.7"]}
    return fetch(address, resolve=lambda host, _port: names.get(host, ["127.0.0.1"]), allowed=LOOPBACK.__contains__)


def test_a_calendar_is_fetched_by_its_name_from_the_address_that_was_checked(server):
    host = server.removeprefix("http://")

    assert get(f"{server}/a.ics?b=1") == f"{host} /a.ics?b=1".encode()
    assert get(f"webcal://{host}/a.ics") == f"{host} /a.ics".encode()


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104
            "224.0.0.1",
        ),
        *("::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "ff02::1", "::"),
        *("fec0::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808", "::7f00:1", "::ffff:0:7f00:1"),
    ],
)
def test_no_address_within_a_network_is_public(address):
    assert not is_public(address)


def test_an_address_of_the_open_internet_is():
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/broken", "the error 500"),
        ("/endless", "larger than 10 MB"),
        ("/moved?http://private.example.org/", "private network"),
        ("/moved?file:///etc/passwd", "begins with https"),
        ("/moved?/moved?/moved?/moved?/moved?/moved", "leads on more than 3 times"),
    ],
)
def test_what_goes_wrong_is_a_sentence(server, path, said):
    with pytest.raises(Refused, match=said):
        get(server + path)


@pytest.mark.parametrize(
    "address", ["", "ftp://a.example.org", "http://", "http://a:99999/", "http://u:p@a.example.org/", "x"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Refused, match="begins with https"):
        fetch(address)


def test_a_server_is_asked_whether_anything_has_changed(server):
    def unchanged(etag):
        by_name = {"resolve": lambda _host, _port: ["127.0.0.1"], "allowed": LOOPBACK.__contains__}
        return fetching.ask(f"{server}/a.ics", known={"If-None-Match": etag}, **by_name).unchanged

    assert unchanged('"known"')
    assert not unchanged('"another"')


def test_this_machine_itself_is_out_of_reach(server):
    with pytest.raises(Refused, match="private network"):
        fetch(server.replace("calendar.example.org", "localhost"))
