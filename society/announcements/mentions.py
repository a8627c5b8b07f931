"""Known names within a text that does not say what they are to it."""

import re
from dataclasses import dataclass
from functools import cached_property

from society.names import is_article, is_unspaced, is_within, words_in, words_of

_NEXT = re.compile(r"(?<=\w)[^\S\n]+([^\W\d_])")
"""The first letter of the next word on the same line, with no mark before it."""


@dataclass(frozen=True)
class Text:
    """What is searched for names."""

    text: str

    def mention(self, name: str) -> str:
        """The words of the text that are that name, with an article if it has one; nothing where there are none."""
        if is_unspaced(name):
            return name if is_within(name, self.text) else ""
        words = words_of(name)
        wanted, has_article = f" {' '.join(words)} ", words_in(name)[:1] != words[:1]
        place = self._said.find(wanted) if words else -1
        while place >= 0:
            first = self._said.count(" ", 0, place)
            last = first + len(words) - 1
            if not self._goes_on(last) and (not has_article or self._follows_an_article(first)):
                return self._between(first - has_article, last)
            place = self._said.find(wanted, place + 1)
        return ""

    @cached_property
    def _words(self) -> list[tuple[str, re.Match[str]]]:
        """Each as it is compared, and what stands there between spaces."""
        return [(word, piece) for piece in re.finditer(r"\S+", self.text) for word in words_in(piece[0])]

    @cached_property
    def _said(self) -> str:
        return f" {' '.join(word for word, _ in self._words)} "

    def _goes_on(self, last: int) -> bool:
        """Whether a name may be longer than that, as "Swan Lake" is than "Swan"."""
        letter = _NEXT.match(self.text, self._words[last][1].end())
        return bool(letter and letter[1].isupper())

    def _follows_an_article(self, first: int) -> bool:
        return first > 0 and is_article(self._words[first - 1][0])

    def _between(self, first: int, last: int) -> str:
        said = self.text[self._words[first][1].start() : self._words[last][1].end()]
        return " ".join(said.split()).strip("\"'“”‘’«»„()[],.:;!?")
