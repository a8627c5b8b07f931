"""Whether links open: asked of public servers alone, by HEAD first, in bounds and in time."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from society.imports import visits as visiting
from society.imports.visits import Found, visits


class Site(BaseHTTPRequestHandler):
    """Answers with the number in the path; tells what it was asked."""

    asked: list[str] = []

    def answer(self, method):
        Site.asked.append(f"{method} {self.path}")
        name, _, rest = self.path.strip("/").partition("?")
        if name == "slow":
            time.sleep(5)
        if name == "no-head" and method == "HEAD":
            self.send_response(405)
        elif name == "hangs-up-at-head" and method == "HEAD":
            return
        elif name == "on":
            self.send_response(302)
            self.send_header("Location", rest)
        else:
            self.send_response(int(name) if name.isdecimal() else 200)
        self.end_headers()

    def do_HEAD(self):
        self.answer("HEAD")

    def do_GET(self):
        self.answer("GET")

    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def server():
    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    site.daemon_threads = True
    thread = threading.Thread(target=site.serve_forever, args=[0.05])
    thread.start()
    yield f"http://site.example.org:{site.server_port}"
    site.shutdown()
    thread.join()
    site.server_close()


def found(*addresses):
    """With a name server that leads every name but these to this machine, and this machine allowed."""
    Site.asked.clear()
    names = {"private.example.org": ["10.0.0.7"]}

    def resolve(host, _port):
        if host == "nobody.example.org":
            raise OSError
        return names.get(host, ["127.0.0.1"])

    return visits(addresses, resolve=resolve, allowed={"127.0.0.1"}.__contains__)


@pytest.mark.parametrize(
    ("path", "expected", "words", "asked"),
    [
        ("/200", Found.OPENS, "", ["HEAD"]),
        ("/no-head", Found.OPENS, "", ["HEAD", "GET"]),
        ("/hangs-up-at-head", Found.OPENS, "", ["HEAD", "GET"]),
        ("/on?/200", Found.OPENS, "", ["HEAD", "HEAD"]),
        ("/404", Found.BROKEN, "no such page", ["HEAD"]),
        ("/410", Found.BROKEN, "no such page", ["HEAD"]),
        ("/on?/404", Found.BROKEN, "no such page", ["HEAD", "HEAD"]),
        ("/503", Found.BROKEN, "fault of its own (503)", ["HEAD", "GET"]),
        ("/403", Found.UNSURE, "does not show it to a program (403)", ["HEAD", "GET"]),
        ("/429", Found.UNSURE, "(429)", ["HEAD", "GET"]),
        ("/on?/on?/on?/on?/on?/on?/on?", Found.BROKEN, "leads on more than 5 times", None),
        ("/on?http://private.example.org/", Found.BROKEN, "private network", None),
        ("/on?ftp://site.example.org/", Found.BROKEN, "https://", None),
    ],
)
def test_an_address_is_judged_by_what_it_answers_in_the_end(server, path, expected, words, asked):
    (one,) = found(server + path)

    assert (one.address, one.found) == (server + path, expected)
    assert words in one.sentence
    if asked:
        assert [line.split()[0] for line in Site.asked] == asked


def test_servers_that_are_none_and_those_within_a_private_network_are_told_and_not_called(server):
    nobody, private = found("http://nobody.example.org/", "http://private.example.org/")

    assert (nobody.found, "no server by the name" in nobody.sentence) == (Found.BROKEN, True)
    assert (private.found, "private network" in private.sentence) == (Found.BROKEN, True)
    assert Site.asked == []


def test_by_itself_it_asks_no_server_of_this_machine(server):
    (one,) = visits([server.replace("site.example.org", "localhost")])

    assert (one.found, "private network" in one.sentence) == (Found.BROKEN, True)


def test_all_of_it_is_over_in_time_in_the_order_it_was_given_and_no_more_than_so_many_are_tried(server, monkeypatch):
    monkeypatch.setattr(visiting, "LONGEST", 0.8)
    begun = time.monotonic()

    told = found(f"{server}/slow", f"{server}/200", *(f"{server}/200?{number}" for number in range(30)))

    assert time.monotonic() - begun < 5
    assert len(told) == visiting.MOST
    assert [one.found for one in told[:2]] == [Found.UNSURE, Found.OPENS]
    assert "/200?18" not in " ".join(Site.asked)


def test_a_name_server_that_does_not_answer_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(visiting, "LONGEST", 0.2)
    silent = threading.Event()

    (one,) = visits(["http://slow.example.org/"], resolve=lambda *_: silent.wait(5) or ["127.0.0.1"])
    silent.set()

    assert (one.found, "within 0.2 seconds" in one.sentence) == (Found.UNSURE, True)
