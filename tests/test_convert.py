"""Markdown becomes HTML that harms nobody, its internal links still open; what is taken away is told with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulletin.items.markdown import close_links, convert, python_markdown, summary
from bulletin.items.markdown.convert import LINK_TOKEN
from bulletin.items.markdown.limits import MAX_BRACKETS
from bulletin.items.markdown.summaries import SUMMARY_LENGTH
from bulletin.model import Link
from bulletin.problems import Problem
from tests.builders import Mark, article, marks, word

FIRST_LINE = 10

TAGS = (
    "a abbr b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup "
    "table tbody td tfoot th thead time tr u ul var wbr"
)
ATTRIBUTES = "alt class colspan datetime href id lang open rowspan scope span src start title value"


class Reader(HTMLParser):
    """Collects the tags of a page as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


@pytest.fixture
def no_markdown_of_others() -> Iterator[None]:
    """Keep what a test does to the converter from the tests behind it."""
    python_markdown._converter.cache_clear()  # noqa: SLF001 - there is no other way to a new one
    yield
    python_markdown._converter.cache_clear()  # noqa: SLF001


class Found(NamedTuple):
    """What a text was converted into."""

    html: str
    ids: frozenset[str]
    links: tuple[Link, ...]
    digest: str


def converted(text: str, first_line: int = FIRST_LINE) -> tuple[Found, tuple[Problem, ...]]:
    body, html, problems = convert("content/a.md", text, first_line)
    return Found(html=html, ids=body.ids, links=body.links, digest=body.text.digest), problems


def body(text: str) -> Found:
    """Return the body of a text against which nothing is said."""
    found, problems = converted(text)
    assert problems == ()
    return found


def html(text: str) -> str:
    return body(text).html


def said(text: str) -> list[Mark]:
    return marks(converted(text)[1])


def tags_of(text: str) -> list[tuple[str, dict[str, str]]]:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader.tags


def assert_harmless(found: Found) -> None:
    """Whatever the text was, no tag, attribute or address is left that could do anything."""
    assert not re.search(r"[\x00-\x08\x0b-\x19\x1b-\x1f]", found.html)
    tokens = LINK_TOKEN.findall(found.html)
    # A picture alone is a link to itself, too, so that it opens large.
    assert [int(number) for number, _ in groupby(tokens)] == list(range(len(found.links)))
    assert found.html.count("\x1a") == 2 * len(tokens)
    for tag, attributes in tags_of(found.html):
        assert tag in TAGS.split()
        # A picture's token stands alone, in place of its address.
        tokens = [name for name in attributes if "\x1a" in name]
        assert tokens == [] or (tag, len(tokens), "src" in attributes) == ("img", 1, False)
        assert all(re.fullmatch("\x1a[0-9]+\x1a", token) for token in tokens)
        # The link to a picture without words says what it does.
        ours = {"aria-label"} if attributes.get("class") == "large" else set()
        assert attributes.keys() - set(tokens) - ours <= set(ATTRIBUTES.split())
        for name in attributes.keys() & {"href", "src"}:
            assert re.match("\x1a[0-9]+\x1a$|(?:https?|mailto|tel):|//|www[.]", attributes[name], re.IGNORECASE)
        for name in attributes.keys() - {"href", "src"}:
            assert "\x1a" not in attributes[name]


# Headings and anchors


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# A\n\n## B\n\n### C", "234"),
        ("## A\n\n### B", "23"),
        ("### A\n\n##### B", "24"),
        ("A\n===\n\n## B", "23"),
        ("###### A\n\n# B", "62"),
        ("# A\n\n###### B", "26"),
        ("<h1>A</h1>\n\n<h3>B</h3>", "24"),
    ],
)
def test_the_headings_of_a_body_start_at_h2(text: str, levels: str) -> None:
    found = html(text)
    assert re.findall(r"<h([1-6])", found) == list(levels)
    assert re.findall(r"</h([1-6])>", found) == list(levels)


def test_a_body_without_headings_has_none() -> None:
    assert html("Không có # tiêu đề") == "<p>Không có # tiêu đề</p>"


@pytest.mark.parametrize(
    ("heading", "name"),
    [("Đà Nẵng", "da-nang"), ("Ký kết: 2.000 tỷ!", "ky-ket-2-000-ty"), ("**Thừa Thiên** – Huế", "thua-thien-hue")],
)
def test_an_anchor_is_our_slug_of_its_heading(heading: str, name: str) -> None:
    found = body(f"## {heading}")
    assert found.ids == {name}
    assert f'<h2 id="{name}">' in found.html


def test_equal_headings_have_different_anchors_and_foreign_ones_have_one_too() -> None:
    assert body("## Huế\n\n## Huế\n\n## 河內").ids == {"hue", "hue_1", "muc"}


def test_an_anchor_may_be_written() -> None:
    assert html("## Kết quả {#tong-ket}") == '<h2 id="tong-ket">Kết quả</h2>'


@pytest.mark.parametrize("text", ["## A {#_muc}", '## A {: id="a b" }', '<p id="x">a</p>\n\n<p id="x">b</p>'])
def test_an_anchor_that_is_taken_or_none_is_dropped_with_a_warning(text: str) -> None:
    found, problems = converted(text)
    assert marks(problems) == [(10, "warning", "id-unusable")]
    assert len(re.findall(' id="', found.html)) == len(found.ids)


# Nothing of one item in the next


def test_footnotes_do_not_leak_into_the_next_item() -> None:
    assert "chú thích một" in html("Một.[^1]\n\n[^1]: chú thích một")
    assert html("Hai.") == "<p>Hai.</p>"
    found, problems = converted("Hai.[^1]")
    assert "[^1]" in found.html
    assert marks(problems) == [(10, "warning", "footnote-missing")]


def test_abbreviations_references_and_anchors_do_not_leak_into_the_next_item() -> None:
    first = html("## Mục\n\nUBND [x][1]\n\n*[UBND]: Ủy ban nhân dân\n\n[1]: https://a.vn")
    assert '<abbr title="Ủy ban nhân dân">' in first
    assert converted("## Mục\n\nUBND [x][1]")[0].html == '<h2 id="muc">Mục</h2>\n<p>UBND [x][1]</p>'


def test_the_same_text_gives_the_same_body_whatever_came_before() -> None:
    text = "## A\n\n| a |\n|--:|\n| 1[^1] |\n\n[^1]: b [x](c.md)\n"
    assert body(text) == body(text)
    assert body(text).digest != body(text + "c").digest


# What Markdown may say


def test_a_table_s_alignment_is_a_class() -> None:
    found = html("| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |")
    assert '<th class="left">a</th>\n<th class="center">b</th>\n<th class="right">c</th>\n<th>d</th>' in found
    assert '<td class="left">1</td>\n<td class="center">2</td>\n<td class="right">3</td>\n<td>4</td>' in found
    assert "align=" not in found
    assert "style" not in found


def test_a_cell_keeps_its_own_class_beside_its_alignment() -> None:
    assert '<td class="tong right">' in html("| a |\n|--:|\n| 1 {: .tong } |")


def test_lists_of_terms_footnotes_abbreviations_and_code_are_understood() -> None:
    assert html("Từ\n:   nghĩa") == "<dl>\n<dt>Từ</dt>\n<dd>nghĩa</dd>\n</dl>"
    assert html("```python\na < b\n```") == '<pre><code class="language-python">a &lt; b\n</code></pre>'
    found = body("Tin.[^1]\n\n[^1]: Chú thích.")
    assert 'title="Quay lại chú thích 1 trong bài"' in found.html
    assert [link.target for link in found.links] == ["#fn:1", "#fnref:1"]
    assert found.ids == {"fn:1", "fnref:1"}


def test_signs_of_html_in_a_text_are_shown_as_they_are() -> None:
    assert html("Viettel & UBND: 2 < 3, «a» \"b\" 'c'") == "<p>Viettel &amp; UBND: 2 &lt; 3, «a» \"b\" 'c'</p>"
    assert html("&lt;script&gt;") == "<p>&lt;script&gt;</p>"
    assert html("`<script>`") == "<p><code>&lt;script&gt;</code></p>"


def test_quotes_and_brackets_in_an_attribute_cannot_leave_it() -> None:
    (found,) = tags_of(html("[x](https://a.vn '\"><b onclick=x>')"))[1:]
    assert found == ("a", {"href": "\x1a0\x1a", "title": '"><b onclick=x>'})


# What it may not


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ("<script>alert(1)</script>", ["script"]),
        ("một <script src=https://a.vn/x.js></script> hai", ["script"]),
        ("<ScRiPt>alert(1)</sCrIpT>", ["script"]),
        ("<style>p { color: red }</style>", ["style"]),
        ("<iframe src='https://a.vn/'></iframe>", ["iframe"]),
        ("<form action='/x'><input name=a><button>b</button></form>", ["input", "button", "form"]),
        ("<svg onload=alert(1)><circle/></svg>", ["svg", "circle"]),
        ("<math><mi>x</mi></math>", ["math", "mi"]),
        ("<meta http-equiv=refresh content='0;url=https://a.vn'>", ["meta"]),
        ("<link rel=stylesheet href='https://a.vn/x.css'>", ["link"]),
        ("<base href='https://a.vn/'>", ["base"]),
        ("<object data='x.swf'></object><embed src='x.swf'>", ["embed", "object"]),
        ("<video src='a.mp4'></video><audio src='a.mp3'></audio>", ["audio", "video"]),
        ("<marquee>x</marquee>", ["marquee"]),
        ("<font color=red>x</font>", ["font"]),
        ("<template><p>x</p></template>", ["template"]),
        ("<plaintext>x", ["plaintext"]),
    ],
)
def test_html_that_could_act_or_load_is_dropped_and_told(text: str, dropped: list[str]) -> None:
    found, problems = converted(f"Một.\n\n{text}\n\nHai.")
    assert_harmless(found)
    assert [word(problem, "found") for problem in problems] == dropped
    assert {(problem.severity, problem.code) for problem in problems} <= {
        ("warning", "html-dropped"),
        ("error", "html-not-shown"),
    }


def test_what_stands_in_a_dropped_script_is_dropped_with_it() -> None:
    assert "alert" not in converted("<script>alert(1)</script>\n\n<style>alert(2)</style>")[0].html


@pytest.mark.parametrize("tag", ["script", "iframe", "SCRIPT", "Iframe"])
def test_dropped_html_is_told_at_its_line(tag: str) -> None:
    assert said(f"Một.\n\n<{tag}>x</{tag}>") == [(12, "error", "html-not-shown")]


@pytest.mark.parametrize("attribute", ["id", "href", "src", "alt", "class"])
def test_words_of_a_title_that_read_like_an_attribute_are_none(attribute: str) -> None:
    """Taken for one, they would have let the words behind the tag become attributes, handlers among them."""
    written = f'<b title="x {attribute}=">A B" " onmouseover=alert(1) y="</b>'
    assert html(written) == f"<p>{written}</p>"
    found, _ = converted(f'<img title="x {attribute}=" alt="a" src="b.png">')
    assert [link.target for link in found.links] == ["b.png"]


@pytest.mark.parametrize(
    "text",
    [
        "<p onclick='x()'>a</p>",
        "<img src='a.jpg' alt='a' onerror='x()'>",
        "**a**{: onclick='x()' }",
        "![a](a.jpg){: onload='x()' }",
        "<p style='position: fixed'>a</p>",
        "**a**{: style='color: red' }",
        "<table style='width: 1px'><tr><td style='x' align='left'>a</td></tr></table>",
        "<img src='a.jpg' alt='a' srcset='https://a.vn/x.jpg 2x'>",
        "<a href='https://a.vn' target='_blank' rel='opener' ping='https://a.vn'>a</a>",
        "<p data-x='1' xmlns:a='b' a:c='d'>a</p>",
    ],
)
def test_no_attribute_that_acts_loads_or_styles_is_left(text: str) -> None:
    assert_harmless(converted(text)[0])


@pytest.mark.parametrize(
    "text",
    [
        "<p onclick='x()'>a</p>",
        "<p style='text-align: center'>a</p>",
        "<img src='a.jpg' alt='a' srcset='b.jpg 2x'>",
        "<img alt='a'>",
    ],
)
def test_a_dropped_attribute_or_picture_is_told_too(text: str) -> None:
    severity = "error" if text == "<img alt='a'>" else "warning"
    assert [mark[:2] for mark in said(f"Một.\n\n{text}")] == [(12, severity)]


@pytest.mark.parametrize(
    ("address", "scheme"),
    [
        ("javascript:alert(1)", "javascript"),
        ("JavaScript:alert(1)", "javascript"),
        ("vbscript:x", "vbscript"),
        ("data:text/html,x", "data"),
        ("file:///etc/passwd", "file"),
        ("ftp://a.vn/b", "ftp"),
        ("c:\\a.doc", "c"),
    ],
)
@pytest.mark.parametrize("written", ["[x]({})", "<a href='{}'>x</a>", "**x**\n\n[x]: {}\n\n[x]", "![x]({})"])
def test_an_address_of_another_scheme_is_dropped_and_told(address: str, scheme: str, written: str) -> None:
    found, problems = converted(written.format(address))
    assert_harmless(found)
    assert (found.links, "href" in found.html, "src" in found.html) == ((), False, False)
    assert [(problem.severity, problem.code, word(problem, "found").lower()) for problem in problems] == [
        ("error" if written.startswith("!") else "warning", "address-dropped", scheme)
    ]


DISGUISED = [
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "[x](&#x6A;avascript:alert(1))",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='java&#9;script:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href='&#26;javascript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "**x**{: href='javascript:alert(1)' }",
    "[x](a.md){: href='javascript:alert(1)' }",
    "[x](java\tscript:alert(1))",
    "<img src='&#106;avascript:x' alt='x'>",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<p title='<script>'><script>x</script>",
    "<<script>script>x</script>",
    "<![CDATA[<script>x</script>]]>",
    "<?php <script> ?>",
    "<!-- --!><script>x</script> -->",
    "<a/href='javascript:x'>x</a>",
]


@pytest.mark.parametrize("text", DISGUISED)
def test_no_disguise_passes(text: str) -> None:
    assert_harmless(converted(text)[0])


@pytest.mark.parametrize("text", ["<a href='&#106;avascript:x'>x</a>", "[x](&#x6A;avascript:x)"])
def test_an_address_in_disguise_is_told_as_well(text: str) -> None:
    assert said(text) == [(10, "warning", "address-dropped")]


@pytest.mark.parametrize(
    "text",
    ['`<a href="foo:bar">`', "Ghi href=foo:bar vào ô", "<p title='a\"b<c>'>x</p>", "```\n<form>\n```", "`<script>`"],
)
def test_what_only_looks_like_html_is_not_called_dropped(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "&#26;0&#26;",
        "&#x1a;0&#x1A;",
        "\x1a0\x1a",
        "## &#26;0&#26;",
        "`\x1a0\x1a`",
        "[&#26;0&#26;](b.md '&#26;0&#26;')",
        "[x](&#26;0&#26;)",
        "<a href='&#26;0&#26;'>x</a>",
        "<p id='&#26;0&#26;' class='&#26;0&#26;' title='&#26;0&#26;'>x</p>",
        "![&#26;0&#26;](a.jpg)",
        "[x](b.md)\n\n&#26;0&#26; &amp;#26;0&amp;#26;",
    ],
)
def test_no_text_can_forge_the_token_of_a_link(text: str) -> None:
    found, _ = converted(text)
    assert_harmless(found)
    assert "\x1a" not in close_links(found.html, lambda _: "#", lambda _, attributes: f"<img{attributes}>")


@pytest.mark.parametrize("text", ["&#0;&#7;&#x0b;", "&#127;", "&#xfffe;&#xfffd;", "&#xd800;"])
def test_controls_that_are_written_as_entities_are_not_in_the_page(text: str) -> None:
    assert html(f"a{text}b") == "<p>ab</p>"


# Links and pictures


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[x](b.md)", "b.md"),
        ("[x](../2017/b.md#muc)", "../2017/b.md#muc"),
        ("[x](/thang/2016-12/)", "/thang/2016-12/"),
        ("[x](#muc)", "#muc"),
        ("[x](b.md 'Tiêu đề')", "b.md"),
        ("[x][b]\n\n[b]: b.md", "b.md"),
        ("[x](<b c.md>)", "b c.md"),
        ("[x](b%20c.md)", "b%20c.md"),
        ("[x](b&c.md)", "b&c.md"),
        ("<a href='b.md'>x</a>", "b.md"),
        ("![x](anh.jpg)", "anh.jpg"),
        ("<img src='anh.jpg' alt='x'>", "anh.jpg"),
        ("[x](/\\a.vn)", "/\\a.vn"),
    ],
)
def test_a_link_inside_the_site_stays_open(text: str, target: str) -> None:
    found = body(text)
    assert [link.target for link in found.links] == [target]
    assert re.search('<a href="\x1a0\x1a"|<img \x1a0\x1a', found.html)


@pytest.mark.parametrize(
    "address", ["https://a.vn/b?c=1#d", "http://a.vn", "HTTPS://A.VN/", "mailto:a@b.vn", "tel:+842422"]
)
def test_an_address_of_the_world_is_written_as_it_is(address: str) -> None:
    found = body(f"[x]({address})")
    # Only the settings tell whether an address of the web is the bulletin's own: it is open until then.
    is_open = address.lower().startswith("http")
    assert [link.target for link in found.links] == [address] * is_open
    assert f'href="{address}"' in close_links(found.html, lambda _: address, lambda *_: "")
    assert "rel=" not in found.html


def test_an_address_that_is_not_typed_has_the_line_of_the_first_word() -> None:
    text = "\n\nMột[^1] hai.\n\nBa [bốn](#FN:2) [năm](Bai.md).\n\n[^1]: Nguồn.\n"
    lines = {link.target: link.line for link in convert("content/a.md", text, 3)[0].links}
    assert lines == {"#fn:1": 5, "#FN:2": 7, "Bai.md": 7, "#fnref:1": 5}


def test_links_and_pictures_have_their_lines_and_their_order() -> None:
    found = body("Một.\n\n[a](a.md) và\n[b](b.md)\n\n![c](c.jpg)\n\n[d]\n\n[d]: d.md\n")
    assert found.links == (
        Link(target="a.md", line=12),
        Link(target="b.md", line=13),
        Link(target="c.jpg", line=15, is_picture=True),
        Link(target="d.md", line=19),
    )


def test_a_link_is_told_where_it_stands_and_not_where_a_longer_one_holds_it() -> None:
    assert [link.line for link in body("[x](hai-b.md)\n\n[y](b.md)").links] == [10, 12]
    assert [link.line for link in body("Ký kết a tại b.\n\n[y](a)").links] == [12]


@pytest.mark.parametrize(("address", "bare"), [("//a.vn/b", "a.vn/b"), ("www.a.vn/b", "www.a.vn/b")])
def test_an_address_without_its_scheme_is_refused(address: str, bare: str) -> None:
    found, problems = converted(f"Một.\n\n[x]({address})")
    assert marks(problems) == [(12, "error", "address-without-scheme")]
    assert word(problems[0], "bare") == bare
    assert found.links == ()


def test_a_picture_of_another_host_is_refused() -> None:
    assert said("Một.\n\n![x](https://a.vn/a.jpg)") == [(12, "error", "picture-elsewhere")]
    assert said("![x](//a.vn/a.jpg)") == [(10, "error", "address-without-scheme")]


@pytest.mark.parametrize("text", ["<img src='a.jpg'>", "![](a.jpg)", "<img alt='' src='a.jpg'>"])
def test_a_picture_without_an_alternative_text_gets_an_empty_one_and_a_warning(text: str) -> None:
    found, problems = converted(f"Một.\n\n{text}")
    assert marks(problems) == [(12, "warning", "picture-without-alt")]
    assert '<img \x1a0\x1a alt="">' in found.html


def test_links_are_closed_with_escaped_addresses() -> None:
    found = body("[x](a.md) ![y](b.jpg)")
    closed = close_links(found.html, ['/a/?b=1&c="2"\'><script>'].__getitem__, lambda *picture: str(picture))
    assert [attributes for _, attributes in tags_of(closed)][1:] == [{"href": '/a/?b=1&c="2"\'><script>'}]
    assert closed.endswith(" (1, ' alt=\"y\"')</p>")


def test_a_picture_keeps_what_its_author_says_of_it() -> None:
    found = body('![A > "B"](b.jpg "T\'t"){: .rong }')
    closed = close_links(found.html, str, lambda number, attributes: f"<img src={number}{attributes}>")
    (_, (link, _), (tag, attributes), (caption, _)) = tags_of(closed)
    assert link == "a"
    assert (tag, attributes) == ("img", {"src": "0", "alt": 'A > "B"', "class": "rong"})
    assert (caption, closed.count("T't")) == ("figcaption", 1)


# Summaries


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đoạn **đầu** của [tin](a.md).\n\nĐoạn hai.", "Đoạn đầu của tin."),
        ("## Mục\n\nĐoạn đầu.", "Đoạn đầu."),
        ("![x](a.jpg)\n\nĐoạn đầu.", "Đoạn đầu."),
        ("Viettel & UBND: 2 < 3.", "Viettel & UBND: 2 < 3."),
        ("Tin.[^1]\n\n[^1]: Chú thích.", "Tin."),
        ("Một\nhai  \nba.", "Một hai ba."),
        ("Một<br>hai.", "Một hai."),
        ("> Trích dẫn.\n\nĐoạn đầu.", "Trích dẫn."),
        ("Đoạn đầu.\n{: .dan }\n\nĐoạn hai.", "Đoạn đầu."),
        ("<p lang='en'>First.</p>\n\nĐoạn hai.", "First."),
        ("- một[^1]\n- hai\n\n[^1]: Chú thích.", ""),
        ("## Mục", ""),
        ("", ""),
    ],
)
def test_the_summary_is_the_first_paragraph_as_plain_text(text: str, expected: str) -> None:
    assert summary(converted(text)[0].html) == expected


NEWS = "Ngày 25/12, UBND tỉnh Huế ký thỏa thuận."


@pytest.mark.parametrize(
    "beginning",
    [
        "Chương trình gồm ba lĩnh vực:\n\n- một\n- hai",
        "Lĩnh vực gồm: (xem dưới đây):",
        "**Phóng viên: Thưa ông, năm 2016 có gì mới?**",
        "PV: Xin ông cho biết về chương trình. Vì sao là cuối năm?",
        "*Hỏi: Bao giờ thì xong?*",
        "Thưa ông, chương trình này có gì mới?",
        "Vì sao lại là cuối năm?",
        "**Bảy địa phương đã ký kết**",
        "**Từ công ty điện thoại đến đối tác công nghệ thông tin**",
        "THÔNG BÁO",
        "Nguyễn Văn An",
        "Bài và ảnh: Nguyễn Thị Lan",
        "Tin, ảnh: Lan",
        "Ảnh: Ban Truyền thông.",
        "(Theo Báo Nhân Dân)",
        "Hà Nội, ngày 25 tháng 12 năm 2016",
        "Kính gửi: Toàn thể cán bộ, nhân viên",
        "![x](a.jpg)\n*Quang cảnh buổi lễ.*",
    ],
)
def test_a_summary_begins_where_the_text_says_something(beginning: str) -> None:
    assert summary(converted(f"{beginning}\n\n{NEWS}")[0].html) == NEWS
    assert summary(converted(f"{NEWS}\n\n{beginning}")[0].html) == NEWS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(Bản tin) – " + NEWS, NEWS),
        ("(Bản tin) " + NEWS, NEWS),
        ("**" + NEWS + "**", NEWS),
        (NEWS + " Chương trình gồm ba lĩnh vực:", NEWS),
        ("Vì sao là Huế? " + NEWS, NEWS),
        (NEWS + " Vì sao là Huế?", NEWS),
        ("Ở TP. Hồ Chí Minh có gì mới? " + NEWS, NEWS),
        (NEWS + " Người ký là PGS. TS. An, và những người sau:", NEWS),
        ("Ông An: " + NEWS, "Ông An: " + NEWS),
        ("Theo lãnh đạo: " + NEWS, "Theo lãnh đạo: " + NEWS),
        # Nothing better: the first words, but nothing that only leads to others.
        ("Ký tại Huế", "Ký tại Huế"),
        ("**Ký tại Huế**\n\n- một", "Ký tại Huế"),
        ("Chương trình gồm:\n\n- một", ""),
        ("Vì sao?", ""),
    ],
)
def test_a_summary_leaves_out_what_says_nothing_by_itself(text: str, expected: str) -> None:
    assert summary(converted(text)[0].html) == expected


@given(
    st.lists(
        st.sampled_from(
            ["Tin.", "Gì?", "Gồm:", "**Mục**", "*TP. x?*", "(a)", "<b>", "![x](a.jpg)", "[a](b.md)", "&amp;", "\n\n"]
        )
    )
)
def test_no_summary_has_markup_or_begins_with_a_question_or_leads_to_a_list(parts: list[str]) -> None:
    found = summary(converted(" ".join(parts))[0].html)
    assert not re.search(r"<[a-z/]|\x1a|&amp;", found)
    assert found == " ".join(found.split())
    assert not found.endswith(("Gồm:", "Gì?", "x?"))


def test_a_long_paragraph_is_cut_at_a_word_and_no_letter_loses_its_tone() -> None:
    words = "Thừa Thiên Huế ký kết thỏa thuận về thành phố thông minh " * 9
    cut = article(words).card.summary
    assert cut.endswith("…")
    assert SUMMARY_LENGTH - 10 < len(cut) <= SUMMARY_LENGTH + 1
    assert words.startswith(cut[:-1] + " ")


@given(st.text(alphabet="aăâđêơưxyzáàảãạệờ \n", min_size=SUMMARY_LENGTH, max_size=300))
def test_a_summary_ends_where_a_word_ends(text: str) -> None:
    whole = " ".join(text.split())
    cut = summary(f"<p>{text}</p>")
    assert len(cut) <= SUMMARY_LENGTH + 1
    assert cut == whole or whole.startswith(cut[:-1])
    if cut != whole and " " in whole[:SUMMARY_LENGTH]:
        assert whole[len(cut) - 1] == " "


# Texts that no news item is


def test_more_brackets_than_a_text_can_need_are_refused_at_once() -> None:
    found, problems = converted("Một.\n\n" + "[" * (MAX_BRACKETS + 1))
    assert marks(problems) == [(12, "error", "body-too-many-brackets")]
    assert found.html == ""


@pytest.mark.usefixtures("no_markdown_of_others")
def test_a_text_that_is_nested_without_end_is_refused() -> None:
    found, problems = converted("- " * 800 + "a")
    assert marks(problems) == [(10, "error", "body-too-nested")]
    assert found.html == ""


@pytest.mark.usefixtures("no_markdown_of_others")
def test_a_text_that_is_refused_leaves_the_next_item_whole() -> None:
    before = html("Một.\n\n- [x](b.md)\n")
    converted("- " * 800 + "a")
    assert html("Một.\n\n- [x](b.md)\n") == before


SCRAPS = [
    *(
        "# ",
        "## ",
        "* ",
        "1. ",
        "> ",
        "    ",
        "\n",
        "\n\n",
        "| a | b |\n|:-:|--:|\n",
        "```",
        "`",
        "**",
        "_",
        "[",
        "](",
        ")",
    ),
    *(
        "![",
        "[^1]",
        "[^1]: ",
        "*[UBND]: ",
        "UBND",
        "{: ",
        " }",
        "#x",
        ".y",
        "style='a'",
        "onclick=b",
        "href=",
        "id='a'",
    ),
    *(
        "<p ",
        "<a ",
        "<script>",
        "</script>",
        "<style>",
        "<img src=",
        "<svg>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<?",
        "<",
        ">",
    ),
    *(
        "'",
        '"',
        "javascript:",
        "data:",
        "https://a.vn",
        "//a.vn",
        "a.md",
        "a.jpg",
        "&#26;",
        "&#106;",
        "&amp;",
        "\x1a",
        "0",
    ),
    *(
        "Huế ",
        "ký kết ",
        "<table>",
        "<td align=left>",
        "<h1>",
        "<details open>",
        ":   ",
        "\\",
        "=",
        "---\n",
        "<a@b.vn>",
    ),
]
texts = st.one_of(st.lists(st.sampled_from(SCRAPS), max_size=14).map("".join), st.text(max_size=60))


@settings(max_examples=400)
@given(texts)
@example("<![&")
@example("<p id=a>[x](#a)<p id=a>")
def test_any_text_gives_problems_and_harmless_html(text: str) -> None:
    found, problems = converted(text)
    assert_harmless(found)
    last = FIRST_LINE + text.count("\n")
    assert all(FIRST_LINE <= problem.line <= last for problem in problems)
    assert all(FIRST_LINE <= link.line <= last for link in found.links)
    assert all(f' id="{name}"' in found.html for name in found.ids if re.fullmatch("[a-z0-9_-]+", name))
    assert "<" not in re.sub("<[^>]*>", "", found.html)
    summary(found.html)


@given(texts, st.integers(min_value=1, max_value=9))
def test_lines_follow_the_text_down_the_file(text: str, lower: int) -> None:
    high, problems = converted(text)
    low, lower_problems = converted(text, FIRST_LINE + lower)
    assert low.html == high.html
    assert [link.line for link in low.links] == [link.line + lower for link in high.links]
    assert [found.line for found in lower_problems] == [found.line + lower for found in problems]
