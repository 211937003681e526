"""What an editor holds is written as Markdown that is read back as the same, with no more escapes than that needs."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletin.items.markdown import Work, read_apart
from bulletin.items.markdown.pieces import Reading
from bulletin.richtext import writer
from bulletin.richtext.document import Block, html_of
from bulletin.richtext.html_reader import document_of
from bulletin.richtext.writer import is_read_as, markdown_of, written
from bulletin.settings import LineBreaks
from tests.documents import CALM, TEXTS, blocks
from tests.test_fast_path import MODES

# ruff: noqa: E501 - HTML of one line is read more easily than in parts

COUNT = int(os.environ.get("BULLETIN_DOCUMENTS", "100"))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Huế <strong>ký </strong>kết, “x” (b) – 5 > 3, R&amp;D, 2_000*3</p>", "Huế **ký** kết, “x” (b) – 5 > 3, R&D, 2_000*3"),
        ("<p>Thời gian: 8h<br>Địa điểm: A</p>", "Thời gian: 8h\nĐịa điểm: A"),
        ("<p>- 5 độ</p><p>1. A</p><p># x</p><p>#x</p><p>2024. x</p>", "\\- 5 độ\n\n1\\. A\n\n\\# x\n\n#x\n\n2024. x"),
        ("<p>– Thưa<br>– Vâng</p><p>a) A<br>b) B</p>", "– Thưa\n– Vâng\n\na) A\nb) B"),
        ("<p>*a* _b_ [x](y) `c`</p>", "\\*a\\* \\_b\\_ \\[x](y) \\`c\\`"),
        ("<p>&lt;Phòng TT&gt; &amp;copy; C:\\anh\\</p>", "&lt;Phòng TT> &amp;copy; C:\\anh\\\\"),
        ("<p>Ảnh [1], [Nguồn]</p>", "Ảnh [1], [Nguồn]"),
        ("<p>[Bản quyền]: TTXVN</p>", "\\[Bản quyền]: TTXVN"),
        ("<p>• A<br>• B</p>", "&#8226; A\n&#8226; B"),
        ("<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li>c<p>d</p></li></ul>", "- a\n  - b\n- c\n\n  d"),
        ("<ol start=5><li>a<li>b</ol><ol><li>c</ol>", "5. a\n6. b\n\n<!-- -->\n\n1. c"),
        ("<ol><li>a<li>b<li value=4>c<li>d</ol>", "1. a\n2. b\n4. c\n5. d"),
        ("<ol><li value=7>a<li value=3>b</ol>", "7. a\n3. b"),
        ("<ol start=2024><li><p>Thành lập</p></ol>", "2024. Thành lập"),
        ("<ol><li>a<li value=1500>b<li>c</ol>", "1\\. a\n\n1500. b\n\n1501. c"),
        ("<ol><li value=2024>a<li value=2026>b</ol>", "2024. a\n\n2026. b"),
        ("<ol start=998><li>a<li>b<li>c</ol>", "998. a\n998. b\n998. c"),
        ("<ul><li><p></p></li><li><p>a</p></li><li><ul><li>b</li></ul></li></ul>", "- a\n  - b"),
        ("<blockquote><p>90% hộ</p><p>b</p></blockquote>", ">\n> 90% hộ\n>\n> b"),
        (
            "<table><tbody><tr><th><p>a|b</p></th><th><p>c</p></th></tr><tr><td><p>1</p><p>2</p></td><td></td></tr></tbody></table>",
            "| a\\|b | c |\n| --- | --- |\n| 1<br>2 |  |",
        ),
        ("<table><tr><td>a</td></tr><tr><td class=right>b</td></tr></table>", "|  |\n| ---: |\n| a |\n| b |"),
        ("<p>Xem!<a href='b.md'>y</a> <img src='a b.jpg' alt='\"A\"' title=T></p>", 'Xem\\![y](b.md) ![“A”](<a b.jpg> "T")'.replace("“A”", '"A"')),
        ("<p>m<sup>2</sup><sup data-note='1'>1</sup></p>", "m<sup>2</sup>[^1]"),
        ("<p>Xem <a href='https://a.vn/x'>https://a.vn/x</a>.</p>", "Xem https://a.vn/x."),
        ("<p>Xem.<a href='https://a.vn'>https://a.vn</a></p>", "Xem.[https://a.vn](https://a.vn)"),
        ("<p><a href='https://a.vn'>www.a.vn</a><a href='mailto:a@b.vn'>a@b.vn</a> - *</p>", "[www.a.vn](https://a.vn)a@b.vn - *"),
        ("<p>a<strong>b</strong>c và <s>bỏ</s> <em><strong>x</strong> y</em></p>", "a**b**c và ~~bỏ~~ ***x** y*"),
        ("<p> \xa0Một\xa0hai \u2028 ba\x00  </p><p>&nbsp;</p><p><br></p>", "Một\xa0hai ba"),
        ("<h3>Ngôn ngữ C#</h3><h2>Mục #</h2><hr><pre><code class=language-py>x\n</code></pre>", "### Ngôn ngữ C#\n\n## Mục &#35;\n\n---\n\n```py\nx\n```"),
        ("<p>a<br><br>b</p>", "a\n\nb"),
        ("<p><a href='javascript:x'>a</a><a href='/x'>b</a><script>c</script></p>", "a[b](/x)"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_is_written_as_people_would(html: str, expected: str) -> None:
    assert markdown_of(html) == expected


@pytest.mark.parametrize(
    ("definitions", "expected"), [("", "[a] và [1]"), ("[a]: b.md", "\\[a] và \\[1]"), ("*[a]: b", "[a] và [1]")]
)
def test_words_in_brackets_mean_no_definition_of_the_item(definitions: str, expected: str) -> None:
    assert markdown_of("<p>[a] và [1]</p>", "auto", definitions) == expected


@pytest.mark.parametrize(("line_breaks", "end"), [("auto", "\n"), ("all", "\n"), ("none", "\\\n")])
def test_line_ends_are_marked_where_the_setting_needs_it(line_breaks: LineBreaks, end: str) -> None:
    assert markdown_of("<p>Một<br>hai</p>", line_breaks) == f"Một{end}hai"


@pytest.mark.parametrize("texts", [CALM, TEXTS], ids=["words", "signs"])
def test_whatever_is_typed_is_read_back(texts: st.SearchStrategy[str]) -> None:
    @settings(max_examples=COUNT, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(blocks(texts), st.sampled_from(MODES))
    def is_read_back(block: Block, line_breaks: LineBreaks) -> None:
        document = document_of(html_of([block]))
        assert document_of(html_of(document)) == document
        text = written(document, line_breaks)
        assert text == text.strip()
        if len(document) == 1:
            assert is_read_as(text, document[0], line_breaks), text
        assert read_apart([text], line_breaks) is not None

    is_read_back()


@pytest.mark.parametrize("html", ["<p>a</p>", "<p>[x]: y</p>", "<p># a</p>", "<p>[^1]: a</p>", "<p>**a* b</p>"])
def test_many_blocks_are_read_together(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each read alone, and in every manner, a thousand of them would take seconds."""
    readings: list[int] = []

    def counted(texts: Sequence[str], line_breaks: LineBreaks, work: Work) -> Reading | None:
        readings.append(len(texts))
        return read_apart(texts, line_breaks, work)

    monkeypatch.setattr(writer, "read_apart", counted)
    assert markdown_of(html * 300).count("a" if "a" in html else "y") == 300
    assert len(readings) <= 9


@pytest.mark.parametrize("sign", ["[", "{", "![](", "*", "`", "~~"])
def test_brackets_that_nothing_closes_take_no_time_to_look_for(sign: str) -> None:
    assert markdown_of(f"<p>{sign * 30_000}</p>")
