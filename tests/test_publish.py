"""Publishing as a transaction: stopped at any step it leaves a site that works, and is finished or taken back later."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bulletin.problems import BuildFailed
from bulletin.publishing import locked
from bulletin.publishing.changes import UNKNOWN, Changes
from bulletin.publishing.publish import KEPT, Publisher
from tests.builders import item
from tests.pictures import photo
from tests.programs import missing
from tests.sites import REPOSITORY, build, run, snapshot, write
from tests.test_promises import BASE, dead_links
from tools.readers import Site, faults


def page(*links: str) -> bytes:
    anchors = "".join(f'<a href="/{link}">x</a>' for link in links)
    return f"<!doctype html>\n{anchors}</html>\n".encode()


# Three publications in a row, in which every kind of file comes, changes and goes.
OLDER = {"index.html": page("tin/a/", "assets/0.css"), "assets/0.css": b"0", "tin/a/index.html": page()}
OLD = {
    "index.html": page("tin/a/", "tin/b/", "thang/1/", "assets/1.css", "atom.xml"),
    "404.html": page("assets/1.css"),
    "assets/1.css": b"1",
    "atom.xml": b'<feed><link href="/tin/b/"/></feed>',
    "thang/1/index.html": page("tin/a/", "tin/b/", "assets/1.css"),
    "thoa-thuan.csv": b"a,b",
    "tin/a/index.html": page("thang/1/", "tin/b/"),
    "tin/b/anh.jpg": b"anh b",
    "tin/b/index.html": page("thang/1/", "tin/b/anh.jpg", "tin/a/"),
}
NEW = {
    "index.html": page("tin/a/", "tin/c/", "thang/2/", "assets/2.css", "atom.xml"),
    "404.html": page("assets/2.css"),
    "assets/2.css": b"2",
    "atom.xml": b'<feed><link href="/tin/c/"/></feed>',
    "thang/1/index.html": page("tin/a/", "assets/2.css"),
    "thang/2/index.html": page("tin/c/"),
    "thoa-thuan.csv": b"a,c",
    "tin/a/index.html": page("thang/1/", "tin/c/", "tin/a/moi.jpg"),
    "tin/a/moi.jpg": b"anh a",
    "tin/c/anh.jpg": b"anh c",
    "tin/c/index.html": page("thang/2/", "tin/c/anh.jpg", "tin/a/"),
}


def publish(output: Path, site: Site | None) -> None:
    """Publish a site as a build does; None is a build that ends with errors and publishes nothing."""
    publisher = Publisher.beside(output)
    with locked(publisher.lock, lambda: None):
        publisher.recover()
        publisher.clear()
        if site is not None:
            present = publisher.present()
            changes = Changes(removed=sorted(present.keys() - site.keys()))
            files = [
                publisher.stage(path, data, present=UNKNOWN if path in present else None) for path, data in site.items()
            ]
            for file in files:
                changes.add(file)
            publisher.publish(changes, {file.path: file.digest for file in files})
        publisher.clear()


@contextmanager
def moves(output: Path, after_each: Callable[[], None]) -> Iterator[list[str]]:
    """Yield the list of what is put into an output folder (+ path) and taken out of it (- path), as it happens."""
    made: list[str] = []

    def recording(sign: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def act_and_record(*words: Any, **keys: Any) -> Any:
            act(*words, **keys)
            if Path(words[-1]).is_relative_to(output):
                made.append(f"{sign} {Path(words[-1]).relative_to(output).as_posix()}")
                after_each()

        return act_and_record

    with pytest.MonkeyPatch.context() as patch:
        for sign, name in (("+", "replace"), ("+", "rename"), ("-", "unlink")):
            patch.setattr(os, name, recording(sign, getattr(os, name)))
        yield made


LAST_YEAR = {
    "index.html": page("thang/", "tin/2016/12/a/"),
    "thang/index.html": page("thang/2016/"),
    "thang/2016/index.html": page("thang/2016-12/"),
    "thang/2016-12/index.html": page("tin/2016/12/a/"),
    "tin/2016/12/a/index.html": page("thang/2016-12/"),
}
THIS_YEAR = {
    "index.html": page("thang/", "tin/2017/01/z/", "assets/moi.css"),
    "404.html": page(),
    "assets/moi.css": b"1",
    "atom.xml": b"<feed/>",
    "cu/z/index.html": page("tin/2017/01/z/"),
    "sitemap.xml": b"<sitemapindex/>",
    "sitemap-2017-05.xml": b"<urlset/>",
    "thang/index.html": page("thang/2017/"),
    "thang/2017/index.html": page("thang/2017-01/"),
    "thang/2017-01/index.html": page("tin/2017/01/z/", "thang/2017-01/trang/10/"),
    "thang/2017-01/trang/10/index.html": page("thang/2017-01/trang/9/"),
    "thang/2017-01/trang/9/index.html": page("tin/2017/01/z/"),
    "tim-kiem/2017.json": b'[{"url": "/tin/2017/01/z/"}]',
    "tim-kiem/muc-luc.json": b'{"files": [{"titles": "2017.json", "texts": []}]}',
    "tim-kiem/index.html": b'<!doctype html><form data-index="muc-luc.json"></form></html>',
    "tinh/ha-noi/atom.xml": b"<feed/>",
    "tinh/ha-noi/index.html": page("tinh/ha-noi/atom.xml", "tin/2017/01/z/"),
    # An old address that looks like that of an item: the page of a redirect, before that of its item by name.
    "tin/2017/01/a/index.html": b'<!doctype html><meta http-equiv="refresh" content="0; url=../z/"></html>',
    "tin/2017/01/z/index.html": page("thang/2017-01/"),
}
BESIDE_PAGES = [
    *("assets/moi.css", "atom.xml", "sitemap-2017-05.xml", "tim-kiem/2017.json", "tinh/ha-noi/atom.xml"),
    *("sitemap.xml", "tim-kiem/muc-luc.json"),
]


def test_what_is_named_comes_before_who_names_it_and_goes_after_it(tmp_path: Path) -> None:
    output = tmp_path / "output"
    publish(output, LAST_YEAR)
    changed = ["index.html", "thang/index.html"]
    new = sorted(path for path in THIS_YEAR.keys() - LAST_YEAR.keys() if path.endswith(".html"))
    old = sorted(LAST_YEAR.keys() - THIS_YEAR.keys())
    with moves(output, lambda: None) as made:
        publish(output, THIS_YEAR)
    # Notices, what is named by pages, pages; and notices again before pages go.
    put = [*new, *BESIDE_PAGES, *new, *changed, *old]
    assert made == [*(f"+ {path}" for path in put), *(f"- {path}" for path in old)]
    with moves(output, lambda: None) as made:
        publish(output, LAST_YEAR)
    put = [*old, *old, *changed, *new]
    assert made == [*(f"+ {path}" for path in put), *(f"- {path}" for path in (*BESIDE_PAGES[::-1], *new))]


SITE: dict[str, str | bytes] = {
    "pyproject.toml": f'[tool.bulletin]\nbase_url = "{BASE}"\nexport_items = true\n',
    "content/a.md": item("Một.", title="Một"),
    "content/b.md": item("![Lễ ký](anh.jpg)", title="Hai", date="2016-11-02"),
    "content/anh.jpg": photo(),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write(tmp_path, SITE)
    assert build(root).code == 0
    return root


def publications(root: Path, number: int) -> list[Site]:
    """Publish again so many times, each time with items added, changed and removed; return what was published."""
    published: list[Site] = [snapshot(root / "output")]
    for n in range(number):
        (root / f"content/{n}.md").unlink(missing_ok=True)
        write(root, {f"content/{n + 1}.md": item(title=f"Tin {n}", date=f"2016-{n + 1:02}-01")})
        write(root, {"content/a.md": item(f"Lần {n}.", title=f"Một {n}")})
        assert build(root).code == 0
        published.append(snapshot(root / "output"))
    return published


def test_every_link_resolves_after_every_move(root: Path) -> None:
    old = snapshot(root / "output")
    (root / "content/b.md").unlink()
    text = "![Lễ ký](anh.jpg) và [bảng](so-lieu.csv)"
    more = {"content/c.md": item(text, title="Ba", value="5 tỷ"), "content/d.md": item(text, date="2017-01-02")}
    write(root, {**more, "content/a.md": item(text), "content/so-lieu.csv": "a,b"})
    assert build(root, "--output", str(root / "fresh")).code == 0
    new = snapshot(root / "fresh")
    found = []
    with moves(root / "output", lambda: found.append(faults(snapshot(root / "output"), old, new))) as made:
        assert build(root).code == 0
    assert len(made) > 15
    assert [(move, wrong) for move, wrong in zip(made, found, strict=True) if wrong] == []
    assert dead_links(root / "output") == []


def test_a_rollback_takes_back_what_was_added_changed_and_removed(root: Path) -> None:
    before, after = publications(root, 2)[1:]
    assert after.keys() - before.keys()
    assert before.keys() - after.keys()
    ran = run(root, "rollback")
    assert (ran.code, ran.err) == (0, "")
    assert snapshot(root / "output") == before


def test_after_a_rollback_a_build_publishes_the_new_content_again(root: Path) -> None:
    after = publications(root, 2)[-1]
    run(root, "rollback")
    assert build(root).code == 0
    assert snapshot(root / "output") == after
    run(root, "rollback")
    write(root, {"content/a.md": item("Mới.")})
    assert build(root, "--verify").code == 0


def test_as_many_publications_as_are_kept_can_be_taken_back_and_no_more(root: Path) -> None:
    published = publications(root, KEPT + 2)
    assert len(list((root / ".output.ban-tin/undo").iterdir())) == KEPT
    for before in published[-2 : -KEPT - 2 : -1]:
        assert run(root, "rollback", "--quiet").code == 0
        assert snapshot(root / "output") == before
    for language, words in (("vi", "không còn lần xuất bản nào trước đó"), ("en", "no earlier publication is kept")):
        ran = run(root, "rollback", "--lang", language)
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err
    assert snapshot(root / "output") == published[-KEPT - 1]


@pytest.mark.parametrize("was_there", [False, True], ids=["no folder", "an empty folder"])
def test_the_first_publication_cannot_be_taken_back(tmp_path: Path, *, was_there: bool) -> None:
    root = write(tmp_path, SITE)
    if was_there:
        (root / "output").mkdir()
    build(root)
    before = snapshot(root / "output")
    assert run(root, "rollback").code == 2
    assert snapshot(root / "output") == before


def test_without_hard_links_copies_are_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refusing)
    before = publications(root, 1)[0]
    run(root, "rollback")
    assert snapshot(root / "output") == before


def test_a_build_with_nothing_to_publish_is_none_to_take_back(root: Path) -> None:
    before = publications(root, 1)[0]
    build(root)
    build(root, "--fresh")
    run(root, "rollback")
    assert snapshot(root / "output") == before


@pytest.mark.parametrize("name", ["output", "noi-khac"])
def test_a_folder_with_other_people_s_files_is_refused(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, SITE | {f"{name}/quan-trong.txt": "đừng xóa", f"{name}/index.html": "<p>Của người khác"})
    before = snapshot(root)
    for command in ("build", "rollback"):
        ran = run(root, command, "--output", str(root / name))
        assert (ran.code, ran.out) == (2, "")
        assert f"«{root / name}» đang chứa tệp không thuộc bản tin" in ran.err
    assert snapshot(root) == before


@pytest.mark.parametrize("command", ["build", "rollback"])
def test_a_command_that_published_nothing_makes_no_folder_ours(tmp_path: Path, command: str) -> None:
    root = write(tmp_path, SITE | {"content/hong.md": "---\n"})
    assert run(root, command).code != 0
    (root / "content/hong.md").unlink()
    write(root, {"output/quan-trong.txt": "đừng xóa"})
    assert run(root).code == 2
    assert snapshot(root / "output") == {"quan-trong.txt": "đừng xóa".encode()}


def test_a_stray_file_is_removed_with_a_warning_and_can_be_had_back(root: Path) -> None:
    before = snapshot(root / "output")
    strays = {"la.txt": "lạ", "tinh/la/sau.html": "<p>lạ", "assets/style.css": ""}
    write(root / "output", strays)
    with_strays = snapshot(root / "output")
    ran = build(root)
    assert (ran.code, ran.codes) == (0, ["stray-removed"] * 3)
    assert [found["path"] for found in ran.json["problems"]] == [f"output/{path}" for path in sorted(strays)]
    assert snapshot(root / "output") == before
    assert not (root / "output/tinh/la").exists()
    assert run(root, "rollback").code == 0
    assert snapshot(root / "output") == with_strays


def test_hidden_entries_at_the_top_are_their_keeper_s(root: Path) -> None:
    hidden = {".git/config": "[core]", ".git/objects/aa/bb": "x", ".htaccess": "Deny from all", ".nojekyll": ""}
    write(root / "output", hidden | {"tinh/.an": "lạ"})
    times = {path: (root / "output" / path).stat().st_mtime_ns for path in hidden}
    before = publications(root, 2)[1]
    assert run(root, "rollback").code == 0
    assert snapshot(root / "output") == before
    assert before.keys() >= hidden.keys()
    assert "tinh/.an" not in before
    assert {path: (root / "output" / path).stat().st_mtime_ns for path in hidden} == times


@pytest.mark.parametrize("kind", ["an empty folder", "a folder to come", "a folder of another file system"])
def test_output_may_be_a_link_to_another_folder(tmp_path: Path, kind: str) -> None:
    with tempfile.TemporaryDirectory(dir=other_file_system() if "system" in kind else tmp_path) as elsewhere:
        target = Path(elsewhere, "www")
        if kind != "a folder to come":
            target.mkdir()
        root = write(tmp_path / "site", SITE)
        (root / "output").symlink_to(target)
        assert build(root).code == 0
        before = publications(root, 2)[-2]
        assert run(root, "rollback").code == 0
        assert (root / "output").is_symlink()
        assert snapshot(target) == before
        assert {path.name for path in Path(elsewhere).iterdir()} == {"www", ".www.ban-tin"}


def other_file_system() -> Path:
    """Return a folder on another file system than the one of temporary files."""
    device = Path(tempfile.gettempdir()).stat().st_dev
    places = (Path("/dev/shm"), Path("/tmp"), REPOSITORY)  # noqa: S108 - tests make folders of their own in them
    others = (place for place in places if place.is_dir() and place.stat().st_dev != device)
    return next(others, None) or missing("there is no second file system")


def test_a_link_in_place_of_a_folder_is_replaced_and_what_it_leads_to_is_left_alone(root: Path) -> None:
    before = snapshot(root / "output")
    for path in ("tinh", "tin/2016/11", "thang/2016-12"):
        folder = root / "output" / path
        outside = folder.rename(root / path.replace("/", "-"))
        write(outside, {"rieng.txt": "của người khác"})
        folder.symlink_to(outside)
    (root / "output/la").symlink_to(root / "content")
    theirs = {path: data for path, data in snapshot(root).items() if not path.startswith((".", "output/"))}
    assert build(root).code == 0
    assert snapshot(root / "output") == before
    assert not [path for path in (root / "output").rglob("*") if path.is_symlink()]
    (root / "content/b.md").unlink()
    shutil.rmtree(root / "output/tin/2016/11")
    (root / "output/tin/2016/11").symlink_to(root / "tin-2016-11")
    assert build(root).code == 0
    del theirs["content/b.md"]
    assert {path: data for path, data in snapshot(root).items() if not path.startswith((".", "output/"))} == theirs
    assert dead_links(root / "output") == []


def test_a_build_after_a_rollback_knows_its_own_files(root: Path) -> None:
    alias = {"aliases": "[/cu/anh/]", "image": "anh.jpg", "image_alt": "Lễ ký"}
    write(root, {"content/c.md": item("[Bảng](so-lieu.csv)", title="Ba", date="2015-03-02", **alias)})
    write(root, {"content/so-lieu.csv": "a,b", "content/a.md": item("Bài này không có ảnh.")})
    build(root)
    (root / "content/c.md").unlink()
    gone = set(build(root).codes)
    assert gone == {"url-vanishes"}
    after = snapshot(root / "output")
    assert run(root, "rollback").code == 0
    assert (root / "output/tin/2015/03/c/so-lieu.csv").exists()
    assert set(build(root).codes) == gone
    assert snapshot(root / "output") == after


def test_after_two_rollbacks_and_a_real_stray_each_is_called_what_it_is(root: Path) -> None:
    write(root, {"content/a.md": item(image="anh.jpg", image_alt="Lễ ký")})
    build(root)
    write(root / "output", {"la.txt": "lạ", "tin/2016/12/a/la.jpg": "lạ"})
    write(root, {"content/a.md": item("Không ảnh.")})
    assert sorted(build(root).codes) == ["stray-removed", "stray-removed"]
    write(root, {"content/a.md": item("Vẫn không ảnh.")})
    build(root)
    run(root, "rollback")
    run(root, "rollback")
    assert (root / "output/tin/2016/12/a/anh.jpg").exists()
    problems = build(root).json["problems"]
    assert [found["path"] for found in problems if found["code"] == "stray-removed"] == [
        "output/la.txt",
        "output/tin/2016/12/a/la.jpg",
    ]


def test_with_its_memory_lost_a_build_knows_its_pages_by_their_mark(root: Path) -> None:
    write(root, {"content/c.md": item(title="Ba", date="2015-03-02", aliases="[/cu/ba/]")})
    build(root)
    (root / "content/c.md").unlink()
    write(root / "output", {"la.html": "<p>lạ"})
    shutil.rmtree(root / ".cache")
    problems = build(root).json["problems"]
    assert [found["path"] for found in problems if found["code"] == "stray-removed"] == ["output/la.html"]
    assert "output/cu/ba/index.html" in [found["path"] for found in problems if found["code"] == "url-vanishes"]


def test_publications_are_listed_newest_first_with_what_they_did(root: Path) -> None:
    assert run(root, "rollback", "--list").out == "chưa có lần xuất bản nào lùi lại được\n"
    write(root, {"content/c.md": item(title="Ba", date="2016-12-03")})
    build(root)
    (root / "content/c.md").unlink()
    build(root)
    before = snapshot(root / "output")
    removal, addition = run(root, "rollback", "--list", "--format", "json").json["publications"]
    assert "tin/2016/12/c/index.html" in addition["added"]
    assert addition["removed"] == []
    assert removal["removed"] == addition["added"]
    assert "index.html" in addition["changed"]
    assert removal["at"].endswith("+07:00")
    assert removal["at"] >= addition["at"]
    lines = run(root, "rollback", "--list").out.splitlines()
    counts = f"thêm {len(removal['added'])} tệp, đổi {len(removal['changed'])}, xóa {len(removal['removed'])}"
    assert lines[0].endswith(counts)
    assert lines[1] == "  - tin/2016/12/c/index.html"
    assert snapshot(root / "output") == before, "looking changes nothing"


def test_a_rollback_says_what_it_put_back(root: Path) -> None:
    write(root, {"content/c.md": item(title="Ba", date="2016-12-03")})
    build(root)
    ran = run(root, "rollback")
    assert "- tin/2016/12/c/index.html" in ran.out.splitlines()
    assert "~ index.html" in ran.out.splitlines()
    assert ran.out.splitlines()[-1].startswith("đã đưa lần xuất bản trước trở lại: ")
    write(root, {"content/c.md": item(title="Bốn", date="2016-12-03")})
    build(root)
    taken = run(root, "rollback", "--format", "json").json
    assert taken["removed"] == [path for path in taken["removed"] if not (root / "output" / path).exists()]


def test_what_another_build_still_stages_is_not_published(tmp_path: Path) -> None:
    """A worker of a killed build goes on: it has its build's publisher, and knows nothing of the next build."""
    output = tmp_path / "output"
    publish(output, OLDER)
    killed = Publisher.beside(output)
    killed.stage("index.html", b"cut off", present=None)
    publisher = Publisher.beside(output)
    publisher.clear()
    changes = Changes()
    staged = [publisher.stage(path, data, present=UNKNOWN) for path, data in NEW.items()]
    for path in NEW:
        killed.stage(path, b"of the killed build", present=None)
    for file in staged:
        changes.add(file)
    publisher.publish(changes, {file.path: file.digest for file in staged})
    assert snapshot(output) == OLDER | NEW
    publisher.clear()
    assert [*publisher.folder.glob("staging*")] == []


@pytest.mark.parametrize("before", [None, OLD], ids=["the first publication", "a later one"])
@pytest.mark.parametrize("harm", [Path.unlink, lambda file: file.write_bytes(b"x")], ids=["lost", "altered"])
def test_a_staged_file_that_is_not_what_was_made_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: Site | None, harm: Callable[[Path], object]
) -> None:
    output = tmp_path / "output"
    if before:
        publish(output, before)
    publish_now = Publisher.publish

    def publish_harmed(self: Publisher, *what: Any) -> None:
        harm(next(path for path in self.staging.rglob("*") if path.is_file()))
        publish_now(self, *what)

    with monkeypatch.context() as patch, pytest.raises(BuildFailed) as failed:  # noqa: PT012 - the patch ends with it
        patch.setattr(Publisher, "publish", publish_harmed)
        publish(output, NEW)
    assert [found.code for found in failed.value.problems] == ["staged-file-altered"]
    assert failed.value.problems[0].path in NEW
    assert (snapshot(output) if output.exists() else None) == before
    publish(output, NEW)
    assert snapshot(output) == NEW
