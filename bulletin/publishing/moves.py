"""Single steps on the files of output/. Each leaves every file there whole, and can be repeated after a crash.

Paths are strings, because ten thousand of pathlib's cost more than the moves themselves.
"""

from __future__ import annotations

import errno
import filecmp
import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from bulletin.files import read_regular
from bulletin.publishing.notice import LONG_AGO, NOTICE
from bulletin.publishing.order import Act, Step

# Seconds between attempts: Windows forbids replacing or removing a file while a web server or virus scanner reads it,
# and forbids it to other systems too that have mounted its share.
_WAITS = (0.01, 0.05, 0.2, 0.5, 1.0, *((2.0,) if os.name == "nt" else ()))
_HELD = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY)
"""What a system says then."""


def make(steps: Iterable[Step], output: Path, notice: str, put_one: Callable[[str, set[str]], object]) -> None:
    """Make the steps of a publication; `put_one` puts a file in its place, and is given the folders known to exist.

    `notice` is a name for a moment on the same file system.
    """
    ready: set[str] = set()
    for act, path in steps:
        if act == "put":
            put_one(path, ready)
        elif act == "remove":
            remove(output, path)
        elif _wants_notice(output, path, act):
            write(notice, NOTICE)
            os.utime(notice, (LONG_AGO, LONG_AGO))
            put(notice, output, path, ready)


def _wants_notice(output: Path, path: str, act: Act) -> bool:
    """Tell whether there is no page yet that is to come, or still a page that is to go."""
    mode = _mode(f"{output}/{path}") if leads_inside(output, path) else 0
    return not mode if act == "announce" else S_ISREG(mode)


def put(staged: str, output: Path, path: str, ready: set[str]) -> None:
    """Move a staged file to its place in one step.

    `ready` holds the folders below output/ that are known to exist, and grows by those that are made.
    """
    _make_folder(output, path.rpartition("/")[0], ready)
    target = f"{output}/{path}"
    try:
        retry(lambda: os.replace(staged, target))
    except (IsADirectoryError, PermissionError):
        if not os.path.isdir(target) or os.path.islink(target):
            raise
        # Somebody has made a folder where the file belongs.
        shutil.rmtree(target)
        retry(lambda: os.replace(staged, target))


def retry(step: Callable[[], object]) -> None:
    """Repeat a step while another program holds its file; raise its OSError if the file is held for seconds."""
    for wait in _WAITS:
        try:
            step()
        except OSError as fault:
            if fault.errno not in _HELD:
                raise
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
    mode = _mode(target)
    if mode and not S_ISDIR(mode):
        os.unlink(target)
    if not S_ISDIR(mode):
        os.mkdir(target)
    ready.add(folder)


def write(file: str, data: bytes) -> None:
    """Write a new file, and make the folders it needs."""
    if file.endswith("/index.html"):
        # A page has a folder of its own, which is not there yet: to open the file first would nearly always fail.
        _make_parent(os.path.dirname(file))
    try:
        stream = open(file, "wb", buffering=0)
    except FileNotFoundError:
        _make_parent(os.path.dirname(file))
        stream = open(file, "wb", buffering=0)
    with stream:
        rest = memoryview(data)
        while rest:
            # A disk that is nearly full takes a part, and tells at the next attempt.
            rest = rest[stream.write(rest) :]


def _make_parent(folder: str) -> None:
    """Make a folder as `os.makedirs` does, but first try what nearly always works: its own parent is there."""
    try:
        os.mkdir(folder)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:
        # Another process has just made it.
        pass


def keep(output: Path, path: str, copy: str, known: set[str]) -> bool:
    """Give a file a second name, so that its bytes survive its replacement; return False if it is no regular file.

    `known` is that of `leads_inside`.
    """
    source = f"{output}/{path}"
    if not leads_inside(output, path, known) or not is_file(source):
        return False
    double(source, copy)
    return True


def is_file(file: str) -> bool:
    """Tell whether a file is a regular one; a link to one is none."""
    return S_ISREG(_mode(file))


def double(file: str, name: str) -> None:
    """Give a file a second name, or a copy of that name on a file system without hard links."""
    try:
        os.link(file, name)
    except OSError:
        shutil.copy2(file, name)


def restore(kept: str, spare: str, output: Path, path: str) -> None:
    """Put a kept file back in its place, unless it is there; `spare` is a name for a moment on the same file system."""
    if _holds(output, path, kept):
        return
    with suppress(FileNotFoundError):
        os.unlink(spare)
    double(kept, spare)
    put(spare, output, path, set())


def _holds(output: Path, path: str, kept: str) -> bool:
    """Tell whether output/ has the kept file at its path: that need not be written to, and perhaps cannot be."""
    target = f"{output}/{path}"
    if not leads_inside(output, path) or not is_file(target):
        return False
    return os.path.samefile(kept, target) or filecmp.cmp(kept, target, shallow=False)


def remove(output: Path, path: str) -> None:
    """Remove a file, a link, a pipe or a socket, and the folders that it leaves empty.

    It may be gone already, if it stood where a folder was needed, or if a killed build had removed it.
    """
    file = f"{output}/{path}"
    mode = _mode(file) if leads_inside(output, path) else 0
    if mode and not S_ISDIR(mode):
        retry(lambda: os.unlink(file))
    # Another program may look into an empty folder, which shows readers nothing and may stay.
    with suppress(OSError):
        for folder in _parents(path):
            os.rmdir(f"{output}/{folder}")


def read(output: Path, path: str) -> bytes | None:
    """Return the bytes of a regular file of output/; None if there is none, or if a link leads there."""
    return read_regular(output / path) if leads_inside(output, path) else None


def respell(output: Path, path: str) -> None:
    """Give a file and its folders exactly these names, on a disk that made no difference between them and others."""
    folder = str(output)
    for name in path.split("/"):
        names = os.listdir(folder)
        if name not in names:
            other = next(other for other in names if other.casefold() == name.casefold())
            os.rename(f"{folder}/{other}", f"{folder}/{name}")
        folder = f"{folder}/{name}"


def leads_inside(output: Path, path: str, known: set[str] | None = None) -> bool:
    """Tell whether a path leads through folders alone: through a link it could lead to anybody's files.

    `known` holds folders that were looked at, and grows by others.
    """
    return _is_inside(output, path.rpartition("/")[0], set() if known is None else known)


def _is_inside(output: Path, folder: str, known: set[str]) -> bool:
    if not folder or folder in known:
        return True
    if not _is_inside(output, folder.rpartition("/")[0], known) or not S_ISDIR(_mode(f"{output}/{folder}")):
        return False
    known.add(folder)
    return True


def _parents(path: str) -> list[str]:
    """Return the folders of a file below output/, the innermost first."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]


def _mode(file: str) -> int:
    """Return the mode of a file, of a link itself; 0 if there is none."""
    try:
        return os.lstat(file).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0
