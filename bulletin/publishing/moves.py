"""Single steps on the files of output/. Each leaves output/ whole, and may be made again after a crash.

Paths are strings here: ten thousand pathlib.Paths cost more than the moves.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG

# Windows lets nobody replace or remove a file that a web server or a virus scanner is just reading.
_WAITS = (0.01, 0.05, 0.2, 0.5, 1.0, 2.0) if os.name == "nt" else ()


def put(staged: str, output: Path, path: str, ready: set[str]) -> None:
    """Move a staged file to its place in one step; one that was moved already stays.

    `ready` are the folders below output/ that are known to be folders.
    """
    _make_folder(output, path.rpartition("/")[0], ready)
    place = f"{output}/{path}"
    try:
        _replace(staged, place)
    except (IsADirectoryError, PermissionError):
        if not os.path.isdir(place) or os.path.islink(place):
            raise
        # Somebody put a folder where a file belongs.
        shutil.rmtree(place)
        _replace(staged, place)


def _replace(staged: str, place: str) -> None:
    with suppress(FileNotFoundError):
        _patiently(lambda: os.replace(staged, place))


def _patiently(step: Callable[[], None]) -> None:
    """Take a step that may fail while another program holds the file; fail if it holds it for seconds."""
    for wait in _WAITS:
        try:
            step()
        except PermissionError:
            time.sleep(wait)
        else:
            return
    step()


def _make_folder(output: Path, folder: str, ready: set[str]) -> None:
    """Make a folder and those above it; what stands in their way, a file or a link, was put there by hand."""
    if not folder or folder in ready:
        return
    _make_folder(output, folder.rpartition("/")[0], ready)
    here = f"{output}/{folder}"
    try:
        stands = S_ISDIR(os.lstat(here).st_mode)
        if not stands:
            os.unlink(here)
    except FileNotFoundError:
        stands = False
    if not stands:
        os.mkdir(here)
    ready.add(folder)


def write(file: str, data: bytes) -> None:
    """Write a new file, and the folders it needs."""
    try:
        opened = open(file, "wb")
    except FileNotFoundError:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        opened = open(file, "wb")
    with opened:
        opened.write(data)


def keep(output: Path, path: str, copy: str) -> bool:
    """Give a file a second name, so that its bytes outlive its replacement; return False if it is no regular file."""
    place = f"{output}/{path}"
    try:
        if not S_ISREG(os.lstat(place).st_mode):
            return False
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        os.link(place, copy)
    except OSError:
        # A file system without hard links.
        shutil.copy2(place, copy)
    return True


def remove(output: Path, path: str) -> None:
    """Remove a file, and the folders that are empty without it."""
    place = output / path
    # What stood where a folder was needed is gone already, and so is what a killed build removed.
    if place.is_symlink() or place.is_file():
        _patiently(place.unlink)
    for folder in place.parents:
        if folder == output or not folder.is_dir() or any(folder.iterdir()):
            break
        folder.rmdir()
