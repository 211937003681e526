"""The values that travel from a Markdown file to a page. All are frozen; a later stage makes a new value.

Three words for places, never mixed: a `path` is relative to the site or to output/ and `/`-separated; a `Path` is a
real file; a `url` is what a reader sees, from the site's root («/tin/2016/12/thai-nguyen/»).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bulletin.dates import DealDate
from bulletin.files import Signature, listing, settled
from bulletin.money import Amount
from bulletin.pictures import Original, Unusable
from bulletin.problems import Problem
from bulletin.provinces import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One Markdown file as it was read."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What stands below content/, by its path from the site's root in NFC: Markdown files in order, and all others.

    `written` holds the name on the disk where that is another: macOS hands out decomposed names. `signatures` are of
    every file, as they were `seen` (ns). `pictures` tells what became of those that items show, once that is known.
    """

    sources: tuple[str, ...]
    files: frozenset[str]
    written: Mapping[str, str]
    signatures: Mapping[str, Signature | None]
    seen: int
    pictures: Mapping[str, Original | Unusable] = field(default_factory=dict)

    def listing(self) -> str:
        """Return all names and signatures as a text; empty if one of them is too fresh to prove anything."""
        if any(settled(found, self.seen) is None for found in self.signatures.values()):
            return ""
        return listing(self.signatures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A reference to something inside the site, as it was written, with the line to mend if it leads nowhere."""

    target: str
    line: int
    is_picture: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Sanitised HTML by its digest. In place of internal links it holds tokens: see markup.LINK_TOKEN.

    What is planned is planned without the text itself, which only its own page and the feeds show.
    """

    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An item's text with the anchors in it and its internal links, in the order of their tokens."""

    text: Text
    ids: frozenset[str]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a list may know of an item: not its body."""

    title: str
    url: str
    day: date
    places: tuple[Place, ...]
    summary: str
    category: str
    deal_count: int
    amount: Amount | None
    draft: bool
    order: str
    """Collation key of the title: items of one day stand in Vietnamese order."""
    digest: str = ""
    """Of all the rest, made once when the item is compiled: a card stands in many views."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A deal as one item tells it; `amount` is None where it is undisclosed."""

    place: Place
    date: DealDate
    amount: Amount | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A page by its title and url."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One (province, date, amount), however many items speak of it."""

    place: Place
    date: DealDate
    amount: Amount | None
    items: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was corrected in an item, and when."""

    day: date
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A checked item."""

    source: str
    card: Card
    body: Body
    mentions: tuple[Mention, ...]
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    image: Link | None
    image_alt: str
    pinned_until: date | None
    publish: datetime | None
    expires: date | None
    corrections: tuple[Correction, ...]
    aliases: tuple[Link, ...]
    date_line: int
    url_line: int
    """Line of the key that decides the url, for two items that claim the same one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """What is left of an item that has errors: its links are followed all the same, so that no problem comes later."""

    source: str
    body: Body
    image: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What became of one source: an article, or what its errors leave of it; neither without a header."""

    article: Article | None
    unfinished: Unfinished | None
    problems: tuple[Problem, ...]
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A file of output/, as a pure function of its template and its view."""

    path: str
    template: str
    view: object


def path_of(url: str) -> str:
    """Return the file of output/ that a url of the site is served from."""
    return url[1:] + "index.html" if url.endswith("/") else url[1:]
