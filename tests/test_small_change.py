"""A site on which people work: after any row of edits it is as a fresh one. Small ones plan no more than they touch."""

from __future__ import annotations

import os
import random
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from bulletin.build import Report, output_files, planning, read_settings
from bulletin.build import build as make
from bulletin.build.requests import hear_nothing
from bulletin.items import decode
from bulletin.model import Source
from bulletin.pages import feeds, list_pages, plan
from bulletin.preview import Preview
from bulletin.publishing import Publisher
from bulletin.urls import path_of
from tests.builders import deals, item
from tests.pictures import photo
from tests.sites import Ran, build, snapshot, write
from tests.test_incremental import wait_a_tick

ROWS = int(os.environ.get("BULLETIN_ROWS", "2"))
"""Rows of edits of each size."""
EDITS = 6
SETTINGS = '[tool.bulletin]\ncategories = ["Ký kết", "Góc nhìn", "Ky ket"]\nitems_per_page = 3\n'
CLOCK = "2017-03-15T08:00"
PLACES = ("Hà Nội", "Huế", "[Hà Nội, Huế]", "Toàn quốc", "Bình Phước", "Thái Nguyên")
NAMES_OF_PROVINCES = ("Hà Nội", "Huế", "Bình Phước", "Thái Nguyên", "Cà Mau", "Hưng Yên")
Keys = dict[str, str | None]


class Newsroom:
    """People who edit a site of many items, by chance."""

    def __init__(self, root: Path, items: int, chance: random.Random) -> None:
        self.root = root
        self.chance = chance
        self.items = 0
        self.photos = 0
        self.keys: dict[str, Keys] = {}
        self.bodies: dict[str, str] = {}
        write(root, {"pyproject.toml": SETTINGS, "content/anh.png": photo(1), "content/tep.pdf": b"%PDF-1.4"})
        for _ in range(items):
            self.add()

    def add(self) -> None:
        self.items += 1
        name = f"{self.items:03}-{self.chance.choice('abc')}"
        self.keys[name] = {"title": f"Tin {name}", **self._some_keys()}
        self.bodies[name] = self._body()
        self.save(name)

    def edit_text(self) -> None:
        name = self._any()
        self.bodies[name] += f"\n\nThêm {self.chance.randint(0, 99)}.\n"
        self.save(name)

    def edit_beginning(self) -> None:
        """Change what lists show of an item, too."""
        name = self._any()
        self.bodies[name] = self._body()
        self.save(name)

    def edit_header(self) -> None:
        name = self._any()
        self.keys[name] |= dict(self.chance.sample(sorted(self._some_keys().items()), 3))
        self.save(name)

    def edit_title(self) -> None:
        name = self._any()
        self.keys[name]["title"] = f"{self.chance.choice(('An', 'Ánh', 'Zalo'))} {name}"
        self.save(name)

    def edit_amount(self) -> None:
        name = self._any()
        self.keys[name]["value"] = f"{self.chance.randint(1, 3)} tỷ đồng"
        self.keys[name]["province"] = self.chance.choice(("Hà Nội", "Huế", "Bình Phước"))
        self.save(name)

    def touch(self) -> None:
        (self.root / f"content/{self._any()}.md").touch()

    def delete(self) -> None:
        name = self._any()
        (self.root / f"content/{name}.md").unlink()
        del self.keys[name]

    def _any(self) -> str:
        return self.chance.choice(sorted(self.keys))

    def _some_keys(self) -> Keys:
        def one_of(*values: str | None) -> str | None:
            return self.chance.choice(values)

        province = self.chance.choice(PLACES)
        is_deal = province in {"Hà Nội", "Huế", "Bình Phước", "Thái Nguyên"}
        month = self.chance.choice(("2016-10", "2016-12", "2017-01", "2017-02"))
        expires = one_of(None, None, None, None, "2017-03-01")
        return {
            "province": province,
            "date": f"{month}-{self.chance.randint(1, 28):02}",
            "value": one_of(None, None, "1 tỷ đồng", "gần 2 tỷ đồng", "chưa công bố") if is_deal else None,
            "category": one_of(None, "Ký kết", "Góc nhìn", "Ky ket"),
            "tags": one_of(None, None, "[một]", "[hai, ba]", "[Một, hiếm]"),
            "author": one_of(None, "An", "Bình", "[An, Bình]"),
            "event": one_of(None, None, None, "2017-03-20", "2017-01-05 8:00 – 9:30"),
            "pinned": one_of(None, None, None, None, "true"),
            "expires": expires,
            # An item that expires before it appears is an error.
            "publish": None if expires else one_of(None, None, None, None, "2017-04-01 8:00"),
            "draft": one_of(None, None, None, None, None, "true"),
            "updated": one_of(None, None, None, "\n  - date: 2017-02-20\n    note: Sửa số"),
            "summary": one_of(None, "Tóm tắt"),
        }

    def _body(self) -> str:
        words = f"Số {self.chance.randint(0, 99)}."
        ends = (
            "",
            "\n\n## Mục\n\nChữ.",
            "\n\n![Lễ ký](/anh.png)",
            f"\n\n![Lễ ký](/{self.photograph()})" if self.chance.random() < 1 / 8 else "",
            "\n\n[tệp](/tep.pdf)",
            "\n\n[tháng](/thang/2016-12/)",
        )
        return words + self.chance.choice(ends)

    def photograph(self) -> str:
        """Put a new picture into content/; return its name."""
        self.photos += 1
        folder = self.chance.choice(("", "anh/"))
        write(self.root, {f"content/{folder}{self.photos}.png": photo(self.photos)})
        return f"{folder}{self.photos}.png"

    def save(self, name: str) -> None:
        write(self.root, {f"content/{name}.md": item(self.bodies[name], **self.keys[name])})


def first_build(newsroom: Newsroom) -> None:
    first_build_of(newsroom.root)


def first_build_of(root: Path) -> None:
    """Build a site whose files are old enough: of more than 20 that may have changed since, everything is planned."""
    wait_a_tick()
    build(root, "--as-of", CLOCK)
    wait_a_tick()


def assert_as_fresh(root: Path, ran: Ran, copy: Path) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("output", ".*"))
    wanted = build(copy, "--as-of", CLOCK, "--fresh")
    assert ran.code == wanted.code
    vanished = [found for found in ran.json["problems"] if found["path"].startswith("output/")]
    assert [found for found in ran.json["problems"] if found not in vanished] == wanted.json["problems"]
    for key in ("items", "pages", "next_due"):
        assert ran.json[key] == wanted.json[key], key
    if ran.code:
        return
    made, anew = snapshot(root / "output"), snapshot(copy / "output")
    assert [path for path in sorted({*made, *anew}) if made.get(path) != anew.get(path)] == []
    kept, others = (Publisher.beside(folder / "output").sources.carried() for folder in (root, copy))
    assert kept == others


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The plans of a whole site."""
    made: list[int] = []

    def counted(*what: object, **others: object) -> object:
        made.append(1)
        return plan(*what, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "plan", counted)
    return made


@pytest.mark.parametrize("items", [7, 45])
@pytest.mark.parametrize("row", range(ROWS))
def test_after_any_row_of_edits_the_site_is_as_a_fresh_one(tmp_path: Path, items: int, row: int) -> None:
    chance = random.Random(f"{items} {row}")  # noqa: S311 - not for secrets
    newsroom = Newsroom(tmp_path / "site", items, chance)
    build(newsroom.root, "--as-of", CLOCK)
    edits: list[Callable[[], None]] = [
        *(newsroom.edit_text, newsroom.edit_text, newsroom.edit_beginning, newsroom.edit_title, newsroom.edit_header),
        *(newsroom.edit_amount, newsroom.edit_amount, newsroom.add, newsroom.touch, newsroom.delete),
    ]
    for _ in range(EDITS):
        wait_a_tick()
        for _ in range(chance.randint(1, 2)):
            chance.choice(edits)()
        assert_as_fresh(newsroom.root, build(newsroom.root, "--as-of", CLOCK), tmp_path / "copy")


def test_new_words_in_a_text_plan_no_site(tmp_path: Path, plans: list[int]) -> None:
    newsroom = Newsroom(tmp_path / "site", 20, random.Random(1))  # noqa: S311 - as above
    first_build(newsroom)
    shown = [name for name, keys in newsroom.keys.items() if not any(map(keys.get, ("draft", "expires", "publish")))]
    for name in shown[:4]:
        wait_a_tick()
        newsroom.bodies[name] += "\n\nLời mới.\n"
        newsroom.save(name)
        ran = build(newsroom.root, "--as-of", CLOCK)
        assert ran.json["written"] >= 2
        assert_as_fresh(newsroom.root, ran, tmp_path / "copy")
    assert len(plans) == 1 + 4, "the first build, and the fresh ones that the others are compared with"


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """A site of items that all are in lists, whose names all spell alike: of others everything is planned."""
    made = Newsroom(tmp_path / "site", 30, random.Random(3))  # noqa: S311 - as above
    for number, name in enumerate(made.keys):
        made.keys[name] |= {
            "expires": None,
            "publish": None,
            "tags": "[hai, ba]" if number % 3 else None,
            "author": "[An, Bình]",
        }
        made.keys[name]["category"] = "Góc nhìn" if number < 9 else ("Ký kết", "Ky ket")[number % 2]
        made.keys[name] |= {"province": "Hà Nội", "value": "1 tỷ đồng"} if number < 4 else {}
        made.keys[name] |= {"draft": "true"} if number == 8 else {}
        made.save(name)
    first_build(made)
    return made


Edit = Callable[[Newsroom, str], None]


def another_title(newsroom: Newsroom, name: str) -> None:
    newsroom.keys[name]["title"] = f"Ánh sáng {len(newsroom.keys[name]['title'] or '')}"


def another_amount(newsroom: Newsroom, name: str) -> None:
    newsroom.keys[name]["value"] = f"{len(newsroom.keys[name]['value'] or '') + 5} tỷ đồng"


def another_beginning(newsroom: Newsroom, name: str) -> None:
    newsroom.bodies[name] = f"Mở đầu khác {len(newsroom.bodies[name])}.\n\n" + newsroom.bodies[name]


def a_correction(newsroom: Newsroom, name: str) -> None:
    newsroom.keys[name]["updated"] = "\n  - date: 2017-03-01\n    note: Sửa tên"


def another_province(newsroom: Newsroom, name: str) -> None:
    newsroom.keys[name]["province"] = "[Hà Nội, Huế]"


@pytest.mark.parametrize(
    "edit",
    [another_title, another_amount, another_beginning, a_correction, another_province],
    ids=lambda edit: edit.__name__,
)
def test_another_card_plans_what_it_touches(newsroom: Newsroom, plans: list[int], tmp_path: Path, edit: Edit) -> None:
    chosen = [name for name, keys in newsroom.keys.items() if not keys["draft"]][:3]
    for name in chosen:
        wait_a_tick()
        if edit is another_province:
            newsroom.keys[name]["value"] = None
        edit(newsroom, name)
        newsroom.save(name)
        assert_as_fresh(newsroom.root, build(newsroom.root, "--as-of", CLOCK), tmp_path / "copy")
    assert len(plans) == len(chosen), "the fresh ones"


def test_new_items_plan_what_they_touch(newsroom: Newsroom, plans: list[int], tmp_path: Path) -> None:
    archived, waiting = [name for name, keys in newsroom.keys.items() if not keys["draft"] and not keys["value"]][:2]
    newsroom.keys[archived]["expires"] = "2017-03-01"
    newsroom.keys[waiting]["publish"] = "2017-04-01 8:00"
    newsroom.save(archived)
    newsroom.save(waiting)
    # Else the next build looks at them again, and items that wait have everything planned.
    wait_a_tick()
    build(newsroom.root, "--as-of", CLOCK)
    plans.clear()
    plain: Keys = {"province": "Hà Nội", "category": "Góc nhìn", "author": "Bình"}
    for name, keys in (("x", {"date": "2017-02-28"}), ("y", {"date": "2016-12-02", "value": "7 tỷ đồng"})):
        wait_a_tick()
        newsroom.keys[name] = {"title": f"Tin {name}", **plain, **keys}
        newsroom.bodies[name] = "Mới."
        newsroom.save(name)
        ran = build(newsroom.root, "--as-of", CLOCK)
        assert ran.json["written"] > 10
        assert_as_fresh(newsroom.root, ran, tmp_path / "copy")
    assert len(plans) == 2, "the fresh ones"


def test_new_items_bring_their_pictures(newsroom: Newsroom, plans: list[int], tmp_path: Path) -> None:
    plain: Keys = {"province": "Hà Nội", "category": "Góc nhìn", "author": "Bình", "date": "2017-02-28"}
    first, second = newsroom.photograph(), newsroom.photograph()
    new: Keys = {"title": "Tin x", **plain, "image": f"/{first}", "image_alt": "Cầu"}
    pictured = f"![Lễ ký](/{second}) [lớn](/{first}) ![Ảnh](/anh.png)"
    steps: tuple[tuple[str, Keys, str], ...] = (
        ("x", new, pictured),
        ("x", {**new, "title": "Tên khác"}, pictured),
        # Kept when the draft was saved, and shown when it is published.
        ("y", {**plain, "title": "Tin y", "draft": "true"}, f"![Lễ ký](/{newsroom.photograph()})"),
        ("y", {**plain, "title": "Tin y"}, f"![Lễ ký](/{newsroom.photos}.png) ![Cầu](/{first})"),
        # Of a picture that is known other crops are needed.
        ("z", {**new, "title": "Tin z", "image_focus": "10 90"}, "Lời."),
    )
    write(newsroom.root, {f"content/{newsroom.photos}.png": photo(newsroom.photos)})
    for name, keys, body in steps:
        wait_a_tick()
        newsroom.keys[name], newsroom.bodies[name] = keys, body
        newsroom.save(name)
        ran = build(newsroom.root, "--as-of", CLOCK)
        assert ran.code == 0, ran.codes
        assert_as_fresh(newsroom.root, ran, tmp_path / "copy")
    assert len(plans) == len(steps), "the fresh ones"
    assert len(list((newsroom.root / "output/tin/2017/02/z").glob("*.*"))) > 2


def test_pictures_of_a_new_item_whose_names_differ_in_case_alone_are_refused(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    write(newsroom.root, {"content/a.png": photo(1), "content/A.PNG": photo(2), "content/a/a.png": photo(3)})
    new: Keys = {"province": "Hà Nội", "date": "2017-02-28", "category": "Góc nhìn", "author": "Bình"}
    for name, body in (("x", "![a](/a.png) ![A](/A.PNG)"), ("x", "![a](/a.png) ![a](/a/a.png)"), ("y", "![A](/A.PNG)")):
        wait_a_tick()
        newsroom.keys[name], newsroom.bodies[name] = {"title": name, **new}, body
        newsroom.save(name)
        assert_as_fresh(newsroom.root, build(newsroom.root, "--as-of", CLOCK), tmp_path / "copy")


def test_an_edit_that_names_other_pictures_or_documents_is_planned(newsroom: Newsroom, tmp_path: Path) -> None:
    name = min(name for name, keys in newsroom.keys.items() if not keys["draft"])
    for body in (
        f"![Cầu](/{newsroom.photograph()})",
        "![Lễ ký](/anh.png) [tệp](/tep.pdf)",
        "Lời.",
        "![Không](/mat.png)",
    ):
        wait_a_tick()
        newsroom.bodies[name] = body
        newsroom.save(name)
        assert_as_fresh(newsroom.root, build(newsroom.root, "--as-of", CLOCK), tmp_path / "copy")
    write(newsroom.root, {"content/mat.png": photo(9)[:999], "content/la.docx": b"PK", "content/README.png": photo(1)})
    assert_as_fresh(newsroom.root, build(newsroom.root, "--as-of", CLOCK), tmp_path / "copy")


def test_drafts_plan_no_site_nor_does_one_that_is_published(
    newsroom: Newsroom, plans: list[int], tmp_path: Path
) -> None:
    plain: Keys = {"province": "Hà Nội", "category": "Góc nhìn", "author": "Bình", "date": "2016-12-02"}
    newsroom.keys["x"] = {"title": "Tin x", **plain, "draft": "true"}
    steps: tuple[tuple[str, Keys, bool], ...] = (
        ("Lời.", {}, False),
        ("Lời khác.", {"title": "Tên khác", "value": "7 tỷ đồng"}, False),
        ("Lời [khác](/thang/2016-12/).", {"draft": None}, True),
        ("Lời cuối.", {}, True),
    )
    for body, keys, is_seen in steps:
        wait_a_tick()
        newsroom.keys["x"] |= keys
        newsroom.bodies["x"] = body
        newsroom.save("x")
        ran = build(newsroom.root, "--as-of", CLOCK)
        assert (ran.json["written"] > 0) == is_seen
        assert_as_fresh(newsroom.root, ran, tmp_path / "copy")
    assert len(plans) == len(steps), "the fresh ones"


def test_what_drafts_may_change_for_others_is_planned(newsroom: Newsroom, tmp_path: Path) -> None:
    draft: Keys = {"title": "Nháp", "province": "Huế", "date": "2016-12-02", "draft": "true"}
    for name, body, keys, code in (
        ("x", "Lời.\n\n## Mục", {"tags": "[riêng]"}, 0),
        ("y", "[mục](/x.md#muc) [thẻ](/tu-khoa/rieng/) [tệp](/tep.pdf)", {"tags": "[riêng]"}, 0),
        ("x", "Lời.", {"tags": "[riêng]"}, 1),
        ("x", "Lời.\n\n## Mục", {}, 1),
        ("x", "Lời.\n\n## Mục\n\n[hỏng](/khong-co.md)", {"tags": "[riêng]"}, 1),
        ("x", "Lời.\n\n## Mục", {"tags": "[riêng]", "slug": "khac"}, 0),
        ("y", "[nháp](/x.md)", {}, 0),
        ("z", "[nháp](/x.md)", {"draft": None}, 1),
    ):
        wait_a_tick()
        newsroom.keys[name] = {**draft, **keys}
        newsroom.bodies[name] = body
        newsroom.save(name)
        ran = build(newsroom.root, "--as-of", CLOCK)
        assert_as_fresh(newsroom.root, ran, tmp_path / "copy")
        assert ran.code == code, (name, body, ran.codes)


Files = Mapping[str, str | bytes]


def news(body: str = "Lời.", **keys: str | None) -> str:
    return item(body, **{"province": "Hà Nội", "date": "2016-12-02", "author": "An", **keys})


def draft(body: str = "Lời.", **keys: str | None) -> str:
    return news(body, draft="true", **keys)


LINKED: Mapping[str, tuple[Files, Files]] = {
    "a heading of a draft": (
        {"b.md": draft("## Mục"), "a.md": draft("[m](/b.md#muc)")},
        {"b.md": news()},
    ),
    "the month of a draft": (
        {"b.md": draft(date="2016-09-02"), "a.md": draft("[m](/thang/2016-09/)")},
        {"b.md": news()},
    ),
    "the tag of drafts": (
        {"b.md": draft(tags="[riêng]"), "a.md": draft("[m](/tu-khoa/rieng/)", tags="[riêng]")},
        {"b.md": news()},
    ),
    "the author of a draft": (
        {"b.md": draft(author="Lan"), "a.md": draft("[m](/nguoi-viet/lan/)")},
        {"b.md": draft()},
    ),
    "the address of a draft": (
        {"b.md": draft(slug="cu"), "a.md": draft("[m](/tin/2016/12/cu/)")},
        {"b.md": draft(slug="moi")},
    ),
    "a picture of a draft": (
        {"b.md": draft("![x](/anh.png)"), "a.md": draft("[m](/tin/2016/12/b/anh-png.jpg)")},
        {"b.md": draft()},
    ),
    "a document of a draft": ({"la.txt": "abc", "b.md": draft("[x](/la.txt)")}, {"b.md": news()}),
    "an address with two items": (
        {"c.md": news("## Mục"), "a.md": draft("[m](/tin/2016/12/c/#muc)")},
        {"nhap/c.md": draft()},
    ),
    "an address with a draft": (
        {"c/c.md": draft("## Mục"), "a.md": draft("[m](/tin/2016/12/c/#muc)")},
        {"d/c.md": news()},
    ),
    "a picture where one is published": (
        {"b.md": news("![x](/anh.png)"), "a.md": news("[m](/tin/2016/12/b/anh-png.jpg)")},
        {"tin/2016/12/b/anh-png.jpg": photo(3, kind="JPEG")},
    ),
    "a picture named as it is published": (
        {"tin/2016/12/b/b.md": news("![x](a.jpg)"), "tin/2016/12/b/a.jpg": photo(3, kind="JPEG")},
        {"c.md": news("[m](/tin/2016/12/b/a.jpg)")},
    ),
    "a page named as a file": (
        {"cu/bai.html": "<p>", "b.md": news(aliases="/cu/bai.html")},
        {"c.md": draft("[x](/cu/bai.html)")},
    ),
}


@pytest.mark.parametrize("files", LINKED.values(), ids=LINKED)
def test_what_an_edit_does_to_links_of_others_is_told(tmp_path: Path, files: tuple[Files, Files]) -> None:
    root, (before, after) = tmp_path / "site", files
    write(root, {"content/anh.png": photo(1), "content/z.md": news(date="2016-12-01", tags="[hai]")})
    write(root, {f"content/{path}": data for path, data in before.items()})
    assert build(root, "--as-of", CLOCK).code == 0
    wait_a_tick()
    write(root, {f"content/{path}": data for path, data in after.items()})
    assert_as_fresh(root, build(root, "--as-of", CLOCK), tmp_path / "copy")


def test_a_file_about_its_folder_is_no_item_once_its_draft_is_published(tmp_path: Path) -> None:
    # Of so many a warning names five, so one more changes no problem.
    root = write(tmp_path / "site", {f"content/{folder}/README.md": news() for folder in "abcdef"})
    write(root, {"content/z.md": news()})
    build(root, "--as-of", CLOCK)
    for text in (draft(), news()):
        wait_a_tick()
        write(root, {"content/g/README.md": text})
        assert_as_fresh(root, build(root, "--as-of", CLOCK), tmp_path / "copy")


def test_an_archived_item_gets_no_neighbours_from_a_deal_that_it_shares(tmp_path: Path, plans: list[int]) -> None:
    shared = {"date": "2016-12-05", "value": "2 tỷ đồng"}
    root = write(tmp_path / "site", {f"content/{day}.md": news(date=f"2016-12-0{day}") for day in range(3, 8)})
    write(root, {"content/z.md": news(**shared, expires="2017-02-01")})
    first_build_of(root)
    plans.clear()
    write(root, {"content/w.md": news(**shared)})
    assert_as_fresh(root, build(root, "--as-of", CLOCK), tmp_path / "copy")
    assert len(plans) == 1


def test_two_new_items_may_not_have_one_address(tmp_path: Path) -> None:
    root = write(tmp_path / "site", {"content/a.md": news()})
    first_build_of(root)
    write(root, {"content/x/k.md": news(), "content/y/k.md": news()})
    ran = build(root, "--as-of", CLOCK)
    assert ran.code == 1
    assert_as_fresh(root, ran, tmp_path / "copy")


@pytest.mark.parametrize("limit", [10, 1000], ids=["in parts", "whole"])
def test_the_sitemap_has_authors_in_the_order_of_their_newest_items(
    tmp_path: Path, plans: list[int], monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(feeds, "WHOLE_SITEMAP", limit)
    root = write(
        tmp_path / "site",
        {f"content/{day}.md": news(date=f"2016-12-0{day}", author="[An, Bình]") for day in range(1, 4)},
    )
    first_build_of(root)
    for files in (
        {"x.md": news(date="2016-12-08", author="Bình")},
        {"y.md": news(date="2016-12-09", author="Bình"), "z.md": news(date="2016-12-10", author="[An, Bình]")},
    ):
        plans.clear()
        write(root, {f"content/{path}": text for path, text in files.items()})
        assert_as_fresh(root, build(root, "--as-of", CLOCK), tmp_path / "copy")
        assert len(plans) == 1
        wait_a_tick()


@pytest.mark.parametrize("claim", ["slug: tin-x", "aliases: /tin/2017/02/tin-x/", "aliases: /tin/2017/02/TIN-X"])
def test_a_new_item_may_not_take_what_another_will_need(newsroom: Newsroom, tmp_path: Path, claim: str) -> None:
    key, _, value = claim.partition(": ")
    waiting: Keys = {"title": "Chờ", "date": "2017-02-28", "publish": "2017-04-01 8:00", key: value}
    write(newsroom.root, {"content/cho.md": item("Chờ.", province="Huế", **waiting)})
    assert build(newsroom.root, "--as-of", CLOCK).code == 0
    wait_a_tick()
    write(newsroom.root, {"content/tin-x.md": item("Mới.", province="Hà Nội", title="Tin x", date="2017-02-28")})
    ran = build(newsroom.root, "--as-of", CLOCK)
    assert ran.code == 1
    assert "url-taken" in ran.codes
    assert_as_fresh(newsroom.root, ran, tmp_path / "copy")


def test_new_items_divide_the_sitemap_and_then_change_one_part(
    newsroom: Newsroom, plans: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = newsroom.root / "output"
    monkeypatch.setattr(feeds, "WHOLE_SITEMAP", (output / "sitemap.xml").read_text("utf-8").count("<url>") + 1)
    plain: Keys = {"province": "Hà Nội", "category": "Góc nhìn", "author": "Bình"}
    written, planned = [], []
    for name, day in (("x", "2017-02-28"), ("y", "2016-12-02"), ("z", "2016-12-03"), ("t", "2017-02-27")):
        wait_a_tick()
        newsroom.keys[name] = {"title": f"Tin {name}", **plain, "date": day}
        newsroom.bodies[name] = "Mới."
        newsroom.save(name)
        before, plans[:] = snapshot(output), []
        ran = build(newsroom.root, "--as-of", CLOCK)
        planned.append(len(plans))
        after = snapshot(output)
        written.append({path for path in after if path.startswith("sitemap") and after[path] != before.get(path)})
        assert_as_fresh(newsroom.root, ran, tmp_path / "copy")
    of_months = {f"sitemap-{month}.xml" for month in ("2016-10", "2016-12", "2017-01", "2017-02")}
    whole, divided, *parts = written
    assert whole == {"sitemap.xml"}
    assert divided == {"sitemap.xml", "sitemap-muc-luc.xml", *of_months}
    assert parts == [{"sitemap-2016-12.xml"}, {"sitemap-2017-02.xml"}]
    assert planned == [0, 1, 0, 0]


@pytest.mark.parametrize("header", [{}, {"title": "Tên khác"}], ids=["text", "card"])
def test_a_new_link_to_what_readers_do_not_see_is_refused(newsroom: Newsroom, tmp_path: Path, header: Keys) -> None:
    draft, name, other = list(newsroom.keys)[:3]
    newsroom.keys[draft]["draft"] = "true"
    newsroom.save(draft)
    assert build(newsroom.root, "--as-of", CLOCK).code == 0
    for target, code in ((draft, 1), (other, 0), ("khong-co", 1)):
        wait_a_tick()
        newsroom.keys[name] |= header
        newsroom.bodies[name] = f"[bài](/{target}.md)"
        newsroom.save(name)
        ran = build(newsroom.root, "--as-of", CLOCK)
        assert ran.code == code
        assert_as_fresh(newsroom.root, ran, tmp_path / "copy")


@pytest.mark.parametrize("worth_it", [1, output_files.WORTH_IT], ids=["beside", "within"])
def test_what_others_put_into_output_is_seen(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worth_it: int
) -> None:
    monkeypatch.setattr(output_files, "WORTH_IT", worth_it)
    output = newsroom.root / "output"
    empty = output / "thang/2016-12/la"
    empty.mkdir()
    build(newsroom.root, "--as-of", CLOCK)
    for damage in (
        lambda: write(output, {"tinh/ha-noi/la.txt": "lạ"}),
        lambda: write(empty, {"la.html": "lạ"}),
        lambda: write(output, {"index.html": "lạ"}),
        (output / "atom.xml").unlink,
    ):
        wait_a_tick()
        newsroom.edit_text()
        damage()
        assert_as_fresh(newsroom.root, build(newsroom.root, "--as-of", CLOCK), tmp_path / "copy")
        wait_a_tick()
        newsroom.edit_text()
        assert_as_fresh(newsroom.root, build(newsroom.root, "--as-of", CLOCK), tmp_path / "copy")


def as_of(zone: timezone) -> datetime:
    return datetime.fromisoformat(f"{CLOCK}+07:00").astimezone(zone)


@pytest.fixture
def preview(newsroom: Newsroom) -> Iterator[Preview]:
    made = Preview(newsroom.root, as_of, language="vi", jobs=1)
    made.rebuild(hear_nothing)
    yield made
    made.close()


def rebuilt(preview: Preview, before: Mapping[str, bytes]) -> Report:
    """Return the report of a build that was told which files are others than before."""
    now = contents(preview.root)
    changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
    return preview.rebuild(hear_nothing, [(preview.root / path).as_posix() for path in changed])


def contents(root: Path) -> dict[str, bytes]:
    """Return the bytes of the files in content/ but links: the system names none when what it leads to changes."""
    found = [path for path in (root / "content").rglob("*.*") if not path.is_symlink()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def assert_preview_as_fresh(preview: Preview, copy: Path) -> None:
    wanted = replace(preview.request(read_settings(preview.root)), output=copy, keep_state=False)
    assert make(wanted).problems == preview.state.problems
    assert snapshot(preview.output) == snapshot(copy)


def test_after_any_row_of_edits_the_preview_is_as_a_fresh_one(
    newsroom: Newsroom, preview: Preview, tmp_path: Path
) -> None:
    chance = newsroom.chance
    edits = (newsroom.edit_text, newsroom.edit_title, newsroom.edit_amount, newsroom.edit_header, newsroom.delete)
    for number, edit in enumerate((*edits, newsroom.add, *chance.choices(edits, k=EDITS))):
        wait_a_tick()
        before = contents(preview.root)
        edit()
        assert rebuilt(preview, before).published
        # Of an item with errors a preview shows what it has shown before, which a fresh one has not.
        if not preview.state.failed:
            assert_preview_as_fresh(preview, tmp_path / f"copy-{number}")


def test_small_changes_in_a_preview_plan_what_they_touch_also_of_drafts(
    newsroom: Newsroom, preview: Preview, plans: list[int], tmp_path: Path
) -> None:
    drafts = [name for name, keys in newsroom.keys.items() if keys["draft"] and keys["category"] == "Góc nhìn"]
    for name in (drafts[0], min(newsroom.keys.keys() - drafts)):
        wait_a_tick()
        another_title(newsroom, name)
        newsroom.bodies[name] += "\n\nLời mới.\n"
        newsroom.save(name)
        assert preview.rebuild(hear_nothing).published
        assert preview.rebuild(hear_nothing).changes.is_empty
    newsroom.keys["nhap"] = {**newsroom.keys[drafts[0]], "title": "Nháp mới", "event": None, "pinned": None}
    newsroom.bodies["nhap"] = "Lời."
    newsroom.save("nhap")
    assert preview.rebuild(hear_nothing).published
    assert plans == []
    assert_preview_as_fresh(preview, tmp_path / "copy")


def test_a_proof_of_what_is_saved_is_the_page_that_is_shown_also_after_a_small_change(
    newsroom: Newsroom, preview: Preview
) -> None:
    wait_a_tick()
    for name in sorted(newsroom.keys)[:3]:
        another_title(newsroom, name)
        newsroom.save(name)
    preview.rebuild(hear_nothing)
    proofs = preview.proofs()
    assert proofs is not None
    # Deals and pictures are shown by themselves alone.
    items = [one for one in preview.state.articles.values() if not one.mentions]
    plain = [one for one in items if not any(link.is_picture for link in one.body.links)]
    assert len(plain) > 5
    for article in plain:
        source = decode(article.source, (newsroom.root / article.source).read_bytes())
        assert isinstance(source, Source)
        page = (preview.output / path_of(article.card.url)).read_text("utf-8")
        assert proofs.proof(source, article.card.url, str).page == page


ODD_NAMES = {
    "decomposed": unicodedata.normalize("NFD", "content/Ảnh.md"),
    "in a decomposed folder": unicodedata.normalize("NFD", "content/thư-mục/a.md"),
    "about the folder": "content/README.md",
    "a copy": "content/b (2).md",
    "with another ending": "content/LON.MD",
}


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_small_changes_of_files_with_odd_names_are_built(name: str, tmp_path: Path) -> None:
    root = write(tmp_path / "site", {"content/b.md": item(title="B"), name: item("Một.", title="A")})
    build(root, "--as-of", CLOCK)
    for path, text in ((name, "Hai."), (name, "Ba."), ("content/b.md", "Bốn."), (name, "Năm.")):
        wait_a_tick()
        write(root, {path: item(text, title="B" if path == "content/b.md" else "A")})
        assert_as_fresh(root, build(root, "--as-of", CLOCK), tmp_path / "copy")


@pytest.mark.skipif(os.name == "nt", reason="names on Windows are text")
def test_a_small_change_of_a_file_whose_name_is_no_text_is_told_as_ever(tmp_path: Path) -> None:
    root = write(tmp_path / "site", {"content/b.md": item(title="B")})
    odd = os.fsencode(root) + b"/content/\xe9.md"
    build(root, "--as-of", CLOCK)
    for text in ("Một.", "Hai."):
        wait_a_tick()
        Path(os.fsdecode(odd)).write_text(item(text, title="A"), encoding="utf-8")
        ran = build(root, "--as-of", CLOCK)
        assert (ran.code, "file-name-no-text" in ran.out) == (1, True)


def test_a_preview_shows_what_a_link_leads_to_after_an_edit_of_that(tmp_path: Path) -> None:
    files = {"content/x/a.md": item("Một.", title="A"), "content/y/c.md": item("C.", title="C")}
    root = write(tmp_path / "site", files)
    (root / "content/y/goc.md").symlink_to("../x/a.md")
    preview = Preview(root, as_of, language="vi", jobs=1)
    try:
        preview.rebuild(hear_nothing)
        wait_a_tick()
        preview.rebuild(hear_nothing)
        for path, text in (("content/x/a.md", "Hai."), ("content/y/c.md", "Ba."), ("content/x/a.md", "Bốn.")):
            wait_a_tick()
            before = contents(root)
            write(root, {path: item(text, title="A" if "a.md" in path else "C")})
            rebuilt(preview, before)
            assert_preview_as_fresh(preview, tmp_path / text)
    finally:
        preview.close()


def test_pages_of_older_deals_come_and_go_with_the_number_of_deals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_pages, "DEALS_ON_PAGE", 2)
    root = tmp_path / "site"
    for count in (4, 3, 6, 5, 5, 1):
        told = deals(*((place, "2016-12-20", f"{count} tỷ đồng") for place in NAMES_OF_PROVINCES[:count]))
        write(root, {"content/a.md": item(province="Toàn quốc", deals=told), "content/b.md": item(title="B")})
        assert_as_fresh(root, build(root, "--as-of", CLOCK), tmp_path / "copy")
        assert len(list((root / "output/thoa-thuan").rglob("trang/*/index.html"))) == max(0, count // 2 - 1)
        wait_a_tick()
