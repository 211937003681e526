"""What Windows does otherwise, as far as it can be played here: consoles, held files, names, long paths."""

from __future__ import annotations

import io
import ntpath
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from bulletin.cli import main
from bulletin.pages.links import resolve
from bulletin.publishing import moves
from bulletin.urls import MAX_SLUG, url_of
from tests.builders import article, item, targets
from tests.sites import REPOSITORY, build, run, snapshot, write

PATH_OF_WINDOWS = 260
ROOT = r"D:\ban-tin"


def test_every_command_survives_a_console_of_cp1252(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path, {"content/a.md": item(), "content/b.md": item(title="Nháp", draft="true")})
    commands = (
        ["new", "Đà Nẵng: «thành phố»", "--province", "Đà Nẵng"],
        ["new", "Đà Nẵng", "--province", "Đà Nẵng Xanh"],
        *(["check"], ["build"], ["status"], ["rollback", "--list"], ["rollback"], ["--help"], ["dung"]),
    )
    for command in commands:
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="cp1252") for _ in range(2)]
        monkeypatch.setattr(sys, "stdout", streams[0])
        monkeypatch.setattr(sys, "stderr", streams[1])
        main(command, root)
        said = b""
        for stream in streams:
            stream.flush()
            said += stream.buffer.getvalue()
        assert b"\\u1" in said, command
    assert [path.name[11:] for path in (root / "content").rglob("*-da-nang-*.md")] == ["da-nang-thanh-pho.md"]


def hold(monkeypatch: pytest.MonkeyPatch, output: Path, tries: int) -> dict[str, int]:
    """Have another program hold every file of output/ for some tries at each; return the tries so far."""
    tried: dict[str, int] = {}

    def held(step: Callable[..., None], place: int) -> Callable[..., None]:
        def take(*where: str | Path, **how: bool) -> None:
            path = str(where[place])
            if path.startswith(f"{output}/"):
                tried[path] = tried.get(path, 0) + 1
                if tried[path] <= tries:
                    raise PermissionError(13, "The process cannot access the file", path)
            step(*where, **how)

        return take

    monkeypatch.setattr(os, "replace", held(os.replace, 1))
    monkeypatch.setattr(os, "unlink", held(os.unlink, 0))
    return tried


def test_a_file_that_is_just_being_read_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path, {"content/a.md": item(), "content/b.md": item(title="Hai", date="2016-11-02")})
    build(root)
    write(root, {"content/a.md": item(title="Tin khác")})
    (root / "content/b.md").unlink()
    with monkeypatch.context() as played:
        played.setattr(moves, "_WAITS", (0.0, 0.0, 0.0))
        tried = hold(played, (root / "output").resolve(), 3)
        assert build(root).code == 0
    # A page that goes is replaced by a notice first.
    assert set(tried.values()) == {4, 5}
    assert len(tried) > 10
    assert build(root, "--fresh").json["written"] == 0


def test_a_file_that_is_held_for_long_is_told_and_the_next_build_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, {"content/a.md": item()})
    build(root)
    write(root, {"content/a.md": item(title="Tin khác")})
    with monkeypatch.context() as played:
        hold(played, (root / "output").resolve(), 1000)
        ran = build(root)
        assert (ran.code, ran.codes) == (1, ["cannot-write"])
    assert build(root, "--verify").code == 0


def test_the_longest_path_is_one_that_windows_takes() -> None:
    name = "a" * 240
    one = article(f"![Lễ ký]({name}.jpg)", slug="b" * MAX_SLUG)
    found = resolve(one, targets(one, files=f"content/2016/{name}.jpg"))
    paths = [url_of(file.copy.path) for files in found.files.values() for file in files]
    for folder in ("output", r".output.ban-tin\staging-01234567"):
        longest = max(len(rf"{ROOT}\{folder}{path}") for path in paths)
        assert PATH_OF_WINDOWS - 50 < longest < PATH_OF_WINDOWS, "no longer than needed, no shorter than can be"


def test_names_that_windows_keeps_for_itself_are_in_no_path(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item("[Tệp](nul.pdf) ![Lễ ký](aux.jpg)"), "content/nul.pdf": "%PDF"})
    write(root, {"content/con.md": item(title="Con")})
    assert "name-reserved" in run(root, "check", "--format", "json").codes
    (root / "content/con.md").unlink()
    write(root, {"content/a.md": item("[Tệp](nul.pdf)")})
    assert build(root).code == 0
    # Python 3.13 has it elsewhere.
    is_reserved = getattr(ntpath, "isreserved", None) or (lambda path: PureWindowsPath(path).is_reserved())
    assert [path for path in snapshot(root / "output") if is_reserved(path)] == []


def test_no_two_files_differ_by_case_alone(tmp_path: Path) -> None:
    root = write(
        tmp_path, {"content/2016/Tin.md": item(), "content/2016/tin-khac.md": item(aliases="[/TIN/2016/12/tin/]")}
    )
    assert "url-taken" in build(root).codes
    write(root, {"content/2016/tin-khac.md": item(aliases="[/Cu/mot/, /cu/hai/]")})
    build(root)
    paths = [path.lower() for path in snapshot(root / "output")]
    assert len(paths) == len(set(paths))


def test_paths_in_messages_and_data_have_slashes_everywhere(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/2016/a.md": item(province="Không đâu")})
    (found,) = build(root).json["problems"]
    assert found["path"] == PurePosixPath("content", "2016", "a.md").as_posix()


def test_files_are_read_and_written_as_utf_8_whatever_the_system_says(tmp_path: Path) -> None:
    root = write(tmp_path, {"content/a.md": item(), "pyproject.toml": '[tool.bulletin]\ntitle = "Tin nhanh"\n'})
    build(root)
    write(root, {"content/a.md": item(title="Tin khác")})
    python = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    for command in (["build"], ["rollback"], ["new", "Tin mới", "--province", "Huế"], ["check"], ["status"]):
        done = subprocess.run(
            [*python, str(REPOSITORY / "build.py"), *command, "--root", str(root)], check=False, capture_output=True
        )
        assert b"EncodingWarning" not in done.stderr, done.stderr.decode()
        assert done.returncode in {0, 3}
