"""The files that a publication removes: pages that readers may miss, and files that never were the bulletin's."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from bulletin.files import escaped_name, read_regular
from bulletin.problems import Problem, problem
from bulletin.publishing.destination import GENERATOR_MARK
from bulletin.urls import kind_of, url_of


def strays(removed: Iterable[str], known: AbstractSet[str], output: Path) -> frozenset[str]:
    """Return those of the removed files that somebody else put there; `known` are files that the bulletin published.

    If the state is new and knows nothing, pages are recognised by GENERATOR, and files beside a page by that page.
    """
    paths = tuple(removed)
    ours = {path for path in paths if path in known or kind_of(path).is_certainly_ours or _is_marked(output / path)}
    return frozenset(path for path in paths if path not in ours and not _is_beside(path, ours))


def warnings(removed: Iterable[str], others: AbstractSet[str], output: str) -> Iterator[Problem]:
    """Yield a warning for each stray file, and for each vanishing url that readers may have bookmarked."""
    paths = frozenset(removed)
    for path in paths:
        place = escaped_name(f"{output}/{path}")
        if path in others:
            yield problem(place, 1, "stray-removed", "warning")
        # The warning about a page covers the files beside it, which vanish with it.
        elif kind_of(path).is_bookmarked and not _is_beside(path, paths):
            yield problem(place, 1, "url-vanishes", "warning", found=url_of(path))


def _is_beside(path: str, pages: AbstractSet[str]) -> bool:
    return not path.endswith(".html") and f"{posixpath.dirname(path)}/index.html" in pages


def _is_marked(file: Path) -> bool:
    return file.suffix == ".html" and GENERATOR_MARK in (read_regular(file) or b"")
