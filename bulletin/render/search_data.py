"""The search's files as JSON with one record on each line, and all items as JSON Lines for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.json import encode

from bulletin.items.markdown import plain
from bulletin.model import Card
from bulletin.pages.views import ExportView, SearchIndexView, TextsView, TitlesView
from bulletin.vietnamese import amounts


def index_json(view: SearchIndexView) -> str:
    """Return `{"places": {id: names}, "files": [{"year", "items", "titles", "texts"}]}`."""
    places = _object((place.id, place.names) for place in view.places)
    files = _array(
        {"year": one.year, "items": one.items, "titles": one.titles, "texts": one.texts} for one in view.files
    )
    return f'{{"places": {places},\n"files": {files}}}\n'


def titles_json(view: TitlesView) -> str:
    """Return an array of the items, newest first; empty fields are left out."""
    return _array(map(_title, view.cards)) + "\n"


def texts_json(view: TextsView, texts: Mapping[str, str]) -> str:
    """Return an object with the plain texts of the month's items, by url."""
    return _object((entry.url, plain(texts[entry.text.digest])) for entry in view.entries) + "\n"


def items_jsonl(view: ExportView, texts: Mapping[str, str]) -> str:
    """Return an object on each line; `amount` is in whole dong, null unless the item has one deal and discloses it."""
    records = (
        {
            "id": entry.id,
            "url": view.base_url + entry.card.url[1:],
            "title": entry.card.title,
            "date": str(entry.card.day),
            "provinces": [place.id for place in entry.card.places],
            "amount": entry.card.amount.dong if entry.card.amount else None,
            "summary": entry.card.summary,
            "text": plain(texts[entry.text.digest]),
        }
        for entry in view.entries
    )
    return "".join(f"{_json(record)}\n" for record in records)


def _title(card: Card) -> dict[str, Any]:
    record = {
        "url": card.url,
        "date": str(card.day),
        "places": {place.id: place.name for place in card.places},
        "category": card.category,
        "amount": amounts.show(card.amount) if card.amount else "",
        "draft": card.draft,
        "title": card.title,
        "summary": card.summary,
        "picture": _picture(card),
    }
    return {key: value for key, value in record.items() if value}


def _picture(card: Card) -> tuple[str, ...]:
    """Return the smallest crop of a card's picture, relative to its url, and what it shows; empty without one."""
    if card.picture is None:
        return ()
    return card.picture.crops.candidates[0].url.removeprefix(card.url), card.picture.alt


def _object(pairs: Iterable[tuple[str, Any]]) -> str:
    return "{\n" + ",\n".join(f"{_json(key)}:{_json(value)}" for key, value in pairs) + "\n}"


def _array(records: Iterable[Mapping[str, Any]]) -> str:
    return "[\n" + ",\n".join(map(_json, records)) + "\n]"


def _json(value: Any) -> str:
    return encode(value).decode()
