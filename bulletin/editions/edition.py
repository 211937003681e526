"""An edition as a value: what e-mail, PDF and notice are made from."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from bulletin.editions.period import EditionPeriod
from bulletin.images import Picture
from bulletin.model import Article, Correction, Deal, Reference, Total
from bulletin.pages import archive
from bulletin.vietnamese import Place


class EditionItem(Struct, frozen=True, kw_only=True):
    """An item, with its sanitised HTML, in which links and pictures are open: `tree.nodes` and `closed` fill them in.

    `links` are the urls and pictures that the tokens of the HTML stand for; `deals` are those that the item tells of.
    """

    article: Article
    html: str
    links: tuple[str | Picture, ...]
    image: Picture | None
    deals: tuple[Deal, ...]


class Group(Struct, frozen=True, kw_only=True):
    """The items of a province, newest first; `page.url` is empty where several provinces share the heading."""

    page: Reference
    items: tuple[EditionItem, ...]


class Change(Struct, frozen=True, kw_only=True):
    """A fact of an item that is another now; `what` is the key of the header, the values are as readers see them."""

    what: str
    before: str
    after: str


class CorrectedItem(Struct, frozen=True, kw_only=True):
    """An item of a former edition that was corrected since: by notes (`updated`), or by facts without a note."""

    title: str
    url: str
    day: date
    notes: tuple[Correction, ...]
    changes: tuple[Change, ...]


class Edition(Struct, frozen=True, kw_only=True):
    """The news of a period, perhaps of one province alone.

    `name` stands in the names of files («2016-12-thai-nguyen»), `title` on the pages («Tháng 12/2016 · Thái Nguyên»).
    Groups are in the order of the provinces' names, several provinces and the whole country last.
    """

    name: str
    title: str
    period: EditionPeriod
    province: Place | None
    bulletin: str
    """The title of the bulletin."""
    organisation: str
    base_url: str
    groups: tuple[Group, ...]
    deals: tuple[Deal, ...]
    total: Total
    corrections: tuple[CorrectedItem, ...]

    @property
    def items(self) -> tuple[EditionItem, ...]:
        """All items, in the order in which they are to be read."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def newest(self) -> tuple[EditionItem, ...]:
        """All items, newest first."""
        return tuple(sorted(self.items, key=lambda item: archive.newest_first(item.article)))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.groups and not self.corrections
