"""Disks of a test's own: small, read-only, or another one than that of the folder around it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.programs import missing, require


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Mount an empty disk on a folder, or what the options name; skip where that is not allowed.

    Fail there if BULLETIN_REQUIRE_ALL=1 asks for all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = options or ("-t", "tmpfs", "ban-tin")
    if subprocess.run([require("mount"), *words, str(folder)], check=False, capture_output=True).returncode:
        missing("a disk can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run([require("umount"), "--lazy", str(folder)], check=True)


def disk_if_allowed(folder: Path) -> Callable[[Path], AbstractContextManager[object]] | None:
    """Return what mounts an empty disk, if that is allowed here."""
    try:
        with mounted(folder):
            return mounted
    except pytest.skip.Exception:
        return None
