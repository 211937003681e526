"""Headers that the bulletin writes itself are read as they were meant, whatever a text holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.items import decode, header
from bulletin.model import Source
from bulletin.problems import Refused
from bulletin.vietnamese import clean
from tests.builders import RULES, compiled

HOSTILE = (
    *("Viettel: ký kết", "#5G về bản", "Giải pháp #1", "Tin # một", "- 500 tỷ", "-", "---", "? hỏi", ": hai chấm"),
    *("[Tin nóng] ký kết", "{a: b}", "*nghiêng*", "&neo", "!!python/object", "%YAML 1.2", "@tên", "`mã`", "| khối"),
    *("> trích", "no", "true", "2016-12-25", "010", "1:30", "=", "<<", '"', "'", "\\", '\\"', "''", '""'),
    *("Đắk R'Lấp", 'Dự án "Thành phố thông minh"', """"Đắk R'Lấp" và 'Huế'""", "a\\", "cuối:", "a, b", "]", "a]b", "}"),
    *(
        "“Bản tin”",
        "Tuyên bố… ",
        "  nhiều   dấu cách  ",
        "a\tb",
        "dòng\nhai",
        "«giá»",
        "🎉",
        "東京",
        "a" * 3000,
        "CON",
        "THÁI:NGUYÊN",
        "lpt1",
        "a b" * 200,
    ),
)


def assert_read_as_meant(title: str) -> None:
    text = header({"title": title, "province": ["Đắk Lắk", "Thừa Thiên Huế"], "date": "2016-12-25"})
    made = compiled(f"{text}Bài.\n", rules=RULES)
    # A title may well name a province by chance («THÁI:NGUYÊN»): that is asked about, and changes nothing.
    assert {found.code for found in made.problems} <= {"title-names-other-province"}
    assert made.article is not None
    assert made.article.card.title == title
    assert [place.name for place in made.article.card.places] == ["Đắk Lắk", "Thừa Thiên Huế"]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_read_as_it_was_meant(title: str) -> None:
    assert_read_as_meant(clean(title))


@settings(max_examples=150)
@given(st.text(min_size=1, max_size=30) | st.text(alphabet="\"'\\:#-?[]{},&*!|>%@`~= ađ\n", min_size=1, max_size=12))
def test_any_title_is_read_as_it_was_meant_or_refused(text: str) -> None:
    title = clean(text)
    if title.lower() in {"", "~", "null"} or not isinstance(decode("", title.encode(errors="surrogatepass")), Source):
        return
    assert_read_as_meant(title)


def test_a_plain_title_is_written_plainly() -> None:
    assert header({"title": "Viettel ký kết với Thái Nguyên"}) == "---\ntitle: Viettel ký kết với Thái Nguyên\n---\n\n"


@pytest.mark.parametrize("text", ["một\x00hai", "null", "~", "dòng\nhai"])
def test_what_no_header_can_hold_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="new-unwritable"):
        header({"title": text})
