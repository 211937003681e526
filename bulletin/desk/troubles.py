"""What keeps the desk from keeping anything: a full or a read-only disk, a file in the place of its folder."""

from __future__ import annotations

import errno
from pathlib import Path

from bulletin.desk.storage import DESK
from bulletin.files import reason, unwritable
from bulletin.model import CONTENT
from bulletin.problems import Problem, problem

_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_FULL = {errno.ENOSPC, errno.EDQUOT}
_IN_ITS_PLACE = {errno.EEXIST, errno.ENOTDIR}


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
