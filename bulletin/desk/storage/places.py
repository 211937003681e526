"""The path of an item as a browser names it -> its file below content/, and nothing else on this or any system."""

from __future__ import annotations

import os
import re
from pathlib import Path

from bulletin.characters import encodable
from bulletin.model import CONTENT
from bulletin.problems import refuse
from bulletin.urls import is_device_name
from bulletin.vietnamese import nfc

# A backslash leads into folders on Windows; a colon to a drive or to a second stream of a file.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f\\\\:\ud800-\udfff]")

_LONGEST = 255
"""Bytes of a name on most file systems."""


def item_file(root: Path, path: str) -> Path:
    """Return the file of an item, which may not exist yet; raise Refused for what is no path of an item.

    `path` begins with «content/» and is `/`-separated. A link that stays below content/ is followed.
    """
    content = (root / CONTENT).resolve()
    file = content
    for part in parts_below_content(path):
        file /= _on_disk(file, part)
    try:
        real = file.resolve()
    except RuntimeError:
        # A link that leads to itself; from Python 3.13 on it is returned.
        refuse("desk-path", found=encodable(path))
    if (
        not real.is_relative_to(content)
        or not real.name.lower().endswith(".md")
        or (os.path.lexists(real) and not real.is_file())
    ):
        refuse("desk-path", found=encodable(path))
    return real


def parts_below_content(path: str) -> list[str]:
    """Return the names of the folders and of the file in a path; raise Refused for what is no path of an item."""
    top, *parts = path.split("/")
    if top != CONTENT or not parts or not all(map(_is_name, parts)) or not path.lower().endswith(".md"):
        refuse("desk-path", found=encodable(path))
    return parts


def _is_name(part: str) -> bool:
    """Tell whether a part of a path is a plain name: not hidden, and the same name on Windows."""
    if not part or part.startswith((".", "~$", " ")) or part.endswith((".", " ")):
        return False
    return not _FORBIDDEN.search(part) and not is_device_name(part) and len(part.encode()) <= _LONGEST


def _on_disk(folder: Path, name: str) -> str:
    """Return how a name is written on the disk: paths are composed, but macOS stores decomposed names."""
    if name.isascii() or os.path.lexists(folder / name):
        return name
    try:
        return next((found.name for found in folder.iterdir() if nfc(found.name) == nfc(name)), name)
    except (FileNotFoundError, NotADirectoryError):
        return name
