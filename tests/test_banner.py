"""What the preview says of an item: how it stands with its readers, when, where and how much."""

from __future__ import annotations

from datetime import datetime

import pytest

from bulletin.preview.banner import banner, is_waiting, waiting_label
from tests.builders import VIETNAM, article, deals

NOW = datetime(2017, 1, 31, 8, tzinfo=VIETNAM)


def told(**keys: str) -> dict[str, list[str]]:
    """Return the lines of an item's banner by their names."""
    return {line.name: [part.text for part in line.parts] for line in banner(article(**keys), NOW, "vi").lines}


@pytest.mark.parametrize(
    ("keys", "visibility", "says"),
    [
        ({}, "published", "người đọc sẽ thấy bài này ở lần xuất bản tới"),
        ({"draft": "true"}, "draft", "bản nháp: người đọc chưa thấy bài này"),
        ({"draft": "true", "date": "2017-02-01"}, "draft", "bản nháp: người đọc chưa thấy bài này"),
        ({"date": "2017-02-01"}, "waiting", "người đọc thấy bài này từ 00:00 01/02/2017"),
        ({"publish": "2017-01-31 08:01"}, "waiting", "người đọc thấy bài này từ 08:01 31/01/2017"),
        ({"publish": "2017-01-31 08:00"}, "published", "người đọc sẽ thấy bài này ở lần xuất bản tới"),
        ({"expires": "2017-01-31"}, "archived", "bài đã hết hạn: người đọc chỉ còn gặp ở trang này, không thấy"),
    ],
)
def test_a_banner_says_how_an_item_stands_with_its_readers(keys: dict[str, str], visibility: str, says: str) -> None:
    found = banner(article(**keys), NOW, "vi")
    assert found.visibility == visibility
    assert found.says.startswith(says)


def test_a_day_is_told_with_its_weekday_and_in_words() -> None:
    assert told(date="08/12/2016")["ngày"] == ["Thứ Năm, ngày 08 tháng 12 năm 2016"]


def test_a_deal_is_told_in_digits_and_in_words() -> None:
    assert told(value="2.000 tỷ đồng")["thỏa thuận"] == [
        "Thái Nguyên, 25/12/2016: 2.000\xa0tỷ\xa0đồng (hai nghìn tỷ đồng)"
    ]
    assert told(value="2 tỷ đồng")["thỏa thuận"] == ["Thái Nguyên, 25/12/2016: 2\xa0tỷ\xa0đồng (hai tỷ đồng)"]
    assert told(value="gần 1,5 tỷ")["thỏa thuận"] == [
        "Thái Nguyên, 25/12/2016: gần\xa01,5\xa0tỷ\xa0đồng (gần một tỷ năm trăm triệu đồng)"
    ]
    assert told(value="chưa công bố")["thỏa thuận"] == ["Thái Nguyên, 25/12/2016: chưa công bố giá trị"]
    assert told()["thỏa thuận"] == ["không có"]


def test_each_deal_of_a_round_up_is_told() -> None:
    listed = deals(("Hưng Yên", "2016-11", "3 tỷ đồng"), ("Huế", "2016-12-20", "chưa công bố"))
    assert [line.partition(":")[0] for line in told(province="[Hưng Yên, Huế]", deals=listed)["thỏa thuận"]] == [
        "Hưng Yên, tháng 11/2016",
        "Thừa Thiên Huế, 20/12/2016",
    ]


def test_its_pages_can_be_gone_to() -> None:
    lines = {line.name: line.parts for line in banner(article(), NOW, "vi").lines}
    assert [part.url for part in lines["trang tỉnh, thành phố"]] == ["/tinh/thai-nguyen/"]
    assert [part.url for part in lines["trang tháng"]] == ["/thang/2016-12/"]


def test_when_it_appears_and_when_it_expires_is_told_where_it_is_said() -> None:
    found = told(publish="2017-02-01 08:00", expires="2017-03-01")
    assert (found["giờ đăng"], found["hết hạn"]) == (["08:00 01/02/2017"], ["01/03/2017"])
    assert not told().keys() & {"giờ đăng", "hết hạn"}


def test_only_what_waits_for_its_time_is_marked_in_lists() -> None:
    waiting = article(date="2017-02-01")
    assert is_waiting(waiting, NOW)
    assert not is_waiting(article(), NOW)
    assert waiting_label(waiting, NOW, "en") == "waits until 00:00 01/02/2017"
