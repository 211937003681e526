"""One hour of an editorial office: what readers have at eight, and what stands in content/ at nine."""

from __future__ import annotations

from pathlib import Path

from tests.builders import item
from tests.pictures import photo
from tests.sites import write

AT_EIGHT = "2024-05-20T08:00"
AT_NINE = "2024-05-20T09:00"
HANOI = "content/2024/2024-05-17-ha-noi-truong-hoc.md"
CABLE = "content/2024/2024-05-16-lao-cai-cap-treo.md"
SCHOOL = "content/2024/2024-05-10-can-tho-mam-non.md"
HARBOUR = "content/2024/2024-05-08-hai-phong-cang.md"
RENAMED, NAMED_ANEW = "content/2024/2024-05-06-tin-hue.md", "content/2024/2024-05-06-hue-ho-tro-nguoi-dan.md"
DELETED = "content/2024/2024-05-03-da-nang-thu-nghiem.md"
LINKING = "content/2024/2024-05-04-da-nang-tong-ket.md"

_OLD: dict[str, str | bytes] = {
    HANOI: item(
        "Sáng 17/5, Hà Nội khánh thành trường tiểu học thứ ba của quận. Trường có 28 phòng học.\n\n"
        "![Sân trường](truong.png)\n\nHọc sinh tựu trường ngày 5/9. Phụ huynh xem hướng dẫn ở cổng trường.\n",
        title="Hà Nội khánh thành trường tiểu học",
        province="Hà Nội",
        date="2024-05-17",
        author="Lê Thu An",
    ),
    CABLE: item(
        "Tuyến cáp treo dài 6,2 km nối thị xã với đỉnh núi. Nhà đầu tư góp 200 tỷ đồng.\n",
        title="Lào Cai ký thỏa thuận xây cáp treo",
        province="Lào Cai",
        date="2024-05-16",
        value="200 tỷ đồng",
    ),
    SCHOOL: item(
        "Cần Thơ mở hai lớp mầm non.\n", title="Cần Thơ mở lớp mầm non", province="Cần Thơ", date="2024-05-10"
    ),
    HARBOUR: item(
        "Bến số 3 đón tàu 50 nghìn tấn. Cảng làm việc cả ngày lễ.\n",
        title="Hải Phòng mở bến cảng số 3",
        province="Hải Phòng",
        date="2024-05-08",
        expires="2024-12-31",
    ),
    RENAMED: item(
        "Thành phố hỗ trợ người dân vùng ngập.\n",
        title="Huế hỗ trợ người dân",
        province="Thừa Thiên Huế",
        date="2024-05-06",
    ),
    DELETED: item("Bài đăng nhầm.\n", title="Đà Nẵng thử nghiệm xe buýt", province="Đà Nẵng", date="2024-05-03"),
    LINKING: item(
        "Tháng trước thành phố [thử nghiệm xe buýt](2024-05-03-da-nang-thu-nghiem.md).\n",
        title="Đà Nẵng tổng kết quý I",
        province="Đà Nẵng",
        date="2024-05-04",
    ),
    "content/2024/truong.png": photo(1, 400, 300),
}
_NEW: dict[str, str | bytes] = {
    HANOI: item(
        "Sáng 17/5, Hà Nội khánh thành trường tiểu học thứ hai của quận. Trường có 28 phòng học và một thư viện.\n\n"
        "![Sân trường](truong.png)\n\nHọc sinh tựu trường ngày 5/9.\n",
        title="Hà Nội khánh thành trường tiểu học thứ hai",
        province="Hà Nội",
        date="2024-05-17",
        author="Lê Thu An",
        updated="\n  - date: 2024-05-20\n    note: Bài trước ghi nhầm là trường thứ ba.",
    ),
    CABLE: str(_OLD[CABLE]).replace("value: 200 tỷ", "value: 2.000 tỷ").replace("góp 200 tỷ", "góp 2.000 tỷ"),
    SCHOOL: str(_OLD[SCHOOL]).replace("hai lớp mầm non.\n", "ba lớp mầm non.\n"),
    HARBOUR: str(_OLD[HARBOUR]).replace("cả ngày lễ.", "cả ngày lễ và chủ nhật."),
    NAMED_ANEW: str(_OLD[RENAMED]).replace("\n---\n", "\naliases: /tin/2024/05/tin-hue/\n---\n", 1),
    "content/2024/truong.png": photo(2, 400, 300),
    **{
        f"content/2024/2024-05-20-moi-{number}.md": item(
            f"Tin mới thứ {number} của buổi sáng.\n\nĐoạn thứ hai.\n",
            title=title,
            province=place,
            date="2024-05-20",
            value=value,
        )
        for number, (title, place, value) in enumerate(
            (
                ("Hà Nội khởi công cầu vượt", "Hà Nội", "1,5 tỷ đồng"),
                ("Quảng Ninh đón chuyến tàu đầu tiên", "Quảng Ninh", None),
                ("Nghệ An trồng rừng ven biển", "Nghệ An", None),
                ("Bình Dương ký thỏa thuận khu công nghiệp", "Bình Dương", "khoảng 850 tỷ đồng"),
                ("An Giang thu hoạch lúa hè thu", "An Giang", None),
            ),
            1,
        )
    },
    "content/2024/2024-05-20-hop-bao.md": item(
        "Họp báo công bố kết quả quý.\n",
        title="Họp báo công bố kết quả quý",
        province="Toàn quốc",
        date="2024-05-20",
        event="22/05/2024 9:00 – 10:30",
        place="Hội trường lớn",
    ),
}


def at_eight(root: Path) -> Path:
    """Write what readers have."""
    return write(root, _OLD)


def until_nine(root: Path) -> None:
    """Do what the office does in that hour."""
    for path in (RENAMED, DELETED):
        (root / path).unlink()
    write(root, _NEW)
