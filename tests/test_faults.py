"""Bad luck around a build: the old site stands, it is said in words, and the next build is right."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from msgspec.json import decode, encode

from bulletin.build import content_folder
from bulletin.build.content_folder import Survey
from tests.builders import item
from tests.disks import mounted
from tests.faulty import BASE as FIRST_CALL
from tests.faulty import CALLS, Faulty, Question
from tests.pictures import photo
from tests.programs import require
from tests.sites import REPOSITORY, build, run, snapshot, write
from tests.test_promises import BASE
from tools.readers import Site, faults

Files = dict[str, str | bytes]

COMMON: Files = {"pyproject.toml": f'[tool.bulletin]\nbase_url = "{BASE}"\n', "content/chung.md": item("Chung.")}
OLD: Files = COMMON | {"content/a.md": item("![Lễ ký](anh.png)", title="Một"), "content/anh.png": photo(1)}
NEW: Files = COMMON | {
    "content/a.md": item("![Lễ ký](anh.png), [hai](b.md)", title="Một", value="5 tỷ đồng"),
    "content/anh.png": photo(2),
    "content/b.md": item("Hai.", title="Hai", date="2017-01-02"),
}
ALL = os.environ.get("BULLETIN_FAULTS", "one") == "all"
"""Tells whether each system call that writes goes wrong once, or one of each name."""


def put(root: Path, files: Files) -> None:
    """Make the site's own files these."""
    for path in snapshot(root / "content"):
        if f"content/{path}" not in files:
            (root / "content" / path).unlink()
    write(root, files)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Files, Site]]:
    """Return two versions of a small site with what a fresh build makes of each."""
    made: list[tuple[Files, Site]] = []
    for files in (OLD, NEW):
        root = write(tmp_path_factory.mktemp("fresh"), files)
        assert build(root).code == 0
        made.append((files, snapshot(root / "output")))
    return made


# Every system call that writes


@contextmanager
def faulty_builds(root: Path, fault: str) -> Iterator[Callable[..., Faulty]]:
    """Yield the function that builds a site while its n-th system call that writes goes wrong."""
    ours, theirs = socket.socketpair()
    inject = f"inject={','.join(CALLS)}:{fault}"
    traced = [require("strace"), "-f", "-qq", "-o", os.devnull, "--seccomp-bpf", "-e", inject]
    command = [*traced, sys.executable, "-m", "tests.faulty", str(root), str(theirs.fileno())]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    theirs.close()

    def built(call: str, step: int, *words: str) -> Faulty:
        ours.send(encode(Question(call, step, words)))
        answer = ours.recv(1 << 20)
        if not answer and process.stderr:
            pytest.fail(process.stderr.read())
        return decode(answer, type=Faulty)

    try:
        yield built
    finally:
        ours.close()
        process.communicate()


LANGUAGES = {
    "vi": ("không ghi hoặc đọc được", "đĩa không còn đủ chỗ", "xem đĩa có đầy"),
    "en": ("nothing can be written", "too full", "whether the disk is full"),
}


@pytest.mark.parametrize(
    "fault",
    [f"signal=KILL:when={FIRST_CALL}", f"error=EIO:when={FIRST_CALL}", f"error=ENOSPC:when={FIRST_CALL}+"],
    ids=["killed", "a broken disk", "a full disk"],
)
def test_whatever_call_goes_wrong_a_site_stands_and_the_next_build_is_right(
    tmp_path: Path, sites: list[tuple[Files, Site]], fault: str, record_property: Callable[[str, object], None]
) -> None:
    root = write(tmp_path / "site", OLD)
    assert build(root).code == 0
    standing, tried = 0, 0
    with faulty_builds(root, fault) as built:
        for call in CALLS:
            for step in count(1) if ALL else (3,):
                (_, old), (files, new) = sites[standing], sites[1 - standing]
                put(root, files)
                language = ("vi", "en")[tried % 2]
                ran = built(call, step, "build", "--lang", language)
                found = snapshot(root / "output")
                assert ran.code != 0 or found == new, (call, step)
                assert faults(found, old, new) == [], (call, step, ran)
                is_told = any(words in ran.err for words in LANGUAGES[language])
                assert ran.code in {None, 0} or (ran.code == 1 and is_told), (call, step, ran)
                assert run(root).code == 0, (call, step)
                assert snapshot(root / "output") == new, (call, step)
                standing = 1 - standing
                if ran.is_over:
                    break
                tried += 1
    record_property("faults", tried)
    assert tried > (80 if ALL else 5)


# Disks


def test_output_may_be_a_disk_of_its_own(tmp_path: Path, sites: list[tuple[Files, Site]]) -> None:
    (old_files, old), (new_files, new) = sites
    root = write(tmp_path / "site", old_files)
    with mounted(root / "output"):
        for files, wanted in ((old_files, old), (new_files, new), (old_files, old)):
            put(root, files)
            assert build(root).code == 0
            assert published(root) == wanted
        assert run(root, "rollback").code == 0
        assert published(root) == new
        put(root, new_files)
        assert build(root, "--verify").codes == []
        assert not (root / ".output.ban-tin").exists()


def published(root: Path) -> Site:
    """Return what is served of output/: all but what is hidden at its top."""
    return {path: data for path, data in snapshot(root / "output").items() if not path.startswith(".")}


def test_output_may_be_a_folder_of_the_same_disk_that_is_mounted_there(
    tmp_path: Path, sites: list[tuple[Files, Site]]
) -> None:
    root = write(tmp_path / "một nơi", OLD)
    (tmp_path / "www").mkdir()
    with mounted(root / "output", "--bind", str(tmp_path / "www")):
        for files, wanted in sites:
            put(root, files)
            assert build(root).code == 0
            assert published(root) == wanted


def test_a_read_only_output_is_told_and_left_as_it_is(tmp_path: Path, sites: list[tuple[Files, Site]]) -> None:
    (_, old), (files, new) = sites
    root = write(tmp_path / "site", OLD)
    with mounted(root / "output") as disk:
        assert build(root).code == 0
        put(root, files)
        subprocess.run([require("mount"), "-o", "remount,ro", str(disk)], check=True)
        for language, words in (("vi", "không ghi hoặc đọc được"), ("en", "nothing can be written or read")):
            ran = run(root, "build", "--lang", language)
            assert (ran.code, words in ran.err, "Traceback" in ran.err) == (1, True, False)
            assert published(root) == old
        subprocess.run([require("mount"), "-o", "remount,rw", str(disk)], check=True)
        assert build(root).code == 0
        assert published(root) == new


def test_a_file_that_cannot_be_moved_is_named_by_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path / "site", OLD)
    assert build(root).code == 0
    write(root, {"content/chung.md": item("Mới.")})

    replace = os.replace

    def refusing(staged: str, place: str) -> None:
        if not Path(place).is_relative_to(root / "output"):
            replace(staged, place)
            return
        raise PermissionError(1, "Operation not permitted", staged, None, place)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refusing)
        ran = run(root)
    assert ran.code == 1
    assert ran.err.startswith(f"{root / 'output'}/")


@pytest.mark.parametrize("hidden", [".git/config", ".htaccess"])
def test_an_output_in_which_all_is_hidden_is_accepted_and_that_is_left_alone(tmp_path: Path, hidden: str) -> None:
    root = write(tmp_path, OLD | {f"output/{hidden}": "x"})
    assert build(root).codes == []
    assert (root / "output" / hidden).read_text("utf-8") == "x"
    assert (root / "output/index.html").is_file()


# Files and clocks


@pytest.mark.parametrize("path", ["content/a.md", "content/anh.png", "content/bang.csv", "templates/item.html"])
def test_a_file_that_vanishes_during_the_build_is_told_and_nothing_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    template = (REPOSITORY / "templates/item.html").read_bytes()
    files = OLD | {"content/bang.csv": "a,b", "templates/item.html": template}
    root = write(tmp_path, files | {"content/a.md": item("![Lễ ký](anh.png) [bảng](bang.csv)")})
    assert build(root).code == 0
    before = snapshot(root / "output")
    write(root, {"content/a.md": item("Mới. ![Lễ ký](anh.png) [bảng](bang.csv)"), "content/anh.png": photo(2)})
    write(root, {"content/bang.csv": "c,d", "templates/item.html": template.replace(b"<h1>", b'<h1 class="moi">')})
    looked = content_folder.look

    def looking(at: Path, files: Survey) -> object:
        found = looked(at, files)
        (root / path).unlink()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(content_folder, "look", looking)
        if path.startswith("templates"):
            # The repository's own takes its place, as it does in the next build.
            assert build(root).code == 0
        else:
            ran = build(root)
            assert (ran.code, len(ran.codes)) == (1, 1)
            assert ran.codes[0] in {"file-unreadable", "picture-unreadable"}
            assert path in json.dumps(ran.json["problems"])
            assert snapshot(root / "output") == before
    write(root, {path: files[path]})
    assert build(root).code == 0
    assert build(root, "--verify").codes == []


def test_an_item_that_is_a_folder_or_a_dead_link_is_told(tmp_path: Path) -> None:
    root = write(tmp_path, OLD)
    (root / "content/muc.md").mkdir()
    (root / "content/lac.md").symlink_to("khong-co.md")
    assert build(root).codes == ["link-leaves-content"]


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_clock_that_is_set_back_hides_no_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    root = write(tmp_path, OLD)
    now, now_ns = time.time, time.time_ns
    for turn in range(4):
        # First it is wrong, then right, then wrong again.
        wrong = 3600 * hours * ((turn + 1) % 2)
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda wrong=wrong: now() + wrong)
            patch.setattr(time, "time_ns", lambda wrong=wrong: now_ns() + wrong * 10**9)
            text = item(f"Lần {turn}. ![Lễ ký](anh.png)", title="Một")
            write(root, {"content/a.md": text, "content/anh.png": photo(turn)})
            assert build(root).code == 0
            assert build(root, "--verify").codes == []
            assert f"Lần {turn}." in (root / "output/tin/2016/12/a/index.html").read_text("utf-8")
    assert run(root, "rollback").code == 0
    assert "Lần 2." in (root / "output/tin/2016/12/a/index.html").read_text("utf-8")
