"""What the files of the search are made from, and the items as lines for other programs."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.model import Card, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlesView:
    """What the search knows of a year's items before it reads their texts."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEntry:
    """An item's text, by the item's url."""

    url: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsView:
    """The texts of a month's items."""

    entries: tuple[TextEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNames:
    """What readers may call a place; its title comes first."""

    id: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFiles:
    """The files of a year, named from the search page: its titles, and its texts, newest month first."""

    year: int
    titles: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchIndexView:
    """All places, in Vietnamese order, and the files of all years, newest first."""

    places: tuple[PlaceNames, ...]
    files: tuple[SearchFiles, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportEntry:
    """An item for other programs."""

    id: str
    card: Card
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """All listed items, newest first, with their texts."""

    entries: tuple[ExportEntry, ...]
    base_url: str
