"""Tables as people type them: cells with tabs between, as Excel copies them, and rows longer than their head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bulletin.items.markdown.signs import Remarks, meant
from bulletin.items.markdown.work import Work

_FIGURE = re.compile(r"[-+−–(]?[0-9][0-9., \xa0]*%?\)?")
_BULLET = re.compile(r"\s*[-*+•·](?=\s)|\s*(?:[0-9]{1,3}[.)]|[A-Za-zđĐ]\))\t[^\t]*$")
_FENCE = re.compile("~{3,}|`{3,}")
_ADDED = 20_000
"""Steps of work for each cell of a table whose rows are made as long as the longest."""
# A bar within code or behind a backslash parts no cells.
_CELL = re.compile(r"(?:\\.|`[^`\n]*`|[^|`\\]|[`\\])*")


def is_table(lines: Sequence[str], at: int) -> bool:
    """Say whether a line is the head of a table: dashes and bars stand below it."""
    below = lines[at + 1] if at + 1 < len(lines) else ""
    if "|" not in lines[at] or "|" not in below or "-" not in below or below.strip("|:- "):
        return False
    return len(_cells(lines[at])) == len(_cells(below))


def table(lines: Sequence[str], at: int, remarks: Remarks, work: Work) -> tuple[list[str], int]:
    """Return the table that begins at a line, its head as long as its longest row, and the line behind it.

    Every row gets bars at both ends: below a head without them Markdown would count a bar as a cell, and drop one.
    """
    end = at + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    head, rule, *body = map(_cells, lines[at:end])
    longest = max(map(len, (head, *body)))
    if longest > len(head):
        row = next(number for number, cells in enumerate(body, at + 2) if len(cells) > len(head))
        remarks.remark("table-row-long", lines[row].strip(" "), head=str(len(head)))
        work.spend(_ADDED * longest * (end - at), lines[row])
        rule += ["---"] * (longest - len(head))
    return _meant_rows([_row(cells, longest) for cells in (head, rule, *body)], remarks), end


def _meant_rows(block: list[str], remarks: Remarks) -> list[str]:
    return [line if number == 1 else meant(line, remarks, swallows_at_end=True) for number, line in enumerate(block)]


def _cells(row: str) -> list[str]:
    bare = row.strip(" ").removeprefix("|")
    cells = [match[0].strip(" ") for match in _parts(bare)]
    return cells[:-1] if len(cells) > 1 and not cells[-1] and bare.endswith("|") else cells


def _parts(row: str) -> Iterator[re.Match[str]]:
    at = 0
    while True:
        match = _CELL.match(row, at)
        assert match is not None
        yield match
        at = match.end() + 1
        if at > len(row):
            return


def _row(cells: Sequence[str], width: int) -> str:
    return "| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |"


def with_tables(lines: Sequence[str]) -> list[str]:
    """Return lines, with each run of lines that hold equally many cells with tabs between as a table of Markdown."""
    out: list[str] = []
    fence = ""
    at = 0
    ends = _ends_of_cells(lines)
    while at < len(lines):
        mark = _FENCE.match(lines[at])
        if mark and (not fence or lines[at].rstrip() == fence):
            fence = "" if fence else mark[0]
        end = at if fence else ends[at]
        if end - at > 1:
            out += ["", *_as_table([line.split("\t") for line in lines[at:end]]), ""]
            at = end
        else:
            out.append(lines[at])
            at += 1
    return out


def _ends_of_cells(lines: Sequence[str]) -> list[int]:
    """Return for each line the one behind the run of lines with equally many cells; its own number if it begins none.

    From the last line up: looked for from each line, a run that is no table would be read once for each of its lines.
    """
    ends = list(range(len(lines)))
    end, tabs_below, has_cells = len(lines), 0, False
    for at in reversed(range(len(lines))):
        line = lines[at]
        tabs = line.count("\t") if line.strip() else 0
        if tabs != tabs_below:
            end, tabs_below, has_cells = at + 1, tabs, False
        # Paragraphs that begin with a tab are no cells, nor is a list whose marks have tabs behind them.
        has_cells = has_cells or ("\t" in line.strip() and not line.startswith("\t"))
        if tabs and has_cells and not _BULLET.match(line):
            ends[at] = end
    return ends


def _as_table(rows: Sequence[Sequence[str]]) -> list[str]:
    head, *body = ([_cell(cell) for cell in row] for row in rows)
    if all(map(_FIGURE.fullmatch, head)):
        head, body = [""] * len(head), [head, *body]
    columns = [[row[number] for row in body if row[number]] for number in range(len(head))]
    rule = ["---:" if column and all(map(_FIGURE.fullmatch, column)) else "---" for column in columns]
    return [_row(row, len(head)) for row in (head, rule, *body)]


def _cell(text: str) -> str:
    return text.strip().replace("|", "\\|")
