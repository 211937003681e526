"""The deals as CSV, for spreadsheets, and as JSON, for programs."""

from __future__ import annotations

import csv
import io
from unicodedata import normalize

import msgspec

from bulletin.model import Deal
from bulletin.pages.views import DealsData

COLUMNS = ("province", "name", "date", "value", "deal", "qualifier", "items")
_FORMULA = tuple("=+-@\t\r")


def deals_csv(view: DealsData) -> str:
    """Return the deals as CSV (RFC 4180) after a byte order mark, without which Excel reads UTF-8 as cp1252."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for deal in view.deals:
        record = _record(deal) | {"items": " ".join(_addresses(deal, view.base_url))}
        writer.writerow([_cell(record[column]) for column in COLUMNS])
    return "\ufeff" + text.getvalue()


def deals_json(view: DealsData) -> str:
    """Return `{"deals": [...], "total": dong, "provinces": signed, "of": units of the map}`."""
    content = {
        "deals": [_record(deal) | {"items": _addresses(deal, view.base_url)} for deal in view.deals],
        "total": view.figures.total.dong,
        "provinces": view.figures.signed,
        "of": view.figures.of,
    }
    # The json module takes eight times as long for ten thousand deals.
    return str(msgspec.json.format(msgspec.json.encode(content), indent=1), "utf-8") + "\n"


def _record(deal: Deal) -> dict[str, object]:
    return {
        "province": deal.place.id,
        "name": deal.place.name,
        "date": str(deal.date),
        "value": deal.amount.dong if deal.amount else None,
        "deal": deal.name or None,
        "qualifier": deal.amount.qualifier if deal.amount else None,
    }


def _cell(value: object) -> object:
    """Return a cell that no spreadsheet runs as a formula: the name of a deal is whatever its editor has written."""
    if not isinstance(value, str) or value[:1].isalnum():
        return value
    # Full-width signs are formulas for some of them, too.
    return f"'{value}" if normalize("NFKC", value).startswith(_FORMULA) else value


def _addresses(deal: Deal, base_url: str) -> list[str]:
    return [base_url + item.url[1:] for item in deal.items]
