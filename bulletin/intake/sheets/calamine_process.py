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
import sys
import zipfile
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
BOMB, DAMAGED, PASSWORD, TOO_MANY_SHEETS, TOO_WIDE = 3, 4, 5, 6, 7
"""Exit codes; any other than 0 means that the memory did not suffice, as for what is too wide."""


def main() -> int:
    from python_calamine import CalamineError, PasswordError  # noqa: PLC0415 - after the memory is limited

    data = sys.stdin.buffer.read()
    if _has_password(data):
        return PASSWORD
    try:
        marks = _marks(data)
        sheets = list(_sheets(data, marks))
    except PasswordError:
        return PASSWORD
    except _Given as given_up:
        return given_up.exit_code
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, RuntimeError, OSError):
        return DAMAGED
    json.dump(sheets, sys.stdout)
    return 0


class _Given(Exception):  # noqa: N818 - an answer
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
        raise _Given(TOO_MANY_SHEETS)
    for index, about in enumerate(workbook.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(index)
        # Its own total height and width are the numbers of the last row and column, which count from 0.
        height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        if width > MAX_COLUMNS:
            raise _Given(TOO_WIDE)
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


def _marks(data: bytes) -> dict[str, dict[str, Any]]:
    """Return what calamine does not tell of the sheets of an .xlsx, by their names; nothing of other workbooks.

    Rows that are hidden, cells that show an error, formulas that no program has worked out yet.
    """
    if not data.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _Given(BOMB)
        names = set(packed.namelist())
        if "META-INF/manifest.xml" in names and b"encryption-data" in packed.read("META-INF/manifest.xml"):
            raise _Given(PASSWORD)
        if "xl/workbook.xml" not in names:
            return {}
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


def _parse(xml: bytes, begun: Any, text: Any = None) -> None:
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = text
    parser.StartElementHandler = lambda name, values: begun(name.rpartition(":")[2], values)
    parser.Parse(xml, True)  # noqa: FBT003 - the end of the text, in expat's order


if __name__ == "__main__":
    _limit_memory()
    sys.exit(main())
