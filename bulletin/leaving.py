"""What a publication takes away from output/: pages that readers may miss, and files that never were the bulletin's."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from bulletin.destination import GENERATOR
from bulletin.files import read_regular
from bulletin.pictures import is_versioned
from bulletin.problems import Problem, problem
from bulletin.text import printable

_SEARCH = "tim-kiem/"


def strays(removed: Iterable[str], known: AbstractSet[str], output: Path) -> frozenset[str]:
    """Return those of the files that somebody else put there; `known` are files that the bulletin published.

    Where that is forgotten (the state is new) a page is known by its mark, and what stands beside it by the page.
    """
    paths = tuple(removed)
    ours = {path for path in paths if path in known or is_versioned(path) or _is_marked(output / path)}
    return frozenset(path for path in paths if path not in ours and not _is_beside(path, ours) and not _is_index(path))


def warnings(removed: Iterable[str], others: AbstractSet[str], output: str) -> Iterator[Problem]:
    """Yield a warning for each stray file, and for each url that readers may have bookmarked."""
    paths = frozenset(removed)
    for path in paths:
        place = printable(f"{output}/{path}")
        if path in others:
            yield problem(place, 1, "stray-removed", "warning")
        # What stands beside a page that goes is lost with it, and said with it.
        elif not ("/trang/" in path or path.startswith(_SEARCH) or _is_beside(path, paths) or is_versioned(path)):
            yield problem(place, 1, "url-vanishes", "warning", found="/" + path.removesuffix("index.html"))


def _is_beside(path: str, pages: AbstractSet[str]) -> bool:
    return not path.endswith(".html") and f"{posixpath.dirname(path)}/index.html" in pages


def _is_index(path: str) -> bool:
    """Tell whether a file is one of those that the search reads."""
    return path.startswith(_SEARCH) and path.endswith(".json")


def _is_marked(file: Path) -> bool:
    return file.suffix == ".html" and GENERATOR in (read_regular(file) or b"")
