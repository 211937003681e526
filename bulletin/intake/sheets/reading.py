"""The tables of a workbook -> their rows, each cell read; every mistake is a problem at its cell. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from bulletin.intake.sheets import cells, tables
from bulletin.intake.sheets.calamine_process import MAX_ROWS
from bulletin.intake.sheets.cells import Habits, Read
from bulletin.intake.sheets.headings import UNIT, unit_of
from bulletin.intake.sheets.tables import NEEDED, Column, Line, Rows, Table
from bulletin.intake.sheets.workbooks import SheetCell, Workbook
from bulletin.intake.values import Cell, Wishes, quoted
from bulletin.problems import Problem, Refused, Severity, errors, in_cell, problem, problem_at
from bulletin.vietnamese import amounts

_SHOWN_NAMES = {
    "province": "«Tỉnh»",
    "date": "«Ngày ký»",
    "value": "«Giá trị (tỷ đồng)»",
    "title": "«Tiêu đề»",
}
"""How a heading may be spelt, for those that are missing."""


_PLACEHOLDER_DAY = date(2025, 6, 30)
"""The day of a row whose own cannot be read: the last on which all old names held, so that the province is no fault."""


class Row(Struct, frozen=True, kw_only=True):
    """A row of a table as it was read: the value of each field that could be, and the cells for the eye."""

    table: Table
    line: Line
    read: Mapping[str, Read]
    cells: tuple[Cell, ...]


class Tables(Struct, frozen=True, kw_only=True):
    """All rows of a workbook, and every problem with them."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_tables(workbook: Workbook, name: str, wishes: Wishes) -> Tables:
    """Return the rows of all visible sheets that have a table. `name` is that of the file."""
    reader = _Reader(name, wishes)
    rows = reader.rows(workbook)
    if wishes.rows_as == "deals":
        reader.check_deals(rows)
    return Tables(rows=tuple(rows), problems=tuple(reader.problems))


class _Reader:
    """Reads the tables of one workbook; every problem is added to `problems`."""

    def __init__(self, name: str, wishes: Wishes) -> None:
        self.name = name
        self.wishes = wishes
        self.problems: list[Problem] = []
        self.needed = NEEDED[wishes.rows_as]
        self.is_deal = wishes.rows_as == "deals"

    def report(self, code: str, severity: Severity = "error", **words: str) -> None:
        self.problems.append(problem(self.name, 1, code, severity, **words))

    def at(self, table: Table, row: int, column: Column, code: str, severity: Severity = "error", **words: str) -> None:
        """Report a problem of a cell."""
        self._at(table, row, column, problem(self.name, row, code, severity, **words))

    def _at(self, table: Table, row: int, column: Column, found: Problem) -> None:
        place = {"sheet": table.sheet.name, "row": str(row), "column": column.letter, "heading": column.heading}
        self.problems.append(in_cell(found, **place))

    def rows(self, workbook: Workbook) -> list[Row]:
        """Return the rows of all sheets that have a table."""
        self._say_encoding(workbook)
        found: list[Row] = []
        without: list[str] = []
        hidden: list[str] = []
        for sheet in workbook.sheets:
            table = tables.find_table(sheet, self.wishes.rows_as)
            if sheet.is_hidden:
                hidden += [sheet.name] if table else []
            elif table:
                found += self._rows(table)
            elif any(any(row) for row in sheet.rows):
                without.append(sheet.name)
        if hidden:
            self.report("sheet-hidden", "warning", found=quoted(hidden))
        if without and found:
            self.report("sheet-without-table", "warning", found=quoted(without))
        if not found and not any(errors(self.problems)):
            self._say_nothing(workbook)
        return found

    def _say_nothing(self, workbook: Workbook) -> None:
        found = (tables.find_table(sheet, self.wishes.rows_as) for sheet in workbook.sheets if not sheet.is_hidden)
        if table := next(filter(None, found), None):
            self.report("sheet-no-rows", where=_place_of(table, table.heading_row))
        else:
            self.report("sheet-no-table", needed=_named(self.needed))

    def _say_encoding(self, workbook: Workbook) -> None:
        if workbook.encoding:
            self.report("intake-old-encoding", "warning", found=workbook.encoding)
        if workbook.doubtful:
            found = quoted(workbook.doubtful)
            self.report("intake-doubtful-words", "warning", count=str(len(workbook.doubtful)), found=found)

    def _rows(self, table: Table) -> list[Row]:
        if table.sheet.height > MAX_ROWS:
            self.report("sheet-too-many-rows", found=str(table.sheet.height), limit=str(MAX_ROWS))
            return []
        if not self._has_columns(table):
            return []
        rows = tables.rows_of(table, self.wishes.rows_as)
        self._say_unread(table, rows)
        habits = {column.field: cells.habits_of(line.cell(column) for line in rows.lines) for column in table.columns}
        read = [self._row(table, line, habits) for line in rows.lines]
        self._check_totals(table, rows, read)
        return read

    def _has_columns(self, table: Table) -> bool:
        """Report needed columns that are missing, and fields that have two columns; tell whether all is well."""
        before = len(self.problems)
        fields = [column.field for column in table.columns]
        missing = [field for field in self.needed if field not in fields]
        if missing:
            there = ", ".join(f"{column.letter} «{column.heading}»" for column in (*table.columns, *table.unread))
            where = _place_of(table, table.heading_row)
            self.report("sheet-no-column", needed=_named(missing), found=there, where=where)
        for field in {field for field in fields if fields.count(field) > 1 and field in self.needed}:
            same = [column for column in table.columns if column.field == field]
            found = ", ".join(f"{column.letter} «{column.heading}»" for column in same)
            self.at(table, table.heading_row, same[0], "sheet-two-columns", found=found)
        return len(self.problems) == before

    def _say_unread(self, table: Table, rows: Rows) -> None:
        where = f"{table.sheet.name}: " if table.sheet.name else ""
        firsts = list(table.by_field.values())
        unread = [*table.unread, *(column for column in table.columns if column not in firsts)]
        if unread:
            columns = ", ".join(f"{column.letter} «{column.heading}»" for column in unread)
            self.report("sheet-columns-unread", "warning", found=f"{where}{columns}")
        if rows.unread:
            texts = quoted(next(iter(line.cells.values())).text for line in rows.unread)
            self.report("sheet-rows-unread", "warning", found=f"{where}{_numbers(rows.unread)}", texts=texts)
        hidden = set(table.sheet.hidden_rows)
        if lines := [line for line in rows.lines if line.number in hidden]:
            self.report("sheet-rows-hidden", "warning", found=f"{where}{_numbers(lines)}")

    def _row(self, table: Table, line: Line, habits: Mapping[str, Habits]) -> Row:
        read: dict[str, Read] = {}
        shown = []
        before = len(self.problems)
        # The day decides which provinces there were, so it is read before them.
        order = sorted(table.by_field.values(), key=lambda column: column.field != "date")
        for column in order:
            if reader := self._readers(table, line, read, habits).get(column.field):
                result = self._cell(table, line, column, reader)
                read |= {column.field: result} if result else {}
                if result and result.misspelt:
                    words = result.misspelt, result.shown
                    self.at(table, line.number, column, "province-misspelt", "warning", found=words[0], name=words[1])
                shown.append(_shown(table, line, column, line.cell(column), result))
        self.problems[before:] = sorted(self.problems[before:], key=_column_of)
        if self.wishes.rows_as == "items" and len(read["province"].values if "province" in read else ()) > 1:
            self._refuse_amount(table, line)
        return Row(table=table, line=line, read=read, cells=tuple(sorted(shown, key=_position)))

    def _refuse_amount(self, table: Table, line: Line) -> None:
        """Report an amount beside several provinces, as an item would."""
        column = table.by_field.get("value")
        if column and line.cell(column):
            self.at(table, line.number, column, "value-needs-one-province")

    def _readers(
        self, table: Table, line: Line, read: Mapping[str, Read], habits: Mapping[str, Habits]
    ) -> Mapping[str, Callable[[SheetCell], Read]]:
        when = read["date"].when if "date" in read else None
        day = when.last_day if when else _PLACEHOLDER_DAY
        unit = self._unit(table, line)
        return {
            "date": lambda cell: (cells.read_deal_date if self.is_deal else cells.read_day)(cell, habits["date"]),
            "province": lambda cell: self._place(cell, day),
            "value": lambda cell: cells.read_amount(cell, unit, habits["value"]),
            "category": lambda cell: cells.read_category(cell, self.wishes.rules.categories),
            "tags": cells.read_list,
            "body": cells.read_body,
            **dict.fromkeys(("title", "name", "summary", "author", "place"), cells.read_text),
        }

    def _unit(self, table: Table, line: Line) -> str:
        """Return the unit of the amount of a row: from a cell beside it, its column, its table or the settings."""
        cell = line.cell(table.by_field.get(UNIT))
        column = table.by_field.get("value")
        own = unit_of(cell.text) if cell else ""
        return own or (column.unit if column else "") or table.unit or self.wishes.rules.value_unit

    def _place(self, cell: SheetCell, day: date) -> Read:
        return cells.read_place_of_deal(cell, day) if self.is_deal else cells.read_places(cell, day)

    def _cell(self, table: Table, line: Line, column: Column, reader: Callable[[SheetCell], Read]) -> Read | None:
        cell = line.cell(column)
        if cell is None:
            self._say_empty(table, line, column)
            return None
        try:
            return reader(cell)
        except Refused as refused:
            found = problem_at(refused, self.name, line.number)
            if refused.code != cells.NO_UNIT:
                self._at(table, line.number, column, found)
            elif not any(other.code == "sheet-no-unit" for other in self.problems):
                # What its heading says mends the whole column.
                self.at(table, table.heading_row, column, "sheet-no-unit", found=cell.text)
            return None

    def _say_empty(self, table: Table, line: Line, column: Column) -> None:
        place = f"{column.letter}{line.number}"
        if place in table.sheet.errors:
            self.at(table, line.number, column, "sheet-cell-error")
        elif place in table.sheet.unknown:
            self.at(table, line.number, column, "sheet-cell-unknown")
        elif column.field in self.needed:
            self.at(table, line.number, column, "sheet-no-amount" if column.field == "value" else "sheet-cell-empty")

    def _check_totals(self, table: Table, rows: Rows, read: Sequence[Row]) -> None:
        """Report totals that are not the sum of the rows above them, of all or of those below the total before."""
        column = table.by_field.get("value")
        if column is None or any("value" not in row.read for row in read):
            return
        worth = {row.line.number: row.read["value"].amount for row in read}
        before = table.heading_row
        for total in rows.totals:
            cell = total.cell(column)
            if cell is None:
                continue
            above = [(number, amount.dong) for number, amount in worth.items() if amount and number < total.number]
            of_all, of_part = sum(dong for _, dong in above), sum(dong for number, dong in above if number > before)
            try:
                said = cells.read_amount(cell, self._unit(table, total), Habits()).amount
            except Refused as refused:
                self._at(table, total.number, column, problem_at(refused, self.name, total.number))
                continue
            if said and said.dong not in (of_all, of_part):
                found, right = amounts.full(said.dong), amounts.full(of_all)
                self.at(table, total.number, column, "sheet-total-differs", found=found, right=right)
            before = total.number

    def check_deals(self, rows: Iterable[Row]) -> None:
        """Report rows that would be counted as one deal: all of them are to be deals of their own."""
        seen: dict[tuple[object, ...], list[Row]] = {}
        for row in rows:
            if not {"province", "date", "value"} <= row.read.keys():
                continue
            if same := next((other for key in _keys(row) for other in seen.get(key, ()) if _are_one(other, row)), None):
                column = row.table.by_field["province"]
                other, name = _place_of(same.table, same.line.number), row.read["province"].shown
                self.at(row.table, row.line.number, column, "sheet-deal-twice", other=other, name=name)
            for key in _keys(row):
                seen.setdefault(key, []).append(row)


def _numbers(lines: Iterable[Line]) -> str:
    return ", ".join(str(line.number) for line in lines)


def _named(fields: Iterable[str]) -> str:
    return ", ".join(_SHOWN_NAMES[field] for field in fields)


def _keys(row: Row) -> list[tuple[object, ...]]:
    """Return under which keys rows are kept that may tell of the same deal: its month, and its name."""
    place, when = row.read["province"].place, row.read["date"].when
    assert when is not None
    name = _name(row)
    return [(place, when.year, when.month), *([(place, name)] if name else [])]


def _are_one(one: Row, other: Row) -> bool:
    """Tell whether two rows of one province are counted as one deal, as `pages.deals` counts them."""
    if _name(one) and _name(other):
        return _name(one) == _name(other)
    days = [row.read["date"].when for row in (one, other)]
    dong = [amount.dong if (amount := row.read["value"].amount) else None for row in (one, other)]
    is_same_day = days[0] == days[1] or any(day and not day.day for day in days)
    return is_same_day and (dong[0] == dong[1] or None in dong)


def _name(row: Row) -> str:
    return "".join(row.read["name"].value.split()).casefold() if "name" in row.read else ""


def _place_of(table: Table, row: int) -> str:
    """Return a row as a sentence names it in either language: «Sheet1, 12», or «12» in a file without sheets."""
    return f"{table.sheet.name}, {row}" if table.sheet.name else str(row)


def _position(cell: Cell) -> tuple[int, str]:
    return len(cell.column), cell.column


def _column_of(found: Problem) -> tuple[int, str]:
    letter = dict(found.words).get("cell_column", "")
    return len(letter), letter


def _shown(table: Table, line: Line, column: Column, cell: SheetCell | None, read: Read | None) -> Cell:
    return Cell(
        sheet=table.sheet.name,
        row=line.number,
        column=column.letter,
        heading=column.heading,
        field=column.field,
        written=cells.as_seen(cell) if cell else "",
        read=read.shown if read else "",
    )
