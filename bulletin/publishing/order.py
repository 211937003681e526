"""The steps of a publication, in an order in which every link of every page resolves at any moment.

Pages name each other in circles (an item and its month), so no order of whole pages would do. Each page that comes or
goes is therefore a notice for a moment, which names nothing. Nobody is led to it: pages that stay name a new page only
once all of them are there, and no page that goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from bulletin.urls import Turn, turn_of

Act = Literal["announce", "put", "retire", "remove"]


class Step(NamedTuple):
    """What is put at a path: a notice where no page is yet, the file, a notice in its place; or nothing any more."""

    act: Act
    path: str


def steps(come: Iterable[str], change: Iterable[str], go: Iterable[str]) -> Iterator[Step]:
    """Yield the steps by which files come, change and go; to go is to come, the other way round.

    At any moment a file that names others is there only while all of these are, as themselves or as notices.
    """
    pages, others = _split(come)
    yield from (Step("announce", path) for path in pages)
    yield from (Step("put", path) for path in (*others, *pages, *sorted(change, key=_place)))
    pages, others = _split(go)
    yield from (Step("retire", path) for path in pages)
    yield from (Step("remove", path) for path in (*reversed(others), *pages))


def _split(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return pages, and other files in the order in which they come."""
    ordered = sorted(paths, key=_place)
    pages = [path for path in ordered if turn_of(path) is Turn.PAGE]
    return pages, ordered[: len(ordered) - len(pages)]


def _place(path: str) -> tuple[Turn, str]:
    return turn_of(path), path
