"""What a review is made of: what readers have of each item, and what changes for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from bulletin.model import Article, Card, Correction
from bulletin.review.differences import BlockChange, FieldChange
from bulletin.vietnamese import Amount, Place

Gone = Literal["deleted", "draft", "waits", ""]
"""Why readers no longer have an item: its file is gone, it is a draft, or its time is to come."""


class Shown(Struct, frozen=True, kw_only=True):
    """An item as readers have it, or are to have it; digests are those of bytes.

    `files` are the pictures and attachments that it names; `past` is what the clock has done to it, as
    `pages.archive.past` says.
    """

    article: Article
    source: str
    rules: str
    files: Mapping[str, str]
    past: tuple[str, ...] = ()

    def is_as(self, other: Shown) -> bool:
        """Tell whether both are made of the same bytes, whatever the clock has done to them."""
        return (self.source, self.rules, self.files) == (other.source, other.rules, other.files)


class Texts(Struct, frozen=True, kw_only=True):
    """The text of an item's file, and the HTML of its body."""

    source: str = ""
    html: str = ""


class Readers(Struct, frozen=True, kw_only=True):
    """Everything that readers have, or are to have; items by the paths of their files.

    `waiting` are the items that they will see without anybody doing anything. `texts` are those of the items of which
    the other side has other bytes, or none. `settings` are those that pages depend on; None if nobody knows them.
    """

    items: Mapping[str, Shown] = field(default_factory=dict)
    waiting: Mapping[str, Shown] = field(default_factory=dict)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    settings: Mapping[str, object] | None = None
    templates: Mapping[str, str] = field(default_factory=dict)
    program: str = ""
    drafts: frozenset[str] = frozenset()
    now: datetime | None = None
    """When they are to have it."""


class PictureChange(Struct, frozen=True, kw_only=True):
    """A picture that an item names, by its path in content/, and its digests; empty where there is none."""

    path: str
    before: str
    after: str


class ItemChange(Struct, frozen=True, kw_only=True):
    """What changes of one item, which `card` shows as it will be, or as it was if it goes."""

    path: str
    card: Card
    former_path: str = ""
    """Where its file was, if it is another."""
    former: Card | None = None
    """As it was, if readers have it."""
    source_before: str = ""
    source_after: str = ""
    """The digests of its file."""
    by_clock: tuple[str, ...] = ()
    """What the clock alone does: «appears», or as `Shown.past`."""
    gone: Gone = ""
    waits_until: datetime | None = None
    fields: tuple[FieldChange, ...] = ()
    sentences: tuple[BlockChange, ...] = ()
    """Those that were taken out, put in or changed."""
    is_restyled: bool = False
    """Its words are as they were, but not how they are set, or where its links lead."""
    text: tuple[str, ...] = ()
    """Of a new item: its blocks."""
    pictures: tuple[PictureChange, ...] = ()
    attachments: tuple[PictureChange, ...] = ()
    corrections: tuple[Correction, ...] = ()
    """Those that are new."""


class TotalChange(Struct, frozen=True, kw_only=True):
    """A number that moves: of all, or of a province in a month; each before and after. Sums are in dong."""

    place: Place | None
    month: tuple[int, int] | None
    items: tuple[int, int]
    deals: tuple[int, int]
    dong: tuple[int, int]
    approximate: bool


class AmountChange(Struct, frozen=True, kw_only=True):
    """An amount that becomes ten times as much or more, or as little or less."""

    card: Card
    place: Place
    before: Amount
    after: Amount

    @property
    def times(self) -> int:
        """How many times the smaller one the greater is, in whole numbers."""
        smaller, greater = sorted((self.before.dong, self.after.dong))
        return greater // max(1, smaller)


class LostUrl(Struct, frozen=True, kw_only=True):
    """A url that readers may have kept and that leads nowhere any more; `instead` is where its item stands now."""

    url: str
    title: str
    instead: str = ""


class Review(Struct, frozen=True, kw_only=True):
    """What changes for readers. `code` says what was looked at: what is to be published, and what it replaces."""

    code: str
    is_first: bool = False
    """Nothing stands yet."""
    added: tuple[ItemChange, ...] = ()
    changed: tuple[ItemChange, ...] = ()
    removed: tuple[ItemChange, ...] = ()
    scheduled: tuple[ItemChange, ...] = ()
    """Items that will appear later by themselves, and that are new or others than were approved."""
    unscheduled: tuple[ItemChange, ...] = ()
    """Items that would have appeared later, and will not."""
    totals: tuple[TotalChange, ...] = ()
    amounts: tuple[AmountChange, ...] = ()
    urls_lost: tuple[LostUrl, ...] = ()
    settings: tuple[FieldChange, ...] = ()
    templates: tuple[str, ...] = ()
    """The names of the site's own templates that are others than were used."""
    is_other_program: bool = False

    @property
    def items(self) -> tuple[ItemChange, ...]:
        """Everything that changes for readers now."""
        return (*self.added, *self.changed, *self.removed)

    @property
    def all_items(self) -> tuple[ItemChange, ...]:
        """Everything that an approval approves."""
        return (*self.items, *self.scheduled, *self.unscheduled)

    @property
    def is_empty(self) -> bool:
        """Tell whether readers have exactly this already."""
        return not (self.all_items or self._is_site_changed)

    @property
    def is_by_clock_alone(self) -> bool:
        """Tell whether nothing changes but what the clock does to content that was published before."""
        is_touched = any(not one.by_clock for one in self.items) or self.scheduled or self.unscheduled
        return not (is_touched or self._is_site_changed)

    @property
    def _is_site_changed(self) -> bool:
        return bool(self.settings or self.templates or self.is_other_program)
