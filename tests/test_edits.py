"""People at work on a small site, and all that may happen to its files: every build is as a fresh one."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from bulletin.build.requests import STATE
from bulletin.digests import digest_of_bytes
from bulletin.files import survey
from bulletin.pages import feeds, list_pages, search
from bulletin.publishing import KeptSources, Publisher
from tests.builders import deals, item
from tests.pictures import photo
from tests.sites import REPOSITORY, Ran, build, write
from tests.test_incremental import HARM, garbled, little_is_much, some_item, wait_a_tick, write_behind_its_times

SEQUENCES = int(os.environ.get("BULLETIN_EDITS", "3"))
NAMES = ("a", "b", "2016-12-20-c", "thu-muc/d")
CLOCKS = ("2016-12-26T08:00", "2017-01-31T08:00", "2017-01-31T09:30", "2017-02-01T00:00", "2025-07-01T08:00")
ONE_DEAL = deals(("Huế", "2016-11", "1 tỷ đồng"))
THREE_DEALS = ONE_DEAL + deals(("Hà Nội", "2016-12-20", "3 tỷ đồng"), ("Huế", "2016-12", "chưa công bố"))
Key = tuple[str, str | None]
"""What a key holds; None where it is not written."""
VAGUE_DEALS = tuple(
    f"[{{province: Thái Nguyên, date: {day}, value: {value}, name: {name}}}]"
    for day, value, name in (
        ("2016-12", "2.000 tỷ đồng", "~"),
        ("2016-12", "chưa công bố", "~"),
        ("2016-12-25", "3 tỷ", "Đợt 1"),
        ("2016-11", "gần 5 triệu đồng", "Đợt 2"),
    )
)
"""Told by their month or by name: whether they are deals of their own depends on the other items."""
HEADERS: Mapping[str, tuple[str | None, ...]] = {
    "title": ("Tin", "Ánh sáng", "Zalo & <b>đậm</b>", "Tin về Hưng Yên"),
    "date": ("2016-12-25", "2016-12-31", "2017-01-31", "2016-11-30", "2025-06-30", "2025-07-01", "30/02/2016"),
    "province": ("Thái Nguyên", "Hưng Yên", "[Hưng Yên, Thái Nguyên]", "Toàn quốc", "Bình Phước", None),
    "value": (None, "2.000 tỷ đồng", "gần 5 triệu đồng", "chưa công bố", "7"),
    "deal": (None, "Đợt 1", "đợt  1", "Đợt 2"),
    "deals": (None, ONE_DEAL, THREE_DEALS, *VAGUE_DEALS),
    "summary": (None, "Tóm tắt", "Tóm tắt khác"),
    "category": (None, "Ký kết", "Góc nhìn"),
    "tags": (None, "[một, hai]", "[Hai, MỘT]", "[ba, ★]"),
    "author": (None, "An", "[ân, Bình]", "Con"),
    "image": (None, "anh.png\nimage_alt: Lễ ký", "Ảnh 2.JPG\nimage_alt: Lễ ký"),
    "image_focus": (None, "60% 20%", "0 100"),
    "event": (None, "2017-01-31", "31/01/2017 8:00 – 9:30", "30/01 – 01/02/2017", "31/01/2017 9:30 - 8:00"),
    "place": (None, "Hội trường A", "Sân <b>vận động</b>"),
    "pinned": (None, "true", "2017-01-31"),
    "draft": (None, "true"),
    "publish": (None, "2017-01-31 09:00", "2017-02-01"),
    "expires": (None, "2017-02-01", "2025-07-01"),
    "updated": (None, "\n  - date: 2017-01-30\n    note: Sửa tên"),
    "slug": (None, "x", "y"),
    "aliases": (None, "[/cu/]", "[/cu/, /tin/2016/12/a/]"),
}
BODIES = (
    *("", "Một.", "Hai.", "Ba.\n\n## Mục\n\nChữ.", "Bốn.\n\n## Mục\n\nChữ.", "<b onclick=x>Đậm</b>"),
    *("Xem [b](/b.md), [c](/2016-12-20-c.md#muc).", "[a](/a.md)", "[tin cũ](/cu/)", "[hỏng](khong-co.md)"),
    *(
        "![Lễ ký](anh.png) và [tệp](tep.pdf)",
        "![Lễ ký](<Ảnh 2.JPG>)",
        '![Lễ ký](anh.png "Hai bên")\n![Lễ ký](<Ảnh 2.JPG>)\n*Ảnh: Lan*',
        "[tháng](/thang/2016-12/), [tỉnh](/tinh/hung-yen/)",
    ),
)
FILES = tuple(f"{folder}{name}" for folder in ("", "thu-muc/") for name in ("anh.png", "Ảnh 2.JPG", "tep.pdf"))
PHOTOS = (*(photo(number) for number in range(3)), photo(4, 30, 40), photo(5, 700, 9, "JPEG"), photo(1)[:999], None)
"""Also one that was not copied whole, and none."""
TEMPLATES: Mapping[str, str] = {
    **dict.fromkeys(("404.html", "home.html", "item.html", "month.html", "province.html"), "{% block main %}"),
    "base.html": "<body>",
    "_lists.html": '<ul class="cards">',
    "_pictures.html": "<picture>",
    "atom.xml": "</feed>",
    "sitemap.xml": "</urlset>",
    "assets/style.css": "",
    "assets/rieng.css": "",
    "rieng.html": "",
}
"""Templates, of which a site may have its own, each with the place behind which that differs."""
MARKS = (
    *(None, "", "<!-- 1 -->", "<!-- 2 -->", '{% include "rieng.html" %}', "{{ asset('rieng.css') }}"),
    *("{% if %}", "<a href=\"{{ link('/khong-co/') }}\">x</a>", "<a href=\"{{ link('/thang/2016-11/') }}\">x</a>"),
)
SETTINGS: Mapping[str, tuple[str | None, ...]] = {
    "title": (None, '"Bản tin khác"'),
    "items_per_page": (None, "1", "2", "0"),
    "link_style": (None, '"file"'),
    "line_breaks": (None, '"all"'),
    "base_url": (None, '"https://noi-bo.example/ban-tin/"'),
    "categories": ('["Ký kết"]', '["Ký kết", "Góc nhìn"]', '["Ky ket", "Ký kết"]'),
    "nationwide_label": (None, '"Toàn công ty"', '""'),
    "menu": (None, '["Tất cả tin", "ký kết", "Chuyên mục"]', "[]"),
    "timezone_offset": (None, '"+00:00"', '"-12:00"'),
    "value_unit": (None, '"tỷ đồng"'),
}
OPTIONS = ("--drafts", "--keep-going", "--strict", "--fresh", "--base-url=https://khac.example/", "--jobs=2")
STRAYS = ("la.txt", "tinh/la/index.html", "tin/2016/12/la/index.html", "assets/style.css", "thang/2016-12/.la")

hows = st.sampled_from(["over it", "behind its times", "another in its place"])
numbers = st.integers(min_value=0, max_value=999)


def keys_of(known: Mapping[str, tuple[str | None, ...]]) -> st.SearchStrategy[list[Key]]:
    """Return a strategy of a few keys with what they hold."""
    pairs = [(key, value) for key, values in known.items() for value in values]
    return st.lists(st.sampled_from(pairs), min_size=1, max_size=3)


def put(file: Path, data: bytes, how: str) -> None:
    """Write a file as one of many programs does it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if how == "behind its times" and file.is_file():
        write_behind_its_times(file, data)
    elif how == "another in its place":
        other = write(file.parent, {"khac.tmp": data}) / "khac.tmp"
        other.replace(file)
    else:
        file.write_bytes(data)


def standing(folder: Path) -> dict[str, str]:
    """Return all that stands in a folder: files by their bytes, links by their targets, and folders."""
    return {path.relative_to(folder).as_posix(): what(path) for path in folder.rglob("*")}


def what(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return "folder" if path.is_dir() else digest_of_bytes(path.read_bytes())


def away(path: Path) -> None:
    """Remove whatever stands there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def into_folder(path: Path, _: Path) -> None:
    away(path)
    write(path, {"index.html": "<p>lạ"})


def into_empty_folder(path: Path, _: Path) -> None:
    away(path)
    path.mkdir()


def into_link(path: Path, _: Path) -> None:
    away(path)
    path.symlink_to(Path("..", "index.html"))


def into_hard_link(path: Path, _: Path) -> None:
    other = next(file for file in sorted(path.parent.rglob("*")) if file.is_file())
    if other != path:
        away(path)
        path.hardlink_to(other)


def folder_into_file(path: Path, _: Path) -> None:
    away(path.parent)
    path.parent.write_bytes(b"la")


def folder_into_link(path: Path, spare: Path) -> None:
    path.parent.rename(spare)
    path.parent.symlink_to(spare)


def same_size(path: Path, _: Path) -> None:
    if path.is_file() and not path.is_symlink():
        write_behind_its_times(path, path.read_bytes()[::-1])


def touch(path: Path) -> None:
    os.utime(path, follow_symlinks=False)


def longer(path: Path, _: Path) -> None:
    if path.is_file() and not path.is_symlink():
        path.write_bytes(path.read_bytes() + b"<p>la")


DAMAGE: Mapping[str, Callable[[Path, Path], object]] = {
    "edited": longer,
    "edited behind its times": same_size,
    "removed": lambda path, _: away(path),
    "touched": lambda path, _: touch(path),
    "a folder": into_folder,
    "an empty folder": into_empty_folder,
    "a link": into_link,
    "a hard link": into_hard_link,
}
DAMAGE_OF_FOLDER: Mapping[str, Callable[[Path, Path], object]] = {
    "removed": lambda path, _: away(path.parent),
    "a file": folder_into_file,
    "a link": folder_into_link,
}


class Editors(RuleBasedStateMachine):
    """People at work on a small site, and all that may happen to its files."""

    others = 0
    """Items that nobody edits, among which the edited ones stand."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(search, "MOST_TITLES", 2 + self.others // 4)
        self.patch.setattr(search, "TEXTS", 1 + self.others // 8)
        self.patch.setattr(feeds, "WHOLE_SITEMAP", 79 + self.others)
        self.patch.setattr(list_pages, "DEALS_ON_PAGE", 1 + self.others // 20)
        self.folder = Path(tempfile.mkdtemp(prefix="ban-tin-"))
        self.root = self.folder / "site"
        self.output = self.root / "output"
        self.clock = CLOCKS[-1]
        self.headers: dict[str, dict[str, str | None]] = {name: {} for name in NAMES[:2]}
        self.bodies: dict[str, str] = {}
        self.settings: dict[str, str | None] = {}
        self.spare = 0
        self.is_sound = True
        write(self.root, dict(map(some_item, range(self.others))))
        self.mend()

    def teardown(self) -> None:
        try:
            # What happened after the last build counts as well.
            if self.is_sound:
                self.build([])
        finally:
            self.patch.undo()
            shutil.rmtree(self.folder)

    @rule(name=st.sampled_from(NAMES), keys=keys_of(HEADERS), how=hows)
    def edit_header(self, name: str, keys: list[Key], how: str) -> None:
        header = self.headers.setdefault(name, {"title": f"Tin {name}"})
        header.update(keys)
        for key, others in (("value", ("deals",)), ("deals", ("value", "deal"))):
            if dict(keys).get(key):
                header.update(dict.fromkeys(others))
        self.write_item(name, how)

    @rule(name=st.sampled_from(NAMES), body=st.sampled_from(BODIES), how=hows)
    def edit_body(self, name: str, body: str, how: str) -> None:
        self.bodies[name] = body
        self.write_item(name, how)

    def write_item(self, name: str, how: str) -> None:
        header = self.headers.setdefault(name, {"title": f"Tin {name}"})
        text = item(self.bodies.setdefault(name, "Một."), **header)
        put(self.root / f"content/{name}.md", text.encode(), how)

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        away(self.root / f"content/{name}.md")
        self.headers.pop(name, None)
        self.bodies.pop(name, None)

    @rule(names=st.permutations(NAMES))
    def rename(self, names: list[str]) -> None:
        """Give each of two items the name of the other; one that is alone takes the free name."""
        one, other = (self.root / f"content/{name}.md" for name in names[:2])
        between = self.root / "content/giua.tmp"
        for old, new in ((one, between), (other, one), (between, other)):
            if old.exists():
                new.parent.mkdir(exist_ok=True)
                old.rename(new)
        swap(self.headers, *names[:2])
        swap(self.bodies, *names[:2])

    @rule(path=st.sampled_from(FILES), data=st.sampled_from(PHOTOS), how=hows)
    def edit_file(self, path: str, data: bytes | None, how: str) -> None:
        if data is None:
            away(self.root / "content" / path)
        else:
            put(self.root / "content" / path, data, how)

    @rule(name=st.sampled_from(sorted(TEMPLATES)), mark=st.sampled_from(MARKS), how=hows)
    def edit_template(self, name: str, mark: str | None, how: str) -> None:
        default = REPOSITORY / "templates" / name
        text = default.read_text("utf-8") if default.exists() else ""
        place = TEMPLATES[name]
        assert place in text
        if mark is None:
            away(self.root / "templates" / name)
        else:
            put(self.root / "templates" / name, text.replace(place, place + mark, 1).encode(), how)

    @rule(keys=keys_of(SETTINGS), how=hows)
    def edit_settings(self, keys: list[Key], how: str) -> None:
        self.settings.update(keys)
        lines = [f"{key} = {value}" for key, value in self.settings.items() if value is not None]
        put(self.root / "pyproject.toml", "\n".join(["[tool.bulletin]", *lines, ""]).encode(), how)

    @rule()
    def mend(self) -> None:
        """Make a sound site again, so that not all that follows is refused."""
        self.bodies = {}
        self.headers = {name: {"title": f"Tin {name}"} for name in self.headers}
        for name in self.headers:
            self.write_item(name, "over it")
        for path in FILES:
            put(self.root / "content" / path, photo(len(path)), "over it")
        away(self.root / "templates")
        self.settings = {}
        self.edit_settings(keys=[("categories", '["Ký kết"]')], how="over it")

    @rule(number=numbers, becomes=st.sampled_from(sorted(DAMAGE)))
    def damage_file(self, number: int, becomes: str) -> None:
        if paths := sorted(survey(self.output)):
            DAMAGE[becomes](self.output / paths[number % len(paths)], self.folder)

    @rule(number=numbers, becomes=st.sampled_from(sorted(DAMAGE_OF_FOLDER)))
    def damage_folder(self, number: int, becomes: str) -> None:
        self.spare += 1
        if paths := sorted(path for path in survey(self.output) if "/" in path):
            DAMAGE_OF_FOLDER[becomes](self.output / paths[number % len(paths)], self.folder / f"spare-{self.spare}")

    @rule(path=st.sampled_from(STRAYS))
    def leave_in_output(self, path: str) -> None:
        if self.output.is_dir():
            with contextlib.suppress(OSError):
                put(self.output / path, b"la", "over it")

    @rule(which=st.sampled_from(["output", ".cache"]))
    def keep_copy(self, which: str) -> None:
        away(self.folder / which)
        if (self.root / which).exists():
            shutil.copytree(self.root / which, self.folder / which, symlinks=True)

    @rule(which=st.sampled_from(["output", ".cache"]))
    def put_copy_back(self, which: str) -> None:
        """Put an older folder back with its times; where none was kept there is nothing now."""
        away(self.root / which)
        if (self.folder / which).exists():
            shutil.copytree(self.folder / which, self.root / which, symlinks=True)

    @rule(harm=st.sampled_from(sorted(HARM)))
    def harm_state(self, harm: str) -> None:
        with contextlib.suppress(OSError, sqlite3.Error):
            HARM[harm](self.root / STATE)

    @rule(at=st.floats(min_value=0, max_value=1), garbage=st.binary(min_size=1, max_size=99))
    def put_garbage_into_state(self, at: float, garbage: bytes) -> None:
        file = self.root / STATE
        if file.is_file():
            file.write_bytes(garbled(file.read_bytes(), at, garbage))

    @rule()
    def build_at_once(self) -> None:
        self.build([])

    @rule()
    def build_twice(self) -> None:
        self.build([])
        self.build([])

    @rule()
    def build_after_a_rest(self) -> None:
        wait_a_tick()
        self.build([])

    @rule(clock=st.sampled_from(CLOCKS))
    def build_at_another_time(self, clock: str) -> None:
        self.clock = clock
        self.build([])

    @rule()
    def build_what_is_sound(self) -> None:
        self.build(["--keep-going"])

    @rule(options=st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=2, unique=True))
    def build_with_options(self, options: list[str]) -> None:
        self.build(options)

    def build(self, options: list[str]) -> None:
        self.is_sound = False
        words = ["--as-of", self.clock, *options]
        before, files = standing(self.output), survey(self.output)
        # What was published last is an input like content/: items with errors are shown from it.
        away(self.folder / "kept")
        if (sources := kept(self.root)).folder.exists():
            shutil.copytree(sources.folder, self.folder / "kept")
        with little_is_much() if "--jobs=2" in options else contextlib.nullcontext():
            ran = build(self.root, *words)
        event(f"{'published' if is_published(ran) else 'refused'} with {ran.code}")
        if not is_published(ran):
            assert standing(self.output) == before, "nothing is published, nothing is changed"
        # Of what vanishes from output/ only the build that sees it can warn, and with `--strict` refuse.
        if is_published(ran) or (ran.code == 1 and "--strict" not in options):
            self.assert_as_fresh(ran, words)
        for path, found in survey(self.output).items():
            known = files.get(path)
            # Not by `changed`: that moves as well when another name of the file goes.
            if found and known and before[path] == what(self.output / path):
                assert (found.number, found.modified) == (known.number, known.modified), f"{path}: written for nothing"
        left = {path.name for path in self.root.glob(".output.ban-tin/*")}
        assert not left & {"journal.json", "undo-of-this"}
        assert not any(name.startswith("staging") for name in left)
        self.is_sound = True

    def assert_as_fresh(self, ran: Ran, words: list[str]) -> None:
        copy = self.folder / "copy"
        away(copy)
        shutil.copytree(self.root, copy, ignore=shutil.ignore_patterns("output", ".*"))
        if (self.folder / "kept").exists():
            shutil.copytree(self.folder / "kept", kept(copy).folder)
        wanted = build(copy, *words, "--fresh")
        assert said_of_site(ran) == said_of_site(wanted)
        # With `--strict` what vanishes from output/ is an error, which a copy without output/ cannot have.
        assert ran.code == (1 if "--strict" in words and vanishes(ran) else wanted.code)
        assert not is_published(ran) or standing(self.output) == standing(copy / "output")
        assert kept(self.root).items() == kept(copy).items()


def kept(root: Path) -> KeptSources:
    return Publisher.beside(root / "output").sources


def swap(known: dict[str, Any], one: str, other: str) -> None:
    ones, others = known.pop(one, None), known.pop(other, None)
    known.update({name: value for name, value in ((one, others), (other, ones)) if value is not None})


def is_published(ran: Ran) -> bool:
    return ran.code != 2 and ran.json["pages"] > 0


def said_of_site(ran: Ran) -> tuple[object, ...]:
    """Return what a report says of the site, and not of what stood in output/ before."""
    problems = [found for found in ran.json["problems"] if found not in vanishes(ran)]
    return ran.json["items"], ran.json["pages"], ran.json["next_due"], problems


def vanishes(ran: Ran) -> list[object]:
    """Return the problems of what stood in output/ before."""
    return [found for found in ran.json["problems"] if found["path"].startswith("output/")]


Editors.TestCase.settings = settings(max_examples=SEQUENCES, stateful_step_count=40)
TestAnySequenceOfEdits = Editors.TestCase


class EditorsOfMany(Editors):
    """The same people where lists have several pages, and most groups keep what they had."""

    others = 90


EditorsOfMany.TestCase.settings = settings(max_examples=-(-SEQUENCES // 4), stateful_step_count=15)
TestAnySequenceOfEditsAmongMany = EditorsOfMany.TestCase
