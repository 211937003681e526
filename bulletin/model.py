"""The values that travel from a Markdown file to a page. All are frozen; a later stage makes a new value.

They are written as JSON arrays: field names would be a third of all that is digested and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin.images import Original, Unusable
from bulletin.problems import Problem
from bulletin.vietnamese import Amount, Place, dates

CONTENT = "content"
"""The folder of a site that holds its items."""


class Source(Struct, frozen=True, kw_only=True, array_like=True):
    """One Markdown file as it was read."""

    path: str
    text: str


class Content(Struct, frozen=True, kw_only=True, array_like=True):
    """What stands below content/, by path: the Markdown files in order, and all others.

    `pictures` tells what became of those that items show, once that is known.
    """

    sources: tuple[str, ...]
    files: frozenset[str]
    pictures: Mapping[str, Original | Unusable] = field(default_factory=dict)


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

    @property
    def brief(self) -> Card:
        """What the pages of other items show of it: no summary, which readers have met in the lists."""
        return replace(self, summary="")


class Mention(Struct, frozen=True, kw_only=True, array_like=True):
    """A deal as one item tells it; `amount` is None where it is undisclosed."""

    place: Place
    date: dates.DealDate
    amount: Amount | None
    line: int


class Reference(Struct, frozen=True, kw_only=True, array_like=True):
    """A page by its title and url."""

    title: str
    url: str


class Deal(Struct, frozen=True, kw_only=True, array_like=True):
    """One (province, date, amount), however many items speak of it."""

    place: Place
    date: dates.DealDate
    amount: Amount | None
    items: tuple[Reference, ...]


class Total(Struct, frozen=True, kw_only=True, array_like=True):
    """A number of deals and the whole dong of those that are disclosed."""

    count: int
    disclosed: int
    dong: int
    approximate: bool


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
    """The digest of its brief card: all that the pages of other items show of it."""


class Unfinished(Struct, frozen=True, kw_only=True, array_like=True):
    """What is left of an item that has errors: its links are followed all the same, so that no problem comes later."""

    source: str
    body: Body
    image: Link | None


Item = Article | Unfinished


class Compiled(Struct, frozen=True, kw_only=True, array_like=True):
    """What became of one source: an article, or what its errors leave of it; neither without a header."""

    article: Article | None
    unfinished: Unfinished | None
    problems: tuple[Problem, ...]
    html: str
