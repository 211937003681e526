"""Which files stand in a folder, in the same words on every system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def files_below(folder: Path) -> Iterator[str]:
    """Yield the path, relative to the folder, of every file and symbolic link below it; no link is followed."""
    for parent, folders, files in os.walk(folder):
        linked = (name for name in folders if Path(parent, name).is_symlink())
        for name in (*files, *linked):
            yield Path(parent, name).relative_to(folder).as_posix()
