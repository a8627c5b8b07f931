"""A letter rendered block by block, from what is remembered, is the letter rendered whole."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from society.mail import paper, plain
from society.mail.blocks import blocks
from society.mail.wording import escaped, link
from tests.mail.test_plain import INJECTIONS

LINES = (
    *(line for text in INJECTIONS for line in text.split("\n")),
    *("", " ", "    ", "\t", "text", "two words", "more  ", "- a", "* b", "1. one", "2) two", "-", "> - quoted", "> c"),
    *("    indented", "  - inner", "\ttab", "***", "___", "~~~", "`", "`open", "closed`", "*", "**", "[", "](/x)", "]"),
    *("<https://a.example/x/y-1._>", "<http://b.example:8000/>", "<http://b.example:8000/zz>", "<mailto:a@b.example>"),
    *(
        "[this](https://a.example)",
        "[that](https://b.example)",
        "[this](<https://a.example/x>)",
        "x <https://a.example/x>",
    ),
    *(
        "Dear Ann,",
        "Dear Ann\\-Lee O'Neil,",
        "Dear 李安,",
        "Dear Ånn:",
        "&nbsp;",
        "a\\",
        "\\",
        "q0q1q",
        "<https://a.example/q0q1q>",
    ),
    *("Long words and more of them, " * 4, "<https://a.example/" + "long/" * 20 + ">", "==", "--", "---", "![a](/b)"),
)
texts = st.lists(st.sampled_from(LINES) | st.text(max_size=12), max_size=12).map("\n".join)


def whole(text: str) -> tuple[str, str]:
    """HTML and plain text without any of it."""
    rendered, links = plain._Page(()).render(text)
    notes = "\n".join(f"[{number}] {address}" for number, address in enumerate(links, 1))
    return paper._cleaned.__wrapped__(text, paper.LEFT), "\n\n".join(filter(None, [rendered, notes]))


@settings(max_examples=400)
@given(texts)
@example("- a\n\n- b\n\n  c\n\nd")
@example("    code\n\n\n    more")
@example("Title\n<https://a.example/x>\n---\n\n`a\n<https://a.example/x>\nb`")
@example("[x]: https://a.example\n\n[x]")
@example("```\n\na\n\n```")
def test_any_text_reads_the_same_in_pieces(text: str) -> None:
    assert (paper.fragment(text), plain.plain(text)) == whole(text)


@given(st.text(max_size=40), st.text(st.sampled_from("abcXYZ019-_./~%é "), max_size=80))
def test_whatever_a_reader_is_called_and_their_addresses_are(name: str, path: str) -> None:
    url = link(f"https://society.example.org/{path}")
    text = f"Dear {escaped(name)},\n\nhello:\n{url}\n\n- **You:** {escaped(name)}\n\n{url}"
    assert (paper.fragment(text), plain.plain(text)) == whole(text)


@given(texts)
def test_nothing_is_lost_between_the_pieces(text: str) -> None:
    assert "".join("".join(blocks(text)).split()) == "".join(text.split())


def test_what_two_letters_share_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    paper.fragment("Dear Ann,\n\n**shared**\n\nYours:\n<https://a.example/1>")
    monkeypatch.setattr(paper, "as_html", lambda text: pytest.fail(f"rendered again: {text}"))
    again = paper.fragment("Dear Ben,\n\n**shared**\n\nYours:\n<https://a.example/2>")
    assert "Dear Ben," in again
    assert again.count("https://a.example/2") == 2
