"""Which program fetches a feed, by what it says of itself."""

import re
from enum import StrEnum
from functools import lru_cache


class App(StrEnum):
    """A kind of calendar program. More is not asked for: no version, no machine, no network address."""

    GOOGLE = "google"
    IOS = "ios"
    MACOS = "macos"
    OUTLOOK_WEB = "outlook_web"
    OUTLOOK = "outlook"
    THUNDERBIRD = "thunderbird"
    GNOME = "gnome"
    KDE = "kde"
    DAVX5 = "davx5"
    VDIRSYNCER = "vdirsyncer"
    BROWSER = "browser"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The name people know it by."""
        return {
            App.GOOGLE: "Google Calendar",
            App.IOS: "Apple Calendar on iPhone or iPad",
            App.MACOS: "Apple Calendar on a Mac",
            App.OUTLOOK_WEB: "Outlook.com or Microsoft 365",
            App.OUTLOOK: "Outlook on a computer",
            App.THUNDERBIRD: "Thunderbird",
            App.GNOME: "GNOME Calendar or Evolution",
            App.KDE: "KDE Merkuro or KOrganizer",
            App.DAVX5: "ICSx⁵ or DAVx⁵ on Android",
            App.VDIRSYNCER: "vdirsyncer",
            App.BROWSER: "A web browser",
            App.OTHER: "Something else",
        }[self]

    @property
    def within(self) -> str:
        """The same within a sentence."""
        return {App.BROWSER: "a web browser", App.OTHER: "something else"}.get(self, self.label)

    @property
    def follows(self) -> bool:
        """Whether it is known to ask again and again; others, such as search engines, open every event once."""
        return self not in (App.BROWSER, App.OTHER)


_SIGNS = (
    (App.GOOGLE, "Google-Calendar"),
    (App.DAVX5, "ICSx5|ICSdroid|DAVx5|DAVdroid"),
    (App.VDIRSYNCER, "vdirsyncer|pimsync"),
    (App.THUNDERBIRD, "Thunderbird|Betterbird"),  # names the system it runs on too, as browsers do
    (App.OUTLOOK, "Microsoft Office|Microsoft Outlook|Outlook-iOS|Outlook-Android"),
    (App.OUTLOOK_WEB, "Microsoft|Exchange|Outlook"),
    (App.KDE, r"akonadi|korganizer|kontact|merkuro|kalendar|\bKIO\b"),
    (App.GNOME, "Evolution|gnome-calendar"),
    (App.BROWSER, r"^Mozilla/|^Opera/"),  # says "Mac OS X" on a Mac, so it stands before Apple's programs
    (App.MACOS, r"macOS/|CalendarAgent|Mac[ +_]?OS[ +_]?X"),
    (App.IOS, "iOS/|iPhone|iPad|dataaccessd|accountsd"),
)
"""What stands in the `User-Agent` of each; the first that is found tells."""

_FOUND = tuple((app, re.compile(sign, re.IGNORECASE)) for app, sign in _SIGNS)


@lru_cache(maxsize=256)
def app_of(user_agent: str) -> App:
    """The program that says so of itself; few kinds ask over and over."""
    stated = user_agent[:300]
    return next((app for app, sign in _FOUND if sign.search(stated)), App.OTHER)
