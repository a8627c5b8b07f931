"""What is published about a domain, as others read it; and asking a real DNS server."""

import socket
import threading

import dns.message
import dns.resolver
import dns.rrset
import pytest

from society.mail.dmarc import aligned
from society.mail.lookups import Lookups
from society.mail.providers import PROVIDERS, provider_of
from society.mail.published import judged
from society.mail.spf import lookups
from society.mail.verdicts import Setting, Standing, Unanswered
from tests.builders import a_person

OURS = Setting("example.org", "example.org", "smtp.example.net", "mail2026")
SPF, DKIM, DMARC = ("example.org", "TXT"), ("mail2026._domainkey.example.org", "TXT"), ("_dmarc.example.org", "TXT")
KEY = "A" * 392  # as long as one of 2,048 bits
GOOD = {
    SPF: ["verified=1", "v=spf1 a:smtp.example.net include:_spf.example.net -all"],
    ("_spf.example.net", "TXT"): ["v=spf1 ip4:192.0.2.0/24 ~all"],
    DKIM: [f"v=DKIM1; k=rsa; p={KEY}"],
    DMARC: ["v=DMARC1; p=quarantine"],
    ("example.org", "MX"): ["10 mx.example.org."],
}


def verdicts(changes=None, setting=OURS):
    published = {**GOOD, **(changes or {})}
    return {one.about: one for one in judged(setting, lambda name, kind: published.get((name, kind), []))}


def test_a_domain_that_is_in_order_is_told_so():
    assert {one.standing for one in verdicts().values()} == {Standing.GOOD}


WRONG = {
    "no SPF": ("SPF", {SPF: []}, Standing.WRONG, "Nothing says"),
    "two SPF": ("SPF", {SPF: ["v=spf1 -all", "v=spf1 mx -all"]}, Standing.WRONG, "2 records"),
    "anybody": ("SPF", {SPF: ["v=spf1 +all"]}, Standing.WRONG, "everybody"),
    "nobody": ("SPF", {SPF: ["v=spf1 -all"]}, Standing.WRONG, "names nobody"),
    "nobody, softly": ("SPF", {SPF: ["v=spf1 ~all"]}, Standing.WRONG, "names nobody"),
    "nobody before the end": ("SPF", {SPF: ["v=spf1 -mx -all mx"]}, Standing.WRONG, "names nobody"),
    "nobody elsewhere": (
        "SPF",
        {SPF: ["v=spf1 include:_spf.example.net -all"], ("_spf.example.net", "TXT"): ["v=spf1 -all"]},
        Standing.WRONG,
        "names nobody",
    ),
    "no end": ("SPF", {SPF: ["v=spf1 mx"]}, Standing.BETTER, "end it with"),
    "three SPF": ("SPF", {SPF: ["v=spf1 -all"] * 3}, Standing.WRONG, "3 records"),
    "neutral": ("SPF", {SPF: ["v=spf1 mx ?all"]}, Standing.BETTER, "end it with"),
    "anybody elsewhere": (
        "SPF",
        {SPF: ["v=spf1 redirect=_spf.example.net"], ("_spf.example.net", "TXT"): ["v=spf1 mx all"]},
        Standing.WRONG,
        "everybody",
    ),
    "no word of it": ("SPF", {SPF: ["v=spf1 ipv4:192.0.2.1 -all"]}, Standing.WRONG, "“ipv4:192.0.2.1” is nothing"),
    "no number": ("SPF", {SPF: ["v=spf1 ip4:192.0.2.300 -all"]}, Standing.WRONG, "is nothing that SPF knows"),
    "to nobody": ("SPF", {SPF: ["v=spf1 include:nobody.example -all"]}, Standing.WRONG, "nobody.example, which has no"),
    "not SPF": ("SPF", {SPF: ["v=spf10 -all"]}, Standing.WRONG, "Nothing says"),
    "too many": ("SPF", {SPF: [f"v=spf1 {'a:x.example ' * 11}-all"]}, Standing.WRONG, "11 times"),
    "two to merge": (
        "SPF",
        {SPF: ["v=spf1 mx +ip4:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 redirect=_spf.example.net"]},
        Standing.WRONG,
        "take the others out",
    ),
    "two, one void": ("SPF", {SPF: ["v=spf1 ipv4:192.0.2.1 -all", "v=spf1 mx -all"]}, Standing.WRONG, "Make them one"),
    "in a ring": ("SPF", {SPF: ["v=spf1 include:example.org -all"]}, Standing.WRONG, "void"),
    "no key": ("DKIM", {DKIM: []}, Standing.WRONG, "no key at mail2026"),
    "revoked": ("DKIM", {DKIM: ["v=DKIM1; p="]}, Standing.WRONG, "revoked"),
    "cut off": ("DKIM", {DKIM: ["p=AAA"]}, Standing.WRONG, "cut off"),
    "short": ("DKIM", {DKIM: [f"p={KEY[:216]}"]}, Standing.BETTER, "short"),
    "trial": ("DKIM", {DKIM: [f"v=DKIM1; t=s:y; p={KEY}"]}, Standing.BETTER, "t=y"),
    "rare": ("DKIM", {DKIM: ["k=ed25519; p=" + "A" * 43 + "="]}, Standing.BETTER, "Sign with one of RSA too"),
    "no DMARC": ("DMARC", {DMARC: []}, Standing.BETTER, "no record"),
    "two DMARC": (
        "DMARC",
        {DMARC: ["v=DMARC1; p=reject", "v=DMARC1; p=none", "v=DMARC1;p=none;rua=mailto:a@example.org"]},
        Standing.WRONG,
        "3 records",
    ),
    "no policy": ("DMARC", {DMARC: ["v=DMARC1; rua=mailto:a@example.org"]}, Standing.WRONG, "does not say"),
    "watching": ("DMARC", {DMARC: ["v=DMARC1;p=none"]}, Standing.BETTER, "only watches"),
    "takes none": ("Answers and bounces", {("example.org", "MX"): ["0 ."]}, Standing.WRONG, "takes no mail"),
    "no mailbox": ("Answers and bounces", {("example.org", "MX"): []}, Standing.WRONG, "No server takes mail"),
}
LONG_KEY = f'"v=DKIM1; t=s; p={"A" * 239}" "{"A" * 153}"'
LINES = {
    "no SPF": 'example.org. IN TXT "v=spf1 a:smtp.example.net -all"',
    "not SPF": 'example.org. IN TXT "v=spf1 a:smtp.example.net -all"',
    "two SPF": 'example.org. IN TXT "v=spf1 mx -all"',
    "three SPF": 'example.org. IN TXT "v=spf1 a:smtp.example.net -all"',
    "two to merge": 'example.org. IN TXT "v=spf1 mx ip4:192.0.2.1 include:_spf.example.net ~all"',
    "anybody": 'example.org. IN TXT "v=spf1 a:smtp.example.net ~all"',
    "nobody": 'example.org. IN TXT "v=spf1 a:smtp.example.net -all"',
    "nobody, softly": 'example.org. IN TXT "v=spf1 a:smtp.example.net -all"',
    "nobody before the end": 'example.org. IN TXT "v=spf1 a:smtp.example.net -all"',
    "nobody elsewhere": 'example.org. IN TXT "v=spf1 a:smtp.example.net -all"',
    "no end": 'example.org. IN TXT "v=spf1 mx ~all"',
    "neutral": 'example.org. IN TXT "v=spf1 mx ~all"',
    "no key": 'mail2026._domainkey.example.org. IN TXT "v=DKIM1; k=rsa; p=PUBLIC-KEY"',
    "trial": f"mail2026._domainkey.example.org. IN TXT {LONG_KEY}",
    "no DMARC": '_dmarc.example.org. IN TXT "v=DMARC1; p=none; rua=mailto:postmaster@example.org"',
    "two DMARC": '_dmarc.example.org. IN TXT "v=DMARC1; p=none; rua=mailto:a@example.org"',
    "no policy": '_dmarc.example.org. IN TXT "v=DMARC1; p=none; rua=mailto:a@example.org"',
    "watching": '_dmarc.example.org. IN TXT "v=DMARC1; p=quarantine"',
    "no mailbox": "example.org. IN MX 10 smtp.example.net.",
}
"""To paste, wherever it follows from what is published."""


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_in_words_and_keeps_nothing_else_back(case):
    about, changes, standing, words = WRONG[case]
    found = verdicts(changes)
    assert (found[about].standing, words in found[about].sentence) == (standing, True), found[about]
    assert found[about].line == LINES.get(case, "")
    others = {one.standing for name, one in found.items() if name != about}
    assert others == {Standing.GOOD}


def test_the_policy_above_a_domain_counts_for_it():
    below = Setting("news.example.org", "news.example.org", "", "s")
    assert verdicts(setting=below)["DMARC"].standing is Standing.GOOD
    weak = {DMARC: ["v=DMARC1; p=REJECT; sp=none"]}
    assert "“sp=none”" in verdicts(weak, below)["DMARC"].sentence
    assert verdicts(weak, below)["DMARC"].line == '_dmarc.example.org. IN TXT "v=DMARC1; p=REJECT; sp=quarantine"'
    assert verdicts(weak)["DMARC"].standing is Standing.GOOD
    beside = Setting("news.example.org", "back.example.org", "", "s")
    assert verdicts(setting=beside)["DMARC"].standing is Standing.GOOD
    registry = {DMARC: ["v=DMARC1; p=reject; psd=y"]}
    assert "no record" in verdicts(registry, below)["DMARC"].sentence
    apart = Setting("example.org", "elsewhere.example", "", "s")
    assert "proves nothing" in verdicts(setting=apart)["DMARC"].sentence


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 a mx:mail.example.org/24//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 ?exists:%{i}.x.example -all",
        "v=spf1 mx exp=why.example.org unknown=thing ~ALL ipv4:behind-the-end",
        "v=spf1 mx redirect=%{d}.x.example -all",
    ],
)
def test_what_spf_allows_is_no_flaw(record):
    assert verdicts({SPF: [record]})["SPF"].standing is Standing.GOOD


def test_alignment():
    assert aligned("example.org", "back.example.org", strict=False)
    assert not aligned("example.org", "back.example.org", strict=True)
    assert not aligned("example.org", "notexample.org", strict=False)


def test_what_the_dns_does_not_say_is_not_known():
    def silent(_name, _kind):
        raise Unanswered

    assert {one.standing for one in judged(OURS, silent)} == {Standing.UNKNOWN}
    assert lookups("v=spf1 ip4:192.0.2.1 -all", silent) == 0
    nobody = {one.about: one.standing for one in judged(Setting("a.example", "a.example", ""), lambda *_: [])}
    assert nobody["DKIM"] is Standing.UNKNOWN


@pytest.fixture
def a_dns_server(monkeypatch):
    """Answers over UDP with what is in the list; to `slow.example.org` it says nothing."""
    published: dict[tuple[str, str], list[str]] = {}
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.bind(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                raw, whom = wire.recvfrom(4096)
            except OSError:
                return
            query = dns.message.from_wire(raw)
            name, kind = query.question[0].name.to_text(omit_final_dot=True), query.question[0].rdtype.name
            if name.startswith("slow."):
                continue
            answer = dns.message.make_response(query)
            if values := published.get((name, kind)):
                answer.answer.append(dns.rrset.from_text_list(f"{name}.", 60, "IN", kind, values))
            wire.sendto(answer.to_wire(), whom)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], wire.getsockname()[1]
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    yield published
    wire.close()


def test_the_dns_is_asked_by_the_machines_resolver(a_dns_server, monkeypatch):
    a_dns_server["example.org", "TXT"] = ['"v=spf1 " "mx -all"']
    find = Lookups()
    assert find("example.org", "TXT") == ["v=spf1 mx -all"]
    a_dns_server.clear()
    assert find("example.org", "TXT") == ["v=spf1 mx -all"], "asked once"
    assert find("nothing.example.org", "MX") == []
    monkeypatch.setattr("society.mail.lookups.SECONDS", 0.2)
    for name in ("slow.example.org", "a..b", "x" * 70 + ".example"):
        with pytest.raises(Unanswered):
            find(name, "TXT")


def test_staff_read_what_is_published(app, client, monkeypatch, a_dns_server):
    client.sign_in(a_person("Ada", "admin", email="ada@example.org"))
    monkeypatch.setitem(app.config, "MAIL_FROM", "society@localhost")
    assert "Not an address that the world knows" in client.post("/organize/outbox/domain").text
    monkeypatch.setitem(app.config, "MAIL_FROM", "Society <office@example.org>")
    a_dns_server["example.org", "TXT"] = ['"v=spf1 +all"']

    page = client.post("/organize/outbox/domain", data={"selector": "mail2026"}).text
    assert "It lets everybody send" in page
    assert "There is no key at mail2026._domainkey.example.org" in page
    assert 'value="ada@example.org"' in page
    wrong = client.post("/organize/outbox/domain", data={"selector": "../<b>"})
    assert (wrong.status_code, "A selector has letters" in wrong.text) == (422, True)
    for role in ("organizer", "secretary"):
        client.sign_in(a_person("Olga", role))
        page = client.post("/organize/outbox/domain").text
        assert "It lets everybody send" in page
        assert 'name="email"' not in page
    client.sign_in(a_person("Max"))
    assert client.post("/organize/outbox/domain").status_code == 403


def by(server, changes=None, selector=""):
    return verdicts(changes, Setting("example.org", "example.org", server, selector))


def test_a_missing_key_comes_with_the_shape_of_its_line():
    named = verdicts({DKIM: []})["DKIM"]
    assert named.line == 'mail2026._domainkey.example.org. IN TXT "v=DKIM1; k=rsa; p=PUBLIC-KEY"'
    unnamed = by("smtp.example.net")["DKIM"]
    assert (unnamed.standing, unnamed.line.partition(".")[0]) == (Standing.UNKNOWN, "SELECTOR")
    assert "“s=”" in unnamed.sentence
    assert "SELECTOR and PUBLIC-KEY" in unnamed.sentence


@pytest.mark.parametrize(
    ("server", "name"),
    [
        ("smtp.gmail.com", "Google Workspace"),
        ("SMTP.office365.com.", "Microsoft 365"),
        ("example-org.mail.protection.outlook.com", "Microsoft 365"),
        ("smtp.fastmail.com", "Fastmail"),
        ("smtp.mailbox.org", "mailbox.org"),
        ("smtp.protonmail.ch", "Proton Mail"),
        ("smtp.postmarkapp.com", "Postmark"),
        ("email-smtp.eu-west-1.amazonaws.com", "Amazon SES"),
        ("smtp-relay.brevo.com", "Brevo"),
        ("smtp.eu.mailgun.org", "Mailgun"),
        ("notsmtp.gmail.com.example.net", None),
        ("evilsmtp.gmail.com", None),
        ("", None),
    ],
)
def test_a_provider_is_known_by_its_server(server, name):
    found = provider_of(server)
    assert (found.name if found else None) == name


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)
def test_each_provider_is_told_of_with_what_it_wants_published(provider):
    server = provider.hosts[0].replace(".amazonaws", "email-smtp.eu-west-1.amazonaws")
    found = by(server, {SPF: []})

    assert by(server, {("example.org", "MX"): []})["Answers and bounces"].line == ""
    assert found["SPF"].line == (f'example.org. IN TXT "v=spf1 {provider.spf} ~all"' if provider.spf else "")
    assert provider.name in found["DKIM"].sentence
    lines = found["DKIM"].line.split("\n")
    assert all("._domainkey.example.org. IN " in line and "{" not in line for line in lines)
    if provider.keys:
        assert all(line.endswith(".") and " IN CNAME " in line for line in lines)
        assert len(lines) == len(provider.keys)
    else:
        assert provider.where in found["DKIM"].sentence


def test_fastmail_and_mailbox_org_look_after_their_keys_by_names_that_can_be_told():
    assert by("smtp.fastmail.com")["DKIM"].line.split("\n")[0] == (
        "fm1._domainkey.example.org. IN CNAME fm1.example.org.dkim.fmhosted.com."
    )
    assert by("smtp.mailbox.org")["DKIM"].line.split("\n")[3] == (
        "MBO0004._domainkey.example.org. IN CNAME MBO0004._domainkey.mailbox.org."
    )


def test_a_key_is_found_under_the_selector_that_a_provider_gives_to_everyone():
    found = by("smtp.gmail.com", {("google._domainkey.example.org", "TXT"): [f"p={KEY}"]})
    assert found["DKIM"].standing is Standing.GOOD
    second = by("smtp.office365.com", {("selector2._domainkey.example.org", "TXT"): [f"p={KEY}"]})
    assert second["DKIM"].standing is Standing.GOOD
    own = by("smtp.gmail.com", {("google._domainkey.example.org", "TXT"): [f"p={KEY}"]}, "other")
    assert (own["DKIM"].standing, "other._domainkey" in own["DKIM"].sentence) == (Standing.WRONG, True)


def test_a_record_that_leaves_our_provider_out_is_told_with_it_in():
    google = {("_spf.google.com", "TXT"): ["v=spf1 ip4:192.0.2.0/24 ~all"]}
    without = by("smtp.gmail.com", {SPF: ["v=spf1 mx -all"], **google})["SPF"]
    assert without.standing is Standing.WRONG
    assert without.line == 'example.org. IN TXT "v=spf1 include:_spf.google.com mx -all"'
    open_to_all = by("smtp.gmail.com", {SPF: ["v=spf1 mx +all"], **google})["SPF"]
    assert open_to_all.line == 'example.org. IN TXT "v=spf1 include:_spf.google.com mx ~all"'
    assert (
        by("smtp.gmail.com", {SPF: ["v=spf1 include:_spf.google.com ~all"], **google})["SPF"].standing is Standing.GOOD
    )
    inside = {SPF: ["v=spf1 include:all.example.org -all"]}
    inside[("all.example.org", "TXT")] = ["v=spf1 include:_spf.google.com -all"]
    assert by("smtp.gmail.com", {**inside, **google})["SPF"].standing is Standing.GOOD
    ring = by("smtp.gmail.com", {SPF: ["v=spf1 include:example.org -all"]})["SPF"]
    assert ring.standing is Standing.WRONG
    assert by("smtp.postmarkapp.com", {SPF: []})["SPF"].standing is Standing.GOOD
