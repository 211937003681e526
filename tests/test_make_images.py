"""Whole builds with pictures: what is published of them, what is told of them, and that none is worked on twice."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from bulletin.images import Original, pillow
from tests.browser import served
from tests.builders import item
from tests.pictures import SENTINEL, encoded, halves, opened, photo, rays, telling
from tests.sites import build, run, snapshot, write
from tests.test_incremental import HEAVY, fresh, little_is_much, python, wait_a_tick
from tests.test_promises import BASE, dead_links

PHOTO = encoded(halves(2000, 1000), "JPEG", exif=telling())
"""As a telephone makes it: it lies on its side, and tells where it was taken."""
SITE: Mapping[str, str | bytes] = {
    "pyproject.toml": f'[tool.bulletin]\nbase_url = "{BASE}"\n',
    "content/a.md": item('Một.\n\n![Bên "trong"](hinh/so-do.png "Sơ đồ")\n', image="le-ky.jpg", image_alt="Lễ ký"),
    "content/b.md": item("Hai, [xem ảnh](le-ky.jpg).", title="Hai", date="2016-11-02"),
    "content/le-ky.jpg": PHOTO,
    "content/hinh/so-do.png": photo(1, 700, 500),
    "content/khong-ai-dung.jpg": b"",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a small site with pictures that was built."""
    write(tmp_path / "site", SITE)
    assert build(tmp_path / "site").codes == []
    wait_a_tick()
    return tmp_path / "site"


@pytest.fixture
def worked_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of the pictures that are worked on, as it grows."""
    paths: list[str] = []
    make_renditions = pillow.make_renditions

    def noted(path: str, *rest: Any, **options: Any) -> Original:
        paths.append(path)
        return make_renditions(path, *rest, **options)

    monkeypatch.setattr(pillow, "make_renditions", noted)
    return paths


def page_of(root: Path, name: str = "a") -> etree._Element:
    return etree.HTML((root / f"output/tin/2016/12/{name}/index.html").read_text("utf-8"))


def pictures_in(root: Path) -> list[str]:
    return sorted(path for path in snapshot(root / "output") if path.endswith((".avif", ".jpg", ".webp", ".png")))


def told(root: Path, command: str = "build", *words: str) -> list[tuple[str, int, str, str]]:
    """Return path, line, severity and code of what is said of a site."""
    found = run(root, command, "--format", "json", *words).json["problems"]
    return [(one["path"], one["line"], one["severity"], one["code"]) for one in found]


# What is published


def test_a_picture_is_published_in_a_few_sizes_beside_each_item_that_shows_it(root: Path) -> None:
    assert {re.sub(r"\.[0-9a-f]{8}\.", ".", path) for path in pictures_in(root)} == {
        *(f"tin/2016/11/b/le-ky{size}" for size in (".jpg", "-480.webp", "-1000.webp", "-1000.avif")),
        *(f"tin/2016/12/a/le-ky{size}" for size in (".jpg", "-480.webp", "-1000.webp", "-1000.avif")),
        *(f"tin/2016/12/a/le-ky-c{width}.webp" for width in (320, 640, 960)),
        *(f"tin/2016/12/a/hinh-so-do-png{size}" for size in (".jpg", "-480.webp", "-700.webp")),
    }
    assert dead_links(root / "output") == []


def test_nothing_that_a_telephone_knows_is_anywhere_in_the_site(root: Path) -> None:
    assert b"Exif" in PHOTO
    assert SENTINEL.encode() in PHOTO
    for path, data in snapshot(root / "output").items():
        assert not [word for word in (b"Exif", b"GPS", SENTINEL.encode(), b"Apple") if word in data], path
        if path.endswith((".avif", ".jpg", ".webp")):
            assert dict(opened(data).getexif()) == {}, path
    assert PHOTO not in snapshot(root / "output").values(), "not even where a link names the file"


def test_a_page_names_the_sizes_its_browser_may_choose_from(root: Path) -> None:
    page = page_of(root)
    (source,) = page.xpath("//picture/source")
    image, inside = page.xpath("//a[@class='large']//img")
    named = [re.sub(r"\.[0-9a-f]{8}\.", ".", name) for name in (source.get("srcset"), image.get("src"))]
    assert named == ["le-ky-480.webp 480w, le-ky-1000.avif 1000w", "le-ky-1000.webp"]
    assert source.get("type") == "image/avif"
    assert image.get("srcset") is None, "who does not know AVIF is given the middle one"
    named = [re.sub(r"\.[0-9a-f]{8}\.", ".", inside.get(name)) for name in ("srcset", "src")]
    assert named == ["hinh-so-do-png-480.webp 480w, hinh-so-do-png-700.webp 700w", "hinh-so-do-png-700.webp"]
    assert source.get("sizes") == inside.get("sizes"), "each has one column of text"
    shown = {name: image.get(name) for name in ("alt", "width", "height", "loading", "decoding")}
    assert shown == {"alt": "Lễ ký", "width": "1000", "height": "2000", "loading": None, "decoding": "async"}
    shown = {name: inside.get(name) for name in ("alt", "width", "height", "loading", "decoding")}
    assert shown == {
        "alt": 'Bên "trong"',
        "width": "700",
        "height": "500",
        "loading": "lazy",
        "decoding": "async",
    }


def test_a_link_to_a_picture_leads_to_its_jpeg(root: Path) -> None:
    page = etree.HTML((root / "output/tin/2016/11/b/index.html").read_text("utf-8"))
    (link,) = page.xpath("//a[text()='xem ảnh']")
    assert link.get("href") == "le-ky.jpg", "it lies beside the page"


def test_programs_are_told_the_absolute_url_of_the_jpeg(root: Path) -> None:
    assert page_of(root).xpath("//meta[@property='og:image']/@content") == [f"{BASE}tin/2016/12/a/le-ky.jpg"]
    feed = etree.fromstring((root / "output/atom.xml").read_bytes())
    entry = etree.HTML(feed.xpath("string(//*[local-name() = 'content'])"))
    (image,) = entry.xpath("//img")
    assert entry.xpath("//figcaption/text()") == ["Sơ đồ"]
    assert dict(image.attrib) == {
        "src": f"{BASE}tin/2016/12/a/hinh-so-do-png.jpg",
        "alt": 'Bên "trong"',
        "width": "700",
        "height": "500",
    }
    assert entry.xpath("//picture | //source") == []


def test_pictures_of_drafts_and_of_items_to_come_are_nowhere(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": item("Một."),
        "content/b.md": item(title="Hai", draft="true", image="mat.jpg", image_alt="Mật"),
        "content/c.md": item("![Mật](mat.jpg)", title="Ba", publish="2017-02-10"),
        "content/mat.jpg": PHOTO,
    }
    root = write(tmp_path, files)
    assert build(root).code == 0
    assert pictures_in(root) == []
    assert b"mat" not in b"".join(data for path, data in snapshot(root / "output").items() if path.endswith(".html"))


def test_another_focus_changes_the_crops_of_that_item_alone(root: Path, tmp_path: Path) -> None:
    head = {"image": "le-ky.jpg", "image_alt": "Lễ ký"}
    write(root, {"content/b.md": item("Hai.", title="Hai", date="2016-11-02", **head)})
    build(root)
    before, kept = pictures_in(root), set((root / ".cache/pictures").iterdir())
    whole = [file for file in kept if "-50-50" not in file.name]
    times = {file: file.stat().st_mtime_ns for file in whole}
    write(root, {"content/b.md": item("Hai.", title="Hai", date="2016-11-02", image_focus="50% 100%", **head)})
    assert build(root).codes == []
    gone = set(before) - set(pictures_in(root))
    assert {re.sub(r"\.[0-9a-f]{8}\.", ".", path) for path in gone} == {
        f"tin/2016/11/b/le-ky-c{width}.webp" for width in (320, 640, 960)
    }
    assert {file: file.stat().st_mtime_ns for file in whole} == times, "only the crops are made"
    left = set((root / ".cache/pictures").iterdir())
    assert kept < left, "the other item shows the same picture around its middle"
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "fresh"))


def test_a_crop_keeps_what_it_must(tmp_path: Path) -> None:
    head = {"image": "anh.png", "image_alt": "Nửa đỏ, nửa xanh"}
    files = {f"content/{x}.md": item(title=f"Tin {x}", image_focus=f"{x}% 0%", **head) for x in (0, 100)}
    root = write(tmp_path, {**files, "content/anh.png": encoded(halves(1200, 300), "PNG")})
    assert build(root).codes == []
    for name, red, blue in (("0", 255, 0), ("100", 0, 255)):
        (file,) = (root / f"output/tin/2016/12/{name}").glob("anh-png-c450.*")
        colour = opened(file.read_bytes()).convert("RGB").resize((1, 1)).tobytes()
        assert abs(colour[0] - red) + abs(colour[2] - blue) < 20


# What is told


BROKEN: Mapping[str, tuple[bytes, str]] = {
    "hong.jpg": (PHOTO[:2000], "picture-broken"),
    "dong.gif": (
        encoded(halves(), "GIF", save_all=True, append_images=[halves().rotate(180)], duration=100),
        "picture-animated",
    ),
    "to.gif": (photo(1, kind="GIF")[:6] + b"\xff\xff\xff\xff" + photo(1, kind="GIF")[10:], "picture-too-large"),
    "iphone.jpg": (b"\0\0\0\x18ftypheic" + bytes(99), "picture-format"),
}


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_picture_that_cannot_be_shown_is_told_at_the_line_that_names_it(
    tmp_path: Path, command: str, name: str
) -> None:
    data, code = BROKEN[name]
    files: dict[str, str | bytes] = {
        "content/a.md": item(f"Một.\n\nHai ![Lễ ký]({name})"),
        "content/b.md": item(title="Hai", image=name, image_alt="Lễ ký"),
        "content/c.md": item(f"[Xem ảnh]({name})", title="Ba", draft="true"),
        f"content/{name}": data,
    }
    root = write(tmp_path, files)
    before = snapshot(root)
    for _ in range(2):
        assert told(root, command) == [
            ("content/a.md", 8, "error", code),
            ("content/b.md", 5, "error", code),
            ("content/c.md", 7, "error", code),
        ]
    for language in ("vi", "en"):
        assert f"«content/{name}»" in run(root, command, "--lang", language).err
    assert not (root / "output").exists()
    assert command == "build" or snapshot(root) == before


def test_all_problems_of_an_item_are_told_in_one_run_its_pictures_too(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": item("![Lễ ký](hong.jpg) [x](mat.md)", province="Sao Hỏa"),
        "content/hong.jpg": b"",
    }
    assert [code for *_, code in told(write(tmp_path, files))] == [
        *("unknown-province", "link-to-no-item", "picture-broken"),
    ]


def test_an_item_with_a_broken_picture_can_be_left_out(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": item("![Lễ ký](hong.jpg)"),
        "content/b.md": item("![Lễ ký](tot.png)", title="Hai"),
        "content/hong.jpg": b"",
        "content/tot.png": photo(1),
    }
    root = write(tmp_path, files)
    assert run(root, "build", "--keep-going").code == 1
    assert {path.rpartition("/")[0] for path in pictures_in(root)} == {"tin/2016/12/b"}
    write(root, {"content/hong.jpg": photo(2, kind="JPEG")})
    assert build(root).codes == []
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "copy"))


def test_two_files_whose_names_still_meet_are_told_where_the_second_is_named(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": item("![Một](so-do.png)\n\n![Một](so-do.png) ![Hai](Sơ_đồ.png)"),
        "content/b.md": item("[Một](hinh-x.pdf)\n\n[Hai](hinh/x.pdf)", title="Hai"),
        "content/so-do.png": photo(1),
        "content/Sơ_đồ.png": photo(2),
        "content/hinh-x.pdf": b"1",
        "content/hinh/x.pdf": b"2",
    }
    root = write(tmp_path, files)
    assert told(root) == [("content/a.md", 8, "error", "url-taken"), ("content/b.md", 8, "error", "url-taken")]
    hints = [found["hint"] for found in run(root, "check", "--format", "json", "--lang", "en").json["problems"]]
    assert ["content/Sơ_đồ.png" in hints[0], "content/hinh/x.pdf" in hints[1]] == [True, True]


@pytest.mark.parametrize("text", ["![](a.png)", "<img src='a.png' alt=''>"])
def test_a_picture_that_is_not_described_is_a_warning(tmp_path: Path, text: str) -> None:
    root = write(tmp_path, {"content/a.md": item(f"Một.\n\n{text}"), "content/a.png": photo(1)})
    assert told(root) == [("content/a.md", 8, "warning", "picture-without-alt")]


def test_a_picture_that_goes_is_not_missed_and_a_page_is_told_without_it(root: Path) -> None:
    write(root, {"content/a.md": item("Một.")})
    assert told(root) == []
    write(root, SITE)
    build(root)
    (root / "content/a.md").unlink()
    assert [path for path, *_ in told(root)] == ["output/tin/2016/12/a/index.html"]


# What is done again


def test_no_picture_is_worked_on_twice_whatever_becomes_of_its_items(
    root: Path, tmp_path: Path, worked_on: list[str]
) -> None:
    other = str(tmp_path / "elsewhere")
    for change in (
        {"content/a.md": item("Khác.\n\n![Khác](hinh/so-do.png)", slug="khac", image="le-ky.jpg", image_alt="Lễ ký")},
        {"content/c.md": item("![Lễ ký](le-ky.jpg)", title="Ba")},
        {"content/le-ky.jpg": PHOTO},
        {"pyproject.toml": '[tool.bulletin]\ntitle = "Tên mới"\n'},
    ):
        write(root, change)
        assert build(root).code == 0
    shutil.rmtree(root / "output")
    assert build(root).code == 0
    assert build(root, "--output", other).code == 0
    assert worked_on == []
    assert snapshot(root / "output") == snapshot(Path(other)) == snapshot(fresh(root, tmp_path / "copy"))


def test_another_picture_under_its_name_changes_its_pages_and_only_its_own_files(
    root: Path, tmp_path: Path, worked_on: list[str]
) -> None:
    before = snapshot(root / "output")
    write(root, {"content/hinh/so-do.png": photo(2, 700, 500)})
    assert build(root).code == 0
    assert worked_on == ["content/hinh/so-do.png"]
    after = snapshot(root / "output")
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    assert len(gone) == len(come) == 2
    assert changed - gone - come == {"tin/2016/12/a/index.html", "tin/2016/12/a/hinh-so-do-png.jpg"}
    assert after == snapshot(fresh(root, tmp_path / "copy"))


def test_an_avif_comes_and_goes_with_the_picture_that_earns_it(root: Path, tmp_path: Path) -> None:
    kept = root / ".cache/pictures"
    before = {file.suffix for file in kept.iterdir() if "-700" in file.name}
    found = []
    for data in (rays(width=700, height=90), photo(1, 700, 500)):
        write(root, {"content/hinh/so-do.png": data})
        assert build(root).codes == []
        assert run(root, "check", "--format", "json").json["removed"] == 0, "a check makes none, and misses none"
        found.append([path for path in pictures_in(root) if "so-do" in path and path.endswith(".avif")])
        assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / str(len(found))))
    assert [len(avifs) for avifs in found] == [1, 0]
    assert {file.suffix for file in kept.iterdir() if "-700" in file.name} == before


def test_a_picture_of_another_shape_changes_what_pages_and_feeds_say_of_it(root: Path, tmp_path: Path) -> None:
    write(root, {"content/hinh/so-do.png": photo(2, 600, 900)})
    assert build(root).code == 0
    assert page_of(root).xpath("//a[@class='large']//img/@height") == ["2000", "900"]
    assert b"height=&#34;900&#34;" in (root / "output/atom.xml").read_bytes()
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "copy"))


def test_a_picture_damaged_in_output_is_put_right_without_being_made_again(root: Path, worked_on: list[str]) -> None:
    before = snapshot(root / "output")
    for number, path in enumerate(pictures_in(root)):
        file = root / "output" / path
        if number % 2:
            file.unlink()
        else:
            file.write_bytes(b"x" * file.stat().st_size)
    assert build(root).code == 0
    assert snapshot(root / "output") == before
    assert worked_on == []


@pytest.mark.parametrize("harm", ["gone", "damaged", "one gone"])
def test_renditions_that_are_lost_are_made_again(root: Path, worked_on: list[str], harm: str) -> None:
    before = snapshot(root / "output")
    kept = root / ".cache/pictures"
    if harm == "gone":
        shutil.rmtree(kept)
    for file in list(kept.glob("*"))[: 1 if harm == "one gone" else None]:
        if harm == "damaged":
            file.write_bytes(file.read_bytes()[:-1] + b"x")
        else:
            file.unlink()
    shutil.rmtree(root / "output")
    assert build(root).code == 0
    assert snapshot(root / "output") == before
    assert len(worked_on) == 2


def test_nothing_is_kept_of_pictures_that_no_item_shows(root: Path) -> None:
    kept = root / ".cache/pictures"
    before = set(kept.iterdir())
    half_done = f"{next(iter(before)).name}.4711"
    write(
        root,
        {
            f".cache/pictures/{name}": "what a killed build left"
            for name in (f"{'0' * 32}-480.webp", f"{'0' * 32}-960.avif", half_done)
        },
    )
    write(root, {"content/a.md": item("Một.", image="le-ky.jpg", image_alt="Lễ ký")})
    build(root)
    assert set(kept.iterdir()) < before
    assert len(set(kept.iterdir())) == 7, "three sizes, one of them as AVIF too, and three crops"


def test_pictures_are_loaded_only_to_be_worked_on(root: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from bulletin.cli import main;"
        "code = main(['build', '--as-of', '2017-01-31T08:00', '--quiet'], Path(sys.argv[1]));"
        "print(code, 'PIL' in sys.modules)"
    )
    assert "PIL" in HEAVY
    write(root, {"content/a.md": item("Khác.\n\n![Khác](hinh/so-do.png)", image="le-ky.jpg", image_alt="Lễ ký")})
    assert python(script, root).stdout.split() == ["0", "False"]
    write(root, {"content/hinh/so-do.png": photo(2, 700, 500)})
    assert python(script, root).stdout.split() == ["0", "True"], "or this sees nothing"


def test_several_processes_make_the_same_pictures(tmp_path: Path) -> None:
    files = {f"content/{number}.png": photo(number, 700, 400) for number in range(6)}
    texts = {f"content/{number}.md": item(f"![Lễ ký]({number}.png)", title=f"Tin {number}") for number in range(6)}
    made = []
    with little_is_much():
        for jobs in ("1", "2"):
            root = write(tmp_path / jobs, {**files, **texts})
            assert build(root, "--jobs", jobs).code == 0
            made.append(snapshot(root / "output"))
    assert made[0] == made[1]
    assert len(pictures_in(root)) == 18


@pytest.mark.skipif(os.name == "nt", reason="Windows wants rights for links")
def test_a_picture_behind_a_link_within_content_is_seen_to_change(root: Path) -> None:
    (root / "content/hinh/so-do.png").unlink()
    (root / "content/hinh/so-do.png").symlink_to(root / "content/kho.png")
    before = [snapshot(root / "output")["tin/2016/12/a/hinh-so-do-png.jpg"]]
    for number in (3, 4):
        write(root, {"content/kho.png": photo(number, 700, 500)})
        assert build(root).code == 0
        shown = snapshot(root / "output")["tin/2016/12/a/hinh-so-do-png.jpg"]
        assert shown not in before
        before.append(shown)


# What a reader sees


def open_page(chromium: Browser, address: str, width: int, density: float = 1) -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 900}, device_scale_factor=density)
    page = context.new_page()
    page.goto(f"{address}tin/2016/12/a/")
    # A lazy picture is loaded when it is about to be seen.
    page.evaluate("() => Promise.all([...document.images].map(image => (image.loading = 'eager', image.decode())))")
    return page


@pytest.mark.parametrize(("width", "density", "chosen"), [(360, 1, "480"), (360, 3, "1000"), (1280, 1, "1000")])
def test_a_browser_takes_the_picture_that_fits_its_screen(
    chromium: Browser, root: Path, width: int, density: float, chosen: str
) -> None:
    with served(root / "output") as address:
        page = open_page(chromium, address, width, density)
        taken = page.evaluate("[...document.images].map(image => [image.currentSrc, image.naturalWidth > 0])")
        assert f"/le-ky-{chosen}." in taken[0][0]
        assert all(is_there for _, is_there in taken)
        assert page.evaluate("document.documentElement.scrollWidth") == width, "no picture is wider than its page"
        box = page.evaluate("(({width, height}) => [width, height])(document.images[0].getBoundingClientRect())")
        fit = page.evaluate("getComputedStyle(document.images[0]).objectFit")
        assert (abs(box[1] / box[0] - 2) < 0.02) or fit == "contain", "it keeps its shape"
        assert box[1] < 900, "it can be seen at once"
        page.context.close()
