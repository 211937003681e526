"""Room on the disk: asked for before anything is moved, since a publication would have to be taken back without it."""

from __future__ import annotations

import shutil
from pathlib import Path

from bulletin.problems import BuildFailed, problem

_SPARE_BYTES = 1 << 20
_BYTES_OF_A_FILE = 8192
"""What a file's name, its folder and its notice take at most."""


def check_space(folder: Path, files: int, size: int = 0) -> None:
    """Raise BuildFailed if so many files, of so many bytes together, may not fit on the disk of a folder."""
    needed = _SPARE_BYTES + files * _BYTES_OF_A_FILE + size
    if shutil.disk_usage(folder).free < needed:
        raise BuildFailed((problem(folder.name, 1, "disk-full", needed=str(-(-needed >> 20))),))
