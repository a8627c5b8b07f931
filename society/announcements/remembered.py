"""Many ask for the dates and hours of the same lines of an announcement: each is looked for once while it is read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Found = TypeVar("Found")

_found: ContextVar[dict[Any, Sequence[Any]] | None] = ContextVar("found", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """What is found meanwhile is kept to its end, and no longer: nothing stays of a text."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def once(find: Callable[Asked, Iterable[Found]]) -> Callable[Asked, Sequence[Found]]:
    """The same of the same text, looked for but once where that is remembered."""

    @wraps(find)
    def finding(*asked: Asked.args, **by: Asked.kwargs) -> Sequence[Found]:
        kept, key = _found.get(), (find, *asked, *by.values())
        if kept is None:
            return tuple(find(*asked, **by))
        if key not in kept:
            kept[key] = tuple(find(*asked, **by))
        return kept[key]

    return finding
