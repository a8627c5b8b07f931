"""Calendars fetched from addresses: from public servers, in bounds, and from nowhere else."""

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from society.errors import Refused
from society.imports import fetching
from society.imports.fetching import fetch, is_public
from tests.certificates import proving_by, self_signed

PACKED = {
    "/gzip": gzip.compress(b"a calendar"),
    "/x-gzip": gzip.compress(b"a calendar"),
    "/deflate": zlib.compress(b"a calendar"),
    "/identity": b"a calendar",
    "/br": b"a calendar",
    "/gzip/none": b"a calendar",
    "/gzip/half": gzip.compress(b"a calendar")[:-9],
    "/gzip/bomb": gzip.compress(bytes(8 * fetching.MOST_BYTES), 1),
}
"""Though every answer is asked for as it is."""
LOOPBACK = {"127.0.0.1"}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/slow"):
            with suppress(OSError):  # until the other end has enough
                self.say_slowly(self.path)
            return
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
        if self.path in PACKED:
            self.send_header("Content-Encoding", self.path[1:].partition("/")[0])
        self.end_headers()
        if self.path in PACKED:
            self.wfile.write(PACKED[self.path])
        elif self.path == "/endless":
            self.wfile.write(b"x" * (fetching.MOST_BYTES + 1))
        else:
            self.wfile.write(f"{self.headers['Host']} {self.path}".encode())

    def say_slowly(self, path):
        """A little now and then, in the head, in a body of a known length, and in one that ends with the connection."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if path != "/slow/head":
            stated = b"Content-Length: 999" if path == "/slow/body" else b"Connection: close"
            self.wfile.write(stated + b"\r\n\r\n")
        while True:
            self.wfile.write(b"x")
            time.sleep(0.05)

    def log_message(self, *_args):
        pass


@contextmanager
def a_server(certificate=None):
    answering = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    if certificate:
        answering.socket = proving_by(certificate).wrap_socket(answering.socket, server_side=True)
    thread = threading.Thread(target=answering.serve_forever, args=[0.05])
    thread.start()
    yield f"http{'s' if certificate else ''}://calendar.example.org:{answering.server_port}"
    answering.shutdown()
    thread.join()
    answering.server_close()


@pytest.fixture(scope="module")
def server():
    with a_server() as address:
        yield address


@pytest.fixture
def certificate(tmp_path):
    return self_signed(tmp_path, "calendar.example.org")


def get(address):
    """With a name server that leads every name to this machine, and this machine allowed."""
    names = {"private.example.org": ["10.0.0.7"]}
    return fetch(address, resolve=lambda host, _port: names.get(host, ["127.0.0.1"]), allowed=LOOPBACK.__contains__)


def test_a_calendar_is_fetched_by_its_name_from_the_address_that_was_checked(server):
    host = server.removeprefix("http://")

    assert get(f"{server}/a.ics?b=1") == f"{host} /a.ics?b=1".encode()
    assert get(f"webcal://{host}/a.ics") == f"{host} /a.ics".encode()
    assert get(f"WebCal://{host}/moved?/a.ics") == f"{host} /a.ics".encode()


def test_names_and_paths_in_letters_of_all_kinds_are_told_as_servers_want_them(server):
    port = server.rpartition(":")[2]

    assert get(f"http://Käse.example.org:{port}/ä b%20c?ü=1") == (
        f"xn--kse-qla.example.org:{port} /%C3%A4%20b%20c?%C3%BC=1".encode()
    )


@pytest.mark.parametrize("path", ["/slow/head", "/slow/body", "/slow/endless"])
def test_a_server_that_says_a_little_now_and_then_is_cut_off(server, path, monkeypatch):
    monkeypatch.setattr(fetching, "LONGEST", 0.3)
    begun = time.monotonic()

    with pytest.raises(Refused, match="takes longer"):
        get(server + path)

    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("path", ["/gzip", "/x-gzip", "/deflate", "/identity"])
def test_what_a_server_packs_unasked_is_unpacked(server, path):
    assert get(server + path) == b"a calendar"


def test_however_much_is_packed_into_a_little_no_more_is_unpacked_than_is_taken(server):
    tracemalloc.start()
    with pytest.raises(Refused, match="larger than 10 MB"):
        get(f"{server}/gzip/bomb")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 5 * fetching.MOST_BYTES


def test_a_name_that_is_looked_up_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr(fetching, "LONGEST", 0.3)
    begun, done = time.monotonic(), threading.Event()
    with pytest.raises(Refused, match="too long to find out where calendar"):
        fetch("http://calendar.example.org/", resolve=lambda *_asked: done.wait(20) and [])
    done.set()

    assert time.monotonic() - begun < 5


def test_a_name_that_nobody_has_is_told():
    def nobody(*_asked):
        raise socket.gaierror

    with pytest.raises(Refused, match="no server by the name calendar"):
        fetch("http://calendar.example.org/", resolve=nobody)


def test_of_several_addresses_the_first_that_takes_the_call_is_asked(server):
    host = server.removeprefix("http://")
    given = fetch(f"{server}/a.ics", resolve=lambda *_asked: ["127.0.0.2", "127.0.0.1"], allowed=lambda _address: True)

    assert given == f"{host} /a.ics".encode()


def test_a_server_proves_who_it_is(certificate, monkeypatch):
    with a_server(certificate) as address:
        with pytest.raises(Refused, match="does not prove"):
            get(f"{address}/a.ics")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert get(f"{address}/a.ics").endswith(b" /a.ics")
        assert get(f"{address.replace('https', 'webcal')}/moved?/a.ics").endswith(b" /a.ics")
        for another in (
            address.replace("calendar", "another"),
            address.replace("https://calendar", "webcal://another"),
        ):
            with pytest.raises(Refused, match="does not prove"):
                get(f"{another}/a.ics")


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
        *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808"),
        *("64:ff9b::169.254.169.254", "64:ff9b:1::1", "::127.0.0.1", "::ffff:0:127.0.0.1"),
        *("fec0::1", "5f00::1", "fe80::1%lo"),
    ],
)
def test_no_address_within_a_network_is_public(address):
    assert not is_public(address)


def test_an_address_of_the_open_internet_is():
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert is_public("64:ff9b::93.184.215.14")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/broken", "the error 500"),
        ("/br", "packs its answer in a way that it was not asked for: br"),
        ("/gzip/none", "packed in a way that cannot be read"),
        ("/gzip/half", "stopped in the middle"),
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
