"""A secret of the user who builds: what carries its mark in a site's folder was written by that user's own builds."""

from __future__ import annotations

import hmac
import os
from functools import reduce
from operator import or_
from pathlib import Path
from stat import S_ISREG

MARK_SIZE = 32
_SIZE = 32
_FILE = "ban-tin/key"


def own_key() -> bytes | None:
    """Return the key, which is made when it is first asked for; None if nobody but the user could be kept from it."""
    told = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CONFIG_HOME")
    # Of a user without a home `~` is left, where pathlib would raise RuntimeError.
    folder = Path(told or os.path.expanduser("~/.config"))  # noqa: PTH111
    if not folder.is_absolute():
        # The key would lie in whatever folder the build was started in.
        return None
    file = folder / _FILE
    try:
        return _read(file) or _made(file)
    except OSError:
        # A home that may not be written to, as in a container: templates are then compiled in each build.
        return None


def mark_of(key: bytes, data: bytes) -> bytes:
    """Return the mark of data, MARK_SIZE bytes long, that nobody can make without the key (HMAC)."""
    return hmac.digest(key, data, "sha256")


def _read(file: Path) -> bytes | None:
    """Return the key in a file; None if there is none, or if another user may have written or read it."""
    flags = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    try:
        descriptor = os.open(file, reduce(or_, flags, os.O_RDONLY))
    except OSError:
        # There is none yet, or it is a link or another user's: a new one takes its place.
        return None
    try:
        found = os.fstat(descriptor)
        # On Windows a user's folder is the user's own, and the numbers here mean nothing.
        is_own = os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)
        key = os.read(descriptor, _SIZE) if S_ISREG(found.st_mode) and is_own else b""
    finally:
        os.close(descriptor)
    return key if len(key) == _SIZE else None


def _made(file: Path) -> bytes | None:
    """Put a new key in place of whatever stands there; another process may do the same, and the last one wins."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.write(descriptor, os.urandom(_SIZE))
    finally:
        os.close(descriptor)
    draft.replace(file)
    return _read(file)
