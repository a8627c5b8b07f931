"""What is asked at set-up and in the settings."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from wtforms.validators import ValidationError
from wtforms.widgets import URLInput

from society.choices import Chosen, Language, Zone
from society.fields import Email, Line, NewPassword, Paragraphs, PersonName, Whole
from society.languages import is_known, name_of
from society.meanwhile import SharedForm
from society.phrases import languages
from society.reminders.models import DAY
from society.settings import Society, stated_address
from society.site.colour import PAPER, READABLE, contrast
from society.text import listed
from society.web import Form

REMINDERS = [(2 * 60, "2 hours before"), (DAY, "A day before"), (2 * DAY, "2 days before"), (7 * DAY, "A week before")]
THANKS = [(3 * 60, "3 hours after"), (DAY, "A day after"), (3 * DAY, "3 days after")]
"""What can be usual, in minutes."""


def _leads_to_a_site(_form: Any, field: Any) -> None:
    parts = _split(field.data)
    if field.data and (parts is None or parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValidationError("Please give a whole address, such as https://society.example.org.")
    if parts and (parts.path.strip("/") or parts.query or parts.fragment or parts.username):
        raise ValidationError("Please give the address without a page: it ends after the name of the site.")
    field.data = field.data.rstrip("/")


class SiteAddress(Line):
    """Where people reach this site."""

    widget = URLInput()

    def __init__(self, description: str, **kw: Any) -> None:
        super().__init__("Address of this site", checks=[_leads_to_a_site], description=description, **kw)


class SetupForm(Form):
    """The society and its first admin."""

    name = Line("The society's name", most=120, required=True)
    tagline = Line("In a few words", description="Such as “Evenings on the history of our town, since 1931”.")
    zone = Zone("Time zone", description="Where the society meets. Each event can have another.")
    sender = Email("Address that mail comes from", description="Such as office@example.org. Answers go there too.")
    address = SiteAddress("Where people reach it, for links in mail and calendars. You are here now.")
    admin_name = PersonName()
    admin_email = Email("Your email", render_kw={"autocomplete": "email"}, description="You sign in with it.")
    password = NewPassword("Choose a password", render_kw={"autocomplete": "new-password"})

    def __init__(self) -> None:
        # What the browser says of it is shown, for whoever set it up to say, and not kept unseen.
        here = current_app.config["BASE_URL"] or request.host_url.rstrip("/")
        super().__init__(address=here if request.method == "GET" else "")

    @property
    def about_the_society(self) -> dict[str, str]:
        """What goes into the society's row."""
        return {name: self[name].data for name in ("name", "tagline", "zone", "sender", "address")}


class SettingsForm(SharedForm):
    """What an admin decides about the society."""

    name = Line("Name", most=120, required=True)
    tagline = Line("In a few words", description="Below the name, on the home page and at the foot of every page.")
    welcome = Paragraphs("Welcome", description="Who you are and what you do, in Markdown; on the home page.")
    zone = Zone("Time zone", description="For new events, and for the day on which memberships begin and end.")
    language = Language(
        "Language of your notices",
        description="In which they are written first, and letters that this program "
        f"writes by itself to those who chose no other. These it has in {listed(sorted(map(name_of, languages())))}.",
    )
    sender = Email("Address that mail comes from")
    address = SiteAddress("For links in mail and calendars.", required=True)
    postal_address = Paragraphs(
        "Postal address",
        most=200,
        description="Small above the reader's own on letters, so that what cannot be delivered comes back.",
        render_kw={"rows": 3, "autocomplete": "street-address"},
    )
    accent = Line("Colour of links and buttons", most=7, description="Such as #1d5c4d; leave it empty for ours.")

    remind_before = Chosen(
        "Remind those who are going",
        none="Only where an event's organizers plan it",
        description="Goes out by itself, for every event that has nothing else planned.",
    )
    thank_after = Chosen("Thank those who came", none="Only where an event's organizers plan it")
    meeting_days = Whole(
        "Notice of a general meeting, in days",
        least=0,
        most=365,
        description="As your rules have it. Who calls a meeting later than that is told so.",
    )

    hold_minutes = Whole(
        "Notices wait before they leave, in minutes",
        least=0,
        most=240,
        description="So long a notice can be taken back, unread by anyone, and news of a seat that became free can be "
        "stopped. With 0 they leave at once.",
    )

    def __init__(self, society: Society) -> None:
        super().__init__(society)
        for field in (self.meeting_days, self.hold_minutes, self.language):
            if field.data in (None, "") and not field.errors:
                field.data = getattr(society, field.name)  # left empty, it stays
        self.remind_before.offer(REMINDERS)
        self.thank_after.offer(THANKS)
        if not self.address.data and not self.address.raw_data:
            self.address.data = stated_address()

    def validate_language(self, field: Language) -> None:
        if field.data and not is_known(field.data):
            raise ValidationError("We do not know how dates are written in that language.")

    def validate_accent(self, field: Line) -> None:
        field.data = (field.data or "").lower() or None
        if field.data is None:
            return
        if not re.fullmatch(r"#[0-9a-f]{6}", field.data):
            raise ValidationError("Please give a colour as # and six digits or letters a to f, such as #1d5c4d.")
        if (ratio := contrast(field.data, PAPER)) < READABLE:
            raise ValidationError(f"Too pale to be read: its contrast is {ratio:.1f}, and {READABLE} is the least.")


def _split(address: str) -> Any:
    try:
        parts = urlsplit(address)
        _ = parts.port  # is checked when asked for
    except ValueError:
        return None
    return parts
