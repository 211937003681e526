"""A spreadsheet -> a round-up with a deal for each row, or an item for each row; all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from bulletin.formats import format_of
from bulletin.intake.sheets.cells import as_seen
from bulletin.intake.sheets.reading import Row, read_tables
from bulletin.intake.sheets.workbooks import Workbook, open_workbook, read_csv
from bulletin.intake.values import DEALS, Document, Found, Given, Proposal, Proposed, Wishes
from bulletin.problems import errors
from bulletin.vietnamese import amounts, clean, dates, provinces

_KEYS = {"name": "deal"}
"""Keys of an item whose columns are called otherwise."""


def read(given: Given, wishes: Wishes) -> Found:
    """Return what the rows of a spreadsheet are; raise Refused for a file that is no readable spreadsheet."""
    kind = format_of(given.data)
    workbook = open_workbook(given.data, "Calc" if "Calc" in kind else "Excel") if kind else read_csv(given.data)
    return read_workbook(workbook, given.name, wishes)


def read_workbook(workbook: Workbook, name: str, wishes: Wishes) -> Found:
    """Return what the rows of a workbook are; every mistake is a problem at its cell, and with one nothing is made."""
    found = read_tables(workbook, name, wishes)
    documents: tuple[Document, ...] = ()
    if not any(errors(found.problems)):
        documents = (_round_up(found.rows, name),) if wishes.rows_as == DEALS else tuple(map(_item, found.rows))
    cells = tuple(cell for row in found.rows for cell in row.cells)
    return Found(documents=documents, cells=cells, total=_total(found.rows), problems=found.problems)


def _total(rows: Sequence[Row]) -> str:
    known = [amount for row in rows if "value" in row.read and (amount := row.read["value"].amount)]
    about = "khoảng " if any(amount.word for amount in known) else ""
    return f"{about}{amounts.full(sum(amount.dong for amount in known))}" if known else ""


def _round_up(rows: Sequence[Row], name: str) -> Document:
    """Return an item with a deal for each row. Its day is that of the newest deal: no cell says another."""
    table = rows[0].table
    title = table.title or clean(PurePath(name).stem.replace("_", " "))
    title_place = _place(rows[0], f"dòng {table.title_row}") if table.title else "tên tệp"
    newest = max(rows, key=lambda row: _when(row).order)
    day = _when(newest).last_day
    places = tuple(dict.fromkeys(_name_on(row, day) for row in rows))
    return Document(
        body="",
        proposals=(
            Proposal(field="title", value=title, sentence=title, place=title_place),
            Proposal(field="province", value=places, sentence=", ".join(places), place=_place(rows[0], "")),
            _proposal(newest, "date", day.isoformat()),
            *map(_deal, rows),
        ),
    )


def _deal(row: Row) -> Proposal:
    fields = ("province", "date", "value", "name")
    deal = {field: row.read[field].value for field in fields if field in row.read}
    sentence = " | ".join(cell.written for cell in row.cells)
    return Proposal(field=DEALS, value=deal, sentence=sentence, place=_place(row, f"dòng {row.line.number}"))


def _item(row: Row) -> Document:
    fields = [field for field in row.read if field != "body" and row.read[field].value]
    return Document(
        body=row.read["body"].value if "body" in row.read else "",
        proposals=tuple(_proposal(row, field, row.read[field].for_header) for field in fields),
    )


def _proposal(row: Row, field: str, value: Proposed) -> Proposal:
    column = row.table.by_field[field]
    cell = row.line.cell(column)
    place = _place(row, f"ô {column.letter}{row.line.number}")
    return Proposal(field=_KEYS.get(field, field), value=value, sentence=as_seen(cell) if cell else "", place=place)


def _place(row: Row, within: str) -> str:
    sheet = f"trang {row.table.sheet.name}" if row.table.sheet.name else ""
    return ", ".join(filter(None, (sheet, within)))


def _when(row: Row) -> dates.DealDate:
    when = row.read["date"].when
    assert when is not None
    return when


def _name_on(row: Row, day: date) -> str:
    """Return the province of a deal as it is called on a day: another may include it by then."""
    place = row.read["province"].place
    assert place is not None
    number = provinces.map_number_on(day)
    if place.map_number == number:
        return provinces.unit(place.id, number).name_on(day)
    return provinces.unit(provinces.successor(place.id), number).name_on(day)
