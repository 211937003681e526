"""Reads a workbook in a process of its own: its bytes from standard input, its cells as JSON to standard output.

calamine makes room for every cell between the first and the last at once. A stray blank in the last corner of a sheet
makes that half a terabyte, which ends the process on the spot: the desk, and all that is open in it, must not be that
process. Nothing of ours is imported here, so that it starts at once.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

MAX_SHEETS = 60
MAX_ROWS = 5_000
MAX_COLUMNS = 200
MAX_UNPACKED = 300 << 20
MAX_PARTS = 5_000
MAX_MEMORY = 1 << 30
MAX_TEXT = 32_767
"""Characters of a cell: Excel's own limit."""
# In an .xls the record of the password follows that of the beginning.
_FILE_PASS = re.compile(rb"\x09\x08\x10\0\0\x06\x05\0.{12}(?:\x86\0\0\0)?\x2f\0", re.DOTALL)
BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, RuntimeError, OSError)
"""All that a damaged file makes what unpacks it raise."""
BOMB, DAMAGED, PASSWORD, TOO_MANY_SHEETS, TOO_WIDE = 3, 4, 5, 6, 7
"""Exit codes; any other than 0 means that the memory did not suffice, as for what is too wide."""


def main() -> int:
    from python_calamine import CalamineError, PasswordError  # noqa: PLC0415 - after the memory is limited

    data = sys.stdin.buffer.read()
    if _has_password(data):
        return PASSWORD
    try:
        marks = read_marks(data)
        sheets = list(_sheets(data, marks))
    except PasswordError:
        return PASSWORD
    except GivenUp as given_up:
        return given_up.exit_code
    except (CalamineError, *BROKEN):
        return DAMAGED
    json.dump(sheets, sys.stdout)
    return 0


class GivenUp(Exception):  # noqa: N818 - an answer
    """The workbook is given up, with this exit code."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class _Enough(Exception):  # noqa: N818 - as above
    """The rest of a sheet is not read."""


def _has_password(data: bytes) -> bool:
    """Tell whether Excel has encrypted a workbook; calamine says of some of them that it does not know their format."""
    return data.startswith(b"\xd0\xcf\x11\xe0") and (
        "EncryptedPackage".encode("utf-16-le") in data or bool(_FILE_PASS.search(data))
    )


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _sheets(data: bytes, marks: dict[str, dict[str, Any]]) -> Any:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - as in `main`

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(workbook.sheets_metadata) > MAX_SHEETS:
        raise GivenUp(TOO_MANY_SHEETS)
    for index, about in enumerate(workbook.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(index)
        # Its own total height and width are the numbers of the last row and column, which count from 0.
        height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        if width > MAX_COLUMNS:
            raise GivenUp(TOO_WIDE)
        rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS + 1) if height else []
        merged = sheet.merged_cell_ranges or []
        yield {
            "name": about.name,
            "is_hidden": about.visible != SheetVisibleEnum.Visible,
            "rows": [[_cell(value) for value in row] for row in rows],
            "height": height,
            "merged": [(first[0] + 1, first[1], last[0] + 1, last[1]) for first, last in merged[:MAX_ROWS]],
            **marks.get(about.name, {}),
        }


def _cell(value: Any) -> list[str] | None:
    """Return the kind of a cell and its text; None if it is empty."""
    if isinstance(value, str):
        return ["text", value[:MAX_TEXT]] if value.strip() else None
    if isinstance(value, bool):
        return ["flag", "TRUE" if value else "FALSE"]
    if isinstance(value, int | float):
        # Excel shows fifteen digits. The sixteenth is what a sum of tenths is wrong by.
        return ["number", format(value, ".15g")]
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return ["day", value.date().isoformat()]
    if isinstance(value, dt.datetime):
        return ["moment", value.isoformat(" ", "minutes")]
    return ["day" if isinstance(value, dt.date) else "time", str(value)]


def read_marks(data: bytes) -> dict[str, dict[str, Any]]:
    """Return what calamine does not tell of the sheets of a workbook, by their names.

    Rows that are hidden, cells that show an error, formulas that no program has worked out yet (not of an .xls).
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        # Whether such a file is damaged, calamine says.
        with contextlib.suppress(struct.error, IndexError, KeyError, ValueError):
            return _marks_of_old_excel(_old_workbook(data))
        return {}
    if not data.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise GivenUp(BOMB)
        names = set(packed.namelist())
        if "META-INF/manifest.xml" in names and b"encryption-data" in packed.read("META-INF/manifest.xml"):
            raise GivenUp(PASSWORD)
        if "xl/workbook.xml" not in names:
            return _marks_of_calc(packed.read("content.xml")) if "content.xml" in names else {}
        return {name: _marks_of(packed.read(path)) for name, path in _sheet_parts(packed).items() if path in names}


def _sheet_parts(packed: zipfile.ZipFile) -> dict[str, str]:
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def related(name: str, values: dict[str, str]) -> None:
        if name == "Relationship":
            target = values.get("Target", "")
            targets[values.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def listed(name: str, values: dict[str, str]) -> None:
        if name == "sheet":
            key = next((value for attribute, value in values.items() if attribute.endswith(":id")), "")
            sheets[values.get("name", "")] = key

    _parse(packed.read("xl/_rels/workbook.xml.rels"), related)
    _parse(packed.read("xl/workbook.xml"), listed)
    return {name: targets[key] for name, key in sheets.items() if key in targets}


def _marks_of(xml: bytes) -> dict[str, Any]:
    hidden: list[int] = []
    errors: list[str] = []
    unknown: dict[str, None] = {}
    place = inside = ""

    def begun(name: str, values: dict[str, str]) -> None:
        nonlocal place, inside
        inside = name
        if name == "row" and int(values.get("r", "0")) > MAX_ROWS:
            raise _Enough
        if name == "row" and values.get("hidden") in {"1", "true"}:
            hidden.append(int(values.get("r", "0")))
        elif name == "c":
            place = values.get("r", "")
            if values.get("t") == "e":
                errors.append(place)
        elif name == "f":
            unknown[place] = None

    def text(_: str) -> None:
        if inside == "v":
            unknown.pop(place, None)

    with contextlib.suppress(_Enough):
        _parse(xml, begun, text)
    return {"hidden_rows": hidden[:MAX_ROWS], "errors": errors[:MAX_ROWS], "unknown": list(unknown)[:MAX_ROWS]}


class _CalcMarks:
    """What the content.xml of an .ods says of its rows and cells; it has a row or a cell once for many alike."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}
        self._tables = 0
        self._row = self._next_row = self._column = 0

    def begun(self, name: str, values: dict[str, str]) -> None:
        if name == "table":
            self._tables += 1
        if self._tables != 1:
            # Not in a table, or in one in a cell, which calamine does not read either.
            return
        if name == "table":
            self._marks = self.found[values.get("table:name", "")] = {"hidden_rows": [], "errors": [], "unknown": []}
            self._next_row = 1
        elif name == "table-row":
            self._row, self._column = self._next_row, 0
            self._next_row += _times(values, "table:number-rows-repeated")
            if values.get("table:visibility") in {"collapse", "filter"}:
                self._marks["hidden_rows"] += range(self._row, min(self._next_row, MAX_ROWS + 1))
        elif name in {"table-cell", "covered-table-cell"}:
            self._cell(values)
            self._column += _times(values, "table:number-columns-repeated")

    def _cell(self, values: dict[str, str]) -> None:
        place = f"{_letters(self._column)}{self._row}"
        if values.get("calcext:value-type") == "error":
            self._marks["errors"].append(place)
        elif "table:formula" in values and "office:value-type" not in values:
            self._marks["unknown"].append(place)

    def ended(self, name: str) -> None:
        self._tables -= name == "table"


def _marks_of_calc(xml: bytes) -> dict[str, dict[str, Any]]:
    marks = _CalcMarks()
    _parse(xml, marks.begun, ended=marks.ended)
    return {name: {key: some[:MAX_ROWS] for key, some in found.items()} for name, found in marks.found.items()}


def _times(values: dict[str, str], key: str) -> int:
    text = values.get(key, "1")
    return int(text) if re.fullmatch("[0-9]{1,7}", text) else 1


def _letters(column: int) -> str:
    """Return the letters of a column, which counts from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_FREE = 0xFFFF_FFFA
"""The numbers of sectors end before this one; those from it on say that there is none."""
_SHEET, _ROW, _ERROR, _FORMULA, _END = 0x85, 0x208, 0x205, 0x06, 0x0A
"""Kinds of records in an .xls, by [MS-XLS]."""


def _old_workbook(data: bytes) -> bytes:
    """Return the stream «Workbook» of a compound file, by [MS-CFB]; empty if it has none."""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    size, small = 1 << shift, 1 << small_shift
    directory, cutoff, small_table = struct.unpack_from("<L4xLL", data, 48)
    entry, count = struct.unpack_from("<LL", data, 68)
    sectors = list(struct.unpack_from("<109L", data, 76))

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def numbers(part: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(part) // 4}L", part)

    for _ in range(min(count, len(data) // size)):
        *more, entry = numbers(sector(entry))
        sectors += more
    table = [number for one in sectors if one < _FREE for number in numbers(sector(one))]

    def stream(first: int) -> bytes:
        return b"".join(map(sector, _chain(first, table)))

    entries = stream(directory)
    places = {}
    for at in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le")
        places[name] = struct.unpack_from("<LL", entries, at + 116)
    first, length = places["Workbook"]
    if length >= cutoff:
        return stream(first)[:length]
    # A small stream lies in small sectors, all of which are the stream of the root.
    box = stream(places["Root Entry"][0])
    chain = _chain(first, numbers(stream(small_table)))
    return b"".join(box[number * small : (number + 1) * small] for number in chain)[:length]


def _chain(first: int, table: Any) -> Iterator[int]:
    """Yield the numbers of the sectors of a stream; no more than there are, though a chain may bite its tail."""
    for _ in range(len(table)):
        if first >= _FREE:
            return
        yield first
        first = table[first]


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and bytes of each record of a part of an .xls, up to its end."""
    kind = 0
    while kind != _END and at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _marks_of_old_excel(book: bytes) -> dict[str, dict[str, Any]]:
    found = {}
    for kind, record in _records(book, 0):
        if kind == _SHEET:
            at, length, is_wide = struct.unpack_from("<LxxB?", record)
            name = record[8 : 8 + 2 * length].decode("utf-16-le") if is_wide else record[8:].decode("latin-1")
            hidden, errors = [], []
            for one, part in _records(book, at):
                if one == _ROW and part[12] & 0x20:
                    hidden.append(struct.unpack_from("<H", part)[0] + 1)
                elif (one == _ERROR and part[7]) or (one == _FORMULA and part[12:14] == b"\xff\xff" and part[6] == 2):  # noqa: PLR2004 - an error
                    row, column = struct.unpack_from("<HH", part)
                    errors.append(f"{_letters(column)}{row + 1}")
            found[name] = {"hidden_rows": hidden[:MAX_ROWS], "errors": errors[:MAX_ROWS]}
    return found


def _parse(xml: bytes, begun: Any, text: Any = None, ended: Any = None) -> None:
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = text
    if ended:
        parser.EndElementHandler = lambda name: ended(name.rpartition(":")[2])
    parser.StartElementHandler = lambda name, values: begun(name.rpartition(":")[2], values)
    parser.Parse(xml, True)  # noqa: FBT003 - the end of the text, in expat's order


if __name__ == "__main__":
    _limit_memory()
    sys.exit(main())
