"""What a command writes to: a pipe whose reader has gone, or nothing at all, is no fault of the command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from bulletin import cli
from tests.builders import item
from tests.previews import PATIENCE, command, free_port
from tests.sites import NOW, write

COMMANDS: dict[str, tuple[Sequence[str], int]] = {
    "build": ([], 0),
    "build as JSON": (["--format", "json"], 0),
    "explained": (["--explain", "--fresh"], 0),
    "check": (["check"], 0),
    "leaks": (["check", "--leaks"], 0),
    "problems": (["--strict"], 1),
    "problems as JSON": (["--strict", "--format", "json"], 1),
    "status": (["status"], 0),
    "due": (["status", "--output", "khac"], 3),
    "status as JSON": (["status", "--format", "json"], 0),
    "history": (["rollback", "--list"], 0),
    "nothing to roll back": (["rollback"], 2),
    "new": (["new", "Tin", "--province", "Huế"], 0),
    "init": (["init", "moi"], 0),
    "help": (["--help"], 0),
    "usage": (["--nosuch"], 2),
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a site with enough warnings to fill a pipe, published, and the current folder."""
    root = write(tmp_path, {"content/a.md": item(), **{f"content/{n}/bai.docx": b"x" for n in range(200)}})
    monkeypatch.chdir(root)
    assert cli.main(["--quiet", "--as-of", NOW], root) == 0
    return root


@contextmanager
def unread(monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[None]:
    """Let streams be pipes that nobody reads."""
    with monkeypatch.context() as patch:
        streams = []
        for name in names:
            reader, writer = os.pipe()
            os.close(reader)
            streams.append(os.fdopen(writer, "w", encoding="utf-8"))
            patch.setattr(sys, name, streams[-1])
        yield
        for stream in streams:
            stream.close()


@pytest.mark.parametrize("streams", [("stdout",), ("stderr",), ("stdout", "stderr")], ids="+".join)
def test_a_reader_that_has_gone_changes_neither_work_nor_exit_code(
    root: Path, monkeypatch: pytest.MonkeyPatch, streams: tuple[str, ...]
) -> None:
    for name, (words, code) in COMMANDS.items():
        clock = () if "rollback" in words else ("--as-of", NOW)
        with unread(monkeypatch, *streams):
            assert cli.main([*words, *clock], root) == code, name
        if name == "new":
            (root / "content/2017/2017-01-31-tin.md").unlink()


def test_a_stream_that_is_closed_changes_neither(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    for words in ([], ["check"], ["status"], ["new"], ["--nosuch"]):
        assert cli.main([*words, "--as-of", NOW], root) in {0, 2, 3}


def test_a_preview_goes_on_when_nobody_reads_its_words(root: Path) -> None:
    words, kept = command(root, free_port()), root / ".cache/preview"
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            process.stdout.close()
            write(root, {"content/b.md": item(title="Hai", province="Huê Huê")})
            wait_for(
                process, lambda: any("Huê Huê".encode() in file.read_bytes() for file in kept.glob("state.sqlite*"))
            )
            write(root, {"content/b.md": item(title="Hai")})
            wait_for(process, (root / ".cache/preview/site/tin/2016/12/b/index.html").exists)
        finally:
            process.terminate()
    assert process.returncode == 0


def wait_for(process: subprocess.Popen[bytes], is_so: Callable[[], bool]) -> None:
    for _ in range(PATIENCE * 20):
        if is_so():
            return
        assert process.poll() is None
        time.sleep(0.05)
    raise AssertionError("it did not happen")
