"""Tests of proposals: what is read from a text, with its sentence; what must not be guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.intake.proposals import proposed
from bulletin.intake.values import Passage, Proposal, Wishes
from bulletin.settings import Settings
from bulletin.vietnamese import nfc

TODAY = date(2017, 1, 10)
RULES = Settings().item_rules


def read(text: str, title: str = "", today: date = TODAY) -> tuple[Proposal, ...]:
    passages = [Passage(text=line, line=number) for number, line in enumerate(text.split("\n"), 1)]
    return proposed(title, passages, Wishes(rules=RULES, today=today))


def values(text: str, field: str, title: str = "", today: date = TODAY) -> list[object]:
    return [proposal.value for proposal in read(text, title, today) if proposal.field == field]


def test_a_whole_item_is_read_with_the_sentences_that_say_so() -> None:
    title = "Viettel và UBND tỉnh Thái Nguyên hợp tác xây dựng thành phố thông minh"
    text = (
        "Sáng 25/12, tại TP. Thái Nguyên, hai bên ký thỏa thuận hợp tác.\n"
        "Ông A. nói: «Rất mừng». Thỏa thuận trị giá 2.000 tỷ đồng, kéo dài 5 năm. Lễ ký có 200 đại biểu."
    )
    assert read(text, title) == (
        Proposal(field="province", value="Thái Nguyên", sentence=title, place="tiêu đề"),
        Proposal(field="date", value="2016-12-25", sentence=text.partition("\n")[0], place="dòng 1"),
        Proposal(
            field="value",
            value="2.000 tỷ đồng",
            sentence="Thỏa thuận trị giá 2.000 tỷ đồng, kéo dài 5 năm.",
            place="dòng 2",
        ),
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("ngày 25/12/2016", ["2016-12-25"]),
        ("Ngày 25 tháng 12 năm 2016, hai bên", ["2016-12-25"]),
        ("25.12.2016", ["2016-12-25"]),
        ("25-12-2016", ["2016-12-25"]),
        ("(2016-12-25)", ["2016-12-25"]),
        ("sáng 25 tháng 12", ["2016-12-25"]),
        ("Hôm nay (25/12), hai bên", ["2016-12-25"]),
        ("thứ Năm, ngày 5/1", ["2017-01-05"]),
        ("chiều nay 25/12", []),
        ("hôm qua", []),
        ("trực 24/7, 1/3 dân số, điểm 9/10", []),
        ("ngày 15/1", ["2016-01-15"]),
        ("ngày 25/12/2026", []),
        ("ngày 30/02/2016", []),
        ("ngày 25/12/1916", []),
        ("Nghị quyết 36a/NQ-CP ngày 14/10/2015 của Chính phủ", []),
        ("theo Quyết định số 12/QĐ-UBND, ngày 3/3/2016", []),
        ("từ ngày 1/1/2016 đến ngày 31/12/2016", []),
        ("từ 20-25/12/2016", []),
        ("kể từ ngày 01/11/2016", []),
        ("trước ngày 5/1/2017", []),
        ("tính đến 30/11/2016, ba tỉnh đã ký. Ngày 25/12/2016 thêm một tỉnh", ["2016-12-25"]),
        ("ngày 20/12/2016 và ngày 25/12/2016", ["2016-12-20", "2016-12-25"]),
        ("ngày 20/12/2016. Nói lại: ngày 20-12-2016", ["2016-12-20"]),
        ("Năm 2015. Ngày 20/12/2015 rồi sáng 25/12", ["2015-12-20", "2015-12-25"]),
    ],
)
def test_days(text: str, days: list[str]) -> None:
    assert values(text, "date") == days


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        ("Ký kết với Phú Yên", "Trước đó Đà Nẵng và Hải Dương đã ký.", ["Phú Yên", "Đà Nẵng", "Hải Dương"]),
        ("Ký kết với Phú Yên", "Phú Yên ký. Trước đó Đà Nẵng và Hải Dương đã ký.", ["Phú Yên"]),
        ("Ký kết", "Lễ ký tại Phú Yên.", ["Phú Yên"]),
        ("Ký kết", "Phú Yên, Đà Nẵng và Hải Dương đã ký.", ["Phú Yên", "Đà Nẵng", "Hải Dương"]),
        ("Ký kết", "Hà Nội, ngày 25/12/2016\nLễ ký ở Phú Yên.", ["Phú Yên"]),
        ("Ký kết", "(Hà Nội) – Lễ ký ở Phú Yên.", ["Phú Yên"]),
        ("Ký kết", "vì hòa bình và thái bình", []),
        ("Hà Nội", "", ["Hà Nội"]),
    ],
)
def test_provinces(title: str, text: str, names: list[str]) -> None:
    assert values(text, "province", title) == names


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Hai bên ký hợp đồng trị giá 2.000 tỷ đồng.", ["2.000 tỷ đồng"]),
        ("Thỏa thuận có tổng giá trị gần 2 nghìn 500 tỷ đồng.", ["gần 2 nghìn 500 tỷ đồng"]),
        ("Thỏa thuận có tổng giá trị 1.500 nghìn 500 tỷ đồng.", []),
        ("Thỏa thuận có tổng giá trị gần 2,5 nghìn tỷ đồng.", ["gần 2,5 nghìn tỷ đồng"]),
        ("Hợp đồng trị giá 500.000.000 đồng", ["500.000.000 đồng"]),
        ("Ký thỏa thuận trị giá 1 tỷ 500 triệu đồng", ["1 tỷ 500 triệu đồng"]),
        ("Ký thỏa thuận trị giá hơn 500 tỷ.", ["hơn 500 tỷ"]),
        ("Hợp tác với tổng ngân sách 300 tỷ đồng.", []),
        ("Công ty có vốn điều lệ 1.000 tỷ đồng ký hợp đồng.", []),
        ("Đối tác có doanh thu 3.000 tỷ đồng ký hợp đồng trị giá 20 tỷ đồng.", ["20 tỷ đồng"]),
        ("Hai bên ký kết; dự toán của tỉnh là 40 tỷ đồng.", []),
        ("Ký thỏa thuận trị giá 20 triệu USD.", []),
        ("Ký thỏa thuận trị giá 500-700 tỷ đồng.", []),
        ("Ký thỏa thuận trị giá từ 500 đến 700 tỷ đồng.", []),
        ("Ký thỏa thuận trị giá 100 tỷ đồng/năm.", []),
        ("Ký thỏa thuận phục vụ 2 triệu hộ dân.", []),
        ("Ký thỏa thuận trị giá 1.5 tỷ đồng.", []),
        ("Giá nhà ở đây trị giá 5 tỷ đồng.", []),
        ("Ký hợp đồng trị giá 20 tỷ đồng. Hợp đồng sau trị giá 30 tỷ đồng.", ["20 tỷ đồng", "30 tỷ đồng"]),
    ],
)
def test_amounts(text: str, amounts: list[str]) -> None:
    assert values(text, "value") == amounts


def test_a_round_up_is_read_as_deals() -> None:
    text = (
        "Ngày 20/12/2016, Bình Phước ký thỏa thuận trị giá 100 tỷ đồng.\n"
        "Ngày 25/12/2016, Thái Nguyên ký thỏa thuận trị giá 2.000 tỷ đồng. Như vậy hợp đồng với Thái Nguyên trị giá "
        "2.000 tỷ đồng là lớn nhất."
    )
    assert values(text, "deals") == [
        {"province": "Bình Phước", "date": "2016-12-20", "value": "100 tỷ đồng"},
        {"province": "Thái Nguyên", "date": "2016-12-25", "value": "2.000 tỷ đồng"},
    ]
    assert not values(text, "value")


def test_two_deals_of_one_sentence_are_told_apart_by_its_parts() -> None:
    text = "Năm nay tập đoàn ký hợp đồng với Huế trị giá 20 tỷ đồng, với Đà Nẵng trị giá 30 tỷ đồng."
    rows = values(text, "deals")
    assert rows == [
        {"province": "Thừa Thiên Huế", "value": "20 tỷ đồng"},
        {"province": "Đà Nẵng", "value": "30 tỷ đồng"},
    ]


def test_an_amount_of_another_province_is_not_that_of_the_item() -> None:
    title, text = "Thêm Huế ký kết", "Huế ký thỏa thuận.\nTrước đó Thái Nguyên ký hợp đồng trị giá 2.000 tỷ đồng."
    assert not values(text, "value", title)
    both = f"{text} Phú Yên ký hợp đồng trị giá 5 tỷ đồng."
    assert not values(both, "deals", title)
    assert len(values(both, "deals", "Các tỉnh ký kết")) == 2


def test_an_amount_without_a_province_makes_no_round_up() -> None:
    text = "Huế ký hợp đồng trị giá 20 tỷ đồng.\nMột hợp đồng khác trị giá 30 tỷ đồng."
    assert not values(text, "deals")
    assert values(text, "value") == ["20 tỷ đồng", "30 tỷ đồng"]


PARTS = st.sampled_from(
    [
        *("Hà Nội", "TP. Huế", "Đà Nẵng", "ký kết", "thỏa thuận", "trị giá", "2.000 tỷ đồng", "gần 5 tỷ", "ngân sách"),
        *(
            "ngày 25/12/2016",
            "sáng 3/1",
            "Ông A.",
            ".",
            "! ",
            "; ",
            ", ",
            "(",
            ")",
            " – ",
            "ﬁ",
            "İ",
            "e\u0301",
            "\n",
            "Ở",
        ),
    ]
)


@given(st.lists(PARTS, max_size=25).map(" ".join), st.lists(PARTS, max_size=5).map(" ".join))
def test_a_sentence_stands_in_the_text(text: str, title: str) -> None:
    for proposal in read(text, title.replace("\n", " ")):
        lines = nfc(text).split("\n")
        source = nfc(title) if proposal.place == "tiêu đề" else lines[int(proposal.place.removeprefix("dòng ")) - 1]
        assert proposal.sentence.removesuffix("…") in source.replace("\n", " ")
        if isinstance(proposal.value, str) and proposal.field == "value":
            assert proposal.value in proposal.sentence


def test_a_long_text_takes_no_time() -> None:
    text = "Ngày 25/12/2016 Huế ký hợp đồng trị giá 20 tỷ đồng, " * 3000
    assert len(read(text)) == 3
