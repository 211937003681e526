"""A url that readers may have kept and that goes is told with the item that had it and the one that took its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builders import item
from tests.pictures import photo
from tests.sites import Ran, build, run, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "content/a.md": item(title="Bài «một» & hai"),
        "content/b.md": item(title="Tin khác", date="2015-03-02"),
        "content/c.md": item(title="Có địa chỉ cũ", date="2015-04-02", aliases="[/cu/ba/]"),
    }
    root = write(tmp_path, files)
    build(root)
    return root


def lost(ran: Ran) -> dict[str, tuple[str, str]]:
    """Return message and hint of each url that goes, by url."""
    problems = [found for found in ran.json["problems"] if found["code"] == "url-vanishes"]
    return {found["message"].split("«")[1].split("»")[0]: (found["message"], found["hint"]) for found in problems}


def only(ran: Ran) -> tuple[str, str]:
    (told,) = lost(ran).values()
    return told


def test_the_item_that_had_the_url_is_named(root: Path) -> None:
    (root / "content/a.md").unlink()
    for command in ("check", "build"):
        message, hint = only(run(root, command, "--format", "json"))
        assert "«Bài «một» & hai» (content/a.md)" in message
        assert "/tin/2016/12/a/" in message
        assert hint.startswith("nếu cố ý bỏ")


def test_without_a_state_it_is_named_by_the_page_s_title(root: Path) -> None:
    (root / "content/a.md").unlink()
    shutil.rmtree(root / ".cache")
    message, _ = only(build(root))
    assert "«Bài «một» & hai» " in message
    assert "content/a.md" not in message


def test_a_failed_build_in_between_does_not_make_it_forget(root: Path) -> None:
    write(root, {"content/a.md": item(title="Bài mới", date="2017-01-02", province="Sao Hỏa")})
    assert build(root).code == 1
    write(root, {"content/a.md": item(title="Bài mới", date="2017-01-02")})
    message, hint = only(build(root))
    assert "«Bài «một» & hai» (content/a.md)" in message
    assert "content/a.md" in hint
    assert "aliases: [/tin/2016/12/a/]" in hint


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("content/a.md", {"title": "Bài khác hẳn", "date": "2016-11-02"}),
        ("content/a.md", {"title": "Bài khác hẳn", "slug": "moi"}),
        ("content/moi.md", {"title": "Bài «một» & hai"}),
        ("content/2017/a.md", {"title": "Bài khác hẳn", "date": "2017-01-02"}),
        ("content/moi.md", {"title": "Bài khác hẳn", "slug": "a", "date": "2015-12-25"}),
    ],
)
def test_an_alias_is_proposed_on_the_item_that_took_its_place(root: Path, path: str, keys: dict[str, str]) -> None:
    (root / "content/a.md").unlink()
    write(root, {path: item(**keys)})
    _, hint = only(build(root))
    assert f" {path} " in hint
    assert "aliases: [/tin/2016/12/a/]" in hint


def test_the_alias_that_is_proposed_ends_the_matter(root: Path) -> None:
    write(root, {"content/a.md": item(title="Bài «một» & hai", date="2016-11-02")})
    assert len(lost(run(root, "check", "--format", "json"))) == 1
    write(root, {"content/a.md": item(title="Bài «một» & hai", date="2016-11-02", aliases="[/tin/2016/12/a/]")})
    assert build(root).codes == []


def test_an_item_that_was_there_before_took_nobody_s_place(root: Path) -> None:
    write(root, {"content/2015/a.md": item(title="Bài năm trước", date="2015-12-01")})
    build(root)
    (root / "content/a.md").unlink()
    _, hint = only(build(root))
    assert "content/2015/a.md" not in hint


def test_an_old_url_that_goes_is_one_of_the_item_that_it_leads_to(root: Path) -> None:
    write(root, {"content/c.md": item(title="Có địa chỉ cũ", date="2015-04-02")})
    message, hint = only(build(root))
    assert "«Có địa chỉ cũ»" in message
    assert "content/c.md" in hint
    assert "aliases: [/cu/ba/]" in hint


def test_an_attachment_that_goes_is_told_with_its_item(root: Path) -> None:
    write(root, {"content/a.md": item("[x](x.pdf)", title="Bài «một» & hai"), "content/x.pdf": b"%PDF"})
    build(root)
    write(root, {"content/a.md": item("Không còn.", title="Bài «một» & hai")})
    message, hint = only(build(root))
    assert "/tin/2016/12/a/x.pdf" in message
    assert "«Bài «một» & hai»" in message
    assert hint.startswith("nếu cố ý bỏ")


def test_a_category_that_goes_is_told_once_with_its_feed(root: Path) -> None:
    write(root, {"pyproject.toml": '[tool.bulletin]\ncategories = ["Ký kết", "Góc nhìn"]\nitems_per_page = 1\n'})
    for name in "xy":
        write(root, {f"content/{name}.md": item(title=f"Bài {name}", category="Ký kết")})
    assert build(root).code == 0
    write(root, {"pyproject.toml": '[tool.bulletin]\ncategories = ["Góc nhìn"]\nitems_per_page = 1\n'})
    for name in "xy":
        write(root, {f"content/{name}.md": item(title=f"Bài {name}", category="Góc nhìn")})
    message, hint = only(build(root))
    assert "/chuyen-muc/ky-ket/" in message
    assert "Ký kết" in message
    assert hint.endswith("nếu là chuyên mục thì ghi lại tên vào categories")


def test_neither_lists_nor_pictures_are_missed(root: Path) -> None:
    write(root, {"content/a.md": item("![Lễ ký](anh.jpg)"), "content/anh.jpg": photo(1)})
    write(root, {"pyproject.toml": "[tool.bulletin]\nexport_items = true\nitems_per_page = 1\n"})
    build(root)
    for name in ("b", "c"):
        (root / f"content/{name}.md").unlink()
    write(root, {"content/a.md": item("Không ảnh."), "pyproject.toml": "[tool.bulletin]\n"})
    ran = build(root)
    assert ran.json["removed"] > 5
    assert set(lost(ran)) == {"/tin/2015/03/b/", "/tin/2015/04/c/", "/cu/ba/"}
