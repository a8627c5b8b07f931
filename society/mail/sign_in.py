"""The letters about a person's sign-in. Most carry a one-time link, so their text is blanked once they are sent."""

from datetime import datetime
from urllib.parse import urlencode

from society.mail.actions import write, write_to_address
from society.people.actions import end_links, forget_old_links, one_time_link
from society.people.models import Person, Purpose
from society.people.queries import person_by_email
from society.tokens import fresh, hashed

PATHS = {
    Purpose.VERIFY: "/verify/",
    Purpose.SIGN_IN: "/login/link/",
    Purpose.RESET: "/password/reset/",
    Purpose.NEW_EMAIL: "/me/profile/email/",
}


def mail_link(email: str, purpose: Purpose, now: datetime, *, onward: str = "") -> None:
    """Write a link to whoever has that address; or to the address itself, that nobody here has it.

    One letter and as many statements either way, so that neither the answer nor its time tells which it was.
    """
    person = person_by_email(email)
    if person is not None:
        _write_link(person, purpose, now, onward=onward)
        return
    forget_old_links(now)
    write_to_address(email, "no_account", _reason(purpose, fresh()), now=now, asked=True)


def ask_to_verify(person: Person, now: datetime) -> None:
    """Write to somebody who has joined but not yet shown that the address is theirs.

    Older links die: whoever opens one vouches for the password chosen when it was mailed, which may be replaced since.
    """
    end_links(person, Purpose.VERIFY)
    _write_link(person, Purpose.VERIFY, now)


def _write_link(person: Person, purpose: Purpose, now: datetime, *, onward: str = "") -> None:
    secret = one_time_link(person, purpose, now)
    path = PATHS[purpose] + secret + (f"?{urlencode({'next': onward})}" if onward else "")
    template = purpose.value.replace("-", "_")
    write(person, template, _reason(purpose, secret), now=now, secret=True, asked=True, path=path)


def mail_to_new_address(person: Person, email: str, now: datetime) -> None:
    """Ask at the new address whether it is theirs; if it is somebody's already, tell that person instead."""
    owner = person_by_email(email)
    if owner is not None:
        write(owner, "email_taken", _reason(Purpose.NEW_EMAIL, fresh()), now=now)
        return
    secret = one_time_link(person, Purpose.NEW_EMAIL, now, new_email=email)
    reason, path = _reason(Purpose.NEW_EMAIL, secret), PATHS[Purpose.NEW_EMAIL] + secret
    write_to_address(
        email,
        "new_email",
        reason,
        now=now,
        to_name=person.name,
        wanted=person.language,
        secret=True,
        asked=True,
        name=person.name,
        path=path,
    )


def tell_former_address(person: Person, former: str, now: datetime) -> None:
    """Say at the old address that mail goes to another one now: they may not have wanted that."""
    reason = f"email-changed:{now.isoformat()}"
    write_to_address(former, "email_changed", reason, now=now, wanted=person.language, name=person.name)


def tell_of_new_password(person: Person, now: datetime) -> None:
    """Say that the password was changed: they may not have wanted that."""
    write(person, "password_changed", f"password-changed:{now.isoformat()}", now=now)


def _reason(purpose: Purpose, secret: str) -> str:
    return f"{purpose.value}:{hashed(secret)[:16]}"
