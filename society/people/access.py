"""Who asks, and who may see a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, TypeVar, cast

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy import bindparam, exists, select, true
from sqlalchemy.orm.attributes import set_committed_value

from society import settings
from society.people.forms import SignInForm
from society.people.models import EventOrganizer, Person, Role, RoleName
from society.rows import Peek, as_loaded
from society.typed import typed
from society.web import SAFE_METHODS

View = TypeVar("View", bound=Callable[..., Any])
Audience = Literal["everyone", "link", "person", "staff", "event", "organizer", "secretary", "admin"]

login_manager = LoginManager()
login_manager.session_protection = None  # it would mark sessions that moved, which nothing here looks at

_WIDTH = len(Person.__table__.columns)
_whose = Peek(
    select(
        *Person.__table__.columns,
        exists().where(Role.person_id == Person.id),
        exists().where(EventOrganizer.person_id == Person.id),
        *settings.COLUMNS,
    )
    .outerjoin_from(Person, settings.Society, true())
    .where(Person.id == bindparam("number"))
)
"""Nearly every request of someone signed in begins with it, and goes on to the society's settings; few have a role or
organize an event, to be read too."""


@login_manager.user_loader
def load(session_id: str) -> Person | None:
    """The person whose cookie this is, unless they signed out everywhere since."""
    number, key = _parts(session_id)
    if not number:
        return None
    row = _whose.here(number=number)
    if row is None:
        return None
    columns, (has_roles, organizes), stored = row[:_WIDTH], row[_WIDTH : _WIDTH + 2], row[_WIDTH + 2 :]
    settings.told(stored)
    person = as_loaded(Person, columns)
    if not has_roles:
        set_committed_value(person, "roles", [])
    if not organizes:
        set_committed_value(person, "organizing", [])
    return person if person.session_key == key and person.can_sign_in else None


def _parts(session_id: str) -> tuple[int, str]:
    number, _, key = session_id.partition(".")
    return int(number) if number.isdigit() else 0, key


def said_to_be() -> int:
    """The number of whoever the cookie is made out to, 0 for nobody: what goes with the look whether it still holds."""
    return _parts(session.get("_user_id", ""))[0]


def visitor() -> Person | None:
    """Whoever is signed in, or None."""
    known = current_user._get_current_object()  # which stands for whoever it is
    return cast(Person, known) if known.is_authenticated else None


def me() -> Person:
    """Whoever is signed in, as the row itself; only on pages that need a sign-in."""
    person = visitor()
    if person is None:
        abort(403)
    return person


def open_to(audience: Audience) -> Callable[[View], View]:
    """State who may see a page; every view must (the factory refuses to start otherwise).

    `everyone` may, or the bearer of a mailed `link`, which the view itself checks; any `person` signed in; any
    `staff`; those who organize the `event` that the address names; or those with a role. A visitor is sent to sign
    in; someone signed in without the role gets a 403.
    """

    def stated(view: View) -> View:
        if audience in ("everyone", "link"):
            view.open_to = audience  # type: ignore[attr-defined]
            return view

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            person = visitor()
            if person is None:
                return _sign_in_first()
            if not _belongs(person, audience, kwargs):
                abort(403)
            return view(*args, **kwargs)

        guarded.open_to = audience  # type: ignore[attr-defined]
        return cast(View, guarded)

    return stated


def _sign_in_first() -> ResponseReturnValue:
    """To the page to sign in on; a form that was sent stays on it until then."""
    sent = typed()
    if sent is not None:
        form = SignInForm.with_typed(sent, whose=said_to_be())
        return render_template("people/login.html", form=form), 403
    asked_for = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("people.login", next=asked_for), 303)


def _belongs(person: Person, audience: Audience, address: dict[str, Any]) -> bool:
    match audience:
        case "person":
            return True
        case "staff":
            return person.is_staff
        case "event":
            return person.organizes(address["event_id"])
        case _:
            return person.has_role(RoleName(audience))
