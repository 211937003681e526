"""Only what changed is made anew, and what comes out is always what a fresh build makes."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bulletin import files, listing
from bulletin.build import Request, content_folder, inputs, pool, render_pages, worker
from bulletin.build import run as pipeline
from bulletin.build.cache import State
from bulletin.build.requests import STATE
from bulletin.digests import digest_of_bytes
from bulletin.files import survey
from bulletin.images import sizes
from bulletin.images.pillow import make_renditions
from bulletin.images.store import Renditions
from bulletin.items import markdown
from bulletin.listing import COARSE_TICK, SECOND, TICK, Signature, signature
from bulletin.problems import BuildFailed, Language, problem, say
from tests.builders import VIETNAM, item
from tests.pictures import photo
from tests.sites import NOW, REPOSITORY, build, run, snapshot, write

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
        original = make_renditions("anh.png", data, "0", renditions)
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
        assert (root / "output/tin/2016/12/a/anh-png.jpg").read_bytes() == jpeg_of(photo(number))


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
    monkeypatch.setattr(listing, "TICK", SECOND)
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
    edited = re.sub(r"<(\w+) class=", r'<\1 lang="vi" class=', default).replace("{\n", "{\n\n")
    write(root, {f"templates/{name}": edited})
    written = written_since(root, lambda: None)
    assert "tin/2016/12/a/index.html" in written
    assert converted == []


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the sources whose Markdown was converted, as it goes."""
    paths: list[str] = []
    convert = markdown.convert

    def spy(path: str, text: str, *others: Any) -> Any:
        paths.append(path)
        return convert(path, text, *others)

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
    Cause(reason="view", path="tin/2016/12/a/anh-png.jpg", files={"content/anh.png": photo(2)}),
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


def test_faulty_templates_are_told_whichever_pages_a_process_renders_together(tmp_path: Path) -> None:
    root = write(tmp_path, dict(SITE) | dict(map(some_item, range(60))))
    assert build(root).code == 0
    for name, fault in {"month": '{% include "khong-co.html" %}', "province": "{{ asset('khong-co.css') }}"}.items():
        text = (REPOSITORY / f"templates/{name}.html").read_text("utf-8")
        write(root, {f"templates/{name}.html": text.replace("{% block main %}", "{% block main %}" + fault, 1)})
    told = [build(root, "--jobs", "1").json["problems"], build(root, "--fresh", "--jobs", "1").json["problems"]]
    with little_is_much():
        told += [build(root, "--jobs", "2").json["problems"], build(root, "--fresh", "--jobs", "2").json["problems"]]
    assert [one["path"] for one in told[0]] == ["templates/month.html", "templates/province.html"]
    assert told == [told[0]] * 4


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
    assert not [*(root / ".output.ban-tin").glob("staging*")]
    assert build(root).code == 0
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "copy"))


class Counting:
    """Does what it is given at once, as machines that share no disk would, and notes what it was."""

    ahead = 2

    def __init__(self) -> None:
        self.done: list[str] = []

    def submit(self, make: Callable[[Any], Any], taken: Any, /) -> Future[Any]:
        assert isinstance(make, partial)
        self.done.append(make.func.__name__)
        future: Future[Any] = Future()
        future.set_result(make(taken))
        return future


def request(root: Path, **others: Any) -> Request:
    now = datetime.fromisoformat(NOW).replace(tzinfo=VIETNAM)
    return Request(root=root, output=root / "output", now=now, settings=inputs.read_settings(root), **others)


def test_other_machines_compile_and_render_and_make_the_same_bytes(tmp_path: Path) -> None:
    root = write(tmp_path / "site", SITE)
    elsewhere = Counting()
    pipeline.build(request(root), elsewhere)
    assert elsewhere.done == ["compile_sources", "render_texts"], "pictures are made here"
    wait_a_tick()
    pipeline.build(request(root), elsewhere)
    assert elsewhere.done == ["compile_sources", "render_texts"], "there was nothing to do"
    write(root, {"content/a.md": item("Mới ![Lễ ký](anh.png)")})
    pipeline.build(request(root), elsewhere)
    assert elsewhere.done[2:] == ["compile_sources", "render_texts"]
    assert snapshot(root / "output") == snapshot(fresh(root, tmp_path / "copy"))
