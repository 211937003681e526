"""A last look at every finished page: whatever wrote a link, it must lead to a page, and its anchor must be there.

Links in items are checked before, with their lines; what is found here is a template's fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from html import escape, unescape
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from msgspec import Struct

from bulletin.pages import SitePage
from bulletin.problems import Problem, problem
from bulletin.urls import HOME, NOT_FOUND, path_of

# Jinja and nh3 escape `<` in text and `>` in attributes, and quote with `"`: in our pages this finds tags alone.
# A tag up to one of its attributes, one by one: the words of a title may read like an attribute (`title="x href="`).
# Of all tags only those that lead anywhere are looked into.
_LEADING = "a|area|audio|base|embed|form|iframe|image|img|input|link|script|source|track|use|video"
_UP_TO = rf'<(?:{_LEADING})(?:\s+(?!(?:{{0}})=)[^\s">]+(?:"[^"]*+")?)*+\s+(?:{{0}})="([^"]*+)"'
_ADDRESS = re.compile(_UP_TO.format("href|src|action"))
_CANDIDATES = re.compile(_UP_TO.format("srcset"))
_ELSEWHERE = re.compile("(?:https?|mailto|tel|data):")


class Lead(Struct, frozen=True, kw_only=True, array_like=True):
    """Where a finished page leads: to which file and anchor, how it is written, and whose page and template it is."""

    path: str
    fragment: str
    address: str
    page: str
    template: str


class Leads:
    """Collects where pages lead, each place once, and what is wrong with their links to themselves.

    What files there will be is asked at the end: a list of 100,000 is not handed to other processes with each chunk.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._found: dict[tuple[str, str], Lead] = {}
        self._known: dict[str, set[str]] = {}

    @property
    def found(self) -> tuple[Lead, ...]:
        return tuple(self._found.values())

    def add(self, problems: Iterable[Problem], leads: Iterable[Lead]) -> None:
        """Add what was collected elsewhere."""
        self.problems += problems
        for lead in leads:
            self._found.setdefault((lead.path, lead.fragment), lead)

    def look_at(self, page: SitePage, text: str) -> None:
        """Remember where the page leads; report an anchor of its own that it lacks."""
        if page.path == path_of(NOT_FOUND):
            return
        root = "../" * page.path.count("/")
        # Most pages name the same pages: the masthead's, their province, their month.
        known = self._known.setdefault(root, set())
        for address in sorted({*_ADDRESS.findall(text), *_candidates(text)} - known):
            if _ELSEWHERE.match(address):
                known.add(address)
                continue
            target, _, fragment = unescape(address).partition("#")
            fragment = unquote(fragment)
            path = _path(page.path, unquote(target.partition("?")[0]), root)
            lead = Lead(path=path, fragment=fragment, address=address, page=page.path, template=page.template)
            if path == page.path:
                self.problems += _missing(lead, text) if fragment else ()
                continue
            self._found.setdefault((path, fragment), lead)
            if address.startswith(root) and not address.startswith((".", "#", "/"), len(root)):
                # It leads there from every page of this depth.
                known.add(address)


def dead(leads: Iterable[Lead], paths: AbstractSet[str], read: Callable[[str], str]) -> Iterator[Problem]:
    """Yield a problem for each lead to none of output/'s `paths`, or to an anchor that the text of its file lacks."""
    for lead in leads:
        if lead.path not in paths:
            yield _problem(lead, lead.address)
        elif lead.fragment:
            yield from _missing(lead, read(lead.path))


def unreachable(pages: Iterable[SitePage], leads: Iterable[Lead], output: str) -> Iterator[Problem]:
    """Yield a warning for each page that no other page leads to; `leads` are those of all pages.

    Old urls and archived items are meant to be found by those who know them only.
    """
    reached = {lead.path for lead in leads} | {path_of(HOME), path_of(NOT_FOUND)}
    for page in pages:
        if page.path.endswith(".html") and page.path not in reached and page.is_linked:
            yield problem(f"{output}/{page.path}", 1, "page-unreachable", "warning", found=page.path)


def _candidates(text: str) -> Iterator[str]:
    """Yield the addresses that a page has its browser choose pictures from."""
    if "srcset=" in text:
        for found in _CANDIDATES.findall(text):
            yield from (candidate.split()[0] for candidate in found.split(","))


def _path(page: str, target: str, root: str) -> str:
    if not target:
        return page
    if target.startswith(root) and not target.startswith(".", len(root)):
        return path_of(f"/{target.removeprefix(root)}")
    path = normpath(join(dirname(page), target))
    if not target.endswith("/"):
        return path
    return "index.html" if path == "." else f"{path}/index.html"


def _missing(lead: Lead, text: str) -> Iterator[Problem]:
    if f' id="{escape(lead.fragment)}"' not in text:
        yield _problem(lead, f"#{lead.fragment}")


def _problem(lead: Lead, found: str) -> Problem:
    return problem(f"templates/{lead.template}", 1, "template-dead-link", found=found, page=lead.page)
