"""Markdown as the HTML of a letter: sober, styled inline as mail programs want it, and loading nothing."""

from functools import cache, lru_cache
from secrets import token_urlsafe
from unicodedata import bidirectional

import nh3
from flask import current_app
from markupsafe import Markup

from society.languages import ENGLISH, runs_right_to_left
from society.mail.blocks import REMEMBERED, blocks, filled_in, with_marks, words_alone
from society.phrases import is_translated
from society.settings import society
from society.text import as_html

LEFT, RIGHT = "left", "right"
_DIRECTIONS = {LEFT: "ltr", RIGHT: "rtl"}
_OF_LETTERS = ("L", "R", "AL")
"""What Unicode calls the letters of scripts that run from either side."""
_STYLES = {
    "p": "margin:0 0 16px",
    "ul": "margin:0 0 16px;padding-left:24px",
    "ol": "margin:0 0 16px;padding-left:24px",
    "li": "margin:0 0 6px",
    "h2": "margin:28px 0 10px;font:600 21px/1.3 Georgia,serif",
    "h3": "margin:24px 0 8px;font:600 18px/1.3 Georgia,serif",
    "h4": "margin:20px 0 8px;font:600 16px/1.3 Georgia,serif",
    "blockquote": "margin:0 0 16px;padding-left:16px;border-left:3px solid #b9b5a9",
    "pre": "margin:0 0 16px;font:14px/1.5 Consolas,monospace;white-space:pre-wrap",
    "code": "font-family:Consolas,monospace",
    "hr": "margin:28px 0;border:0;border-top:1px solid #b9b5a9",
    "a": "color:#1d5c4d;overflow-wrap:anywhere",
    "br": "",
    "em": "",
    "strong": "",
    "s": "",
}


def fragment(markdown: str, begins: str = LEFT) -> Markup:
    """Safe HTML with its styles inline. Only web and mail addresses become links; pictures fall away."""
    return Markup("".join(_block(block, begins) for block in blocks(markdown)))  # noqa: S704


@lru_cache(REMEMBERED)
def _block(block: str, begins: str) -> str:
    words = words_alone(block)
    if words is not None:  # which has nothing in it that HTML would have escaped
        return f'<p style="{_STYLES["p"]}">{words}</p>\n'
    marked, own = with_marks(block)
    return filled_in(_cleaned(marked, begins), own)


@lru_cache(REMEMBERED)
def _cleaned(markdown: str, begins: str) -> str:
    return nh3.clean(
        as_html(markdown),
        tags=set(_STYLES),
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values=_style_attributes(begins),
        link_rel=None,
    )


@cache
def _style_attributes(begins: str) -> dict[str, dict[str, str]]:
    return {tag: {"style": style.replace(LEFT, begins)} for tag, style in _STYLES.items() if style}


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
    sheet = current_app.jinja_env.get_template("mail/_paper.html")  # outside of what surrounds pages: nobody signs in
    place = token_urlsafe()
    foot_language = language if is_translated(language) else ENGLISH
    foot_begins = RIGHT if runs_right_to_left(foot_language) else LEFT
    return sheet.render(
        name=name,
        subject=subject,
        language=language,
        direction=_DIRECTIONS[begins],
        foot_language=foot_language,
        foot_direction=_DIRECTIONS[foot_begins],
        body=place,
        foot=place,
    ).split(place)
