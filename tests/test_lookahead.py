from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bulletin.files import survey
from bulletin.lookahead import LookAhead
from tests.sites import REPOSITORY, write

ALONE = """
import os, sys
from pathlib import Path
from bulletin import lookahead
folder = Path(sys.argv[1])
"""


def alone(script: str, folder: Path) -> str:
    """Return what a program says that has no other threads, as the tests' own process has."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE + script, str(folder)], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"a/index.html": "một", "b/c/d.xml": "hai", "ẩn.txt": "ba"})
    (tmp_path / "link").symlink_to("ẩn.txt")
    return tmp_path


def test_it_finds_what_a_survey_finds(folder: Path) -> None:
    script = """
look = lookahead.LookAhead(folder)
lookahead.survey = None  # what is asked for here
print(sorted(look.take()))
"""
    assert alone(script, folder) == str(sorted(survey(folder)))


def test_beside_other_threads_it_looks_by_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert LookAhead(folder).take() == survey(folder)
    finally:
        done.set()
        other.join()


@pytest.mark.parametrize("fault", ["os.kill(os.getpid(), 9)", "raise OSError", "return {'a': b'no signature'}"])
def test_if_the_other_process_comes_to_nothing_this_one_looks(folder: Path, fault: str) -> None:
    script = f"""
own, real = os.getpid(), lookahead.survey
def survey(folder):
    if os.getpid() == own:
        return real(folder)
    {fault}
lookahead.survey = survey
look = lookahead.LookAhead(folder)
print(look.take() == real(folder))
"""
    assert alone(script, folder) == "True"


def test_a_name_that_is_no_text_is_found_too(folder: Path) -> None:
    (folder / os.fsdecode(b"\xff.txt")).write_text("bốn")
    assert alone("print(lookahead.LookAhead(folder).take() == lookahead.survey(folder))", folder) == "True"


def test_who_does_not_take_leaves_neither_process_nor_pipe(folder: Path) -> None:
    script = """
lookahead.survey = lambda folder: {str(number): None for number in range(100_000)}
before = os.listdir("/proc/self/fd")
look = lookahead.LookAhead(folder)
look.close()
look.close()
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print(os.listdir("/proc/self/fd") == before)
"""
    assert alone(script, folder) == "True"


def test_there_is_none_of_it_where_no_process_can_be_forked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "fork")
    assert LookAhead(folder).take() == survey(folder)
