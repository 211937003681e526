"""Titles, headings, captions, lists and links of texts that come from elsewhere, whatever program wrote them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from time import perf_counter

import pytest

from bulletin.intake import Given, Wishes, by_field, read
from bulletin.problems import Refused
from tests.builders import RULES

SENTENCE = "<p>Sáng nay, hai bên ký thỏa thuận hợp tác về xây dựng thành phố thông minh ở tỉnh.</p>"
MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc"
STATE = f"<table><tr><td>TẬP ĐOÀN</td><td>{MOTTO}</td></tr></table>"


def composed(page: str) -> tuple[str, str, list[str]]:
    """Return title, body and codes of what is to be said of a page."""
    found = read(
        Given(name="a.html", data=f"<!doctype html>{page}".encode()), Wishes(rules=RULES, today=date(2017, 1, 31))
    )
    (document,) = found.documents
    title = next((str(one.value) for one in document.proposals if one.field == "title"), "")
    return title, document.body, [one.code for one in found.problems]


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (f"<h1>Tin</h1>{SENTENCE}<h2>Mục</h2>", "Tin"),
        (f"<p>Kinh tế</p><h1>Tin</h1>{SENTENCE}", "Tin"),
        (f"<p>Tin không đậm</p>{SENTENCE}<p><b>Mục</b></p>{SENTENCE}", "Tin không đậm"),
        (f"<p>Tin không đậm</p>{SENTENCE}<h2>Mục</h2>{SENTENCE}", "Tin không đậm"),
        (f"<h2>Tin</h2>{SENTENCE}<h2>Mục</h2>{SENTENCE}", "Tin"),
        (f"<p><b>VIETTEL VÀ HUẾ</b></p><p><b>KÝ KẾT</b></p>{SENTENCE}", "VIETTEL VÀ HUẾ KÝ KẾT"),
        (f"<p>Hà Nội, ngày 25/12/2016</p><p>Tin</p>{SENTENCE}", "Tin"),
        (f"{STATE}<p><b>THÔNG CÁO BÁO CHÍ</b></p><p><b>Tin</b></p>{SENTENCE}", "Tin"),
        (f"<title>Tên tệp</title>{SENTENCE}", "Tên tệp"),
        (SENTENCE, ""),
        (f"<p>Tin<br>Hà Nội, 25/12</p>{SENTENCE}", "Tin"),
        (f"<p>Ai sẽ đi?</p>{SENTENCE}", "Ai sẽ đi?"),
    ],
)
def test_the_title_is_found(page: str, title: str) -> None:
    assert composed(page)[0] == title


@pytest.mark.parametrize(
    ("page", "body", "code"),
    [
        ("<p><b>Mục</b></p><p>x.</p>", "## Mục\n\nx.\n", "intake-headings-made"),
        ("<p><b>Thưa ông, vì sao?</b></p><p>x.</p>", "**Thưa ông, vì sao?**\n\nx.\n", ""),
        ("<p>- Một;</p><p>- Hai.</p><p>x.</p>", "- Một;\n- Hai.\n\nx.\n", "intake-lists-made"),
        ("<p>3. Một</p><p>4. <b>Hai</b></p>", "3. Một\n4. **Hai**\n", "intake-lists-made"),
        ("<p>– Anh đi đâu?</p><p>– Tôi về.</p>", "– Anh đi đâu?\n\n– Tôi về.\n", ""),
        ("<p>- Một mình</p><p>x.</p>", "\\- Một mình\n\nx.\n", ""),
        (
            '<p><a href="/tin/a">xem</a> <a href="https://a.vn/">a</a></p>',
            "xem [a](https://a.vn/)\n",
            "intake-links-elsewhere",
        ),
        ("<p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p>x.</p>", "x.\n", "intake-letterhead"),
    ],
)  # fmt: skip
def test_what_is_meant_is_made_of_it_and_said(page: str, body: str, code: str) -> None:
    found = composed(f"<h1>Tin</h1>{page}")
    assert found == ("Tin", body, [code] if code else [])


def test_of_a_page_with_an_article_that_alone_is_taken() -> None:
    page = f"<nav><p>Trang chủ</p></nav><article><h1>Tin</h1>{SENTENCE}</article><footer><p>Chân trang</p></footer>"
    title, body, codes = composed(page)
    assert (title, codes) == ("Tin", ["intake-page-frame"])
    assert "Trang chủ" not in body
    assert "Chân trang" not in body


ROWS = (
    ("Tỉnh", "Ngày ký", "Giá trị"),
    ("Thái Nguyên", "12/11/2016", "500 tỷ đồng"),
    ("Hưng Yên", "20/11/2016", "chưa công bố"),
)


def table(*rows: tuple[str, ...]) -> str:
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def fields(page: str) -> dict[str, list[object]]:
    found = read(
        Given(name="a.html", data=f"<!doctype html>{page}".encode()), Wishes(rules=RULES, today=date(2017, 1, 31))
    )
    return {key: [one.value for one in some] for key, some in by_field(found.documents[0].proposals).items()}


def test_a_table_of_deals_is_read_as_a_spreadsheet_is() -> None:
    found = fields(f"<h1>Hai tỉnh đầu tiên</h1>{table(*ROWS)}")
    assert found["deals"] == [
        {"province": "Thái Nguyên", "date": "2016-11-12", "value": "500 tỷ đồng"},
        {"province": "Hưng Yên", "date": "2016-11-20", "value": "chưa công bố"},
    ]
    assert found["province"] == [("Thái Nguyên", "Hưng Yên")]
    assert found["date"] == ["2016-11-20"]
    assert "value" not in found
    assert fields(f"<h1>Tin</h1><p>Ngày 30/11/2016, hai tỉnh.</p>{table(*ROWS)}")["date"] == ["2016-11-30"]


@pytest.mark.parametrize(
    ("title", "provinces"),
    [
        ("Thái Nguyên ký đầu tiên", "Thái Nguyên"),
        ("Hưng Yên và Thái Nguyên cùng ký", ("Hưng Yên", "Thái Nguyên")),
        ("Hà Nội xem hai tỉnh ký", ("Thái Nguyên", "Hưng Yên")),
    ],
)
def test_the_provinces_of_a_table_are_those_that_the_title_names(title: str, provinces: object) -> None:
    assert fields(f"<h1>{title}</h1>{table(*ROWS)}")["province"] == [provinces]


@pytest.mark.parametrize(
    "rows",
    [
        (("Xã", "Trạm"), ("Sa Pa", "4")),
        (*ROWS[:2], ("Không Đâu", "20/11/2016", "1 tỷ đồng")),
        ROWS[:2],
    ],
)
def test_any_other_table_proposes_no_deals(rows: tuple[tuple[str, ...], ...]) -> None:
    assert "deals" not in fields(f"<h1>Tin</h1>{table(*rows)}")


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr>" + "<td colspan=100 rowspan=100>a" * 400,
        "<p>" + ". " * 100_000,
    ],
    ids=["cells", "dots"],
)
def test_a_page_made_to_take_for_ever_is_read_in_a_moment(page: str) -> None:
    """Before, each of them took minutes or all memory."""
    began = perf_counter()
    with suppress(Refused):
        fields(f"<h1>Tin</h1>{page}")
    assert perf_counter() - began < 30


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "- a\n" * 60_000),
        ("a.txt", ("\t".join(["a"] * 1000) + "\n") * 60),
        ("a.html", "<!doctype html><ul>" + "<li>a" * 20_000),
        ("a.html", "<!doctype html>" + "<blockquote><p>a</p><p>b</p></blockquote>" * 8_000),
    ],
    ids=["list", "tabs", "items", "quotations"],
)
def test_more_lines_and_cells_than_can_be_read_in_a_moment_are_refused(name: str, text: str) -> None:
    given = Given(name=name, data=f"{'' if name.endswith('html') else 'Tin'}\n\n{text}".encode())
    with pytest.raises(Refused) as fault:
        read(given, Wishes(rules=RULES, today=date(2017, 1, 31)))
    assert fault.value.code == "intake-too-many-lines"


def test_elements_that_nobody_has_closed_are_refused() -> None:
    with pytest.raises(Refused) as fault:
        fields("<div>" * 100_000)
    assert fault.value.code == "intake-damaged"
