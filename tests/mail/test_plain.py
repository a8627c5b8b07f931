"""Markdown as plain text."""

from hypothesis import given
from hypothesis import strategies as st

from society.fields import clean
from society.mail.paper import fragment
from society.mail.plain import plain
from society.mail.wide import columns
from society.mail.wording import escaped, link, unescaped
from society.text import without_markup

INJECTIONS = [
    "[click](http://evil.example)",
    "![x](http://evil.example/pixel.png)",
    "<http://evil.example>",
    "<script>alert(1)</script>",
    "# Heading",
    "- item",
    "1. item",
    "> quote",
    "    code",
    "`code`",
    "```\nfence\n```",
    "*em* **strong** ~~gone~~ _em_",
    "Title\n=====",
    "Title\n-----",
    "&amp; &#60;b&#62;",
    "[a]: http://evil.example\n[a]",
    "\\[x](y)",
    "{{ name }}",
]


def test_paragraphs_are_wrapped_at_72_characters():
    text = plain("word " * 60 + "\n\nnext")

    assert max(map(len, text.splitlines())) <= 72
    assert text.endswith("\n\nnext")


def test_wide_letters_count_twice_and_need_no_spaces_to_end_a_line_at():
    address = "https://example.org/" + "long-" * 30
    japanese = "吾輩は猫である。名前は「まだ」無い、どこで生れたかとんと見当がつかぬ。" * 4
    korean = "항목 하나는 한국어로 쓰여 있으며 " * 6

    for width, text in ((72, japanese), (72, korean), (70, f"- {japanese}\n- {korean}")):
        lines = plain(text).splitlines()
        assert width - 8 < max(map(columns, lines)) <= 72
        assert not [line for line in lines if line[0] in "、。」" or line[-1] == "「"]
    assert plain(japanese).replace("\n", "") == japanese
    assert plain(korean).replace("\n", " ") == korean.strip()
    assert address in plain(f"{japanese} {address} {japanese}").splitlines()
    assert plain("# 見出し") == "見出し\n------"


def test_addresses_are_never_broken():
    address = "https://example.org/" + "long-" * 30

    assert address in plain(f"See <{address}> please").split()


def test_labelled_links_are_footnotes_and_repeated_ones_share_a_number():
    text = plain("Read [this](https://a.example) and [that](https://b.example), then [this again](https://a.example).")

    assert text == ("Read this [1] and that [2], then this again [1].\n\n[1] https://a.example\n[2] https://b.example")


def test_a_link_that_stands_alone_has_its_address_below_it():
    assert plain("[Confirm your answer](https://a.example/x)") == "Confirm your answer:\nhttps://a.example/x"


def test_lists_keep_their_marks_and_hang():
    text = plain("3. three\n4. four\n   - inner " + "word " * 20)

    assert text.splitlines()[:3] == [
        "3. three",
        "4. four",
        "   - inner word word word word word word word word word word word word",
    ]
    assert text.splitlines()[3].startswith("     word")


def test_quotes_headings_code_and_rules_can_be_told_apart():
    text = plain("# Head\n\n> one\n> two\n\n    code\n\n---\n\n*em* **strong** `x_y`")

    assert text == "Head\n----\n\n> one\n> two\n\n    code\n\n* * *\n\n_em_ *strong* x_y"


def test_values_read_as_themselves_and_format_nothing():
    for value in INJECTIONS:
        lines = [line.strip() for line in value.split("\n")]
        assert plain(f"Dear {escaped(value)}") == f"Dear {lines[0]}" + "".join(f"\n{line}" for line in lines[1:])


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_any_word_survives_escaping(word):
    word = clean(word)

    assert unescaped(str(escaped(word))) == plain(escaped(word)) == word


def test_links_lead_to_web_and_mail_addresses_only():
    assert link("https://a.example/x", "[y](z)") == r"[\[y\]\(z\)](<https://a.example/x>)"
    assert link("https://a.example/x\n> y") == "<https://a.example/x%0A%3E%20y>"
    assert "](" not in link("javascript:alert(1)", "Click")


def test_a_picture_is_told_by_its_words_in_html_as_in_plain_text():
    text = "Come:\n![A map & <plan>](https://e.example/a.png)\n\n[![The hall](/hall.png)](https://e.example/hall)\n\n![](/b)"
    html = fragment(text)

    assert plain(text) == "Come:\nA map & <plan>\n\nThe hall:\nhttps://e.example/hall"
    assert "A map &amp; &lt;plan&gt;" in html
    assert without_markup(html).split() == ["Come:", "A", "map", "&", "<plan>", "The", "hall"]
    assert "<img" not in html
    assert ".png" not in html
