"""Reads and shows Vietnamese texts, amounts, dates and places. Pure: no disk, no clock."""

from bulletin.vietnamese import amounts, dates, provinces
from bulletin.vietnamese.amounts import Amount
from bulletin.vietnamese.provinces import Place
from bulletin.vietnamese.text import clean, clip, fold, nearest, nfc, slug, sort_key

__all__ = [
    "Amount",
    "Place",
    "amounts",
    "clean",
    "clip",
    "dates",
    "fold",
    "nearest",
    "nfc",
    "provinces",
    "slug",
    "sort_key",
]
