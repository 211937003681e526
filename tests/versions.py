"""A site of 60 items in three states, for tests of what lies between them."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.builders import item
from tests.pictures import photo, rays
from tests.sites import REPOSITORY, build, snapshot, write
from tests.test_promises import BASE, dead_links
from tools.readers import Site

Files = dict[str, str | bytes]


class Version(NamedTuple):
    """A state of a site: its own files, and what a fresh build makes of them."""

    files: Files
    site: Site


PLACES = ("Thái Nguyên", "Hà Nội", "Bình Phước", "Hưng Yên", "Thừa Thiên Huế", "Toàn quốc")


def versions() -> tuple[Files, Files, Files]:
    """Return three states of a site of 60 items: from the first to the second some files change, then all of them."""
    settings = f'[tool.bulletin]\nbase_url = "{BASE}"\ncategories = ["Cũ", "Hợp tác", "Mới"]\n'
    first = {"pyproject.toml": settings} | {f"content/{n:02}.md": text_of(n, **of_old(n)) for n in range(60)}
    gone = {f"content/{n:02}.md" for n in (0, 8, 9, 17, 34, 51)}
    second: Files = {path: text for path, text in first.items() if path not in gone}
    for n in (3, 23, 43):
        second[f"content/{n:02}.md"] = text_of(
            n, "Đã sửa: ![Lễ ký](anh.jpg), [bảng](so-lieu.csv).\n\n![Tia](tia.png)\n![Lễ ký](anh.jpg)"
        )
    second |= {
        "content/anh.jpg": photo(),
        "content/tia.png": rays("red"),
        "content/so-lieu.csv": b"a,b",
        "content/05.md": text_of(5, title="Tên khác"),
        "content/06.md": text_of(6, province="Đà Nẵng", date="2016-09-09"),
        "content/07.md": text_of(7, slug="doi-ten", aliases="[/tin/2016/08/07/]"),
        "content/doi-tep.md": text_of(8),
        "content/10.md": text_of(10, draft="true"),
        **{f"content/moi-{n}.md": text_of(n, "![Lễ ký](anh.jpg)", **of_new(n)) for n in range(10, 14)},
    }
    style = (REPOSITORY / "templates/assets/style.css").read_text("utf-8")
    template = (REPOSITORY / "templates/item.html").read_text("utf-8").replace("<h1>", '<h1 class="moi">')
    third = second | {
        "pyproject.toml": f'{settings}title = "Tên mới"\n',
        "content/tia.png": rays("blue"),
        "templates/item.html": template,
        "templates/assets/style.css": f"{style}\n.moi {{ color: inherit }}\n",
    }
    return dict(first), second, third


def of_old(number: int) -> dict[str, str]:
    """Return keys of the first items; a category, an author and a tag go with those that do."""
    if number in {8, 9}:
        return {"category": "Cũ", "author": "Trần Cũ", "tags": "[cũ]"}
    return {"category": "Hợp tác", "author": f"Lê Thị {number % 3}", "tags": f"[chung, nhóm {number % 4}]"}


def of_new(number: int) -> dict[str, str]:
    """Return keys of new items, with which a month, a category, an author and a tag come."""
    return {"date": f"2017-01-{number:02}", "category": "Mới", "author": "Phạm Mới", "tags": "[mới, chung]"}


def text_of(number: int, body: str = "Thân bài.", **keys: str) -> str:
    day = f"{2015 + number % 2}-{1 + number % 8:02}-{1 + number % 28:02}"
    return item(f"{body}\n", **({"title": f"Tin {number}", "province": PLACES[number % 6], "date": day} | keys))


def put(root: Path, files: Files) -> None:
    """Make a site's own files these."""
    for folder in ("content", "templates"):
        for path in snapshot(root / folder):
            if f"{folder}/{path}" not in files:
                (root / folder / path).unlink()
    write(root, files)


def fresh(files: Files, folder: Path, *words: str) -> Site:
    """Return what a fresh build of these files makes."""
    root = write(folder, files)
    assert build(root, *words).code == 0
    assert dead_links(root / "output") == []
    return snapshot(root / "output")


@cache
def built_versions() -> tuple[Version, ...]:
    """Return the three states, each with what a fresh build makes of it."""
    with tempfile.TemporaryDirectory() as folder:
        return tuple(Version(files, fresh(files, Path(folder, str(n)))) for n, files in enumerate(versions()))
