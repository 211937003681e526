"""What keeps the desk from keeping anything: a full or a read-only disk, a file in the place of its folder."""

from __future__ import annotations

import errno
from pathlib import Path

from bulletin.desk.storage import DESK, Store
from bulletin.files import reason, unwritable
from bulletin.model import CONTENT
from bulletin.problems import Problem, problem

_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_FULL = {errno.ENOSPC, errno.EDQUOT}
_IN_ITS_PLACE = {errno.EEXIST, errno.ENOTDIR}


def of_folder(store: Store) -> Problem | None:
    """Return what keeps the desk from keeping anything; None if nothing does."""
    try:
        store.check()
    except OSError as fault:
        return trouble(fault, store.root)
    return None


def all_of(store: Store, copy: str) -> list[Problem]:
    """Return what is wrong with the folder, and the working copies that are garbled: all, or those of this name."""
    try:
        garbled = store.garbled()
    except OSError:
        # What is wrong with the folder is told as a whole.
        garbled = ()
    named = [problem(name, 1, "desk-copy-garbled", found=name) for name in garbled if name.startswith(copy)]
    return [*filter(None, [of_folder(store)]), *named]


def trouble(fault: OSError, root: Path) -> Problem:
    """Return a fault of the disk as people at the desk are told of it; raise any other again, since it is ours."""
    one = unwritable(fault, root / CONTENT)
    if fault.errno in _FULL:
        # A full disk names no file.
        return problem(DESK, 1, "desk-disk-full")
    named = Path(fault.filename2 or fault.filename or "")
    if not named.is_relative_to(root / DESK):
        return one
    if fault.errno in _READ_ONLY:
        return problem(DESK, 1, "desk-folder-read-only", reason=reason(fault))
    if fault.errno in _IN_ITS_PLACE:
        return problem(DESK, 1, "desk-folder-is-file")
    return problem(DESK, 1, "desk-folder-unusable", reason=reason(fault))
