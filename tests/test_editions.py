"""Editions as values: the days that they cover, the items that they carry, what they remember."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from bulletin.build import Request, read_settings
from bulletin.build.reading import ReadSite, read_site
from bulletin.editions import Making, make, memory, parse_period, tree
from bulletin.problems import BuildFailed, Refused
from tests.builders import VIETNAM, item
from tests.pictures import photo
from tests.sites import write

NOW = datetime(2017, 1, 31, 8, tzinfo=VIETNAM)


def making(root: Path, period: str = "2016-12", province: str = "", now: datetime = NOW) -> Making:
    """Return the edition of a site, made as the command makes it."""
    return read_site(request_of(root, now), partial(made_of, root=root, period=period, province=province))


def request_of(root: Path, now: datetime = NOW) -> Request:
    return Request(root=root, output=root / "output", now=now, settings=read_settings(root))


def made_of(site: ReadSite, root: Path, period: str, province: str = "") -> Making:
    return make(site, root, parse_period(period), province)


def site(root: Path, **items: str) -> Path:
    """Return a site of items by the names of their files."""
    return write(root, {f"content/{name}.md": text for name, text in items.items()})


def titles(made: Making) -> list[str]:
    return [one.article.card.title for one in made.edition.items]


@pytest.mark.parametrize(
    ("typed", "first", "last", "name", "title"),
    [
        ("2016-12", date(2016, 12, 1), date(2016, 12, 31), "2016-12", "Tháng 12/2016"),
        ("2016-2", date(2016, 2, 1), date(2016, 2, 29), "2016-02", "Tháng 2/2016"),
        ("2016-W51", date(2016, 12, 19), date(2016, 12, 25), "2016-W51", "Tuần 51/2016 (19 – 25/12/2016)"),
        ("2020-w53", date(2020, 12, 28), date(2021, 1, 3), "2020-W53", "Tuần 53/2020 (28/12/2020 – 03/01/2021)"),
        (
            *("2016-12-01..2016-12-15", date(2016, 12, 1), date(2016, 12, 15)),
            *("2016-12-01--2016-12-15", "Ngày 01 – 15/12/2016"),
        ),
        ("2016-12-25..2016-12-25", date(2016, 12, 25), date(2016, 12, 25), "2016-12-25--2016-12-25", "Ngày 25/12/2016"),
    ],
)
def test_a_period_is_a_month_a_week_or_some_days(typed: str, first: date, last: date, name: str, title: str) -> None:
    period = parse_period(typed)
    assert (period.first, period.last, period.name) == (first, last, name)
    assert period.title == title


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "edition-period"),
        ("12/2016", "edition-period"),
        ("2016", "edition-period"),
        ("2016-12-25", "edition-period"),
        ("2016-12-01...2016-12-15", "edition-period"),
        ("2016-13", "edition-month"),
        ("2016-00", "edition-month"),
        ("2016-W53", "edition-week"),
        ("2016-W00", "edition-week"),
        ("1999-12", "edition-year"),
        ("2016-11-31..2016-12-02", "edition-day"),
        ("2016-12-15..2016-12-01", "edition-backwards"),
    ],
)
def test_any_other_period_is_refused_in_words(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_period(typed)
    assert refused.value.code == code


def test_an_edition_carries_what_readers_see_of_its_days(tmp_path: Path) -> None:
    root = site(
        tmp_path,
        a=item(title="Tháng Mười một", date="2016-11-30"),
        b=item(title="Đầu tháng", date="2016-12-01"),
        c=item(title="Cuối tháng", date="2016-12-31"),
        d=item(title="Nháp", draft="true"),
        e=item(title="Chờ", publish="2017-03-01 08:00"),
        f=item(title="Hết hạn", date="2016-12-01", expires="2017-01-01"),
    )
    assert titles(making(root)) == ["Cuối tháng", "Đầu tháng"]
    assert titles(making(root, "2016-12-01..2016-12-30")) == ["Đầu tháng"]
    assert titles(making(root, "2016-12", now=datetime(2016, 12, 15, tzinfo=VIETNAM))) == ["Đầu tháng", "Hết hạn"]


def test_items_stand_by_province_and_several_provinces_after_them(tmp_path: Path) -> None:
    root = site(
        tmp_path,
        a=item(title="Toàn quốc", province="Toàn quốc"),
        b=item(title="Hai tỉnh", province="[Hà Nội, Đà Nẵng]"),
        c=item(title="Huế", province="Thừa Thiên Huế"),
        d=item(title="Đà Nẵng", province="Đà Nẵng"),
    )
    made = making(root)
    assert [group.page.title for group in made.edition.groups] == [
        *("Đà Nẵng", "Thừa Thiên Huế", "Nhiều tỉnh, thành phố", "Toàn quốc"),
    ]


@pytest.mark.parametrize("spelling", ["Đà Nẵng", "da nang", "TP. Đà Nẵng", "ĐÀ NẴNG"])
def test_a_province_is_named_as_anywhere(tmp_path: Path, spelling: str) -> None:
    root = site(
        tmp_path,
        a=item(title="Hai tỉnh", province="[Hà Nội, Đà Nẵng]", date="2016-12-02"),
        b=item(title="Đà Nẵng", province="Đà Nẵng", value="5 tỷ đồng", date="2016-12-03"),
        c=item(title="Hà Nội", province="Hà Nội", value="7 tỷ đồng"),
    )
    made = making(root, "2016-12", spelling)
    assert sorted(titles(made)) == ["Hai tỉnh", "Đà Nẵng"]
    assert (made.edition.name, made.edition.title) == ("2016-12-da-nang", "Tháng 12/2016 · Đà Nẵng")
    assert made.edition.total.dong == 5_000_000_000


def test_a_province_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="province"):
        making(site(tmp_path, a=item()), "2016-12", "Đà Nẳng Xanh")


def test_after_the_mergers_a_new_province_has_the_news_of_the_old_ones(tmp_path: Path) -> None:
    root = site(tmp_path, a=item(title="Mới", province="Phú Thọ", date="2025-08-01"))
    assert titles(making(root, "2025-08", "Phú Thọ", datetime(2025, 9, 1, tzinfo=VIETNAM))) == ["Mới"]
    with pytest.raises(Refused):
        making(root, "2025-08", "Vĩnh Phúc")


def test_a_deal_that_names_its_month_alone_is_in_an_edition_of_the_whole_month(tmp_path: Path) -> None:
    listed = "\n  - province: Hà Nội\n    date: 2016-12\n    value: 5 tỷ"
    root = site(tmp_path, a=item(deals=listed))
    assert making(root).edition.total.count == 1
    assert making(root, "2016-12-02..2016-12-31").edition.total.count == 0


def test_an_error_in_content_stops_it(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed):
        making(site(tmp_path, a=item(), b=item(province="Không Có")))


def test_links_and_pictures_have_their_absolute_addresses(tmp_path: Path) -> None:
    body = '[bài kia](b.md), [báo](https://bao.example/?a=1&b=2)\n\n![Cầu](cau.png "Ảnh: Lan")\n'
    root = write(site(tmp_path, a=item(body, title="A"), b=item(title="B")), {"content/cau.png": photo()})
    (a,) = (one for one in making(root).edition.items if one.article.card.title == "A")

    def address(url: str) -> str:
        return f"https://bantin.example{url}"

    assert 'href="https://bantin.example/tin/2016/12/b/"' in tree.closed(a, address)
    root_node = tree.nodes(a, address)
    images = [node for node in root_node.walk() if node.tag == "img"]
    assert [image.attributes["alt"] for image in images] == ["Cầu"]
    assert list(tree.pictures(a, address)) == [images[0].attributes["src"]]
    assert "https://bao.example/?a=1&b=2" in [node.attributes.get("href", "") for node in root_node.walk()]


def test_a_picture_is_scaled_once(tmp_path: Path) -> None:
    root = write(
        site(tmp_path, a=item("![Cầu](cau.jpg)\n")), {"content/cau.jpg": photo(1, width=900, height=600, kind="JPEG")}
    )
    request = request_of(root)

    def sizes(_: int) -> list[int]:
        return read_site(
            request,
            lambda found: [
                len(found.pictures.jpeg(picture, width))
                for page in found.items
                for picture in page.links
                if not isinstance(picture, str)
                for width in (0, 300)
            ],
        )

    whole, small = sizes(1)
    assert small < whole
    assert sizes(2) == [whole, small]
    assert len(list((root / ".cache/pictures").glob("*-300.jpg"))) == 1


def test_the_next_edition_of_a_series_tells_what_was_corrected_since(tmp_path: Path) -> None:
    root = site(tmp_path, a=item(title="Cũ", value="2 tỷ"), b=item(title="Lặng lẽ"), c=item(title="Yên"))
    first = making(root)
    memory.remember(root, first.edition, first.told)
    note = "\n  - date: 2017-01-05\n    note: sửa số tiền"
    site(
        tmp_path,
        a=item(title="Mới", value="3 tỷ", updated=note),
        b=item("Câu khác.\n", title="Lặng lẽ"),
        d=item(title="Tháng Giêng", date="2017-01-10"),
    )
    (tmp_path / "content/c.md").unlink()
    second = making(root, "2017-01")
    assert titles(second) == ["Tháng Giêng"]
    (corrected,) = second.edition.corrections
    assert [note.note for note in corrected.notes] == ["sửa số tiền"]
    assert [(one.what, one.before, one.after) for one in corrected.changes] == [
        ("title", "Cũ", "Mới"),
        ("value", "2\u00a0tỷ\u00a0đồng", "3\u00a0tỷ\u00a0đồng"),
    ]
    assert [(one.path, one.code) for one in second.problems] == [("content/b.md", "edition-changed-silently")]
    # What was told once is not told again, and other readers are told nothing.
    memory.remember(root, second.edition, second.told)
    third = making(root, "2017-02")
    assert (third.edition.corrections, third.problems) == ((), ())
    assert making(root, "2017-W02").edition.corrections == ()
    assert making(root, "2017-01", "Thái Nguyên").edition.corrections == ()
    # The first edition made anew says what it said.
    assert making(root).edition.corrections == ()
    assert making(root, "2017-01").edition.corrections == second.edition.corrections


def test_what_was_sent_stays_told_though_the_files_are_made_anew(tmp_path: Path) -> None:
    root = site(tmp_path, a=item(value="2 tỷ"))
    sent = making(root)
    memory.remember(root, sent.edition, sent.told, sent=True)
    site(tmp_path, a=item(value="3 tỷ"))
    again = making(root)
    memory.remember(root, again.edition, again.told)
    (corrected,) = making(root, "2017-01").edition.corrections
    assert [one.after for one in corrected.changes] == ["3\u00a0tỷ\u00a0đồng"]


def test_the_memory_is_in_no_git_and_survives_a_lost_cache(tmp_path: Path) -> None:
    root = site(tmp_path, a=item())
    made = making(root)
    memory.remember(root, made.edition, made.told)
    assert (root / ".desk/.gitignore").read_text(encoding="utf-8") == "*\n"
    (root / ".desk/editions/2016-12.json").write_text("{", encoding="utf-8")
    with pytest.raises(BuildFailed) as failed:
        making(root, "2017-01")
    assert failed.value.problems[0].code == "edition-memory-damaged"
