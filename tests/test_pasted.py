"""What is pasted from other programs: lists that are paragraphs, styles that are marks; nothing that runs."""

from __future__ import annotations

import pytest

from bulletin.richtext.html_reader import document_of
from bulletin.richtext.pasted import cleaned, table_of
from bulletin.richtext.writer import markdown_of
from tests import pastes
from tests.pastes import word, word_item


def markdown(html: str) -> str:
    return markdown_of(cleaned(html).html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            word(pastes.WORD_NORMAL, pastes.WORD_EMPTY, "<p class=MsoNormal>Hết.</p>"),
            "Ngày **25/12**, tại Thái Nguyên, hai bên *ký kết* **thỏa thuận**.\n\nHết.",
        ),
        (
            word(word_item("·", "Một"), word_item("o", "a", 2), word_item("§", "aa", 3), word_item("·", "Hai")),
            "- Một\n  - a\n    - aa\n- Hai",
        ),
        (
            word(word_item("1.", "A"), word_item("2.", "B"), "<p class=MsoNormal>Xen</p>", word_item("3.", "C")),
            "1. A\n2. B\n\nXen\n\n3. C",
        ),
        (word(word_item("1.", "A"), word_item("·", "a", 2), word_item("2.", "B")), "1. A\n   - a\n2. B"),
        (word(word_item("a)", "A"), word_item("b)", "B")), "a) A\n\nb) B"),
        (word(word_item("1.", "A"), word_item("a)", "x", 2), word_item("2.", "B")), "1. A\n\n   a) x\n2. B"),
        (
            word(word_item("a)", "A"), word_item("i.", "x", 2), word_item("·", "y", 3), word_item("b)", "B")),
            "a) A\n\n- i. x\n  - y\n\nb) B",
        ),
        ("<ol type=a><li>A<ol type=i><li>x<li>y</ol><li>B</ol>", "a. A\n\n- i. x\n- ii. y\n\nb. B"),
        (word(word_item("1.", "A"), word_item("1.", "B", 1, 1)), "1. A\n\n<!-- -->\n\n1. B"),
        (word(word_item("·", "sâu trước", 2), word_item("·", "rồi nông")), "- sâu trước\n- rồi nông"),
        (word("<p class=Heading2>Mục</p>", "<h1><b>Đề</b></h1>"), "### Mục\n\n## Đề"),
        (word("<p style='mso-style-name:\"heading 3\";mso-outline-level:3'>Mục</p>", "<p>x</p>"), "## Mục\n\nx"),
        (
            pastes.EXCEL,
            (
                "| Tỉnh | Ngày ký | Giá trị |\n| --- | ---: | ---: |\n"
                "| Hải Dương | 20/12/2016 | 1.500 |\n| Phú Yên |  | 300 |"
            ),
        ),
        (pastes.GOOGLE, "## Tin tháng 12\n\nHai bên **ký** *kết*\n\n- Một\n  - Một a\n- Hai"),
        (pastes.WORD_ONLINE, "## Công việc\n\n- Một\n  - Một a\n- Hai"),
        (
            pastes.LIBRE_OFFICE,
            (
                "## Kế hoạch\n\nĐoạn **đậm** và gạch chân\n\na. Mục một\n\nb. Mục hai\n\n"
                "| Tên | Số |\n| --- | ---: |\n| A | 5 |"
            ),
        ),
        (
            pastes.WEB,
            "## Tin mới\n\nXem [đây](https://a.vn/x) và mục.\n\nLễ ký\n\n> Lời *trích*\n\nMột ô",
        ),
        (
            "<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td rowspan=2>c</td></tr><tr><td>d</td></tr></table>",
            "| a |  |\n| --- | --- |\n| b | c |\n| d |  |",
        ),
        ("một\u2028hai<p>\u200b\xa0 </p>ba\x02", "một hai\n\n\u200b\n\nba"),
        ("<ol type=I start=4><li>x<li>y</ol>", "IV. x\n\nV. y"),
        ("m<sup>2</sup>, H<span style='vertical-align:sub'>2</span>O", "m<sup>2</sup>, H<sub>2</sub>O"),
    ],
)
def test_what_is_pasted_is_what_was_seen(html: str, expected: str) -> None:
    assert markdown(html) == expected


@pytest.mark.parametrize(
    ("html", "lost"),
    [
        (word(pastes.WORD_PICTURE, pastes.WORD_PICTURE), 2),
        (pastes.WEB, 3),
        ("<img src='a.jpg' alt='x'><img src=''><img>", 2),
        (pastes.EXCEL, 0),
    ],
)
def test_pictures_that_lie_elsewhere_are_counted(html: str, lost: int) -> None:
    assert cleaned(html).pictures_lost == lost


@pytest.mark.parametrize(
    "html",
    [pastes.WEB, pastes.GOOGLE, pastes.EXCEL, word(pastes.WORD_NORMAL, pastes.WORD_PICTURE), "<svg><a>", "<math><mi>"],
)
def test_nothing_that_runs_or_is_fetched_is_left(html: str) -> None:
    found = cleaned(html).html
    assert not any(
        word in found for word in ("script", "alert", "style=", "onclick", "onerror", "file:", "data:", "src=")
    )
    assert document_of(found, strictly=True) == document_of(found)  # the schema's tags and attributes alone


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Tên\tSố\r\nA\t5\r\n", [["Tên", "Số"], ["A", "5"]]),
        ('Tên\tSố\n"A\nB"\t5\n', [["Tên", "Số"], ["A B", "5"]]),
        ('"A\t5\nB\t6', [['"A', "5"], ["B", "6"]]),
        ("A|B\t1.000", [["A|B", "1.000"]]),
    ],
)
def test_cells_with_tabs_between_are_a_table(text: str, rows: list[list[str]]) -> None:
    html = table_of(text)
    assert html is not None
    cells = [part.split("</p>")[0] for part in html.split("<p>")[1:]]
    assert cells == [cell for row in rows for cell in row]


@pytest.mark.parametrize("text", ["", "một dòng", "hai\ndòng", "a\tb\nc", "\tthụt đầu dòng\nhai"])
def test_other_text_is_no_table(text: str) -> None:
    assert table_of(text) is None


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "table><tr><td", "span style='font-weight:700'"])
def test_what_is_nested_without_end_keeps_its_words(tag: str) -> None:
    assert "Huế" in cleaned(f"<{tag}>" * 3000 + "Huế").html
