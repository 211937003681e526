"""A table in a text that lists deals -> proposals for the deals of its item, read as the rows of a spreadsheet are."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from bulletin.intake.sheets.workbooks import Sheet, SheetCell, Workbook
from bulletin.intake.spreadsheets import read_workbook
from bulletin.intake.values import DEALS, Proposal, Wishes
from bulletin.problems import Refused
from bulletin.richtext.document import Break, Inlines, Run, Table

_FEWEST = 2
"""Deals that make a table of them; one alone is found in the sentences."""


def deals_in(table: Table, wishes: Wishes) -> tuple[Proposal, ...]:
    """Return what a table proposes for `deals`, `province` and `date`; nothing of one that lists no deals.

    One mistake in it is enough: nobody has said that it is a list of deals.
    """
    rows = tuple(tuple(map(_cell, row)) for row in (*([table.head] if table.head else ()), *table.rows))
    workbook = Workbook(sheets=(Sheet(name="", rows=rows, height=len(rows)),))
    try:
        found = read_workbook(workbook, "", replace(wishes, rows_as=DEALS))
    except Refused:
        return ()
    proposals = [one for document in found.documents for one in document.proposals if one.field != "title"]
    return tuple(proposals) if sum(one.field == DEALS for one in proposals) >= _FEWEST else ()


def _cell(words: Inlines) -> SheetCell | None:
    text = "".join(_text(words)).strip()
    return SheetCell("text", text) if text else None


def _text(words: Inlines) -> Iterable[str]:
    for word in words:
        if isinstance(word, Run):
            yield word.text
        elif isinstance(word, Break):
            yield " "
