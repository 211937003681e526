"""The tables of a text as its page shows them: each scrolls on its own, and its figures stand below one another.

This is done when a page is rendered: the text itself keeps what its author wrote, for the desk and for feeds.
"""

from __future__ import annotations

import html
import re

from markupsafe import Markup

_SCROLL = '<div class="scroll" role="group" tabindex="0" aria-label="Bảng">'
# Innermost tables in the one form that the sanitiser writes.
_TABLE = re.compile("<table[^>]*>(?:(?!<table).)*?</table>", re.DOTALL)
_ROW = re.compile("<tr[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile("<(t[hd])([^>]*)>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile("<[^>]*>")
_SPANS = re.compile("<t[hd][^>]* (?:col|row)span=")
_ABOUT = "gần|hơn|trên|khoảng|dưới|xấp xỉ|[~≈<>≤≥]"
_UNIT = r"[%‰₫$€]|[^\W\d_]{1,8}[²³]?"
_FIGURE = re.compile(rf"(?:(?:{_ABOUT})\s*)?[-+−–(]?\d[\d.,]*(?:\s\d{{3}})*\)?(?:\s?(?:{_UNIT})){{0,2}}", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "–", "—", "…", "x", "X"})


def scrollable(text: Markup) -> Markup:
    """Return a text in which each wide table or code block scrolls on its own, by keyboard too."""
    written = str(text)
    if "<table" in written:
        written = _TABLE.sub(lambda table: _with_figures(table[0]), written)
        written = written.replace("<table", f"{_SCROLL}<table").replace("</table>", "</table></div>")
    return Markup(written.replace("<pre", '<pre tabindex="0"'))  # noqa: S704 - as safe as it came


def _with_figures(table: str) -> str:
    """Return a table in which columns of figures stand to the right, unless their author placed them.

    The first column tells what a row is about, also if it holds years. Cells over several columns have no place.
    """
    if _SPANS.search(table):
        return table
    rows = [[(cell[1], _words(cell[3])) for cell in _CELL.finditer(row[1])] for row in _ROW.finditer(table)]
    body = [[words for _, words in row] for row in rows if any(tag == "td" for tag, _ in row)]
    figures = {column for column in range(1, max(map(len, body), default=0)) if _holds_figures(body, column)}
    return _ROW.sub(lambda row: _placed(row[0], figures), table) if figures else table


def _words(cell: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", cell)).split())


def _holds_figures(body: list[list[str]], column: int) -> bool:
    told = [row[column] for row in body if column < len(row) and row[column] not in _NOTHING]
    return bool(told) and all(_FIGURE.fullmatch(words) for words in told)


def _placed(row: str, figures: set[int]) -> str:
    columns = iter(range(row.count("<t")))

    def place(cell: re.Match[str]) -> str:
        is_right = next(columns) in figures and "class=" not in cell[2]
        return cell[0].replace(cell[1], f'{cell[1]} class="right"', 1) if is_right else cell[0]

    return _CELL.sub(place, row)
