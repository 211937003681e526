"""Makes news items for measurements: `python -m bench.items 10000 FOLDER`. The same number gives the same bytes.

The texts are made up of stock phrases: about 3 kB of Vietnamese with real Markdown, from 63 provinces and 120 months.
Every generator is given the same `News`, each in its own form of header.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bulletin.vietnamese import provinces, slug

FIRST_DAY = date(2015, 1, 1)
LAST_DAY = date(2024, 12, 20)
"""120 months, all of them of the 63, with room in the last one for items that come later."""
LATER = (date(2024, 12, 31) - LAST_DAY).days
"""How many items may come after the `count` of a site, a day each."""

SUBJECTS = (
    "Chi nhánh tại địa phương",
    "Tổ công tác của tỉnh",
    "Đội ngũ kỹ thuật",
    "Trung tâm điều hành",
    "Bộ phận một cửa",
    "Nhóm triển khai",
    "Các sở, ngành",
    "Phòng chăm sóc khách hàng",
)
DEEDS = (
    "đã hoàn thành việc khảo sát hạ tầng",
    "đưa vào vận hành hệ thống dịch vụ công trực tuyến",
    "tập huấn cho cán bộ các huyện và các xã",
    "bàn giao phần mềm quản lý văn bản",
    "rà soát quy trình tiếp nhận phản ánh của người dân",
    "mở rộng vùng phủ sóng tới các điểm trường",
    "thử nghiệm camera giám sát giao thông",
    "chuẩn hóa dữ liệu dân cư để dùng chung",
)
ENDS = (
    "trước thời hạn đã cam kết",
    "theo kế hoạch của quý này",
    "với sự phối hợp của các đơn vị liên quan",
    "sau hai tháng chuẩn bị kỹ lưỡng",
    "và nhận được phản hồi tích cực từ người dùng",
    "nhờ cách làm thống nhất giữa các địa bàn",
    "trong khuôn khổ chương trình hợp tác",
    "để người dân và doanh nghiệp giảm thời gian đi lại",
)
TOPICS = (
    "Khai trương trung tâm điều hành thông minh",
    "Tập huấn kỹ năng số cho cán bộ xã",
    "Hoàn thành số hóa hồ sơ một cửa",
    "Mở rộng mạng lưới tại vùng sâu, vùng xa",
    "Ký thỏa thuận hợp tác về công nghệ thông tin",
    "Đưa dịch vụ công trực tuyến tới người dân",
    "Tổng kết đợt ra quân cuối năm",
    "Giới thiệu giải pháp quản lý giáo dục",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One item, before it takes any generator's form."""

    path: str
    """Below the folder of the items: `2016/2016-12-25-ten-bai-4023.md`."""
    title: str
    province: str
    """Its name on the day."""
    day: date
    value: str
    """Empty if the item is no deal."""
    body: str
    """Markdown."""


def write_items(folder: Path, count: int) -> None:
    """Write `count` items below the folder's content/, a subfolder a year."""
    for number in range(count):
        path, text = item(number, count)
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def item(number: int, count: int) -> tuple[str, str]:
    """Return the path below content/ and the text of the n-th of `count` items, in this product's own form."""
    found = news(number, count)
    return found.path, own_header(found) + found.body


def own_header(found: News) -> str:
    lines = [f"title: {found.title}", f"province: {found.province}", f"date: {found.day}"]
    if found.value:
        lines.append(f"value: {found.value}")
    return "---\n" + "\n".join(lines) + "\n---\n"


def news(number: int, count: int) -> News:
    """Return the n-th of `count` items, spread evenly in time; from the count-th on each is a day newer."""
    chance = random.Random(number)  # noqa: S311 - not for secrets
    unit = provinces.units(63)[number % 63]
    day = _day(number, count)
    title = f"{chance.choice(TOPICS)} tại {unit.name_on(day)}"
    value = ""
    if number % 10 == 0:
        value = f"{chance.randint(1, 900)} tỷ đồng" if number % 20 else "chưa công bố"
    return News(
        path=f"{day.year}/{day}-{slug(title)}-{number}.md",
        title=title,
        province=unit.name_on(day),
        day=day,
        value=value,
        body=_body(chance),
    )


def _day(number: int, count: int) -> date:
    if number >= count:
        return LAST_DAY + timedelta(days=number - count + 1)
    return FIRST_DAY + timedelta(days=number * (LAST_DAY - FIRST_DAY).days // count)


def _body(chance: random.Random) -> str:
    parts = [
        _paragraph(chance, 3),
        _paragraph(chance, 3),
        f"## {chance.choice(DEEDS).capitalize()}",
        _paragraph(chance, 3),
        "\n".join(f"- **{chance.choice(SUBJECTS)}** {chance.choice(DEEDS)};" for _ in range(4)),
        f"> {_sentence(chance)}",
        f"## {chance.choice(ENDS).capitalize()}",
        _paragraph(chance, 2) + "[^1]",
        _table(chance),
        _paragraph(chance, 3) + " Xem thêm [trang hướng dẫn](https://example.com/huong-dan) và *tài liệu kèm theo*.",
        f"[^1]: {_sentence(chance)}",
    ]
    return "\n\n".join(parts) + "\n"


def _paragraph(chance: random.Random, sentences: int) -> str:
    return " ".join(_sentence(chance) for _ in range(sentences))


def _sentence(chance: random.Random) -> str:
    # The number keeps sentences apart: a text that repeats would reward whoever remembers texts, not whoever is quick.
    places = f"tại {chance.randint(2, 9999)} điểm"
    return f"{chance.choice(SUBJECTS)} {chance.choice(DEEDS)} {places} {chance.choice(ENDS)}."


def _table(chance: random.Random) -> str:
    rows = "\n".join(f"| {chance.choice(SUBJECTS)} | {chance.randint(1, 400)} |" for _ in range(4))
    return f"| Đơn vị | Số điểm |\n|:--|--:|\n{rows}"


if __name__ == "__main__":
    write_items(Path(sys.argv[2]), int(sys.argv[1]))
