"""What `check` asks an editor to look at again: amounts, double entries, titles, dates, pictures, lost pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.items.alt_text import says_nothing
from bulletin.model import Article
from bulletin.pages import editorial
from tests.builders import article, codes, compiled, item
from tests.sites import REPOSITORY, build, run, sample_site, write


def told(*articles: Article) -> list[tuple[str, str]]:
    return [(found.code, found.path) for found in editorial.warnings(articles)]


def deal(number: int, value: str, province: str = "Thái Nguyên") -> Article:
    title = f"Thỏa thuận số {number}"
    return article(
        path=f"content/{number}.md", title=title, value=value, province=province, date=f"2016-12-{number:02}"
    )


SOME = [deal(number, f"{number * 100} tỷ") for number in range(1, 7)]


@pytest.mark.parametrize(
    ("value", "is_told"),
    [("400 triệu", True), ("300.000 tỷ", True), ("2 tỷ", False), ("80.000 tỷ", False), ("chưa công bố", False)],
)
def test_an_amount_far_from_the_usual_of_its_province_is_told(value: str, *, is_told: bool) -> None:
    assert told(*SOME, deal(9, value)) == [("amount-unusual", "content/9.md")] * is_told


def test_the_line_is_that_of_the_value() -> None:
    (found,) = editorial.warnings([*SOME, deal(9, "400 triệu")])
    assert found.line == 5
    assert dict(found.words) == {"found": "400\xa0triệu\xa0đồng", "usual": "300\xa0tỷ"}


def test_with_few_amounts_nothing_is_usual() -> None:
    assert told(*SOME[:4], deal(9, "400 triệu")) == []


def test_a_province_with_few_deals_is_held_against_all() -> None:
    stranger = deal(20, "400 triệu", province="Bình Phước")
    assert told(*SOME, stranger) == []
    others = [deal(number, f"{500 + number} tỷ", province="Hải Dương") for number in range(7, 13)]
    assert told(*SOME, *others, stranger) == [("amount-unusual", "content/20.md")]


def test_a_deal_that_many_items_tell_of_counts_once() -> None:
    same = [article(path=f"content/x{n}.md", title=f"Tin {n}", value="2 tỷ", date="2016-12-20") for n in range(20)]
    assert told(*SOME, *same) == []


@pytest.mark.parametrize(
    ("title", "day", "province", "is_told"),
    [
        ("Viettel ký kết với tỉnh Thái Nguyên", "2016-12-25", "Thái Nguyên", True),
        ("VIETTEL ký kết với tỉnh Thái Nguyên", "2016-12-27", "Thái Nguyên", True),
        ("Viettel ký kết với tỉnh Thái Nguyên", "2016-12-29", "Thái Nguyên", False),
        ("Viettel ký kết với tỉnh Thái Nguyên", "2016-12-25", "Huế", False),
        ("Viettel bàn giao cho tỉnh Thái Nguyên", "2016-12-25", "Thái Nguyên", False),
        ("Viettel ký kết với tỉnh Thái Nguyên lần 2", "2016-12-25", "Thái Nguyên", False),
    ],
)
def test_one_news_entered_twice_is_told(title: str, day: str, province: str, *, is_told: bool) -> None:
    first = article(path="content/a.md", title="Viettel ký kết với tỉnh Thái Nguyên", province="[Thái Nguyên, Hà Nội]")
    compiled_second = compiled(item(title=title, date=day, province=province), "content/b.md").article
    assert compiled_second is not None
    assert told(first, compiled_second) == [("looks-double", "content/b.md")] * is_told


def test_a_double_of_several_provinces_is_told_once() -> None:
    both = [article(path=f"content/{name}.md", title="Một tin", province="[Huế, Hà Nội]") for name in "ab"]
    assert told(*both) == [("looks-double", "content/b.md")]


def test_titles_without_latin_letters_are_compared_as_they_are() -> None:
    pair = [article(path=f"content/{name}.md", title=title) for name, title in (("a", "東京"), ("b", "大阪"))]
    assert ("looks-double", "content/b.md") not in told(article(path="content/c.md", title="東"), *pair[:1])


@pytest.mark.parametrize(
    ("title", "is_told"),
    [
        ("VIETTEL KÝ KẾT VỚI THÁI NGUYÊN", True),
        ("Viettel ký kết với Thái Nguyên", False),
        ("VNPT, FPT, TP.HCM", False),
        ("UBND TP.HCM và VNPT ký kết", False),
    ],
)
def test_a_title_in_capitals_is_told(title: str, *, is_told: bool) -> None:
    one = article(path="content/a.md", title=title, province="[Thái Nguyên, TP.HCM]")
    assert told(one) == [("title-in-capitals", "content/a.md")] * is_told


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("2016-12-20-tin.md", False),
        ("2016-12-11.md", False),
        ("2016-12-10-tin.md", True),
        ("2015-12-25-tin.md", True),
        ("2016-13-45-tin.md", False),
        ("tin.md", False),
    ],
)
def test_a_date_far_from_the_files_name_is_told(name: str, *, is_told: bool) -> None:
    path = f"content/2016/{name}"
    assert told(article(path=path, slug="tin")) == [("date-far-from-name", path)] * is_told


@pytest.mark.parametrize("text", ["IMG_1234", "le-ky.jpg", "ảnh", "Hình 2", "Ảnh (3)", "DSC-0042.JPG", "2016-12-25"])
def test_words_that_say_nothing_of_a_picture_are_known(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["Lễ ký", "Ảnh: lễ ký", "Bản đồ 5G", "Hình vẽ trạm gốc"])
def test_words_that_say_something_are_left_alone(text: str) -> None:
    assert not says_nothing(text)


def test_a_picture_with_empty_words_is_told() -> None:
    made = compiled(item("![IMG_0001](a.jpg)", image="a.jpg", image_alt="Ảnh 1"))
    assert codes(made.problems) == ["picture-alt-says-nothing"] * 2


def test_what_needs_other_items_is_told_by_check_alone(tmp_path: Path) -> None:
    twice = {f"content/{name}.md": item(title="Một tin như nhau") for name in "ab"}
    root = write(tmp_path, twice | {"content/nhap.md": item(title="Một tin như nhau", draft="true")})
    assert run(root, "check", "--format", "json").codes == ["looks-double"] * 2
    assert run(root, "check", "--strict").code == 1
    assert build(root).codes == []


def test_a_page_that_no_page_leads_to_is_told_by_check(tmp_path: Path) -> None:
    old = {"title": "Cũ", "date": "2016-01-02", "expires": "2016-02-01", "aliases": "[/cu/]"}
    root = write(tmp_path, {"content/a.md": item(), "content/b.md": item(**old)})
    assert run(root, "check", "--format", "json").codes == [], "archived items and old urls are found by who knows them"
    field = (REPOSITORY / "templates/_search_field.html").read_text("utf-8")
    write(root, {"templates/_search_field.html": field.replace("link(urls.SEARCH)", "link(urls.HOME)")})
    (found,) = run(root, "check", "--format", "json").json["problems"]
    assert (found["path"], found["code"]) == ("output/tim-kiem/index.html", "page-unreachable")
    assert build(root).codes == []


def test_the_sample_has_nothing_to_look_at_again(tmp_path: Path) -> None:
    assert run(sample_site(tmp_path), "check", "--format", "json").codes == []
