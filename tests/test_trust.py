"""What others may have put into the folders that builds keep: links, files of their own, a state of their making."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from bulletin.build.cache import State
from bulletin.build.requests import STATE, hear_nothing
from bulletin.model import Article
from bulletin.preview import Preview
from tests.builders import item
from tests.pictures import photo
from tests.sites import NOW, build, run, snapshot, write

SITE: dict[str, str | bytes] = {
    "content/a.md": item("![Lễ ký](anh.jpg)"),
    "content/anh.jpg": photo(),
}
THEIRS = {
    "a.txt": b"1",
    "thu/b.txt": b"2",
    "templates/c.html": b"3",
    "pictures/d.jpg": b"4",
    f"pictures/{'0' * 32}.jpg": b"5",
    "preview/site/e.html": b"6",
    "000001/index.json": b"7",
}
"""Files of somebody else, under names much like ours."""


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return write(tmp_path / "theirs", THEIRS)


@pytest.mark.parametrize(
    ("place", "command"),
    [
        (".cache/pictures", ("build", "--fresh")),
        (".cache/templates", ("build", "--fresh")),
        (".output.ban-tin", ("build",)),
        (".output.ban-tin/undo", ("build",)),
        (".output.ban-tin/kept", ("build",)),
        (".output.ban-tin/kept/files", ("build",)),
        (".output.ban-tin", ("rollback",)),
        (".output.ban-tin/undo", ("rollback",)),
        (".output.ban-tin/kept", ("rollback",)),
    ],
)
def test_a_folder_that_is_emptied_may_be_no_link(
    tmp_path: Path, theirs: Path, place: str, command: tuple[str, ...]
) -> None:
    root = write(tmp_path / "site", SITE)
    for title in ("Một", "Hai"):
        assert build(write(root, {"content/b.md": item(title=title)})).code == 0
    published = snapshot(root / "output")
    (root / place).rename(tmp_path / "was")
    (root / place).symlink_to(theirs)
    write(root, {"content/b.md": item(title="Ba"), "content/anh.jpg": photo(7)})
    ran = run(root, *command, "--format", "json")
    assert (ran.code, ran.codes) == (1, ["folder-is-link"])
    assert snapshot(root / "output") == published
    assert snapshot(theirs) == THEIRS
    (root / place).unlink()
    assert build(root).code == 0


@pytest.mark.parametrize("leads_to", ["a file", "nothing"])
@pytest.mark.parametrize(
    ("place", "command"),
    [
        (".cache/state.sqlite", ("build",)),
        (".cache/state.sqlite", ("build", "--fresh")),
        *((f".output.ban-tin/{name}", ("build",)) for name in ("lock", "published", "journal.new", "notice.new")),
        (".output.ban-tin/returned.new", ("rollback",)),
        (".output.ban-tin/kept/sources.sqlite", ("build",)),
        (".output.ban-tin/kept/sources.sqlite", ("rollback",)),
    ],
)
def test_a_file_that_builds_write_may_be_no_link(
    tmp_path: Path, place: str, command: tuple[str, ...], leads_to: str
) -> None:
    root, theirs = write(tmp_path / "site", SITE), tmp_path / "theirs"
    for title in ("Một", "Hai"):
        assert build(write(root, {"content/b.md": item(title=title)})).code == 0
    published = snapshot(root / "output")
    kept = theirs / "a"
    theirs.mkdir()
    if leads_to == "a file":
        if (root / place).exists():
            (root / place).rename(kept)
        else:
            kept.write_bytes(b"1")
    (root / place).unlink(missing_ok=True)
    (root / place).symlink_to(kept)
    before = snapshot(theirs)
    write(root, {"content/b.md": item(title="Ba")})
    ran = run(root, *command, "--format", "json")
    assert (ran.code, ran.codes, ran.json["problems"][0]["path"]) == (1, ["file-is-link"], str(root / place))
    assert (snapshot(root / "output"), snapshot(theirs)) == (published, before)
    for look in ("status", "check"):
        assert run(root, look).code in (0, 3)
    assert snapshot(theirs) == before
    (root / place).unlink()
    assert build(root, "--verify").code == 0


@pytest.mark.parametrize("name", ["spent", "undo-of-this", "staging", "pictures", "undo/000009"])
def test_a_folder_of_the_workshop_may_be_no_link(tmp_path: Path, theirs: Path, name: str) -> None:
    root = write(tmp_path / "site", SITE)
    for title in ("Một", "Hai"):
        assert build(write(root, {"content/b.md": item(title=title)})).code == 0
    (root / ".output.ban-tin" / name).symlink_to(theirs)
    write(root, {"content/b.md": item(title="Ba")})
    assert build(root).codes == ["folder-is-link"]
    assert snapshot(theirs) == THEIRS


def test_links_among_the_files_that_builds_make_beside_them_are_not_followed(tmp_path: Path) -> None:
    """Pictures, compiled templates and kept files have names that others can know, and so have their drafts."""
    root = write(tmp_path / "site", SITE)
    target = tmp_path / "theirs"
    target.write_bytes(b"1")
    assert build(root).code == 0
    folders = (root / ".cache/pictures", root / ".cache/templates", root / ".output.ban-tin/kept/files")
    for file in [file for folder in folders for file in folder.iterdir()]:
        for name in (f"{file.name}.{os.getpid()}", f"{file.name}.new", file.name):
            file.with_name(name).unlink(missing_ok=True)
            if "kept" not in str(file):
                file.with_name(name).symlink_to(target)
    (root / "output/index.html").unlink()
    assert build(root).code == 0
    assert build(root, "--verify").code == 0
    assert target.read_bytes() == b"1"


def test_in_a_cache_that_is_a_link_only_our_own_files_are_deleted(tmp_path: Path, theirs: Path) -> None:
    root = write(tmp_path / "site", SITE)
    (root / ".cache").symlink_to(theirs)
    for picture in (1, 2):
        assert build(write(root, {"content/anh.jpg": photo(picture)}), "--fresh").code == 0
    found = snapshot(theirs)
    assert found.items() >= THEIRS.items()
    assert len([path for path in found if path.startswith("pictures/")]) == 2 + 2, "those of the first picture are gone"


def clock(zone: timezone) -> datetime:
    return datetime.fromisoformat(NOW).replace(tzinfo=zone)


@pytest.mark.parametrize("place", [".cache/preview", ".cache/preview/site"])
def test_a_preview_shows_nothing_in_a_folder_that_is_a_link(tmp_path: Path, theirs: Path, place: str) -> None:
    root = write(tmp_path / "site", SITE)
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / place).symlink_to(theirs if place.endswith("site") else theirs / "preview")
    preview = Preview(root, clock, language="vi", jobs=1)
    report = preview.rebuild(hear_nothing)
    assert [found.code for found in report.problems] == ["folder-is-link"]
    assert snapshot(theirs) == THEIRS
    (root / place).unlink()
    assert preview.rebuild(hear_nothing).published
    preview.close()


def test_a_preview_empties_no_folder_of_others(tmp_path: Path) -> None:
    root = write(tmp_path / "site", SITE | {".cache/preview/site/bao-cao.doc": "của người khác"})
    ran = run(root, "serve", "--no-open")
    assert (ran.code, "bao-cao" in ran.out) == (2, False)
    assert str(root / ".cache/preview/site") in ran.err
    assert (root / ".cache/preview/site/bao-cao.doc").exists()


@pytest.mark.parametrize("url", ["/../../ngoai/", "/tin/../../../ngoai/", "//ngoai/", "/tin/./a/", "/tin/\0/"])
def test_a_state_that_names_files_outside_makes_none(tmp_path: Path, url: str) -> None:
    root = write(tmp_path / "a/site", SITE)
    assert build(root).code == 0
    with closing(State(sqlite3.connect(root / STATE), None, is_new=False)) as state:
        (source,) = state.sources()
        record = state.sources()[source]
        article = record.compiled.article
        assert isinstance(article, Article)
        article = replace(article, card=replace(article.card, url=url))
        state.save_sources({source: replace(record, compiled=replace(record.compiled, article=article))}, {})
    before = {path for path in snapshot(tmp_path) if not path.startswith("a/site/")}
    write(root, {"content/b.md": item(title="Hai")})
    assert build(root).code == 0
    assert build(root, "--fresh", "--output", str(tmp_path / "fresh")).code == 0
    assert snapshot(root / "output") == snapshot(tmp_path / "fresh")
    assert {path for path in snapshot(tmp_path) if not path.startswith(("a/site/", "fresh/", ".fresh"))} == before


@pytest.mark.parametrize("table", ["sources", "pictures", "templates", "pages"])
def test_a_state_with_records_of_another_shape_costs_time_and_nothing_else(tmp_path: Path, table: str) -> None:
    root = write(tmp_path, SITE)
    assert build(root).code == 0
    published = snapshot(root / "output")
    with closing(sqlite3.connect(root / STATE)) as connection, connection:
        key = {"templates": "digest", "pages": "output || char(0) || path"}.get(table, "path")
        connection.create_function("sealed", 1, sealed)
        connection.execute(f"UPDATE {table} SET record = sealed({key})")  # noqa: S608 - names from above
        connection.execute("DELETE FROM builds")
    assert build(root).code == 0
    assert snapshot(root / "output") == published


def sealed(belongs_to: str) -> bytes:
    from bulletin.build.seals import sealed  # noqa: PLC0415 - what an attacker can work out

    return sealed({"ở đây": ["không", 1]}, *belongs_to.split("\0"))
