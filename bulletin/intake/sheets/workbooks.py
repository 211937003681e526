"""The bytes of a spreadsheet -> its sheets, cell by cell, as the program that made it keeps them."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from bulletin.intake.old_encodings import Converted, convert_texts, decode
from bulletin.intake.sheets import calamine_process
from bulletin.intake.sheets.calamine_process import (
    BOMB,
    DAMAGED,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    MAX_UNPACKED,
    PASSWORD,
    TOO_MANY_SHEETS,
)
from bulletin.problems import refuse

Kind = Literal["text", "number", "day", "moment", "time", "flag"]
MAX_BYTES = 20 << 20
"""Of a file; a table of five thousand rows has less than one MB."""
_SECONDS = 30
_SEPARATORS = ";,\t"
_LOOKED_AT = 30
_MOST_LINES = 60
"""Lines that a cell may have."""


class SheetCell(Struct, frozen=True, array_like=True):
    """What stands in a cell: a number in English digits, `1.5`, a day as `2016-12-25`, all else as it is."""

    kind: Kind
    text: str


class Sheet(Struct, frozen=True, kw_only=True):
    """A sheet from its first row and column on; rows count from 1, columns from 0."""

    name: str
    rows: tuple[tuple[SheetCell | None, ...], ...]
    height: int
    """How many rows there are: more than `rows` if these were too many."""
    is_hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row and column, last row and column."""
    hidden_rows: tuple[int, ...] = ()
    errors: tuple[str, ...] = ()
    """Cells that show an error: «C12»."""
    unknown: tuple[str, ...] = ()
    """Cells whose formula no program has worked out yet."""


class Workbook(Struct, frozen=True, kw_only=True):
    """All sheets of a file, and what its texts were encoded in, where that was not Unicode."""

    sheets: tuple[Sheet, ...]
    encoding: str = ""
    doubtful: tuple[str, ...] = ()


def open_workbook(data: bytes, kind: str) -> Workbook:
    """Return what an Excel or Calc file holds; raise Refused for a bomb, a password, damage. `kind` is its program."""
    if len(data) > MAX_BYTES:
        refuse("intake-too-large", found=str(len(data) >> 20), limit=str(MAX_BYTES >> 20))
    program = [sys.executable, "-I", "-X", "utf8", str(Path(calamine_process.__file__))]
    try:
        done = subprocess.run(program, input=data, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        refuse("intake-bomb", limit=str(MAX_UNPACKED >> 20))
    if done.returncode == PASSWORD:
        refuse("intake-password", kind=kind)
    if done.returncode == DAMAGED:
        refuse("intake-damaged", kind=kind)
    if done.returncode == BOMB:
        refuse("intake-bomb", limit=str(MAX_UNPACKED >> 20))
    if done.returncode == TOO_MANY_SHEETS:
        refuse("sheet-too-many-sheets", limit=str(MAX_SHEETS))
    if done.returncode:
        refuse("sheet-too-wide")
    sheets = msgspec.json.decode(done.stdout, type=tuple[Sheet, ...])
    return in_unicode(Workbook(sheets=sheets))


def read_csv(data: bytes) -> Workbook:
    """Return a text of values between separators as a workbook of one sheet; raise Refused for no known encoding."""
    if len(data) > MAX_BYTES:
        refuse("intake-too-large", found=str(len(data) >> 20), limit=str(MAX_BYTES >> 20))
    decoded = decode(data) or refuse("intake-encoding")
    text = decoded.text.replace("\0", "")
    separator = _separator(text)
    # Excel writes its separator into a line of its own, which its users never see.
    text = re.sub(r"\A\ufeff?sep=.\r?\n", "", text)
    written = _csv_rows(text, separator)
    if max(map(len, written), default=0) > MAX_COLUMNS:
        refuse("sheet-too-wide")
    rows = [tuple(SheetCell("text", cell) if cell.strip() else None for cell in row) for row in written]
    sheet = Sheet(name="", rows=tuple(rows[: MAX_ROWS + 1]), height=len(rows))
    encoding = "" if decoded.encoding.startswith("UTF") else decoded.encoding
    return Workbook(sheets=(sheet,), encoding=encoding, doubtful=decoded.doubtful)


def in_unicode(workbook: Workbook) -> Workbook:
    """Return a workbook with all of its texts in Unicode. The fonts of cells are not known: their letters decide."""
    cells = (cell for sheet in workbook.sheets for row in sheet.rows for cell in row if cell)
    texts = [cell.text for cell in cells if cell.kind == "text"]
    converted = convert_texts(texts)
    if not converted.encodings and all(old == new[0] for old, new in zip(texts, converted.paragraphs, strict=True)):
        return workbook
    return msgspec.structs.replace(
        workbook,
        sheets=_replaced(workbook.sheets, converted),
        encoding=", ".join(converted.encodings),
        doubtful=converted.doubtful,
    )


def _replaced(sheets: tuple[Sheet, ...], converted: Converted) -> tuple[Sheet, ...]:
    texts = (texts[0] for texts in converted.paragraphs)

    def read(cell: SheetCell | None) -> SheetCell | None:
        return SheetCell("text", next(texts)) if cell and cell.kind == "text" else cell

    return tuple(
        msgspec.structs.replace(sheet, rows=tuple(tuple(map(read, row)) for row in sheet.rows)) for sheet in sheets
    )


def _separator(text: str) -> str:
    """Return the sign that cuts most of the first lines into equally many cells."""
    if named := re.match(r"\ufeff?sep=(.)\r?\n", text):
        return named[1]
    first = text[:200_000]
    best = ""
    most = 0
    for separator in _SEPARATORS:
        widths = Counter(len(row) for row in _csv_rows(first, separator)[:_LOOKED_AT] if len(row) > 1)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if (score := count * 1000 + width) > most:
            best, most = separator, score
    return best or ","


def _csv_rows(text: str, separator: str) -> list[list[str]]:
    # A quotation mark that is never closed swallows the rest of the file: such a text is read without quotation.
    lines = text.splitlines()
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        rows = []
    is_whole = rows and max((cell.count("\n") for row in rows for cell in row), default=0) < _MOST_LINES
    return rows if is_whole else [line.split(separator) for line in lines]
