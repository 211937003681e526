"""Single steps on files that must survive a program killed at any moment, and other programs that write meanwhile."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from bulletin.publishing import retry

_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
_HERE = -100
"""AT_FDCWD: paths that are not absolute begin at the current folder."""
_EXCHANGE = 2
"""RENAME_EXCHANGE of Linux; RENAME_SWAP of macOS has the same number."""


def write_new(file: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file that is not there yet, and return only once it is on the disk; leave nothing of it if that fails."""
    stream = open(file, "xb", opener=lambda path, flags: os.open(path, flags, mode))  # noqa: SIM115 - closed below
    try:
        with stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        file.unlink(missing_ok=True)
        raise


def write_over(file: Path, data: bytes, mode: int = 0o666) -> None:
    """Give a file of our own other bytes in one step; its folder is made if there is none.

    `mode` are the rights of the file, of which the process may take some away.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    # A process that was killed has left it.
    new.unlink(missing_ok=True)
    write_new(new, data, mode)
    move(new, file)


def make_private(folder: Path) -> None:
    """Make the folder of a desk if there is none: for its owner alone, and not in git, whatever is written there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        # Unless another program makes it at this moment.
        with suppress(FileExistsError, FileNotFoundError):
            write_over(ignore, b"*\n")


def move(file: Path, place: Path) -> None:
    """Move a file to its place in one step, over what is there."""
    retry(lambda: file.replace(place))


def name_also(file: Path, other: Path) -> None:
    """Give a file a second name, or where the file system has no such thing a copy; raise FileExistsError."""
    try:
        os.link(file, other)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        write_new(other, file.read_bytes())


def exchange(file: Path, other: Path) -> bool:
    """Let two files change places in one step, so that neither is lost; return False where the system cannot."""
    if os.name != "posix":
        return False
    names = os.fsencode(file), os.fsencode(other)
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        failed = libc.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE)
    elif sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(*names, _EXCHANGE)
    else:
        return False
    if failed and ctypes.get_errno() in _CANNOT:
        return False
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(file), None, str(other))
    return True
