"""Only what changed is made anew, and what comes out is always what a fresh build makes."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from msgspec.structs import replace

from bulletin import files
from bulletin.build import Request, content_folder, inputs, pool, render_pages, worker
from bulletin.build import run as pipeline
from bulletin.build.cache import State
from bulletin.build.run import STATE
from bulletin.digests import digest_of_bytes
from bulletin.files import COARSE_TICK, SECOND, TICK, Signature, signature, survey
from bulletin.images import sizes
from bulletin.images.pillow import develop
from bulletin.images.store import Renditions
from bulletin.items import markdown
from bulletin.problems import BuildFailed, Language, problem, say
from tests.builders import VIETNAM, deals, item
from tests.pictures import photo
from tests.sites import NOW, REPOSITORY, Ran, build, run, snapshot, write

OWN_404 = '{% extends "base.html" %}{% block main %}<h1>Riêng</h1>{% endblock %}'
SITE: Mapping[str, str | bytes] = {
    "content/a.md": item("Một [hai](b.md) ![Lễ ký](anh.png)", summary="Tóm tắt"),
    "content/b.md": item("Hai.", title="Hai", date="2016-11-02", province="Hưng Yên", value="5 tỷ đồng"),
    "content/anh.png": photo(1),
    "templates/404.html": OWN_404,
    "templates/assets/rieng.css": "p { color: red }",
    "pyproject.toml": '[tool.bulletin]\ntitle = "Tin"\n',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a small site that was built."""
    write(tmp_path / "site", SITE)
    assert build(tmp_path / "site").codes == []
    wait_a_tick()
    return tmp_path / "site"


def wait_a_tick() -> None:
    """Wait until the times of files that were written can be trusted."""
    time.sleep(1.5 * TICK / SECOND)


def write_behind_its_times(file: Path, data: bytes) -> None:
    """Write a file and set its time back, as a program does that keeps times."""
    before = file.stat()
    file.write_bytes(data)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def fresh(root: Path, folder: Path, *words: str) -> Path:
    """Return output/ as a build makes it of a copy of the site in another folder, of which nothing is known."""
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns("output", ".*"))
    assert build(folder, "--fresh", *words).code == 0
    return folder / "output"


def written_since(root: Path, change: Callable[[], object]) -> list[str]:
    """Return the files of output/ that a build writes after a change."""
    before = survey(root / "output")
    change()
    assert build(root).code == 0
    return sorted(path for path, found in survey(root / "output").items() if found != before.get(path))


def twin(data: str | bytes) -> bytes:
    """Return other bytes of the same length, of which a page would show the difference."""
    if data == photo(1):
        return photo(2)
    old = data if isinstance(data, bytes) else data.encode()
    new = old.replace(b"Hai", b"Bai").replace(b"red", b"tan").replace("Riêng".encode(), b"Chungs")
    return new.replace(b'"Tin"', b'"Nit"')


def jpeg_of(data: bytes) -> bytes:
    """Return what is published of a small picture for all that know no WebP."""
    with tempfile.TemporaryDirectory() as folder:
        renditions = Renditions(folder=Path(folder))
        original = develop("anh.png", data, "0", renditions)
        found = renditions.read("0", sizes.renditions(original.width, original.height)[-1])
    assert found is not None
    return found


# What is seen


@pytest.mark.parametrize("path", [path for path in SITE if path != "content/a.md"])
def test_an_edit_that_keeps_size_and_time_is_seen(root: Path, tmp_path: Path, path: str) -> None:
    build(root)
    assert build(root).json["rendered"] == 0
    stat, data = (root / path).stat(), twin(SITE[path])
    assert written_since(root, lambda: write_behind_its_times(root / path, data)) != []
    assert (stat.st_size, stat.st_mtime_ns) == (len(data), (root / path).stat().st_mtime_ns)
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "copy"))


def test_edits_within_a_tick_of_the_clock_are_all_seen(tmp_path: Path) -> None:
    root = write(tmp_path, SITE)
    for number in range(10):
        # All of one length, each as soon after the last build as can be.
        write_behind_its_times(root / "content/b.md", item(f"Hai {number}.", title="Hai").encode())
        write_behind_its_times(root / "content/anh.png", photo(number))
        assert build(root).code == 0
        assert f"Hai {number}." in (root / "output/tin/2016/12/b/index.html").read_text("utf-8")
        assert (root / "output/tin/2016/12/a/anh.jpg").read_bytes() == jpeg_of(photo(number))


def test_two_items_that_change_places_are_seen(root: Path, tmp_path: Path) -> None:
    one, other = root / "content/a.md", root / "content/b.md"
    one.rename(root / "content/c.md")
    other.rename(one)
    (root / "content/c.md").rename(other)
    write(root, {"content/a.md": (root / "content/a.md").read_bytes()})
    build(root)
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "copy"))


def test_a_file_that_could_not_be_read_is_tried_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(root / "content/b.md", (0, 0))
    wait_a_tick()
    with monkeypatch.context() as patch:
        # As a share does whose file is open elsewhere.
        failed = BuildFailed((problem("content/b.md", 1, "file-unreadable", found="EBUSY"),))
        for module in (content_folder, worker):
            patch.setattr(module, "read_file", lambda *_, **__: raise_(failed))
        assert "file-unreadable" in build(root).codes
    assert build(root).codes == []


def raise_(fault: Exception) -> None:
    raise fault


def test_damage_to_output_is_seen_where_the_clock_counts_whole_seconds(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def coarse(stat: os.stat_result) -> Signature:
        tick = stat.st_mtime_ns // COARSE_TICK * COARSE_TICK
        return Signature(size=stat.st_size, modified=tick, changed=tick, number=stat.st_ino)

    monkeypatch.setattr(files, "signature", coarse)
    for path in (root / "content").iterdir():
        os.utime(path, (0, 0))
    page = root / "output/index.html"
    whole = page.read_bytes()
    # Just after a tick, so that all of this happens before the next one.
    while time.time() % 2 > 0.1:
        time.sleep(0.02)
    page.unlink()
    build(root)
    write_behind_its_times(page, whole.replace(b"Hai", b"Bai"))
    build(root)
    assert page.read_bytes() == whole


def test_damage_within_the_tick_of_a_look_at_output_is_seen_however_long_the_build_lasts(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(stat: os.stat_result) -> Signature:
        tick = stat.st_mtime_ns // SECOND * SECOND + 1
        return Signature(size=stat.st_size, modified=tick, changed=tick, number=stat.st_ino)

    page = root / "output/index.html"
    whole = page.read_bytes()
    reasons = render_pages._reasons  # noqa: SLF001 - a moment within a build

    def damaged_after(*what: Any) -> dict[str, Any]:
        found: dict[str, Any] = dict(reasons(*what))
        page.write_bytes(whole.replace(b"Hai", b"Bai"))
        time.sleep(2.1)
        return found

    monkeypatch.setattr(files, "signature", slow)
    monkeypatch.setattr(files, "TICK", SECOND)
    time.sleep(2.1)
    build(root)
    while time.time() % 1 > 0.1:
        time.sleep(0.02)
    page.write_bytes(whole)
    with monkeypatch.context() as patch:
        patch.setattr(render_pages, "_reasons", damaged_after)
        build(root)
    assert page.read_bytes() != whole
    build(root)
    assert page.read_bytes() == whole


def test_names_in_no_encoding_are_no_stumbling_block(root: Path) -> None:
    before = snapshot(root / "output")
    for folder in ("output", "content"):
        stray = os.fsencode(root / folder) + "/lạ.txt".encode("cp1258", "ignore") + b"\xff.txt"
        Path(os.fsdecode(stray)).write_bytes(b"la")
    for _ in range(2):
        wait_a_tick()
        assert build(root).code == 0
        assert snapshot(root / "output") == before


def test_what_hands_did_to_output_is_put_right_and_told_as_damage(root: Path) -> None:
    output, before = root / "output", snapshot(root / "output")
    write_behind_its_times(output / "index.html", before["index.html"].replace(b"Hai", b"Bai"))
    (output / "atom.xml").unlink()
    (output / "thang/index.html").unlink()
    (output / "thang/index.html").symlink_to(output / "index.html")
    ran = run(root, "build", "--explain")
    damaged = [line.partition(":")[0] for line in ran.out.splitlines() if say("reason-damaged", "vi") in line]
    assert damaged == ["atom.xml", "index.html", "thang/index.html"]
    assert snapshot(output) == before


# What is not done


def test_a_touched_file_is_neither_rendered_nor_written(root: Path) -> None:
    for path in root.rglob("*"):
        os.utime(path)
    before = survey(root / "output")
    report = build(root).json
    assert (report["rendered"], report["written"], report["removed"]) == (0, 0, 0)
    assert survey(root / "output") == before
    wait_a_tick()
    build(root)
    assert build(root).json["rendered"] == 0


def test_one_edited_body_writes_its_page_the_feeds_that_hold_it_and_the_texts_of_its_month(root: Path) -> None:
    other = item("Khác [hai](b.md) ![Lễ ký](anh.png)", summary="Tóm tắt")
    written = written_since(root, lambda: write(root, {"content/a.md": other}))
    texts = "tim-kiem/van-ban/2016-12.json"
    assert written == ["atom.xml", texts, "tin/2016/12/a/index.html", "tinh/thai-nguyen/atom.xml"]


def test_an_edited_body_converts_no_other(root: Path, converted: list[str]) -> None:
    write(root, {"content/a.md": item("Khác.", summary="Tóm tắt")})
    build(root)
    assert converted == ["content/a.md"]


@pytest.mark.parametrize("name", ["base.html", "_lists.html", "item.html", "assets/style.css"])
def test_an_edited_template_converts_no_text_again(root: Path, converted: list[str], name: str) -> None:
    default = (REPOSITORY / "templates" / name).read_text("utf-8")
    write(root, {f"templates/{name}": default.replace(" class=", " lang='vi' class=").replace("{\n", "{\n\n")})
    written = written_since(root, lambda: None)
    assert "tin/2016/12/a/index.html" in written
    assert converted == []


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the sources whose Markdown was converted, as it goes."""
    paths: list[str] = []
    convert = markdown.convert

    def spy(path: str, text: str, first_line: int) -> Any:
        paths.append(path)
        return convert(path, text, first_line)

    monkeypatch.setattr(markdown, "convert", spy)
    return paths


def test_one_new_item_writes_as_few_files_among_many_as_among_few(tmp_path: Path) -> None:
    written = {}
    for count in (100, 400):
        root = write(tmp_path / str(count), dict(map(some_item, range(count))))
        build(root)
        newest = item("Mới.", title="Mới", date="2017-01-02", province="Thái Nguyên", value="5 tỷ đồng")
        written[count] = written_since(root, partial(write, root, {"content/moi.md": newest}))
    assert len(written[100]) == len(written[400]) <= 25


def some_item(number: int) -> tuple[str, str]:
    """Return one of many items: a new one each day up to the end of 2016, from five provinces, some with deals."""
    day = datetime(2016, 12, 31, tzinfo=VIETNAM) - timedelta(days=number)
    province = ("Thái Nguyên", "Hưng Yên", "Bình Phước", "Đà Nẵng", "Cà Mau")[number % 5]
    value = "5 tỷ đồng" if number % 3 else None
    text = item(f"Tin {number}.", title=f"Tin {number}", date=f"{day:%Y-%m-%d}", province=province, value=value)
    return f"content/{number}.md", text


HEAVY = ("PIL", "jinja2", "livereload", "markdown", "nh3", "tqdm", "yaml")


def test_a_build_with_nothing_to_do_loads_no_libraries(root: Path) -> None:
    for _ in range(2):
        build(root)
    script = (
        "import sys; from pathlib import Path; from bulletin.cli import main;"
        f"code = main(['build', '--as-of', '{NOW}', '--quiet'], Path(sys.argv[1]));"
        f"print(code, *({HEAVY!r} & sys.modules.keys()))"
    ).replace(repr(HEAVY), repr(set(HEAVY)))
    assert python(script, root).stdout.split() == ["0"]
    write(root, {"content/a.md": item("Khác.")})
    assert set(python(script, root).stdout.split()) == {"0", "jinja2", "nh3", "yaml"}, "plain news needs no Markdown"
    write(root, {"content/a.md": item("Khác: `mã`.")})
    assert set(python(script, root).stdout.split()) == {"0", "jinja2", "markdown", "nh3", "yaml"}


def python(script: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", cwd=REPOSITORY)


def test_a_check_leaves_nothing_behind_and_changes_nothing(tmp_path: Path) -> None:
    root = write(tmp_path / "site", SITE)
    for _ in range(2):
        before = {path: signature(path.lstat()) for path in tmp_path.rglob("*")}
        assert run(root, "check").code == 0
        assert {path: signature(path.lstat()) for path in tmp_path.rglob("*")} == before
        build(root)


# What is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A change, and a page that is made anew for this reason."""

    reason: str
    path: str
    files: Mapping[str, str | bytes] = field(default_factory=dict)


CAUSES = [
    Cause(reason="text", path="tin/2016/12/a/index.html", files={"content/a.md": item("Mới.", summary="Tóm tắt")}),
    Cause(reason="text", path="atom.xml", files={"content/a.md": item("Mới.", summary="Tóm tắt")}),
    Cause(reason="view", path="index.html", files={"content/a.md": item("Mới.", summary="Mới")}),
    Cause(reason="view", path="tin/2016/12/a/anh.jpg", files={"content/anh.png": photo(2)}),
    Cause(reason="view", path="tin/2016/12/a/index.html", files={"content/anh.png": photo(2)}),
    Cause(reason="new", path="tin/2016/12/c/index.html", files={"content/c.md": item(title="Ba")}),
    Cause(reason="template", path="404.html", files={"templates/404.html": OWN_404.replace("Riêng", "Mới")}),
    Cause(reason="template", path="404.html", files={"templates/base.html": "{% block main %}{% endblock %}"}),
    Cause(reason="settings", path="404.html", files={"templates/assets/style.css": "p { color: red }"}),
    Cause(reason="settings", path="atom.xml", files={"pyproject.toml": '[tool.bulletin]\ntitle = "Mới"\n'}),
    Cause(reason="code", path="404.html", files={"pyproject.toml": '[tool.bulletin]\nvalue_unit = "đồng"\n'}),
    Cause(reason="damaged", path="404.html", files={"output/404.html": "hỏng"}),
]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: f"{cause.reason} of {cause.path}")
def test_each_page_that_is_made_anew_is_explained(root: Path, cause: Cause, language: Language) -> None:
    write(root, cause.files)
    ran = run(root, "build", "--explain", "--lang", language)
    assert ran.code == 0
    assert f"{cause.path}: {say(f'reason-{cause.reason}', language)}" in ran.out.splitlines()


def test_every_page_is_explained_where_the_program_is_another_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "program_digest", lambda: "another")
    ran = run(root, "build", "--explain", "--lang", "en")
    explained = [line for line in ran.out.splitlines() if line.endswith(f": {say('reason-code', 'en')}")]
    assert len(explained) == len(snapshot(root / "output"))


def test_pages_that_stay_are_not_explained(root: Path) -> None:
    write(root, {"content/a.md": item("Mới [hai](b.md) ![Lễ ký](anh.png)", summary="Tóm tắt")})
    explained = [line for line in run(root, "build", "--explain", "--lang", "en").out.splitlines() if ": " in line]
    assert len([line for line in explained if "its text changed" in line]) == 4
    build(root)
    assert say("reason-text", "en") not in run(root, "build", "--explain", "--lang", "en").out


# What is kept


def poison(root: Path, path: str, data: bytes) -> None:
    """Change a file of output/ and have the state say that this is what was published."""
    (root / "output" / path).write_bytes(data)
    signature = survey(root / "output")[path]
    output = str((root / "output").resolve())
    with closing(State(sqlite3.connect(root / STATE), is_new=False, renditions=None)) as state:
        known = state.pages(output)[path]
        state.save_pages(output, {path: replace(known, digest=digest_of_bytes(data), signature=signature)}, ())


def test_what_a_wrong_state_hides_is_found_by_verify(root: Path) -> None:
    ran = build(root, "--verify")
    assert (ran.code, ran.codes) == (0, [])
    poison(root, "thang/index.html", b"sai")
    assert build(root).code == 0
    assert (root / "output/thang/index.html").read_bytes() == b"sai", "or there is nothing to find"
    ran = build(root, "--verify")
    assert (ran.code, ran.codes) == (1, ["verify-differs"])
    assert ran.json["problems"][0]["path"] == "output/thang/index.html"
    assert run(root, "build", "--verify", "--lang", "en").err.count("thang/index.html") == 2


def test_verify_has_nothing_against_what_its_keeper_hid_in_output(root: Path) -> None:
    write(root, {"output/.htaccess": "Deny from all", "output/.git/config": "[core]"})
    assert build(root, "--verify").codes == []


def test_verify_leaves_state_and_output_as_they_are(root: Path) -> None:
    for _ in range(2):
        build(root, "--verify")
        before = {path: path.lstat() for path in root.rglob("*") if not path.is_dir()}
    assert {path: path.lstat() for path in root.rglob("*") if not path.is_dir()} == before
    assert build(root).json["rendered"] == 0


def test_fresh_believes_nothing_that_was_kept(root: Path, converted: list[str]) -> None:
    before = snapshot(root / "output")
    poison(root, "thang/index.html", b"sai")
    report = build(root, "--fresh").json
    assert converted == ["content/a.md", "content/b.md"]
    assert (report["rendered"], report["written"]) == (len(before), 1)
    assert snapshot(root / "output") == before


def garbled(data: bytes, at: float, garbage: bytes) -> bytes:
    """Return data of the same length with garbage in it, so far on as `at` says."""
    start = int(at * max(0, len(data) - len(garbage)))
    return (data[:start] + garbage + data[start + len(garbage) :])[: len(data)]


HARM: Mapping[str, Callable[[Path], object]] = {
    "deleted": lambda file: shutil.rmtree(file.parent),
    "cut off": lambda file: os.truncate(file, file.stat().st_size // 2),
    "empty": lambda file: os.truncate(file, 0),
    "no database": lambda file: file.write_bytes("không phải cơ sở dữ liệu".encode()),
    "garbage in its head": lambda file: file.write_bytes(garbled(file.read_bytes(), 0, b"\xff" * 99)),
    "garbage in its middle": lambda file: file.write_bytes(garbled(file.read_bytes(), 0.5, b"\xff" * 9999)),
    "garbage in its text": lambda file: file.write_bytes(file.read_bytes().replace(b"Hai.", b"Bai.")),
    "of another stamp": lambda file: sql(file, "UPDATE stamp SET value = 'another'"),
    "without texts": lambda file: sql(file, "DELETE FROM texts"),
    "without a table": lambda file: sql(file, "DROP TABLE pages"),
    "other types": lambda file: sql(file, "UPDATE pages SET record = 'a b'"),
}


def sql(file: Path, command: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(command)
        connection.commit()


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_a_harmed_state_costs_time_and_nothing_else(root: Path, tmp_path: Path, harm: Callable[[Path], object]) -> None:
    harm(root / STATE)
    # A new title of «a» has the page of «b» made anew: with the text that the state holds.
    write(root, {"content/a.md": item("Một [hai](b.md) ![Lễ ký](anh.png)", title="Một", summary="Tóm tắt")})
    ran = build(root)
    assert (ran.code, ran.codes) == (0, [])
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "copy"))
    wait_a_tick()
    build(root)
    assert build(root).json["rendered"] == 0, "a new state was begun"


def test_a_state_that_another_program_holds_is_done_without(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0.01))
    with closing(sqlite3.connect(root / STATE)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        write(root, {"content/a.md": item("Mới.")})
        assert build(root).code == 0
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "copy"))


def test_two_builds_of_one_site_into_two_folders_do_not_disturb_each_other(root: Path, tmp_path: Path) -> None:
    write(root, dict(map(some_item, range(100))))
    command = [sys.executable, str(REPOSITORY / "build.py"), "--root", str(root), "--as-of", NOW, "--quiet", "--fresh"]
    for _ in range(3):
        builds = [
            subprocess.Popen([*command, "--output", str(tmp_path / name)], stderr=subprocess.PIPE, text=True)
            for name in ("one", "other")
        ]
        told = [one.communicate()[1] for one in builds]
        assert [one.returncode for one in builds] == [0, 0], told
    wanted = snapshot(fresh(root, tmp_path / "copy"))
    for name in ("one", "other"):
        assert snapshot(tmp_path / name) == wanted
        assert build(root, "--output", str(tmp_path / name)).json["written"] == 0


# Who does the work


@contextmanager
def little_is_much() -> Iterator[None]:
    """Have other processes do even little work, a few items at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "WORTH_IT", 1)
        patch.setattr(pool, "CHUNK", 40)
        yield


def test_one_process_and_two_write_the_same_bytes(tmp_path: Path) -> None:
    texts = dict(SITE) | dict(map(some_item, range(60)))
    with little_is_much():
        for jobs in ("1", "2"):
            root = write(tmp_path / jobs, texts)
            for change in ({}, {"content/a.md": item("Mới.")}, {"templates/404.html": OWN_404.replace("Riêng", "Mới")}):
                write(root, change)
                assert build(root, "--jobs", jobs).code == 0
    one, two = snapshot(tmp_path / "1/output"), snapshot(tmp_path / "2/output")
    assert one == two
    assert "Mới".encode() in one["404.html"]


def killed(*_: object) -> None:
    """Do what a process does that the system kills for its memory."""
    os._exit(1)


@pytest.mark.parametrize("phase", ["compile_chunk", "render_chunk"])
def test_a_killed_process_is_told_and_the_next_build_does_its_work(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    before = snapshot(root / "output")
    write(root, {"content/a.md": item("Mới [hai](b.md)", title="Mới")})
    with little_is_much(), monkeypatch.context() as patch:
        for module in (worker, render_pages):
            patch.setattr(module, phase, killed, raising=False)
        ran = build(root, "--jobs", "2")
    assert (ran.code, len(ran.codes)) == (1, 1), "a problem is told, in words"
    assert snapshot(root / "output") == before
    assert not (root / ".output.ban-tin/staging").exists()
    assert build(root).code == 0
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "copy"))


class Counting(Executor):
    """Does what it is given at once, and notes what it was."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def submit(self, work: Callable[..., Any], /, *inputs: Any, **named: Any) -> Future[Any]:
        assert isinstance(work, partial)
        self.done.append(work.func.__name__)
        future: Future[Any] = Future()
        future.set_result(work(*inputs, **named))
        return future


def request(root: Path, **others: Any) -> Request:
    now = datetime.fromisoformat(NOW).replace(tzinfo=VIETNAM)
    return Request(root=root, output=root / "output", now=now, settings=inputs.read_settings(root), **others)


def test_a_given_executor_does_the_work(tmp_path: Path) -> None:
    root = write(tmp_path, SITE)
    executor = Counting()
    pipeline.build(request(root), executor)
    assert executor.done == ["compile_chunk", "develop_chunk", "render_chunk"]
    wait_a_tick()
    pipeline.build(request(root), executor)
    assert executor.done == ["compile_chunk", "develop_chunk", "render_chunk"], "there was nothing to do"
    write(root, {"content/a.md": item("Mới ![Lễ ký](anh.png)")})
    pipeline.build(request(root), executor)
    assert executor.done[3:] == ["compile_chunk", "render_chunk"], "the picture is known"


def dask() -> ModuleType:
    """Return dask.distributed; without it skip the test, or fail it where BULLETIN_REQUIRE_ALL=1 asks for all."""
    try:
        return importlib.import_module("dask.distributed")
    except ImportError:
        if os.environ.get("BULLETIN_REQUIRE_ALL") == "1":
            pytest.fail("dask.distributed is not installed")
        pytest.skip("dask.distributed is not installed")


def test_dask_s_executor_makes_the_same_bytes(tmp_path: Path) -> None:
    distributed = dask()
    root = write(tmp_path / "site", dict(SITE) | dict(map(some_item, range(60))))
    with (
        little_is_much(),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        for number, change in enumerate(({}, {"content/a.md": item("Mới.")}, {"templates/404.html": "Mới"})):
            write(root, change)
            # Fresh each time: the same work with the same words, of other files.
            report = pipeline.build(request(root, fresh=True), client.get_executor())
            assert report.published
            assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / str(number)))


# Any sequence of edits

SEQUENCES = int(os.environ.get("BULLETIN_EDITS", "3"))
"""How many are tried; set it higher to look for longer."""
NAMES = ("a", "b", "2016-12-20-c", "thu-muc/d")
CLOCKS = ("2016-12-26T08:00", "2017-01-31T08:00", "2017-01-31T09:30", "2017-02-01T00:00", "2025-07-01T08:00")
ONE_DEAL = deals(("Huế", "2016-11", "1 tỷ đồng"))
THREE_DEALS = ONE_DEAL + deals(("Hà Nội", "2016-12-20", "3 tỷ đồng"), ("Huế", "2016-12", "chưa công bố"))
Key = tuple[str, str | None]
"""What a key holds; None where it is not written."""
HEADERS: Mapping[str, tuple[str | None, ...]] = {
    "title": ("Tin", "Ánh sáng", "Zalo & <b>đậm</b>", "Tin về Hưng Yên"),
    "date": ("2016-12-25", "2016-12-31", "2017-01-31", "2016-11-30", "2025-06-30", "2025-07-01", "30/02/2016"),
    "province": ("Thái Nguyên", "Hưng Yên", "[Hưng Yên, Thái Nguyên]", "Toàn quốc", "Bình Phước", None),
    "value": (None, "2.000 tỷ đồng", "gần 5 triệu đồng", "chưa công bố", "7"),
    "deals": (None, ONE_DEAL, THREE_DEALS),
    "summary": (None, "Tóm tắt", "Tóm tắt khác"),
    "category": (None, "Ký kết", "Góc nhìn"),
    "tags": (None, "[một, hai]"),
    "author": (None, "An", "[An, Bình]"),
    "image": (None, "anh.png\nimage_alt: Lễ ký", "Ảnh 2.JPG\nimage_alt: Lễ ký"),
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
    "base_url": (None, '"https://noi-bo.example/ban-tin/"'),
    "categories": ('["Ký kết"]', '["Ký kết", "Góc nhìn"]'),
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

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="ban-tin-"))
        self.root = self.folder / "site"
        self.output = self.root / "output"
        self.clock = CLOCKS[-1]
        self.headers: dict[str, dict[str, str | None]] = {name: {} for name in NAMES[:2]}
        self.bodies: dict[str, str] = {}
        self.settings: dict[str, str | None] = {}
        self.spare = 0
        self.is_sound = True
        self.mend()

    def teardown(self) -> None:
        try:
            # What happened after the last build counts as well.
            if self.is_sound:
                self.build([])
        finally:
            shutil.rmtree(self.folder)

    @rule(name=st.sampled_from(NAMES), keys=keys_of(HEADERS), how=hows)
    def edit_header(self, name: str, keys: list[Key], how: str) -> None:
        header = self.headers.setdefault(name, {"title": f"Tin {name}"})
        header.update(keys)
        for key, other in (("value", "deals"), ("deals", "value")):
            if dict(keys).get(key):
                header[other] = None
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
        assert not left & {"staging", "journal.json", "undo-of-this"}
        self.is_sound = True

    def assert_as_fresh(self, ran: Ran, words: list[str]) -> None:
        copy = self.folder / "copy"
        away(copy)
        shutil.copytree(self.root, copy, ignore=shutil.ignore_patterns("output", ".*"))
        wanted = build(copy, *words, "--fresh")
        assert said_of_site(ran) == said_of_site(wanted)
        # With `--strict` what vanishes from output/ is an error, which a copy without output/ cannot have.
        assert ran.code == (1 if "--strict" in words and vanishes(ran) else wanted.code)
        assert not is_published(ran) or standing(self.output) == standing(copy / "output")


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
