"""A sheet -> its table: where the headings stand, what each column is for, which rows are rows of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from bulletin.intake.sheets.headings import NUMBER, UNIT, Heading, meaning_of, unit_said
from bulletin.intake.sheets.workbooks import Sheet, SheetCell
from bulletin.intake.values import RowsAs
from bulletin.vietnamese import clean, fold

NEEDED: Mapping[RowsAs, tuple[str, ...]] = {
    "deals": ("province", "date", "value"),
    "items": ("title", "province", "date"),
}
_MAY_BE_THERE: Mapping[RowsAs, tuple[str, ...]] = {
    "deals": ("name", UNIT, NUMBER),
    "items": ("value", "name", "summary", "body", "author", "category", "tags", "place", UNIT, NUMBER),
}
_HEADINGS_WITHIN = 40
"""Rows in which headings are looked for."""
_LEAST = 2
"""Needed columns that make a row one of headings."""
_TOTAL = re.compile(r"(?:tong|tong cong|tong so|tong gia tri|cong|cong don|luy ke|total|grand total|sum)(?: .*)?:?")
_LETTERHEAD = re.compile(r"kinh gui|cong hoa xa hoi|doc lap\W|phu luc|so ?:|mau (?:so|bieu)|ngay |thang |nam ")
_GROUP = re.compile(r"(?:[IVX]+|[A-Z])[.)]?")
_NUMBERING = re.compile(r"\(?[0-9A-Z]{1,2}\)?")


class Column(Struct, frozen=True, kw_only=True):
    """A column that is read: its number from 0, its heading as it is written, what it is for."""

    index: int
    heading: str
    field: str
    unit: str = ""

    @property
    def letter(self) -> str:
        return letter_of(self.index)


class Line(Struct, frozen=True, kw_only=True):
    """A row of a table, by the numbers of its columns; cells that are merged with one above have its content."""

    number: int
    cells: Mapping[int, SheetCell]

    def cell(self, column: Column | None) -> SheetCell | None:
        return self.cells.get(column.index) if column else None


class Table(Struct, frozen=True, kw_only=True, dict=True):
    """A table of a sheet; `columns` may hold two for one field, or lack one: whoever reads it says so."""

    sheet: Sheet
    heading_row: int
    columns: tuple[Column, ...]
    unread: tuple[Column, ...]
    """Columns with a heading that is none of the bulletin's."""
    title: str
    title_row: int
    unit: str
    """The unit that a line above says for all amounts; empty if none does."""

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        return {column.field: column for column in reversed(self.columns)}


class Rows(Struct, frozen=True, kw_only=True):
    """The rows of a table: those that are read, the totals below or between them, and others, which are not read."""

    lines: tuple[Line, ...]
    totals: tuple[Line, ...]
    unread: tuple[Line, ...]


def letter_of(index: int) -> str:
    """Return how a spreadsheet shows a column: «C» for 2, «AA» for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def find_table(sheet: Sheet, rows_as: RowsAs) -> Table | None:
    """Return the table of a sheet; None if no row has the headings of one."""
    best: tuple[tuple[int, int, int], int, dict[int, Heading]] | None = None
    for row in range(1, min(len(sheet.rows), _HEADINGS_WITHIN) + 1):
        for depth in (1, 2):
            headings = _headings(sheet, row, depth, rows_as)
            found = {heading.field for heading in headings.values()}
            units = sum(bool(heading.unit) for heading in headings.values())
            score = (len(found & set(NEEDED[rows_as])), len(found), units)
            if score[0] >= _LEAST and (best is None or score > best[0]):
                best = score, row, headings
    if best is None:
        return None
    _, row, headings = best
    return _table(sheet, row, headings)


def rows_of(table: Table, rows_as: RowsAs) -> Rows:
    """Return the rows below the headings, without empty ones, repeated headings and a line that numbers the columns."""
    lines: list[Line] = []
    totals: list[Line] = []
    unread: list[Line] = []
    needed = [column for column in table.columns if column.field in NEEDED[rows_as]]
    for line in _lines(table):
        filled = sum(line.cell(column) is not None for column in needed)
        if _is_total(line, table):
            totals.append(line)
        elif filled >= _LEAST or (filled and not totals and not _is_group(line, table)):
            lines.append(line)
        elif any(cell.kind == "text" for cell in line.cells.values()):
            unread.append(line)
    return Rows(lines=tuple(lines), totals=tuple(totals), unread=tuple(unread))


def _is_group(line: Line, table: Table) -> bool:
    """Tell whether a row heads those below it: «I | Miền Bắc», or one text across several columns."""
    number = line.cell(table.by_field.get(NUMBER))
    across = any(top == line.number and right > left for top, left, _, right in table.sheet.merged)
    return across or (number is not None and _GROUP.fullmatch(number.text.strip()) is not None)


def _headings(sheet: Sheet, row: int, depth: int, rows_as: RowsAs) -> dict[int, Heading]:
    """Return what the columns mean if a row, together with the one above it for a depth of 2, holds their headings."""
    known = {*NEEDED[rows_as], *_MAY_BE_THERE[rows_as]}
    found = {}
    for index in range(max(len(cells) for cells in sheet.rows[max(0, row - depth) : row])):
        own = _text(sheet, row, index)
        above = _text(sheet, row - 1, index) if depth > 1 else ""
        for text in dict.fromkeys((f"{above} {own}".strip(), own, above)):
            heading = meaning_of(text) if text else None
            if heading and heading.field in known:
                found[index] = heading
                break
    return found


def _text(sheet: Sheet, row: int, index: int) -> str:
    cell = _cell(sheet, row, index)
    return clean(cell.text) if cell and cell.kind == "text" else ""


def _cell(sheet: Sheet, row: int, index: int) -> SheetCell | None:
    if not 1 <= row <= len(sheet.rows) or index >= len(sheet.rows[row - 1]):
        return None
    return sheet.rows[row - 1][index]


def _table(sheet: Sheet, row: int, headings: Mapping[int, Heading]) -> Table:
    width = len(sheet.rows[row - 1])
    written = {index: _text(sheet, row, index) or _text(sheet, row - 1, index) for index in range(width)}
    above = [(number, _cells(sheet, number)) for number in range(1, row)]
    lines = [(number, clean(cell.text)) for number, cells in above for cell in cells.values() if cell.kind == "text"]
    units = [unit for _, text in lines if (unit := unit_said(text))]
    # The row above may belong to the headings: its cells are many, a title is alone in its row.
    alone = {number for number, cells in above if len(cells) == 1}
    titles = [(number, text) for number, text in lines if number in alone and not unit_said(text)]
    # A title is what stands there in capitals, else the longest line; not to whom the table is sent.
    named = [(text.isupper(), len(text), -number, text) for number, text in titles if not _LETTERHEAD.match(fold(text))]
    title = max(named, default=(False, 0, 0, ""))
    return Table(
        sheet=sheet,
        heading_row=row,
        columns=tuple(
            Column(index=index, heading=written.get(index, ""), field=heading.field, unit=heading.unit)
            for index, heading in sorted(headings.items())
        ),
        unread=tuple(
            Column(index=index, heading=text, field="")
            for index, text in written.items()
            if text and index not in headings
        ),
        title=title[3],
        title_row=-title[2],
        unit=units[-1] if units else "",
    )


def _cells(sheet: Sheet, row: int) -> dict[int, SheetCell]:
    return {index: cell for index, cell in enumerate(sheet.rows[row - 1]) if cell}


def _lines(table: Table) -> Iterator[Line]:
    """Yield the rows below the headings that hold anything."""
    sheet = table.sheet
    tops = _merged_from_above(sheet.merged, table.heading_row)
    for row in range(table.heading_row + 1, len(sheet.rows) + 1):
        cells = _cells(sheet, row)
        read = {column.index for column in table.columns if column.field != NUMBER}
        if not read & cells.keys() and not any(cell.kind == "text" for cell in cells.values()):
            continue
        if _repeats(cells, table.columns) or (row == table.heading_row + 1 and _is_numbering(cells)):
            continue
        for index in read - cells.keys():
            top = _cell(sheet, tops[row, index], index) if (row, index) in tops else None
            cells |= {index: top} if top else {}
        yield Line(number=row, cells=cells)


def _merged_from_above(merged: Sequence[tuple[int, int, int, int]], heading_row: int) -> dict[tuple[int, int], int]:
    """Return, for each cell that is merged with one above it, the row of the topmost."""
    return {
        (row, left): top
        for top, left, bottom, right in merged
        if top > heading_row and left == right
        for row in range(top + 1, bottom + 1)
    }


def _repeats(cells: Mapping[int, SheetCell], columns: Sequence[Column]) -> bool:
    """Tell whether a row repeats the headings, as printed tables do on each page."""
    same = [column for column in columns if column.index in cells and cells[column.index].text == column.heading]
    return len(same) >= _LEAST


def _is_numbering(cells: Mapping[int, SheetCell]) -> bool:
    """Tell whether a row numbers the columns: «(1) (2) (3)», «A B 1 2»."""
    return len(cells) > _LEAST and all(_NUMBERING.fullmatch(cell.text.strip()) for cell in cells.values())


def _is_total(line: Line, table: Table) -> bool:
    texts = [line.cells[index].text for index in sorted(line.cells) if line.cells[index].kind == "text"]
    is_named = bool(texts) and _TOTAL.fullmatch(fold(clean(texts[0]))) is not None
    return is_named and line.cell(table.by_field.get("date")) is None
