"""Pictures and attachments are published under names that no other file can change."""

from __future__ import annotations

import posixpath
from pathlib import Path

import pytest

from bulletin.pages.public_names import LONGEST, attachment_name, picture_stem
from tests.builders import item
from tests.pictures import photo
from tests.sites import build, snapshot, write

ITEM = "content/2016/12/tin.md"
LONG = "bien-ban-ghi-nho-hop-tac-chien-luoc-ve-chuyen-doi-so-giai-doan-2016-2020-"


@pytest.mark.parametrize(
    ("file", "stem"),
    [
        ("content/2016/12/1.jpg", "1"),
        ("content/2016/12/1.JPG", "1"),
        ("content/2016/12/1.png", "1-png"),
        ("content/2016/12/1.jpeg", "1-jpeg"),
        ("content/2016/12/1.WebP", "1-webp"),
        ("content/2016/12/anh/1.jpg", "anh-1"),
        ("content/2016/12/Ảnh lễ ký/1.jpg", "anh-le-ky-1"),
        ("content/2016/12/anh/khac/1.jpg", "anh-khac-1"),
        ("content/chung/1.jpg", "chung-1"),
        ("content/2016/1.jpg", "2016-1"),
        ("content/1.jpg", "content-1"),
        ("content/2016/12/con.jpg", "tep-con"),
        ("content/2016/12/anh/con.jpg", "anh-con"),
    ],
)
def test_a_picture_carries_its_folder_and_the_ending_that_it_loses(file: str, stem: str) -> None:
    assert picture_stem(ITEM, file) == stem


@pytest.mark.parametrize(
    "names",
    [
        ("1.jpg", "1.png", "1.gif", "1.jpeg", "1.webp", "1.avif"),
        ("anh/1.jpg", "khac/1.jpg", "1.jpg", "../1.jpg", "../../1.jpg"),
        ("a/anh/1.jpg", "b/anh/1.jpg"),
        (f"{LONG}a.jpg", f"{LONG}b.jpg", f"{LONG}a.png", f"anh/{LONG}a.jpg", f"{LONG}.jpg"),
        ("河內.jpg", "峴港.jpg", "河內.png", "anh/河內.jpg"),
        (f"{'ả' * 70}.jpg", f"{'á' * 70}.jpg"),
    ],
)
def test_files_that_differ_have_names_that_differ(names: tuple[str, ...]) -> None:
    files = [posixpath.normpath(f"content/2016/12/{name}") for name in names]
    for published in ([picture_stem(ITEM, file) for file in files], [attachment_name(ITEM, file) for file in files]):
        assert len(set(published)) == len(published)


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".jpeg"])
@pytest.mark.parametrize("folder", ["", "anh/", f"{'b' * 100}/"])
@pytest.mark.parametrize("length", [1, 50, 59, 60, 61, 240])
def test_no_name_is_longer_than_windows_takes(ending: str, folder: str, length: int) -> None:
    stem = picture_stem(ITEM, f"content/2016/12/{folder}{'a' * length}{ending}")
    assert len(stem) <= LONGEST
    assert not stem.startswith("-")
    assert "--" not in stem


def test_a_file_that_is_added_later_moves_no_other(tmp_path: Path) -> None:
    shown = [f"{LONG}a.jpg", "anh/1.jpg", "1.png"]
    root = write(tmp_path, {"content/a.md": item(" ".join(f"![Lễ ký]({name})" for name in shown))})
    write(root, {f"content/{name}": photo(number) for number, name in enumerate(shown)})
    assert build(root).code == 0
    before = {path for path in snapshot(root / "output") if path.endswith(".jpg")}
    later = [f"{LONG}b.jpg", "khac/1.jpg", "1.jpg", "2016/1.png"]
    write(root, {"content/a.md": item(" ".join(f"![Lễ ký]({name})" for name in (*later, *shown)))})
    write(root, {f"content/{name}": photo(9 + number) for number, name in enumerate(later)})
    assert build(root).codes == []
    after = {path for path in snapshot(root / "output") if path.endswith(".jpg")}
    assert before < after
    assert len(after) == len(before) + len(later)
