"""What the files of the search are made from, and the items as lines for other programs."""

from __future__ import annotations

from msgspec import Struct

from bulletin.model import Card, Text


class TitlesView(Struct, frozen=True, kw_only=True, array_like=True):
    """What the search knows of a year's items before it reads their texts."""

    cards: tuple[Card, ...]


class TextEntry(Struct, frozen=True, kw_only=True, array_like=True):
    """An item's text, by the item's url."""

    url: str
    text: Text


class TextsView(Struct, frozen=True, kw_only=True, array_like=True):
    """The texts of a month's items."""

    entries: tuple[TextEntry, ...]


class PlaceNames(Struct, frozen=True, kw_only=True, array_like=True):
    """What readers may call a place; its title comes first."""

    id: str
    names: tuple[str, ...]


class SearchFiles(Struct, frozen=True, kw_only=True, array_like=True):
    """The files of a year, named from the search page: its titles, and its texts, newest month first."""

    year: int
    titles: str
    texts: tuple[str, ...]


class SearchIndexView(Struct, frozen=True, kw_only=True, array_like=True):
    """All places, in Vietnamese order, and the files of all years, newest first."""

    places: tuple[PlaceNames, ...]
    files: tuple[SearchFiles, ...]


class ExportEntry(Struct, frozen=True, kw_only=True, array_like=True):
    """An item for other programs."""

    id: str
    card: Card
    text: Text


class ExportView(Struct, frozen=True, kw_only=True, array_like=True):
    """All listed items, newest first, with their texts."""

    entries: tuple[ExportEntry, ...]
    base_url: str
