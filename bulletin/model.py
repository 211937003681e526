"""The values that travel from a Markdown file to a page. All are frozen; a later stage makes a new value.

Three words for places, never mixed: a `path` is relative to the site or to output/ and `/`-separated; a `Path` is a
real file; a `url` is what a reader sees, from the site's root («/tin/2016/12/thai-nguyen/»).

Written as arrays: the names of the fields would be a third of all that is digested and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct, field

from bulletin.dates import DealDate
from bulletin.files import Signature, digest_of_listing, settled
from bulletin.money import Amount
from bulletin.pictures import Original, Unusable
from bulletin.problems import Problem
from bulletin.provinces import Place


class Source(Struct, frozen=True, kw_only=True, array_like=True):
    """One Markdown file as it was read."""

    path: str
    text: str


class Content(Struct, frozen=True, kw_only=True, array_like=True):
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
        """Return the digest of all names and signatures; empty if one of them is too fresh to prove anything."""
        if any(settled(found, self.seen) is None for found in self.signatures.values()):
            return ""
        return digest_of_listing(self.signatures)


class Link(Struct, frozen=True, kw_only=True, array_like=True):
    """A reference to something inside the site, as it was written, with the line to mend if it leads nowhere."""

    target: str
    line: int
    is_picture: bool = False


class Text(Struct, frozen=True, kw_only=True, array_like=True):
    """Sanitised HTML by its digest. In place of internal links it holds tokens: see markup.LINK_TOKEN.

    What is planned is planned without the text itself, which only its own page and the feeds show.
    """

    digest: str


class Body(Struct, frozen=True, kw_only=True, array_like=True):
    """An item's text with the anchors in it and its internal links, in the order of their tokens."""

    text: Text
    ids: frozenset[str]
    links: tuple[Link, ...]


class Card(Struct, frozen=True, kw_only=True, array_like=True):
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


class Mention(Struct, frozen=True, kw_only=True, array_like=True):
    """A deal as one item tells it; `amount` is None where it is undisclosed."""

    place: Place
    date: DealDate
    amount: Amount | None
    line: int


class Reference(Struct, frozen=True, kw_only=True, array_like=True):
    """A page by its title and url."""

    title: str
    url: str


class Deal(Struct, frozen=True, kw_only=True, array_like=True):
    """One (province, date, amount), however many items speak of it."""

    place: Place
    date: DealDate
    amount: Amount | None
    items: tuple[Reference, ...]


class Correction(Struct, frozen=True, kw_only=True, array_like=True):
    """What was corrected in an item, and when."""

    day: date
    note: str


class Article(Struct, frozen=True, kw_only=True, array_like=True):
    """A checked item."""

    source: str
    card: Card
    order: str
    """Collation key of the title: items of one day stand in Vietnamese order."""
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
    title_line: int
    date_line: int
    url_line: int
    """Line of the key that decides the url, for two items that claim the same one."""
    digest: str
    """Of all the rest."""
    brief: str
    """The digest of its card without the summary: all that its neighbours show of it."""


class Unfinished(Struct, frozen=True, kw_only=True, array_like=True):
    """What is left of an item that has errors: its links are followed all the same, so that no problem comes later."""

    source: str
    body: Body
    image: Link | None


class Compiled(Struct, frozen=True, kw_only=True, array_like=True):
    """What became of one source: an article, or what its errors leave of it; neither without a header."""

    article: Article | None
    unfinished: Unfinished | None
    problems: tuple[Problem, ...]
    html: str


class Page(Struct, frozen=True, kw_only=True, array_like=True):
    """A file of output/, as a pure function of its template and its view."""

    path: str
    template: str
    view: object


def path_of(url: str) -> str:
    """Return the file of output/ that a url of the site is served from."""
    return url[1:] + "index.html" if url.endswith("/") else url[1:]
