"""What those who send mail for many would have published for a domain, known by the name of their server.

Only what can be told from the domain alone stands here as a line; where each customer gets names or keys of their own,
it is said where the provider shows them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Provider:
    """One of them. `hosts` are how the names of its servers end."""

    name: str
    hosts: tuple[str, ...]
    where: str
    """In which of its settings the key is made and shown."""
    spf: str = ""
    """What names its servers in a record of SPF; empty where it puts an address of its own on the envelope."""
    keys: tuple[tuple[str, str], ...] = ()
    """Selectors, and the name that each leads to, with the domain as `{domain}`."""
    selectors: tuple[str, ...] = ()
    """Those that it gives to everyone, where the key or what it leads to is each customer's own."""

    def key_lines(self, domain: str) -> list[str]:
        """The lines by which it looks after its keys itself, where those can be told."""
        return [f"{name}._domainkey.{domain}. IN CNAME {to.format(domain=domain)}." for name, to in self.keys]

    @property
    def usual(self) -> tuple[str, ...]:
        """The selectors under which its keys stand for every customer."""
        return tuple(name for name, _ in self.keys) or self.selectors


PROVIDERS = (
    Provider(
        "Google Workspace",
        ("smtp.gmail.com", "smtp-relay.gmail.com"),
        "in its Admin console under Apps → Google Workspace → Gmail → Authenticate email: generate a record, publish "
        "it, then start the authentication there",
        spf="include:_spf.google.com",
        selectors=("google",),
    ),
    Provider(
        "Microsoft 365",
        ("smtp.office365.com", "mail.protection.outlook.com"),
        "in the Defender portal under Email & collaboration → Policies & rules → Threat policies → Email "
        "authentication settings → DKIM: publish the two CNAMEs that stand there, then switch the signing on",
        spf="include:spf.protection.outlook.com",
        selectors=("selector1", "selector2"),
    ),
    Provider(
        "Fastmail",
        ("smtp.fastmail.com",),
        "in its settings under Domains",
        spf="include:spf.messagingengine.com",
        keys=tuple((f"fm{number}", f"fm{number}.{{domain}}.dkim.fmhosted.com") for number in (1, 2, 3)),
    ),
    Provider(
        "mailbox.org",
        ("smtp.mailbox.org",),
        "in its knowledge base under “SPF, DKIM, and DMARC”",
        spf="include:mailbox.org",
        keys=tuple((f"MBO000{number}", f"MBO000{number}._domainkey.mailbox.org") for number in (1, 2, 3, 4)),
    ),
    Provider(
        "Proton Mail",
        ("smtp.protonmail.ch",),
        "in its settings under Organization → Domain names → Review → DKIM: publish the three CNAMEs that stand there",
        spf="include:_spf.protonmail.ch",
        selectors=("protonmail", "protonmail2", "protonmail3"),
    ),
    Provider("Postmark", ("smtp.postmarkapp.com",), "under Sender Signatures, at the domain's DNS settings"),
    Provider(
        "Amazon SES",
        (".amazonaws.com",),
        "in the console of its region under Verified identities, at the domain: publish the three CNAMEs of Easy DKIM",
    ),
    Provider(
        "Brevo", ("smtp-relay.brevo.com", "smtp-relay.sendinblue.com"), "where it has you authenticate the domain"
    ),
    Provider(
        "Mailgun",
        ("smtp.mailgun.org", "smtp.eu.mailgun.org"),
        "under Sending → Domains, at the domain's DNS records",
        spf="include:mailgun.org",
    ),
)


def provider_of(server: str) -> Provider | None:
    """Whose server that is, if it is one of theirs."""
    name = server.lower().rstrip(".")
    return next((one for one in PROVIDERS if any(_is_in(name, host) for host in one.hosts)), None)


def _is_in(name: str, host: str) -> bool:
    return name.endswith(host) if host.startswith(".") else name == host or name.endswith(f".{host}")
