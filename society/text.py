"""Words: Markdown to safe HTML, slugs, lists within sentences, domains."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from html import unescape
from itertools import count

import idna
import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

EXCERPT = 240
"""Characters of a long text that are shown to tell its change."""

_ALLOWED = {"p", "br", "hr", "em", "strong", "s", "ul", "ol", "li", "blockquote", "code", "pre", "a", "h2", "h3", "h4"}


@lru_cache(1_000)
def in_ascii(domain: str) -> str:
    """A domain; in other scripts, in the form that every server, header and address of the web takes (RFC 5891)."""
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()


def mailbox_in_ascii(address: str) -> str:
    """A mail address with its domain in the form that calendar programs write and compare; as it is without one."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{in_ascii(domain)}"
    except UnicodeError:  # none that there could be
        return address


@cache
def parser() -> MarkdownIt:
    """CommonMark without raw HTML; a line break in the text is one on the page, as people expect in mail and forms."""
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
    made.add_render_rule("image", _words_of_picture)
    return made


def _words_of_picture(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    """Nothing is loaded from elsewhere, so what a picture shows is told in its writer's words, as in plain text."""
    return str(escape(renderer.renderInlineAsText(tokens[place].children, options, env)))


@lru_cache(maxsize=16)
def parsed(text: str) -> list[Token]:
    """A text in CommonMark, read; kept for a moment, since a letter is made into plain text and HTML one after the
    other, and the letters of a notice end alike."""
    return parser().parse(text)


def as_html(text: str) -> str:
    """HTML of it, with all that the writer could bring in: to be cleaned."""
    read = parser()
    html: str = read.renderer.render(parsed(text), read.options, {})
    return html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")


def markdown(text: str) -> Markup:
    """Safe HTML of a text in CommonMark; what is no plain text, list, link or heading falls away.
    Of a picture its words stay."""
    html = as_html(text)
    return Markup(nh3.clean(html, tags=_ALLOWED, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}))  # noqa: S704


_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\b[^<>]*>?|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<br\b[^<>]*>|</(?:div|li|tr|h[1-6])\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</p\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z!?][^<>]*>", re.IGNORECASE)


def without_markup(html: str) -> str:
    """HTML that others wrote as plain text, which nothing takes for HTML again.

    Each pattern goes over the text once, whatever is in it: a parser takes seconds for a few thousand open tags.
    """
    plain = _PARAGRAPH_END.sub("\n\n", _BREAK.sub("\n", _UNSEEN.sub("", html)))
    return re.sub(r"\n{3,}", "\n\n", unescape(_TAG.sub("", plain)))


IN_SHORT = 300
"""Characters of a text that stand for all of it: as many as a summary has."""

_MARKUP = re.compile(r"[*_`<>\[\]#&~\\]|^ {0,3}(?:[-+=]|\d+[.)])|^(?: {4}|\t)", re.MULTILINE)
_SENTENCE = re.compile(r"[.!?…][\"'”’»)]*(?=\s)|[。！？]")


def in_short(text: str) -> str:
    """How a text in Markdown begins, in plain words on one line: to the end of a sentence, else of a word, with an
    ellipsis for what is left out."""
    start = text[: 10 * IN_SHORT]
    plain = (
        without_markup(as_html(start)) if _MARKUP.search(start) else start
    )  # reading it takes a hundred times as long
    words = " ".join(plain.split())
    if len(words) <= IN_SHORT and len(start) == len(text):
        return words
    kept = words[:IN_SHORT]
    ends = [found.end() for found in _SENTENCE.finditer(words, 0, IN_SHORT + 1) if found.end() > IN_SHORT // 3]
    if ends:
        return f"{kept[: ends[-1]]} …"
    whole, _, _cut = kept.rpartition(" ")
    return f"{(whole or kept).rstrip(' ,;:–-')}…"


LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
"""What Unicode does not take apart into a letter and its mark."""
LETTERS |= {"ß": "ss", "ς": "σ"}  # already so by their case here; browsers know small letters alone
_LETTERS = str.maketrans(LETTERS)


def folded(text: str) -> str:
    """A text as searches compare it: without case and accents, one space between words."""
    plain = text.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS)
    return " ".join(plain.split())


def in_an_address(text: str) -> str:
    """The text as part of an address, in its own script: without case and accents, hyphens between words; or empty."""
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", folded(text))).strip("-")
    return words[:120].rstrip("-")


def slug(text: str, *, taken: Callable[[str], bool] = lambda _: False) -> str:
    """The text in lower-case ASCII and hyphens, numbered on if that is taken; never empty, at most 90 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-") or "untitled"
    return next(found for number in count(1) if not taken(found := numbered(stem, number)))


def numbered(stem: str, number: int) -> str:
    """The first, the second … address that is made of it."""
    return stem if number == 1 else f"{stem}-{number}"


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def told_apart(old: str, new: str) -> tuple[str, str]:
    """Both texts; of long ones, what surrounds their first difference."""
    if len(old) <= EXCERPT and len(new) <= EXCERPT:
        return old, new
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(first - 40, 0)
    return _excerpt(old, start), _excerpt(new, start)


def _excerpt(text: str, start: int) -> str:
    cut = text[start : start + EXCERPT]
    return ("…" if start and cut else "") + cut + ("…" if start + EXCERPT < len(text) else "")


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 person", "2 people"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def duration(minutes: int) -> str:
    """ "2 hours", "45 minutes", "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = [counted(hours, "hour")] * bool(hours) + [counted(rest, "minute")] * bool(rest or not hours)
    return " ".join(parts)
