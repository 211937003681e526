"""Plain texts are set as a careful sub-editor would, and nothing within a line changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.richtext import plain_text, written

LONG = "Sáng 25 tháng 12, tại Thái Nguyên, Tập đoàn Viettel và UBND tỉnh Thái Nguyên"


def markdown(text: str) -> str:
    return written(plain_text.read(text).blocks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Một\n\nHai", "Một\n\nHai"),
        ("Nội dung:\n• Một\n• Hai", "Nội dung:\n\n- Một\n- Hai"),
        ("–  Một\n– Hai\n- Ba", "- Một\n- Hai\n- Ba"),
        ("\xa0\xa0● Một\n\xa0\xa0● Hai", "- Một\n- Hai"),
        ("1) Một\n2) Hai\n3) Ba", "1. Một\n2. Hai\n3. Ba"),
        ("4. Một\n\n5. Hai", "4. Một\n5. Hai"),
        ("Tỉnh\tGiá trị\nHuế\t500 tỷ", "| Tỉnh | Giá trị |\n| --- | --- |\n| Huế | 500 tỷ |"),
        ("7h30: Đón khách\n8h00: Khai mạc", "7h30: Đón khách\n8h00: Khai mạc"),
        (f"{LONG}\nđã ký thỏa thuận hợp tác trị giá 2.000 tỷ đồng về thành phố\nthông minh.",
         f"{LONG} đã ký thỏa thuận hợp tác trị giá 2.000 tỷ đồng về thành phố thông minh."),
        (f"Tiêu đề ngắn\n{LONG * 3}\n{LONG * 2}", f"Tiêu đề ngắn\n\n{LONG * 3}\n\n{LONG * 2}"),
    ],
)  # fmt: skip
def test_lines_become_what_their_writer_meant(text: str, expected: str) -> None:
    assert markdown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "– Anh có mệt không? – cô hỏi.",  # one line of speech is no list
        "- 5 độ C",
        "25. 12. 2016",
        "2016. Thành lập\n2017. Mở rộng",
        "Họ tên:\tNguyễn Văn A",
        "“Chúng tôi\xa0mong muốn” – ông nói",
    ],
)
def test_what_only_looks_like_a_list_stays_a_paragraph(text: str) -> None:
    assert not plain_text.read(text).is_changed


def test_non_breaking_blanks_and_curly_quotes_stay() -> None:
    assert markdown("“Giá trị 2.000\xa0tỷ\xa0đồng”, ông nói…") == "“Giá trị 2.000\xa0tỷ\xa0đồng”, ông nói…"


def test_what_was_changed_is_counted() -> None:
    found = plain_text.read(f"• Một\n• Hai\n\nA\tB\nC\tD\n\n{LONG}\nhết.")
    assert (found.lists, found.tables, found.joined) == (1, 1, 1)
    assert found.is_changed
    assert not plain_text.read("Một\n\nHai\nBa").is_changed


@given(st.text(alphabet="ab1 .)-•–\t\n\r\xa0à", max_size=60))
def test_no_letter_is_lost_whatever_the_lines_are(text: str) -> None:
    """Signs of lists and tabs are replaced; letters and their order are not."""
    found = "".join(written(plain_text.read(text).blocks).split())
    assert [sign for sign in found if sign in "abà"] == [sign for sign in text if sign in "abà"]
