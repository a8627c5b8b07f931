"""What a rule is: a small function that tells the lines where it is broken, and the words for it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from society.calendars.apps import App
from society.calendars.check.reading import Calendar

Look = Callable[[Calendar], Iterable[int]]

WINDOWS = (App.OUTLOOK, App.OUTLOOK_WEB)
APPLE = (App.IOS, App.MACOS)
STRICT = (App.THUNDERBIRD, App.KDE, App.GNOME, App.VDIRSYNCER, App.DAVX5)
"""Those built on parsers that keep to the letter, and leave out what they cannot read."""
WITH_COPIES = (App.VDIRSYNCER, App.DAVX5)
"""Those that keep a file for each entry."""


class Rule(NamedTuple):
    """A sentence on what is wrong, one on what comes of it, where that is written, and which apps mind most."""

    says: str
    then: str
    source: str
    apps: tuple[App, ...]
    """None: all of them."""
    broken: Look

    def minded_by(self, app: App | None) -> bool:
        return app is None or not self.apps or app in self.apps


RULES: list[Rule] = []
"""All of them."""


def rule(says: str, then: str, source: str, *apps: App) -> Callable[[Look], Look]:
    """Enter a function as a rule. It gives a line's number for each place, 0 for the file as a whole."""

    def entered(look: Look) -> Look:
        RULES.append(Rule(says, then, source, apps, look))
        return look

    return entered
