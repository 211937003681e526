"""Single steps on the files of output/. Each leaves every file there whole, and can be repeated after a crash.

Paths are strings, because ten thousand of pathlib's cost more than the moves themselves.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG

# Seconds between attempts: Windows forbids replacing or removing a file while a web server or virus scanner reads it.
_WAITS = (0.01, 0.05, 0.2, 0.5, 1.0, 2.0) if os.name == "nt" else ()


def put(staged: str, output: Path, path: str, ready: set[str]) -> None:
    """Move a staged file to its place in one step; do nothing if it was moved already.

    `ready` holds the folders below output/ that are known to exist, and grows by those that are made.
    """
    _make_folder(output, path.rpartition("/")[0], ready)
    target = f"{output}/{path}"
    try:
        _replace(staged, target)
    except (IsADirectoryError, PermissionError):
        if not os.path.isdir(target) or os.path.islink(target):
            raise
        # Somebody has made a folder where the file belongs.
        shutil.rmtree(target)
        _replace(staged, target)


def _replace(staged: str, target: str) -> None:
    with suppress(FileNotFoundError):
        retry(lambda: os.replace(staged, target))


def retry(step: Callable[[], object]) -> None:
    """Repeat a step while another program holds its file; raise PermissionError if the file is held for seconds."""
    for wait in _WAITS:
        try:
            step()
        except PermissionError:
            time.sleep(wait)
        else:
            return
    step()


def _make_folder(output: Path, folder: str, ready: set[str]) -> None:
    """Make a folder and its parents; delete a file or link in their place, which somebody put there by hand."""
    if not folder or folder in ready:
        return
    _make_folder(output, folder.rpartition("/")[0], ready)
    target = f"{output}/{folder}"
    try:
        exists = S_ISDIR(os.lstat(target).st_mode)
        if not exists:
            os.unlink(target)
    except FileNotFoundError:
        exists = False
    if not exists:
        os.mkdir(target)
    ready.add(folder)


def write(file: str, data: bytes) -> None:
    """Write a new file, and make the folders it needs."""
    try:
        stream = open(file, "wb")
    except FileNotFoundError:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        stream = open(file, "wb")
    with stream:
        stream.write(data)


def keep(output: Path, path: str, copy: str) -> bool:
    """Give a file a second name, so that its bytes survive its replacement; return False if it is no regular file."""
    source = f"{output}/{path}"
    try:
        if not S_ISREG(os.lstat(source).st_mode):
            return False
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        os.link(source, copy)
    except OSError:
        # The file system has no hard links.
        shutil.copy2(source, copy)
    return True


def remove(output: Path, path: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    file = output / path
    # It is gone already if it stood where a folder was needed, or if a killed build had removed it.
    if file.is_symlink() or file.is_file():
        retry(file.unlink)
    for folder in file.parents:
        if folder == output or not folder.is_dir() or any(folder.iterdir()):
            break
        folder.rmdir()
