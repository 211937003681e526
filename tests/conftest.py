"""Fixtures that several files of tests share, and what holds for all of them."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from hypothesis import settings

from bulletin import render
from bulletin.render.jinja_compiler import Environment
from tests.browser import chromium

__all__ = ["chromium"]

# No test asserts a time: machines are busy now and then.
settings.register_profile("bulletin", deadline=None)
settings.load_profile("bulletin")

LONGEST = (
    *("test_desk_page", "test_edits", "test_crashes", "test_faults", "test_look", "test_search_page"),
    *("test_incremental", "test_sanitising", "test_package", "test_stand_ins", "test_make_images", "test_small_change"),
    *("test_sample", "test_team_walk", "test_work"),
)
"""Files that are begun first, or one process would be busy with the last of them while the other has nothing to do."""


MEMORY = Path("/dev/shm")  # noqa: S108 - tests make folders of their own in it
ROOM = 4 << 30
"""Bytes; tests need half of it."""


def pytest_configure(config: pytest.Config) -> None:
    # Else pytest-xdist begins with the files that have the most tests, and these are the quickest.
    config.option.loadscopereorder = False
    # Else each process, and each of the programs that tests start, would compile everything anew.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        # Tests make and delete a million files. On a disk that takes them twice as long: ext4 without a journal looks
        # at each inode that was deleted within some minutes whenever it makes a file.
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: a sixth of the time tests wait for other programs."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


def pytest_collection_finish() -> None:
    """Leave the tests themselves out of each search for garbage: a tenth of what tests take went into looking there."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_key_is_left_with_who_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "LOCALAPPDATA"):
            patch.setenv(name, str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _a_template_is_compiled_once() -> Iterator[None]:
    """Have Jinja read each text once in a process: hundreds of tests build a site of their own of the same templates.

    What comes of a text is kept by all that it can depend on. What is asked for, and what .cache/ holds, is as ever.
    """
    compile_always = Environment.compile
    known: dict[tuple[object, ...], CodeType] = {}

    def compile_once(self: Environment, *words: Any, **others: Any) -> Any:
        options = (self.autoescape, self.trim_blocks, self.lstrip_blocks, self.undefined, frozenset(self.filters))
        key = (type(self), self.code_generator_class, *options, words, frozenset(others.items()))
        if key not in known:
            known[key] = compile_always(self, *words, **others)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compile_once)
        patch.setattr(render, "references", cache(render.references))
        yield
