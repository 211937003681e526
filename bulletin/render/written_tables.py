"""The tables of a text as its page shows them: each scrolls on its own, and its figures stand below one another.

This is done when a page is rendered: the text itself keeps what its author wrote, for the desk and for feeds.
"""

from __future__ import annotations

import html
import re
from itertools import count

from markupsafe import Markup

_SCROLL = '<div class="scroll" role="group" tabindex="0" aria-label="Bảng">'
# In the one form that the sanitiser writes.
_CELL = re.compile("<(t[hd])([^>]*)>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile("<[^>]*>")
_ABOUT = "gần|hơn|trên|khoảng|dưới|xấp xỉ|[~≈<>≤≥]"
_UNIT = r"[%‰₫$€]|[^\W\d_]{1,8}[²³]?"
_FIGURE = re.compile(rf"(?:(?:{_ABOUT})\s*)?[-+−–(]?\d[\d.,]*(?:\s\d{{3}})*\)?(?:\s?(?:{_UNIT})){{0,2}}", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "–", "—", "…", "x", "X"})


def scrollable(text: Markup) -> Markup:
    """Return a text in which each wide table or code block scrolls on its own, by keyboard too."""
    written = str(text)
    if "<table" in written:
        before, *tables = written.split("<table")
        written = "".join((before, *(f"{_SCROLL}<table{_with_figures(table)}" for table in tables)))
        written = written.replace("</table>", "</table></div>")
    return Markup(written.replace("<pre", '<pre tabindex="0"'))  # noqa: S704 - as safe as it came


def _with_figures(table: str) -> str:
    """Return a table in which columns of figures stand to the right, unless their author placed them.

    The first column tells what a row is about, also if it holds years. Cells over several columns have no place, and
    a table that holds another one has no end here: `table` is what stands between two beginnings.
    """
    written, end, behind = table.partition("</table>")
    if not end or " colspan=" in written or " rowspan=" in written:
        return table
    before, *rows = written.split("<tr")
    cells = [_CELL.findall(row) for row in rows]
    body = [[content for _, _, content in row] for row in cells if row and row[-1][0] == "td"]
    # Most authors place the columns of figures themselves: then nothing is written anew.
    unplaced = {column for row in cells for column, cell in enumerate(row) if "class=" not in cell[1]} - {0}
    figures = {column for column in unplaced if _holds_figures(body, column)}
    return "<tr".join((before, *(_placed(row, figures) for row in rows))) + end + behind if figures else table


def _holds_figures(body: list[list[str]], column: int) -> bool:
    is_told = False
    for words in (_words(row[column]) for row in body if column < len(row)):
        if words not in _NOTHING:
            if not _FIGURE.fullmatch(words):
                return False
            is_told = True
    return is_told


def _words(cell: str) -> str:
    bare = html.unescape(_TAG.sub("", cell)) if "<" in cell or "&" in cell else cell
    return " ".join(bare.split())


def _placed(row: str, figures: set[int]) -> str:
    columns = count()

    def place(cell: re.Match[str]) -> str:
        is_right = next(columns) in figures and "class=" not in cell[2]
        return cell[0].replace(cell[1], f'{cell[1]} class="right"', 1) if is_right else cell[0]

    return _CELL.sub(place, row)
