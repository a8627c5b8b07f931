"""Free words on an event, by which lists and feeds are narrowed."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from society.fields import on_one_line
from society.text import in_an_address

MOST_TAGS = 10
LONGEST_TAG = 40


def tags_in(text: str) -> list[str]:
    """The words in a line of them, parted by commas; of those with one address the first, and none without one."""
    if not text:  # as with most events
        return []
    words = (on_one_line(word).lstrip("#").strip() for word in text.replace(";", ",").replace("\n", ",").split(","))
    named: dict[str, str] = {}
    for word in words:
        named.setdefault(in_an_address(word), word)
    return [word for key, word in named.items() if key]


class Tagged:
    """Columns of an event: its tags as they are shown, and by what they are found."""

    tags: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Separated by commas."""
    tag_keys: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What stands in the addresses of their lists and feeds, with a space before and after each."""

    @validates("tags")
    def _lead_to_their_lists(self, _field: str, tags: str) -> str:
        keys = [in_an_address(tag) for tag in tags_in(tags)]
        self.tag_keys = f" {' '.join(keys)} " if keys else ""
        return tags

    @property
    def tagged(self) -> list[tuple[str, str]]:
        """Each tag with what stands in the address."""
        return [(tag, in_an_address(tag)) for tag in tags_in(self.tags or "")]
