"""A form as a browser holds it once its page is open, to be typed into and sent."""

from html.parser import HTMLParser
from typing import Any

from werkzeug.datastructures import MultiDict

VOID_KINDS = {"file", "submit", "button"}


class _Reader(HTMLParser):
    """The fields of the page's forms, or of the one that posts to an address."""

    def __init__(self, address: str | None) -> None:
        super().__init__()
        self._address = address
        self.fields: MultiDict[str, str] = MultiDict()
        self._within = False
        self._name: str | None = None
        self._text: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._within = "form" in held.get("class", "").split() and held.get("method") == "post"
            self._within &= self._address in (None, held.get("action"))
        elif not self._within:
            return
        elif tag == "input" and held.get("name") and held.get("type") not in VOID_KINDS:
            if held.get("type") not in ("checkbox", "radio") or "checked" in held:
                self.fields.add(held["name"], held.get("value", ""))
        elif tag == "select":
            self._name, self._options = held["name"], []
        elif tag == "option" and self._name:
            self._options.append((held.get("value", ""), "selected" in held))
        elif tag == "textarea":
            self._name, self._text = held["name"], ""

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._within = False
        elif tag == "select" and self._name:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [self._options[0][0]]
            self.fields.add(self._name, chosen[-1])
            self._name = None
        elif tag == "textarea" and self._text is not None:
            text = self._text.removeprefix("\r").removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
            self.fields.add(self._name, text)
            self._name = self._text = None


def fields_of(page: str, address: str | None = None) -> "MultiDict[str, str]":
    """What a browser would send of the form on a page, as it is shown; of several, the one that posts to `address`."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.fields


def typed(fields: "MultiDict[str, str]", **changed: Any) -> "MultiDict[str, str]":
    """The same with some fields typed anew; of boxes to tick, the ticked ones."""
    made = fields.copy()
    for name, value in changed.items():
        made.setlist(name, [str(one) for one in value] if isinstance(value, list) else [str(value)])
    return made
