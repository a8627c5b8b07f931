"""Markdown as the HTML of a letter: sober, styled inline as mail programs want it, and loading nothing.

How it looks stands in `templates/mail/_paper.css`. Its rules are written into the tags once for the sheet, and once for
each piece of a text that is remembered: not for each letter.
"""

from functools import cache, lru_cache
from pathlib import Path
from secrets import token_urlsafe
from unicodedata import bidirectional

import nh3
from css_inline import CSSInliner
from flask import current_app
from jinja2 import Template
from markupsafe import Markup

from society.languages import ENGLISH, runs_right_to_left
from society.mail.blocks import REMEMBERED, blocks, filled_in, with_marks, words_alone
from society.phrases import is_translated
from society.settings import society
from society.text import as_html

_SHEET = Path(__file__).parents[2] / "templates" / "mail" / "_paper.html"
_INLINER = CSSInliner(minify_css=True)
PLACE = "\ufffc"
"""Holds the place of words (Unicode's object replacement character)."""

LEFT, RIGHT = "left", "right"
_DIRECTIONS = {LEFT: "ltr", RIGHT: "rtl"}
_OF_LETTERS = ("L", "R", "AL")
"""What Unicode calls the letters of scripts that run from either side."""
_TAGS = {"p", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "pre", "code", "hr", "a", "br", "em", "strong", "s"}


def fragment(markdown: str, begins: str = LEFT) -> Markup:
    """Safe HTML with its styles inline. Only web and mail addresses become links; of pictures the words stay."""
    return Markup("".join(_block(block, begins) for block in blocks(markdown)))  # noqa: S704


@lru_cache(REMEMBERED)
def _block(block: str, begins: str) -> str:
    words = words_alone(block)
    if words is not None:  # which has nothing in it that HTML would have escaped
        return _paragraph(begins).replace(PLACE, words)
    marked, own = with_marks(block)
    return filled_in(_cleaned(marked, begins), own)


@lru_cache(REMEMBERED)
def _cleaned(markdown: str, begins: str) -> str:
    html = nh3.clean(
        as_html(markdown),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return _INLINER.inline_fragment(html, _rules(begins))


@cache
def _paragraph(begins: str) -> str:
    """One that holds nothing but a mark."""
    return _INLINER.inline_fragment(f"<p>{PLACE}</p>\n", _rules(begins))


@cache
def _rules(begins: str) -> str:
    return _SHEET.with_suffix(".css").read_text().replace(LEFT, begins)


def begins_at(text: str, language: str) -> str:
    """The side on which its lines begin. A text may still be in English for readers of Arabic, so its first letter is
    looked at too."""
    if not runs_right_to_left(language):
        return LEFT
    kinds = filter(_OF_LETTERS.__contains__, map(bidirectional, text))
    return LEFT if next(kinds, "L") == "L" else RIGHT


def on_paper(markdown: str, *, subject: str, foot: str, language: str) -> str:
    """The whole HTML document of a letter; `foot` is Markdown too."""
    begins = begins_at(markdown, language)
    above, between, below = _sheet(society().name, subject, language, begins)
    return f"{above}{fragment(markdown, begins)}{between}{fragment(foot)}{below}"


@lru_cache(REMEMBERED)
def _sheet(name: str, subject: str, language: str, begins: str) -> list[str]:
    """What stands around body and foot, in letter after letter of a notice."""
    place = token_urlsafe()
    foot_language = language if is_translated(language) else ENGLISH
    foot_begins = RIGHT if runs_right_to_left(foot_language) else LEFT
    return (
        _template()
        .render(
            name=name,
            subject=subject,
            language=language,
            direction=_DIRECTIONS[begins],
            foot_language=foot_language,
            foot_direction=_DIRECTIONS[foot_begins],
            body=place,
            foot=place,
        )
        .split(place)
    )


def _template() -> Template:
    """The sheet, with the rules written in once; outside of what surrounds pages: nobody signs in."""
    found: Template | None = current_app.extensions.get("paper")
    if found is None:
        into = CSSInliner(extra_css=_rules(LEFT), inline_style_tags=False, keep_style_tags=True, minify_css=True)
        sheet = current_app.jinja_env.from_string(into.inline(_SHEET.read_text()))
        found = current_app.extensions["paper"] = sheet
    return found
