"""Every route, asked by other sites' pages and under false names; and what every answer carries."""

import pytest

from tests.visits import browser_of, content, view_of
from tests.world import rules

CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://elsewhere.example.org"},
    {"Origin": "http://localhost.example.org"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://["},
]


@pytest.mark.once
def test_no_other_site_can_post_here(app, world):
    browser = browser_of(app, world, "admin")
    before, taken = content(), []
    for place, rule in enumerate(rules(app, "POST")):
        if rule.endpoint != "mail.unsubscribe":
            for headers in CROSS_SITE[place % 3 :: 3]:
                answer = browser.post(world.address(app, rule), headers=headers)
                taken += [(rule.endpoint, headers, answer.status_code)] if answer.status_code != 403 else []

    assert taken == []
    assert content() == before


def test_mail_programs_unsubscribe_from_anywhere(app, world, client):
    rule = next(r for r in rules(app, "POST") if r.endpoint == "mail.unsubscribe")
    form = {"List-Unsubscribe": "One-Click"}

    for headers in CROSS_SITE:
        assert client.post(world.address(app, rule), data=form, headers=headers).status_code == 200


@pytest.mark.once
def test_visitors_get_no_cookie(app, world):
    setting = []
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            answer = browser_of(app, world, "visitor").open(world.address(app, rule), method=method)
            given = [cookie for cookie in answer.headers.getlist("Set-Cookie") if "Max-Age=0" not in cookie]
            if given and rule.endpoint not in SIGNS_IN:
                setting.append((method, rule.endpoint))

    assert setting == []


SIGNS_IN = {"people.verify", "people.use_link", "people.change_email"}
"""What a visitor's press on a mailed link ends in: a session, or a sentence for the next page."""


@pytest.mark.once
@pytest.mark.parametrize("role", ["visitor", "admin"])
def test_every_page_carries_its_headers(app, world, role):
    browser, bare = browser_of(app, world, role), []
    for rule in rules(app, "GET"):
        answer = browser.get(world.address(app, rule))
        headers, html = answer.headers, answer.content_type.startswith("text/html")
        policy = headers.get("Content-Security-Policy", "")
        good = headers.get("X-Content-Type-Options") == "nosniff" and "Cache-Control" in headers
        if html and answer.status_code != 303:
            good = good and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
            good = good and "unsafe" not in policy and headers.get("Referrer-Policy") == "same-origin"
        if role != "visitor" and html and answer.status_code == 200:
            good = good and headers["Cache-Control"] == "no-store"
        if not good:
            bare.append((rule.endpoint, answer.status_code, headers.get("Cache-Control")))

    assert bare == []
    assert "Strict-Transport-Security" in browser.get("/", base_url="https://localhost").headers


HOSTS = ["evil.example.org", "[", "a b", "a@b", "a:b", "evil.example.org:99999999", "x" * 3_000, "\xe4", "a/b?c"]


@pytest.mark.once
def test_a_false_host_is_in_no_page(app, world, client):
    """The site's address is stated, so what somebody claims it to be is written nowhere and kept for no one."""
    wrong = []
    for rule in rules(app, "GET"):
        if view_of(app, rule) == "everyone":
            for host in HOSTS:
                answer = client.get(world.address(app, rule), headers={"Host": host})
                told = len(host) > 10 and host.encode() in answer.data
                wrong += [(rule.endpoint, host[:30])] if told or answer.status_code >= 500 else []

    assert wrong == []


EVIL = "evil.example.org"
PLACES = [f"//{EVIL}", f"https://{EVIL}", f"/\\{EVIL}", f"/\t/{EVIL}", f"\\\\{EVIL}", "javascript:alert(1)"]


@pytest.mark.once
@pytest.mark.parametrize("place", PLACES)
def test_signing_in_leads_nowhere_else(app, world, place):
    rule = next(r for r in rules(app, "POST") if r.endpoint == "people.use_link")
    by_link = browser_of(app, world, "visitor").post(world.address(app, rule), query_string={"next": place})
    signed_in = browser_of(app, world, "member").get("/login", query_string={"next": place})

    assert (by_link.location, signed_in.location) == ("/me", "/me")


def test_only_a_long_session_is_packed_and_each_is_read_again(app):
    signing = app.session_interface.get_signing_serializer(app)
    for said, most in (("short", 100), ("long " * 1_000, 300)):
        cookie = signing.dumps({"said": said})
        assert signing.loads(cookie) == {"said": said}
        assert len(cookie) < most
        assert cookie.startswith(".") is (said != "short"), "as packed ones do"
