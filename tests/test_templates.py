"""What every template keeps to, read as text."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[1] / "templates"
FORM_IN_PARAGRAPH = re.compile(r"<p\b[^>]*>(?:(?!</p>|<div).)*?(?:<form\b|\bpost_button\()", re.DOTALL)

TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
TABLE_WITHOUT_CAPTION = re.compile(r'<table(?![^>]*role="presentation")[^>]*>(?!\s*<caption\b)')


def test_no_form_stands_within_a_paragraph():
    """A browser ends the paragraph before it: what lays out `.actions` then finds nothing in it."""
    found = {
        str(path.relative_to(TEMPLATES)): match[0]
        for path in TEMPLATES.rglob("*.html")
        if (match := FORM_IN_PARAGRAPH.search(path.read_text()))
    }

    assert found == {}


def test_every_table_says_what_it_holds():
    """By a caption, for ears alone where a heading says it: whoever goes from table to table hears no heading."""
    found = {
        str(path.relative_to(TEMPLATES)): match[0]
        for path in TEMPLATES.rglob("*.html")
        if (match := TABLE_WITHOUT_CAPTION.search(TAG.sub("", path.read_text())))
    }

    assert found == {}
