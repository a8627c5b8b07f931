"""What letters about renewing say: built in, or in the society's own words."""

from datetime import timedelta

from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from society.db import db
from society.dues.renewal_forms import LetterForm
from society.dues.renewals import HIDDEN, would_owe
from society.dues.routes.blueprint import bp
from society.dues.wording import BEFORE, FIELDS, LABELS, LAPSED, built_in, faults, filled_in, values
from society.mail.wording_pages import Read, WordingPages
from society.membership.models import Membership, Status
from society.people.access import open_to
from society.settings import society
from society.text import markdown


@bp.get("/organize/renewals/wordings")
@open_to("secretary")
def wordings() -> str:
    """All of them, and which are the society's own."""
    return _pages.index()


@bp.route("/organize/renewals/wordings/<wording>", methods=["GET", "POST"])
@open_to("secretary")
def wording(wording: str) -> ResponseReturnValue:
    """One: to read, to look at for a member, and to change."""
    return _pages.page(wording)


@bp.post("/organize/renewals/wordings/<wording>/reset")
@open_to("secretary")
def reset_wording(wording: str) -> ResponseReturnValue:
    """Say what is built in again."""
    return _pages.reset(wording)


def _as_read(name: str, form: LetterForm, language: str) -> Read | None:
    """As whoever's membership ends last would read it; None where nobody's ends."""
    ending = Membership.status == Status.ACTIVE, Membership.ends_on.is_not(None)
    rows = select(Membership).where(*ending).options(joinedload(Membership.person), joinedload(Membership.tier))
    period = db.session.scalars(rows.order_by(Membership.ends_on.desc(), Membership.id.desc()).limit(1)).first()
    if period is None or period.ends_on is None:
        return None
    day = period.ends_on + timedelta(days=-30 if name == BEFORE else 1)
    owed = [] if name == LAPSED else would_owe(period, day)
    said = language or society().language
    letter = filled_in(name, form.wording, values(period, owed, day, HIDDEN, said), said)
    return letter.subject, markdown(letter.body)


_pages = WordingPages(
    "dues",
    LABELS,
    built_in,
    lambda _name, start: LetterForm(start),
    lambda _name: FIELDS,
    lambda _name, said: faults(said),
    _as_read,
    "Saved. Letters say it from now on.",
)
