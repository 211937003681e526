"""Titles, headings, captions, lists and links of texts that come from elsewhere, whatever program wrote them."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.intake import Given, Wishes, read
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
