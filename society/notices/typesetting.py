"""A text in Markdown as the typesetter gets it: as data, never as its own language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from society.text import parser


@dataclass
class Run:
    """Some words of one kind; `link` is where they lead."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass
class Block:
    """A paragraph, heading or entry of a list, so many levels in; `mark` stands before an entry."""

    kind: str
    runs: list[Run]
    depth: int = 0
    mark: str = ""


def blocks(markdown: str) -> Iterator[Block]:
    """What stands below one another."""
    place = _Place()
    for token in parser().parse(markdown):
        place.step(token)
        match token.type:
            case "inline":
                yield place.block(_runs(token.children or []))
            case "fence" | "code_block":
                yield place.block([Run(token.content.rstrip("\n"))])
            case "hr":
                yield Block("rule", [])


@dataclass
class _Place:
    """Where in lists and quotations the next block stands, and what it is."""

    marks: list[str] = field(default_factory=list)
    entry: str = ""
    quoted: int = 0
    kind: str = "text"

    def step(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.marks.append("•" if token.type.startswith("bullet") else f"{token.attrGet('start') or 1}.")
            case "bullet_list_close" | "ordered_list_close":
                self.marks.pop()
            case "list_item_open":
                self.entry, self.marks[-1] = self.marks[-1], _next(self.marks[-1])
            case "blockquote_open" | "blockquote_close":
                self.quoted += token.nesting
            case "heading_open":
                self.kind = "heading"

    def block(self, runs: list[Run]) -> Block:
        """One at this place; an entry's mark stands before its first only."""
        made = Block(self.kind, runs, len(self.marks) + self.quoted, self.entry)
        self.entry, self.kind = "", "text"
        return made


def _next(mark: str) -> str:
    return f"{int(mark[:-1]) + 1}." if mark.endswith(".") else mark


def _runs(tokens: Sequence[Token]) -> list[Run]:
    found: list[Run] = []
    bold = italic = 0
    link = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                link = str(token.attrGet("href") or "")
            case "link_close":
                link = ""
            case "softbreak" | "hardbreak":
                found.append(Run("\n"))
            case "text" | "code_inline" | "image":
                found.append(Run(token.content, bold > 0, italic > 0, link if link != token.content else ""))
    return found
