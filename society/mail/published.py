"""What is published in the DNS about the domain that our letters come from, judged: whether others can believe them."""

import base64
import binascii
from collections.abc import Callable

from society.mail import dmarc, spf
from society.mail.dmarc import POLICIES, Tags, aligned, as_text, tags
from society.mail.spf import MOST_LOOKUPS, Find
from society.mail.verdicts import Setting, Standing, Unanswered, Verdict, line_for

SHORT_KEY = 180
"""Bytes of a public key of RSA with its frame: 162 for 1,024 bits, 294 for 2,048."""
IN_PLACE = "The line below takes its place."


def judged(setting: Setting, find: Find) -> list[Verdict]:
    """Each check by itself: what one of them cannot find out keeps no other from being told."""
    checks = (("SPF", _spf), ("DKIM", _dkim), ("DMARC", _dmarc), ("Answers and bounces", _mailbox))
    return [_tried(about, check, setting, find) for about, check in checks]


def _tried(about: str, check: Callable[[Setting, Find], Verdict], setting: Setting, find: Find) -> Verdict:
    try:
        return check(setting, find)
    except Unanswered:
        return Verdict(about, Standing.UNKNOWN, "The DNS did not answer in time. Try again in a while.")


def _spf(setting: Setting, find: Find) -> Verdict:
    """Which servers may send for the envelope's domain (RFC 7208)."""
    domain, about, provider = setting.returns, "SPF", setting.provider
    records = spf.records(domain, find)
    if provider and not provider.spf:
        own = (
            f"{provider.name} puts an address of its own on the envelopes, which SPF goes by; for {domain} DKIM counts."
        )
        return Verdict(about, Standing.GOOD, own)
    if not records:
        missing = f"Nothing says which servers may send mail for {domain}."
        return Verdict(about, Standing.WRONG, missing, _spf_line(setting, _own_spf(setting)))
    if len(records) > 1:
        return _several_spf(setting, records, find)
    record, number = records[0], spf.lookups(records[0], find)
    if number > MOST_LOOKUPS:
        more = f"It asks the DNS {number} times, and more than {MOST_LOOKUPS} make it void. Take some “include” out."
        return Verdict(about, Standing.WRONG, more)
    if flaw := next(spf.flaws(record, find), ""):
        return Verdict(about, Standing.WRONG, flaw)
    if provider and not spf.including(record, provider.spf, find):
        left_out = f"It does not name the servers of {provider.name}, which send our letters. Add “{provider.spf}”:"
        return Verdict(about, Standing.WRONG, left_out, _spf_line(setting, _mended_spf(setting, record, find)))
    if not spf.names_anybody(record, find):
        nobody = f"It names nobody who may send mail for {domain}, so all of it is refused. {IN_PLACE}"
        return Verdict(about, Standing.WRONG, nobody, _spf_line(setting, _own_spf(setting)))
    return _spf_by_end(setting, record, find)


def _several_spf(setting: Setting, records: list[str], find: Find) -> Verdict:
    """Made one, where that one holds."""
    mended = _mended_spf(setting, spf.merged(records, find), find)
    many = f"There are {len(records)} records, so none counts."
    if not spf.holds(mended, find):
        return Verdict("SPF", Standing.WRONG, f"{many} Make them one.")
    one = f"{many} Publish one that says what they say, and take the others out."
    return Verdict("SPF", Standing.WRONG, one, _spf_line(setting, mended))


def _spf_by_end(setting: Setting, record: str, find: Find) -> Verdict:
    """By what one that holds says of all other servers; where it says so elsewhere, nothing of its own is to mend."""
    about, sign = "SPF", spf.ending(record, find)
    if sign in ("-", "~"):
        sent = "Whether our server is among those named, the test letter tells: its headers should say “spf=pass”."
        return Verdict(about, Standing.GOOD, f"It names who may send for {setting.returns}. {sent}")
    own = spf.closed(record) != record
    line = _spf_line(setting, _mended_spf(setting, record, find)) if own else ""
    in_place = f" {IN_PLACE}" if own else ""
    if sign == "+":
        everybody = f"It lets everybody send: “+all” must be “-all” or “~all”.{in_place}"
        return Verdict(about, Standing.WRONG, everybody, line)
    left_open = "It does not say what all other servers may: end it with “~all”, or “-all” once all who send are named."
    return Verdict(about, Standing.BETTER, left_open + in_place, line)


def _own_spf(setting: Setting) -> str:
    """The record for a domain that has none."""
    return f"v=spf1 {_our_servers(setting)} {'~all' if setting.provider else '-all'}"


def _mended_spf(setting: Setting, record: str, find: Find) -> str:
    """The record with an end, and with our servers where it leaves our provider or everybody out: first, so that they
    are read before any end."""
    kept, provider = spf.closed(record), setting.provider
    named = spf.including(kept, provider.spf, find) if provider else spf.names_anybody(kept, find)
    return kept if named else f"v=spf1 {_our_servers(setting)} {kept.partition(' ')[2]}"


def _our_servers(setting: Setting) -> str:
    by = f"a:{setting.server}" if setting.server else "mx"
    return setting.provider.spf if setting.provider else by


def _spf_line(setting: Setting, record: str) -> str:
    return line_for(setting.returns, record)


def _dkim(setting: Setting, find: Find) -> Verdict:
    """The public key that belongs to the signature (RFC 6376, 3.6.1)."""
    usual = setting.provider.usual if setting.provider else ()
    names = [f"{one}._domainkey.{setting.domain}" for one in ([setting.selector] if setting.selector else usual)]
    for name in names:
        if keys := [found for text in find(name, "TXT") if "p" in (found := tags(text))]:
            return _key(keys[0], name)
    return _no_key(setting, names)


def _no_key(setting: Setting, names: list[str]) -> Verdict:
    """What to publish. The key is made by whoever signs, and half of it never leaves them: it is not known here."""
    about, provider = "DKIM", setting.provider
    line = f'{setting.selector or "SELECTOR"}._domainkey.{setting.domain}. IN TXT "v=DKIM1; k=rsa; p=PUBLIC-KEY"'
    missing = f"There is no key at {names[0]}. " if names else ""
    if provider and (lines := provider.key_lines(setting.domain)):
        kept = f"{provider.name} signs by keys that it looks after itself; these lead to them."
        return Verdict(about, Standing.WRONG, missing + kept, "\n".join(lines))
    if provider:
        shown = f"{provider.name} makes the key, and shows what to publish {provider.where}. A key looks like this:"
        return Verdict(about, Standing.WRONG if names else Standing.UNKNOWN, missing + shown, line)
    made = "The key is made by the mail server or its provider, which says what stands for PUBLIC-KEY:"
    if setting.selector:
        return Verdict(about, Standing.WRONG, missing + made, line)
    where = "it stands as “s=” in the “DKIM-Signature” among the headers of a letter that has arrived"
    asked = (
        f"If letters are signed, give the selector of the key: {where}. {made.replace('PUBLIC', 'SELECTOR and PUBLIC')}"
    )
    return Verdict(about, Standing.UNKNOWN, asked, line)


def _key(published: Tags, name: str) -> Verdict:
    about, key = "DKIM", "".join(published["p"].split())
    if not key:
        return Verdict(about, Standing.WRONG, f"The key at {name} has been revoked.")
    try:
        size = len(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        return Verdict(about, Standing.WRONG, f"The key at {name} is cut off or mistyped.")
    if "y" in published.get("t", "").split(":"):
        trial = f"The key at {name} is marked as a trial (“t=y”), and so proves nothing yet. {IN_PLACE}"
        return Verdict(about, Standing.BETTER, trial, line_for(name, as_text(_no_trial(published))))
    kind = published.get("k", "rsa").lower()
    if kind == "rsa" and size < SHORT_KEY:
        return Verdict(about, Standing.BETTER, "The key is short. Have one of 2,048 bits made.")
    if kind != "rsa":
        few = f"Not every provider can check a key of the kind {kind}. Sign with one of RSA too."
        return Verdict(about, Standing.BETTER, few)
    return Verdict(about, Standing.GOOD, f"There is a key at {name}.")


def _no_trial(published: Tags) -> Tags:
    flags = ":".join(flag for flag in published["t"].split(":") if flag != "y")
    return {name: value for name, value in (published | {"t": flags}).items() if value}


def _dmarc(setting: Setting, find: Find) -> Verdict:
    """What others shall do with letters that prove nothing (RFC 7489, 6.3 and 6.6.3)."""
    about, domain = "DMARC", setting.domain
    found = {name: records for name in dmarc.up_from(domain) if (records := dmarc.records(name, find))}
    if not found:
        missing = "There is no record, and large providers ask those for one who write many letters."
        watching = f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
        return Verdict(about, Standing.BETTER, missing, line_for(f"_dmarc.{domain}", watching))
    (at, records), whole = next(iter(found.items())), list(found)[-1]
    record = records[0]
    if len(records) > 1:
        many = f"There are {len(records)} records, so none counts. Keep only the gentlest, which is below."
        return Verdict(about, Standing.WRONG, many, _dmarc_line(at, dmarc.one_to_keep(records)))
    if not dmarc.has_policy(record):
        silent = f"It does not say what to do: “p=” must be none, quarantine or reject. {IN_PLACE}"
        return Verdict(about, Standing.WRONG, silent, _dmarc_line(at, dmarc.with_policy(record)))
    if not aligned(domain, setting.returns, strict=record.get("aspf") == "s", within=whole):
        apart = f"The envelope's domain {setting.returns} is none of {domain}'s, so SPF proves nothing: sign with DKIM."
        return Verdict(about, Standing.BETTER, apart)
    return _by_policy(domain, at, record)


def _by_policy(domain: str, at: str, record: Tags) -> Verdict:
    """Below the domain that has the record, its policy for those below counts, where it has one (RFC 7489, 6.3)."""
    about, tag = "DMARC", "sp" if domain != at and "sp" in record else "p"
    if record[tag].lower() in POLICIES[1:]:
        return Verdict(about, Standing.GOOD, f"Letters that only pretend to be from {domain} are to be held back.")
    watches = f"It only watches (“{tag}=none”). Once SPF and DKIM pass, “{tag}=quarantine” is safer. {IN_PLACE}"
    return Verdict(about, Standing.BETTER, watches, _dmarc_line(at, record | {tag: "quarantine"}))


def _dmarc_line(at: str, record: Tags) -> str:
    return line_for(f"_dmarc.{at}", dmarc.written(record))


def _mailbox(setting: Setting, find: Find) -> Verdict:
    """Whether what is written back has anywhere to go (RFC 5321, 5.1)."""
    about = "Answers and bounces"
    for domain in dict.fromkeys((setting.domain, setting.returns)):
        if find(domain, "MX") == ["0 ."]:  # RFC 7505
            return Verdict(about, Standing.WRONG, f"{domain} says that it takes no mail (“MX 0 .”).")
        if not any(find(domain, kind) for kind in ("MX", "A", "AAAA")):
            takes_it = setting.server and not setting.provider  # theirs for sending are others than those for receiving
            line = f"{domain}. IN MX 10 {setting.server}." if takes_it else ""
            return Verdict(about, Standing.WRONG, f"No server takes mail for {domain}.", line)
    return Verdict(about, Standing.GOOD, "There is a server that takes what is written back.")
