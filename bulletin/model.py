"""The values that travel from a Markdown file to a page. All are frozen; a later stage makes a new value.

They are encoded as JSON arrays: field names would make up a third of the data that is digested and cached.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin.images import Crops, Focus, Original, Unusable
from bulletin.problems import Problem
from bulletin.vietnamese import Amount, Place, dates
from bulletin.vietnamese.periods import Period

CONTENT = "content"
"""The folder of a site that holds its items."""


class Source(Struct, frozen=True, kw_only=True, array_like=True):
    """One Markdown file: its path and its decoded text."""

    path: str
    text: str


class Content(Struct, frozen=True, kw_only=True, array_like=True):
    """The paths of the files below content/: the Markdown files in order, and all others.

    `pictures` holds, for each picture that an item shows, whether it can be shown; empty until that is known.
    `stand_ins` holds, for each item that is shown as it was last published, the files that it named then: their paths
    in content/, and the paths under which they are kept.
    """

    sources: tuple[str, ...]
    files: frozenset[str]
    pictures: Mapping[str, Original | Unusable] = field(default_factory=dict)
    stand_ins: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Link(Struct, frozen=True, kw_only=True, array_like=True):
    """A link to a target inside the site, as written in the item, and the line to mend if it leads nowhere."""

    target: str
    line: int
    is_picture: bool = False


class Text(Struct, frozen=True, kw_only=True, array_like=True):
    """Sanitised HTML, known by its digest. It has tokens in place of internal links: see convert.LINK_TOKEN.

    The plan does without the HTML: only the item's own page, the feeds, the search data and the export show it.
    """

    digest: str


class Body(Struct, frozen=True, kw_only=True, array_like=True):
    """An item's text, the anchors in it (`ids`), and its internal links in the order of their tokens."""

    text: Text
    ids: frozenset[str]
    links: tuple[Link, ...]


class CardPicture(Struct, frozen=True, kw_only=True, array_like=True):
    """An item's `image` as lists show it, and what it shows in words."""

    crops: Crops
    alt: str


class Card(Struct, frozen=True, kw_only=True, array_like=True):
    """The part of an item that lists may show; the body is left out."""

    title: str
    url: str
    day: date
    places: tuple[Place, ...]
    summary: str
    category: str
    deal_count: int
    amount: Amount | None
    draft: bool
    picture: CardPicture | None = None
    """Its `image`; known only once pictures are made: `pages.card_pictures` puts it in."""

    @property
    def brief(self) -> Card:
        """The card as the pages of other items show it: without the summary, which readers know from the lists."""
        return replace(self, summary="")


class Mention(Struct, frozen=True, kw_only=True, array_like=True):
    """A deal as one item reports it; `amount` is None if undisclosed."""

    place: Place
    date: dates.DealDate
    amount: Amount | None
    line: int
    name: str = ""
    """What tells the deal from others, or keeps its tellings together; empty for most."""

    @property
    def key(self) -> str:
        """What the spellings of its name have in common: case and blanks do not count. Empty without a name."""
        return "".join(self.name.split()).casefold()


class Reference(Struct, frozen=True, kw_only=True, array_like=True):
    """A page by its title and url."""

    title: str
    url: str


class Deal(Struct, frozen=True, kw_only=True, array_like=True):
    """One agreement with one province, with all items that tell of it; `pages.deals` says which tellings are one."""

    place: Place
    date: dates.DealDate
    amount: Amount | None
    items: tuple[Reference, ...]
    name: str = ""


class Total(Struct, frozen=True, kw_only=True, array_like=True):
    """The number of deals, how many have a disclosed amount, and the sum of these in whole dong."""

    count: int
    disclosed: int
    dong: int
    approximate: bool


class Correction(Struct, frozen=True, kw_only=True, array_like=True):
    """A correction of an item: the day, and a note about what was corrected."""

    day: date
    note: str


class Event(Struct, frozen=True, kw_only=True, array_like=True):
    """When and where that takes place of which an item tells; `place` is empty if it is not known."""

    when: Period
    place: str


class Visibility(Struct, frozen=True, kw_only=True, array_like=True):
    """Whether and when readers may see an item: the keys of its header by these names."""

    draft: bool = False
    publish: datetime | None = None
    expires: date | None = None


class Article(Struct, frozen=True, kw_only=True, array_like=True):
    """An item without errors."""

    source: str
    card: Card
    order: str
    """Collation key of the title: it puts items of one day in Vietnamese order."""
    body: Body
    mentions: tuple[Mention, ...]
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    image: Link | None
    image_alt: str
    image_focus: Focus
    event: Event | None
    invites: bool
    """Whether it reads like an invitation: dated ahead, it would come too late."""
    pinned_until: date | None
    publish: datetime | None
    expires: date | None
    corrections: tuple[Correction, ...]
    aliases: tuple[Link, ...]
    title_line: int
    date_line: int
    url_line: int
    """Line of the key that decides the url, to be reported if two items claim the same one."""
    digest: str
    """Digest of all other fields."""
    brief_digest: str
    """Digest of `card.brief`, the only part of an item that the pages of other items show."""


class PartialItem(Struct, frozen=True, kw_only=True, array_like=True):
    """The usable part of an item with errors. Its links are checked all the same, so that no problem appears later."""

    source: str
    body: Body
    image: Link | None


Item = Article | PartialItem


class Compiled(Struct, frozen=True, kw_only=True, array_like=True):
    """The result of one source: an article, or its usable part if it has errors; neither without front matter."""

    article: Article | None
    unfinished: PartialItem | None
    problems: tuple[Problem, ...]
    html: str

    @property
    def text(self) -> str:
        """The digest of the HTML; empty for a source without a header, which has none."""
        item = self.article or self.unfinished
        return item.body.text.digest if item else ""
