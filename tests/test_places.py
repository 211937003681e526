"""What a browser may name as the file of an item: a file below content/ on every system, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.desk.storage.changes import Actor
from bulletin.desk.storage.places import item_file
from bulletin.desk.storage.store import Store
from bulletin.problems import Refused
from tests.builders import item
from tests.sites import snapshot, write

OUTSIDE = (
    *("", "/", "content", "content/", "content/2016", "content/a.txt", "content/.md", "a.md", "templates/a.md"),
    *("../a.md", "content/../a.md", "content/../../a.md", "content/2016/../../a.md", "content/./a.md", "content//a.md"),
    *(
        "/etc/passwd",
        "/content/a.md",
        "//may-chu/chung/a.md",
        "\\\\may-chu\\chung\\a.md",
        "C:\\a.md",
        "C:/a.md",
        "c:a.md",
    ),
    *("content/C:/a.md", "content/c:a.md", "content\\a.md", "content/..\\a.md", "content/2016\\..\\..\\a.md"),
    *("content/con.md", "content/CON.md", "content/nul", "content/aux.tin.md", "content/lpt1.md", "content/com1/a.md"),
    *("content/a.md:x.md", "content/a.txt::$DATA.md", "content/a.md::$DATA", "content/a:b.md"),
    *(
        "content/a.md.",
        "content/a.md ",
        "content/a .md/ b.md",
        "content/2016./a.md",
        "content/2016 /a.md",
        "content/ a.md",
    ),
    *("content/a\x00.md", "content/a.md\x00", "content/a\n.md", "content/a\x7f.md", "content/\ud800.md"),
    *("content/.an/a.md", "content/.a.md", "content/~$a.md", "content/" + "a" * 300 + ".md"),
    *("%2e%2e/a.md", ".desk/versions/a.md", "content/..%5ca.md/../../b.md", "Content/a.md", "CONTENT/../a.md"),
)


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_that_is_none_of_an_item_is_refused_by_whatever_takes_one(tmp_path: Path, path: str) -> None:
    root = write(tmp_path / "site", {"content/a.md": item(), "a.md": "ngoài", ".desk/versions/a.md": "x"})
    store = Store(root)
    before = snapshot(tmp_path)
    for act in (
        lambda: store.open(path),
        lambda: store.create(path, "x", Actor("Lan")),
        lambda: store.save(path, "x", "x", Actor("Lan")),
        lambda: store.delete(path, "x", Actor("Lan")),
        lambda: store.bring_back(path, "x", "", Actor("Lan")),
        lambda: store.versions.of(path),
        lambda: store.versions.read(path, "x"),
    ):
        with pytest.raises(Refused, match="desk-path"):
            act()
    after = snapshot(tmp_path)
    assert {
        name: data for name, data in after.items() if name not in {"site/.desk/lock", "site/.desk/.gitignore"}
    } == before


@pytest.mark.parametrize(
    "path",
    [
        *("content/a.md", "content/2016/2016-12-25-thai-nguyen.md", "content/Bài của tôi (2).MD", "content/a..b.md"),
        *("content/một/hai/ba.md", "content/a%2e.md", "content/console.md", "content/~a.md", "content/a.txt.md"),
    ],
)
def test_any_name_that_an_item_may_have_is_accepted(tmp_path: Path, path: str) -> None:
    root = write(tmp_path, {path: item()})
    assert item_file(root, path) == (root / path).resolve()


def test_links_are_followed_inside_content_only(tmp_path: Path) -> None:
    root = write(tmp_path / "site", {"content/a.md": item(), "content/b.txt": "x"})
    write(tmp_path, {"ngoai/c.md": "x"})
    for name, target in {
        "trong.md": "a.md",
        "ngoai.md": "../../ngoai/c.md",
        "thu-muc": "../../ngoai",
        "vong.md": "vong.md",
        "khac.md": "b.txt",
        "thu-muc.md": "../content",
    }.items():
        (root / "content" / name).symlink_to(target)
    assert item_file(root, "content/trong.md") == (root / "content/a.md").resolve()
    for path in ("ngoai.md", "thu-muc/c.md", "thu-muc/moi.md", "vong.md", "khac.md", "thu-muc.md"):
        with pytest.raises(Refused, match="desk-path"):
            item_file(root, f"content/{path}")


def test_content_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, {"chung/a.md": item()})
    (tmp_path / "site").mkdir()
    (tmp_path / "site/content").symlink_to(tmp_path / "chung")
    assert item_file(tmp_path / "site", "content/a.md") == (tmp_path / "chung/a.md").resolve()
