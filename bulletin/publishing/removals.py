"""The files that a publication removes: those that readers may miss, and those that never were the bulletin's."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from bulletin.files import read_regular
from bulletin.problems import Problem, problem
from bulletin.publishing.destination import GENERATOR_MARK
from bulletin.urls import kind_of

_PICTURE = ".jpg"
"""The ending of every published picture that a reader can have kept."""


def strays(removed: Iterable[str], known: AbstractSet[str], output: Path) -> frozenset[str]:
    """Return those of the removed files that somebody else put there; `known` are files that the bulletin published.

    If the state is new and knows nothing, pages are recognised by GENERATOR_MARK, and files beside a page by that page.
    """
    paths = tuple(removed)
    ours = {path for path in paths if path in known or kind_of(path).is_certainly_ours or _is_marked(output / path)}
    return frozenset(path for path in paths if path not in ours and not _is_beside(path, ours))


def warnings(strays: Iterable[str], output: str) -> Iterator[Problem]:
    """Yield a warning for each stray file."""
    for path in strays:
        yield problem(f"{output}/{path}", 1, "stray-removed", "warning", cause=path.partition("/")[0])


def missed(removed: Iterable[str], strays: AbstractSet[str]) -> tuple[str, ...]:
    """Return the removed files that readers may have kept: no list, no picture, nothing that goes with its page."""
    paths = frozenset(removed)
    kept = (path for path in sorted(paths - strays) if kind_of(path).is_bookmarked and not path.endswith(_PICTURE))
    return tuple(path for path in kept if not _is_beside(path, paths))


def _is_beside(path: str, pages: AbstractSet[str]) -> bool:
    return not path.endswith(".html") and f"{posixpath.dirname(path)}/index.html" in pages


def _is_marked(file: Path) -> bool:
    return file.suffix == ".html" and GENERATOR_MARK in (read_regular(file) or b"")
