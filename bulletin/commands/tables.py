"""The table of a spreadsheet as lines of a terminal: what stands in each cell, and what it was read as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from bulletin.intake.values import Cell

_ARROW = " → "
_SAME = {"title", "name", "summary", "author", "place", "tags", "category"}
"""Fields that are shown as they are: nothing else can be read from them."""


def table_lines(cells: Iterable[Cell]) -> Iterator[str]:
    """Yield for each sheet a line for its headings, then one for each of its rows."""
    for name, of_sheet in groupby(cells, key=lambda cell: cell.sheet):
        rows = [list(row) for _, row in groupby(of_sheet, key=lambda cell: cell.row)]
        headings = " | ".join(f"{cell.column} «{cell.heading}»" for cell in rows[0])
        yield f"{name}: {headings}" if name else headings
        for row in rows:
            yield f"{row[0].row:>5} | {' | '.join(map(_shown, row))}"


def _shown(cell: Cell) -> str:
    written = " ".join(cell.written.split())
    if cell.field in _SAME or cell.written == cell.read or cell.read.endswith(f", {cell.written}"):
        return cell.read
    return f"{written}{_ARROW}{cell.read}" if cell.field != "body" else cell.read
