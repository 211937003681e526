"""The final check of every finished page: each link must lead to a file of the site, and its anchor must exist there.

Links in items were checked before, with their lines, so a dead link found here is a template's fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from collections.abc import Set as AbstractSet
from html import escape, unescape
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from msgspec import Struct

from bulletin.pages import SitePage
from bulletin.problems import Problem, problem
from bulletin.urls import HOME, NOT_FOUND, kind_of, path_of

# In our pages a regular expression finds tags alone, since Jinja and nh3 escape `<` in text and `>` in attributes, and
# quote with `"`. It reads a tag attribute by attribute, since a title may look like one (`title="x href="`), and only
# the tags that can hold a link.
_LINKING_TAGS = "a|area|audio|base|embed|form|iframe|image|img|input|link|script|source|track|use|video"
_ATTRIBUTE = rf'<(?:{_LINKING_TAGS})(?:\s++(?!(?:{{0}})=)[^\s">]++(?:"[^"]*+")?)*\s++(?:{{0}})="([^"]*+)"'
_ADDRESS = re.compile(_ATTRIBUTE.format("href|src|action"))
_POSTER = re.compile(_ATTRIBUTE.format("poster"))
_SRCSET = re.compile(_ATTRIBUTE.format("srcset"))
_EXTERNAL = re.compile("(?:https?|mailto|tel|data):")


class SiteLink(Struct, frozen=True, kw_only=True, array_like=True):
    """A link in a finished page: the file and anchor it leads to, its address as written, its page and template."""

    path: str
    fragment: str
    address: str
    page: str
    template: str


class LinkCollector:
    """Collects the links of pages, each target once, and the problems of links from a page to itself.

    Targets in other files are checked at the end, by `dead_links`: that needs all paths of the site, and a list of
    100,000 would be too much to send to other processes with each chunk. Whoever knows `paths` of the site is spared
    the links to these: of a link that needs no check its path alone is kept, in `reached`.
    """

    def __init__(self, paths: Container[str] = ()) -> None:
        self.problems: list[Problem] = []
        self.reached: set[str] = set()
        self._paths = paths
        self._by_target: dict[tuple[str, str], SiteLink] = {}
        self._seen: dict[str, set[str]] = {}

    @property
    def found(self) -> tuple[SiteLink, ...]:
        return tuple(self._by_target.values())

    def add(self, problems: Iterable[Problem], leads: Iterable[SiteLink]) -> None:
        """Add what another process has collected."""
        self.problems += problems
        for lead in leads:
            self._keep(lead)

    def _keep(self, lead: SiteLink) -> None:
        self.reached.add(lead.path)
        if lead.fragment or lead.path not in self._paths:
            self._by_target.setdefault((lead.path, lead.fragment), lead)

    def collect(self, page: SitePage, text: str) -> None:
        """Collect the links of a page; add a problem for each of them to an anchor that the page itself lacks."""
        if page.path == path_of(NOT_FOUND):
            # Its links begin at the root of the server, not at the page.
            return
        root = "../" * page.path.count("/")
        # Most links stand on many pages: those of the masthead, to a province, to a month.
        seen = self._seen.setdefault(root, set())
        for address in sorted({*_ADDRESS.findall(text), *_srcset_addresses(text), *_posters(text)} - seen):
            if _EXTERNAL.match(address):
                seen.add(address)
                continue
            target, _, fragment = unescape(address).partition("#")
            fragment = unquote(fragment)
            path = _target_path(page.path, unquote(target.partition("?")[0]), root)
            lead = SiteLink(path=path, fragment=fragment, address=address, page=page.path, template=page.template)
            if path == page.path:
                self.problems += _missing_anchor(lead, text) if fragment else ()
                continue
            self._keep(lead)
            if address.startswith(root) and not address.startswith((".", "#", "/"), len(root)):
                # Such an address leads to the same file from every page of this depth.
                seen.add(address)


def dead_links(leads: Iterable[SiteLink], paths: Container[str], read: Callable[[str], str]) -> Iterator[Problem]:
    """Yield a problem for each link to a file that is not in `paths`, or to an anchor that the page's text lacks.

    What stands behind the `#` of another file, such as `page=3` of a PDF, the program that opens it decides.
    """
    for lead in leads:
        if lead.path not in paths:
            yield _problem(lead, lead.address)
        elif lead.fragment and lead.path.endswith(".html"):
            yield from _missing_anchor(lead, read(lead.path))


def unlinked_pages(pages: Iterable[SitePage], linked: AbstractSet[str], output: str) -> Iterator[Problem]:
    """Yield a warning for each page that no other page links to; `linked` are the paths to which any page links.

    Old urls and archived items need no link: readers come to them with an address that they have kept.
    """
    reached = linked | {path_of(HOME), path_of(NOT_FOUND)}
    for page in pages:
        if page.path.endswith(".html") and page.path not in reached and page.is_linked:
            yield problem(
                f"{output}/{page.path}",
                1,
                "page-unreachable",
                "warning",
                found=page.path,
                cause=kind_of(page.path).name,
            )


def _posters(text: str) -> list[str]:
    return _POSTER.findall(text) if "poster=" in text else []


def _srcset_addresses(text: str) -> Iterator[str]:
    """Yield the addresses of the sizes of a page's pictures. gallery.js names more, by their widths."""
    if "srcset=" in text:
        for srcset in _SRCSET.findall(text):
            yield from (candidate.split()[0] for candidate in srcset.split(","))


def _target_path(page: str, target: str, root: str) -> str:
    if not target:
        return page
    if target.startswith(root) and not target.startswith(".", len(root)):
        return path_of(f"/{target.removeprefix(root)}")
    path = normpath(join(dirname(page), target))
    if not target.endswith("/"):
        return path
    return "index.html" if path == "." else f"{path}/index.html"


def _missing_anchor(lead: SiteLink, text: str) -> Iterator[Problem]:
    if f' id="{escape(lead.fragment)}"' not in text:
        yield _problem(lead, f"#{lead.fragment}")


def _problem(lead: SiteLink, address: str) -> Problem:
    cause = f"{lead.template} {address}"
    return problem(f"templates/{lead.template}", 1, "template-dead-link", found=address, page=lead.page, cause=cause)
