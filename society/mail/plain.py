"""Markdown as plain text that was written to be read: wrapped, lists kept, links as addresses or footnotes."""

import textwrap
from functools import lru_cache

from markdown_it.tree import SyntaxTreeNode

from society.mail.blocks import REMEMBERED, blocks, filled_in, with_marks, words_alone
from society.mail.wide import columns, filled, has_wide
from society.text import parsed

WIDTH = 72
_AROUND = {"strong": "*", "em": "_", "s": "~"}


Links = tuple[str, ...]


def plain(markdown: str) -> str:
    """The text, at most 72 characters a line save for addresses; labelled links are numbered and listed at the end."""
    told: list[str] = []
    links: Links = ()
    for block in blocks(markdown):
        text, links = _told(block, links)
        told.append(text)
    notes = "\n".join(f"[{number}] {address}" for number, address in enumerate(links, 1))
    return "\n\n".join(filter(None, [*told, notes]))


@lru_cache(REMEMBERED)
def _told(block: str, links: Links) -> tuple[str, Links]:
    """A block's text, and the links to be listed at the end after it."""
    words = words_alone(block)
    if words is not None:
        return words if words.isascii() and len(words) <= WIDTH else _wrapped(words, WIDTH), links
    marked, own = with_marks(block)
    text, links = _rendered(marked, links)
    return filled_in(text, own), links


@lru_cache(REMEMBERED)
def _rendered(block: str, links: Links) -> tuple[str, Links]:
    return _Page(links).render(block)


class _Page:
    """Some text, and the links met up to its end."""

    def __init__(self, links: Links) -> None:
        self._links = list(links)

    def render(self, markdown: str) -> tuple[str, Links]:
        text = self._blocks(SyntaxTreeNode(parsed(markdown)), WIDTH)
        return text, tuple(self._links)

    def _blocks(self, parent: SyntaxTreeNode, width: int, between: str = "\n\n") -> str:
        return between.join(filter(None, (self._block(node, width) for node in parent.children)))

    def _block(self, node: SyntaxTreeNode, width: int) -> str:
        match node.type:
            case "paragraph":
                return self._paragraph(node.children[0], width)
            case "heading":
                title = _wrapped(self._inline(node), width)
                return f"{title}\n{'-' * max(map(columns, title.splitlines()), default=0)}"
            case "bullet_list" | "ordered_list":
                return self._list(node, width)
            case "blockquote":
                return textwrap.indent(self._blocks(node, width - 2), "> ", lambda _line: True)
            case "fence" | "code_block":
                return textwrap.indent(node.content.rstrip("\n"), "    ")
            case "hr":
                return "* * *"
            case _:
                return self._blocks(node, width)

    def _paragraph(self, inline: SyntaxTreeNode, width: int) -> str:
        """A link that stands alone is what the reader should follow: its address comes right below its label."""
        only = inline.children[0] if len(inline.children) == 1 else None
        if only and only.type == "link" and not _is_bare(only):
            return f"{_wrapped(self._inline(only), width)}:\n{only.attrs['href']}"
        return _wrapped(self._inline(inline), width)

    def _list(self, node: SyntaxTreeNode, width: int) -> str:
        first = int(node.attrs.get("start", 1))
        numbered = node.type == "ordered_list"
        items = []
        for number, item in enumerate(node.children, first):
            mark = f"{number}. " if numbered else "- "
            body = textwrap.indent(self._blocks(item, width - len(mark), "\n"), " " * len(mark))
            items.append(mark + body[len(mark) :])
        return "\n".join(items)

    def _inline(self, node: SyntaxTreeNode) -> str:
        return "".join(self._run(child) for child in node.children)

    def _run(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "softbreak" | "hardbreak":
                return "\n"
            case "link":
                return self._link(node)
            case "strong" | "em" | "s":
                return f"{_AROUND[node.type]}{self._inline(node)}{_AROUND[node.type]}"
            case "inline" | "image":
                return self._inline(node)
            case _:
                return node.content

    def _link(self, node: SyntaxTreeNode) -> str:
        address = str(node.attrs["href"])
        if _is_bare(node):
            return address.removeprefix("mailto:")
        if address not in self._links:
            self._links.append(address)
        return f"{self._inline(node)} [{self._links.index(address) + 1}]"


def _is_bare(link: SyntaxTreeNode) -> bool:
    return link.info == "auto" or link.attrs["href"] == "".join(child.content for child in link.children)


def _wrapped(text: str, width: int) -> str:
    """Each line by itself; addresses are never broken."""
    fill = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False).fill
    return "\n".join(filled(line, width) if has_wide(line) else fill(line) for line in text.split("\n"))
