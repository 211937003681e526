"""A last look at every finished page: whatever wrote a link, it must lead to a page, and its anchor must be there.

Links in items are checked before, with their lines; what is found here is a template's fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape, unescape
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from bulletin.model import Page, path_of
from bulletin.problems import Problem, problem

# Jinja and nh3 escape `<` in text and `>` in attributes, and quote with `"`: in our pages this finds tags alone.
_ADDRESS = re.compile('<[a-z]+ (?:[^>]* )?(?:href|src)="([^"]*)"')
_CANDIDATES = re.compile('<[a-z]+ (?:[^>]* )?srcset="([^"]*)"')
_ELSEWHERE = re.compile("(?:https?|mailto|tel|data):")


Anchor = tuple[str, str, Page]
"""The path of a page, the anchor wanted in it, and a page that wants it."""


class LinkCheck:
    """Collects the links of pages as they are rendered; `paths` are all files that output/ will hold."""

    def __init__(self, paths: frozenset[str]) -> None:
        self.paths = paths
        self.problems: list[Problem] = []
        self._wanted: dict[tuple[str, str], Page] = {}
        self._alive: set[str] = set()

    def add(self, problems: Iterable[Problem], anchors: Iterable[Anchor]) -> None:
        """Add what a check of other pages found."""
        self.problems += problems
        for path, fragment, page in anchors:
            self._wanted.setdefault((path, fragment), page)

    def look_at(self, page: Page, text: str) -> None:
        """Report the page's dead links; remember the anchors it wants of other pages."""
        root = "../" * page.path.count("/")
        for address in dict.fromkeys((*_ADDRESS.findall(text), *_candidates(text))):
            # Most pages name the same pages: the masthead's, their province, their month.
            inside = address[len(root) :] if address.startswith(root) else ""
            if inside in self._alive or _ELSEWHERE.match(address) or page.path == "404.html":
                continue
            target, _, fragment = unescape(address).partition("#")
            fragment = unquote(fragment)
            path = self._path(page.path, unquote(target.partition("?")[0]), root)
            if path not in self.paths:
                self._report(page, address)
            elif inside and not fragment and not inside.startswith("."):
                self._alive.add(inside)
            elif fragment and path == page.path:
                self._look_for(fragment, text, page)
            elif fragment:
                self._wanted.setdefault((path, fragment), page)

    @property
    def anchors(self) -> list[Anchor]:
        """The anchors of other pages that were named, each with a page that names it."""
        return [(path, fragment, page) for (path, fragment), page in self._wanted.items()]

    def look_for(self, anchors: Iterable[Anchor], read: Callable[[str], str]) -> None:
        """Report the anchors that pages lack; `read` returns the text of a finished page."""
        for path, fragment, page in anchors:
            self._look_for(fragment, read(path), page)

    def _path(self, page: str, target: str, root: str) -> str:
        if not target:
            return page
        if target.startswith(root) and not target.startswith(".", len(root)):
            return path_of(f"/{target.removeprefix(root)}")
        path = normpath(join(dirname(page), target))
        if not target.endswith("/"):
            return path
        return "index.html" if path == "." else f"{path}/index.html"

    def _look_for(self, fragment: str, text: str, page: Page) -> None:
        if f' id="{escape(fragment)}"' not in text:
            self._report(page, f"#{fragment}")

    def _report(self, page: Page, address: str) -> None:
        self.problems.append(
            problem(f"templates/{page.template}", 1, "template-dead-link", found=address, page=page.path)
        )


def _candidates(text: str) -> Iterator[str]:
    """Yield the addresses that a page has its browser choose pictures from."""
    if "srcset=" in text:
        for found in _CANDIDATES.findall(text):
            yield from (candidate.split()[0] for candidate in found.split(","))
