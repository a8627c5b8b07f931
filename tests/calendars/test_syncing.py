"""vdirsyncer, as people run it by the clock, against a running server: a second round finds nothing to do."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import icalendar

from tests.test_server import ROOT, serving

BIN = Path(sys.executable).parent
SETTINGS = {"SOCIETY_RATELIMIT_ENABLED": "false", "SOCIETY_BASE_URL": "http://127.0.0.1"}
KINDS = ("category", "venue", "organization", "tag")


def filled(instance):
    """A fictional society with a past, some of whose events have a tag."""
    environment = {**os.environ, **SETTINGS, "SOCIETY_INSTANCE": str(instance), "SOCIETY_DATABASE_URL": ""}
    amounts = ["--people", "10", "--events", "15", "--rsvps", "10"]
    subprocess.run([BIN / "society", "demo", *amounts], env=environment, cwd=ROOT, check=True, capture_output=True)
    with closing(sqlite3.connect(instance / "society.db")) as database, database:
        database.execute("UPDATE event SET tags = 'Tea', tag_keys = ' tea '")
        database.execute("UPDATE society SET rendered_for = ''")  # the server renders all anew as it starts


def public_feeds(instance):
    """The path of one feed of each kind that holds something."""
    with closing(sqlite3.connect(instance / "society.db")) as database:
        to_come = database.execute("SELECT feeds FROM calendar_entry WHERE starts_at > datetime('now')")
        keys = {key for (row,) in to_come for key in row.split()}
        (slug,) = database.execute("SELECT slug FROM event WHERE visibility = 'public' AND slug != ''").fetchone()
    named = {kind: f"/calendar/{min(key for key in keys if key.startswith(f'{kind}/'))}.ics" for kind in KINDS}
    plain = {"all": "/calendar.ics", "past": "/calendar.ics?past=all", "open": "/calendar/open.ics"}
    return {**named, **plain, "event": f"/events/{slug}.ics", "file": f"/events/{slug}.ics?file=yes"}


def own_feed(site):
    """The path of the member's own feed, made on its page."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    for path, form in (
        ("/login", {"email": "member@example.org", "password": "society-demo"}),
        ("/me/calendar", {"action": "new", "everything": "y", "sessions": "y"}),
    ):
        with browser.open(site + path, urlencode(form).encode(), timeout=60) as answer:
            page = answer.read().decode()
    return re.search(r"/calendar/personal/[\w-]+\.ics", page)[0]


def written_down(folder, feeds):
    """vdirsyncer's settings: each feed is copied into a folder of its own."""
    parts = [f"[general]\nstatus_path = {json.dumps(str(folder / 'status'))}\n"]
    for name, address in feeds.items():
        parts.append(f'[pair {name}]\na = "{name}_there"\nb = "{name}_here"\ncollections = null\n')
        parts.append(f'[storage {name}_there]\ntype = "http"\nurl = "{address}"\n')
        here = json.dumps(str(folder / name))
        parts.append(f'[storage {name}_here]\ntype = "filesystem"\npath = {here}\nfileext = ".ics"\n')
        (folder / name).mkdir()
    settings = folder / "settings"
    settings.write_text("\n".join(parts))
    return settings


def run(settings, command):
    done = subprocess.run(
        [BIN / "vdirsyncer", "--config", settings, command], capture_output=True, text=True, timeout=60, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def fetched(address):
    with build_opener().open(address, timeout=60) as answer:
        return answer.read()


def held(content):
    """The entries by their addresses: of a feed that it only reads, vdirsyncer names them after their content."""
    return {str(entry["URL"]) for entry in icalendar.Calendar.from_ical(content).walk("VEVENT")}


def test_each_kind_of_feed_is_synced_and_the_second_time_there_is_nothing_to_do(tmp_path):
    instance, folder = tmp_path / "instance", tmp_path / "copies"
    folder.mkdir()
    filled(instance)
    with serving(instance, **SETTINGS) as (_process, port, _said):
        site = f"http://127.0.0.1:{port}"
        feeds = {name: site + path for name, path in public_feeds(instance).items()}
        feeds["personal"] = site + own_feed(site)
        settings = written_down(folder, feeds)
        run(settings, "discover")
        first, second = run(settings, "sync"), run(settings, "sync")
        there = {name: held(fetched(address)) for name, address in feeds.items()}

    here = {name: set().union(*(held(file.read_bytes()) for file in (folder / name).iterdir())) for name in feeds}
    assert all(there.values())
    assert here == there
    assert first.count("Copying") == sum(map(len, there.values()))
    assert [line for line in second.splitlines() if not line.startswith("Syncing ")] == []
