"""Tables that people write: each scrolls on its own, and figures stand to the right without being told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bulletin.items.markdown import convert
from bulletin.render.written_tables import scrollable


def of(body: str) -> str:
    return str(scrollable(Markup(convert("a.md", body, 1)[1])))  # noqa: S704 - it is sanitised


def shown(*rows: str, rule: str = "") -> str:
    columns = rows[0].count("|") + 1
    lines = [rows[0], rule or "|".join(["---"] * columns), *rows[1:]]
    return of("\n".join(lines))


def right(text: str) -> list[str]:
    return re.findall('<t[hd] class="right">([^<]*)', text)


@pytest.mark.parametrize(
    "figure",
    [
        "1",
        "1.200",
        "12,5",
        "45%",
        "7,5 %",
        "3,5 tỷ",
        "12 tỷ đồng",
        "gần 2.000 tỷ đồng",
        "-3",
        "(12)",
        "1 200",
        "5 bài",
        "~ 30 km²",
    ],
)
def test_a_column_of_figures_stands_to_the_right_with_its_head(figure: str) -> None:
    assert right(shown("Mục | Số", f"a | {figure}", "b | —", "c | ")) == ["Số", figure, "—", ""]


@pytest.mark.parametrize("words", ["tăng", "25/12/2016", "tháng 12", "Điều 3", "1 và 2", "3G và 4G", "a1", "0-1"])
def test_a_column_with_words_stays_as_it_is(words: str) -> None:
    assert right(shown("Mục | Số", "a | 1", f"b | {words}")) == []


def test_the_first_column_names_the_row_also_if_it_holds_years() -> None:
    assert right(shown("Năm | Số", "2015 | 3", "2016 | 4")) == ["Số", "3", "4"]


def test_a_column_without_any_figure_and_one_that_was_placed_stay() -> None:
    assert right(shown("Mục | Số", "a | —", "b | ")) == []
    assert right(shown("Mục | Số", "a | 1", rule="---|:-:")) == []


def test_cells_over_several_columns_leave_a_table_alone() -> None:
    table = "<table><tr><th>a</th><th>b</th></tr><tr><td colspan='2'>1</td></tr><tr><td>1</td><td>2</td></tr></table>"
    assert right(of(table)) == []


def test_each_table_is_a_region_that_the_keyboard_reaches() -> None:
    text = shown("Mục | Số", "a | 1") + shown("Mục | Số", "a | 1")
    assert text.count('<div class="scroll" role="group" tabindex="0" aria-label="Bảng"><table>') == 2
    assert text.count("</table></div>") == 2


@given(
    st.lists(
        st.lists(st.sampled_from(["1", "a", "", "2 tỷ", "<b>3</b>", "<td>", "x|y", "&lt;"]), min_size=2, max_size=4),
        min_size=2,
    )
)
def test_nothing_but_the_place_of_cells_changes(rows: list[list[str]]) -> None:
    body = "\n".join([" | ".join(rows[0]), "|".join(["---"] * len(rows[0])), *map(" | ".join, rows[1:])])
    found, after = convert("a.md", body, 1)[1], of(body)
    bare = after.replace('<div class="scroll" role="group" tabindex="0" aria-label="Bảng"><table', "<table")
    assert re.sub(' class="right"', "", bare.replace("</table></div>", "</table>")) == found.replace(
        ' class="right"', ""
    )
