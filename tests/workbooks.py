"""Spreadsheets for tests: in memory, and as files of Excel and Calc."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import openpyxl

from bulletin.intake import Wishes
from bulletin.intake.sheets.workbooks import Sheet, SheetCell, Workbook
from bulletin.intake.values import RowsAs
from bulletin.settings import Settings

TODAY = date(2017, 1, 10)
Values = Sequence[Sequence[Any]]


def wishes(rows_as: RowsAs = "deals", **settings: Any) -> Wishes:
    return Wishes(rules=Settings(**settings).item_rules, today=TODAY, rows_as=rows_as)


def sheet(rows: Values, name: str = "Sheet1", **more: Any) -> Sheet:
    cells = tuple(tuple(map(_cell, row)) for row in rows)
    return Sheet(name=name, rows=cells, height=len(cells), **more)


def workbook(rows: Values, **more: Any) -> Workbook:
    return Workbook(sheets=(sheet(rows, **more),))


def xlsx(rows: Values, title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_password() -> bytes:
    """Return what Excel makes of a workbook with a password: a compound file of two streams, here empty ones."""
    free, end, fat = b"\xff" * 4, b"\xfe\xff\xff\xff", b"\xfd\xff\xff\xff"
    numbers = struct.pack("<HHHHHHLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + numbers + bytes(4)
    header += bytes(4) + free * 108
    names = (("Root Entry", 5), ("EncryptedPackage", 2), ("EncryptionInfo", 2), ("", 0))
    entries = b"".join(_entry(name, kind, at) for at, (name, kind) in enumerate(names))
    return header[:512].ljust(512, b"\0") + (fat + end + free * 126) + entries


def _entry(name: str, kind: int, at: int) -> bytes:
    text = f"{name}\0".encode("utf-16-le")
    child, right = (1 if at == 0 else 0xFFFFFFFF), (2 if at == 1 else 0xFFFFFFFF)
    links = struct.pack("<HBBLLL", len(text) if name else 0, kind, 1, 0xFFFFFFFF, right, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<LQ", 0xFFFFFFFE, 0)


def _cell(value: Any) -> SheetCell | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool):
        return SheetCell("flag", str(value).upper())
    if isinstance(value, int | float):
        return SheetCell("number", format(value, ".15g"))
    if isinstance(value, datetime):
        return SheetCell("moment", value.isoformat(" ", "minutes"))
    return SheetCell("day", value.isoformat()) if isinstance(value, date) else SheetCell("text", value)
