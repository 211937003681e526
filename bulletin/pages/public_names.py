"""The names under which pictures and attachments are published beside an item's page.

A name is made of the file and of the item alone, never of what other files there are: readers keep addresses, and a
file that somebody adds later must not move another one's.
"""

from __future__ import annotations

import posixpath

from bulletin.digests import digest_of_bytes
from bulletin.urls import is_device_name
from bulletin.vietnamese import slug

LONGEST = 60
"""After the longest slug, the path stays within the 260 characters of Windows, also while staged."""
_DIGITS = 8


def picture_stem(source: str, file: str) -> str:
    """Return the name of a picture's JPEG without its ending; both paths are from the site's root.

    A picture of another format keeps its ending as a word: «1.png» and «1.jpg» would else both be «1.jpg».
    """
    ending = posixpath.splitext(file)[1].lower()
    return _stem(source, file, "" if ending == ".jpg" else f"-{ending[1:]}")


def attachment_name(source: str, file: str) -> str:
    """Return the name of a file that is published as it is."""
    return _stem(source, file, "") + posixpath.splitext(file)[1].lower()


def _stem(source: str, file: str, last: str) -> str:
    """Return the folder, if it is not the item's, and the file's name as words; `last` is the end of every name.

    Where words are lost, because they are too long or no Latin letters, a digest of the whole name takes their place:
    without it, two long names with the same beginning would meet.
    """
    folder = _folder(source, file)
    stem = posixpath.splitext(posixpath.basename(file))[0]
    words = slug(stem)
    name = "-".join(part for part in (slug(folder), words or "tep") if part)
    if len(name + last) > LONGEST or not words:
        digest = digest_of_bytes(f"{folder}/{stem}".encode())[:_DIGITS]
        room = LONGEST - len(f"-{digest}{last}")
        name = f"{name[:room].strip('-')}-{digest}"
    return (f"tep-{name}" if is_device_name(name) else name) + last


def _folder(source: str, file: str) -> str:
    """Return the way from the item's folder to that of a file, without the steps up; empty if it is the same folder."""
    home, folder = posixpath.dirname(source), posixpath.dirname(file)
    if home == folder:
        return ""
    steps = [step for step in posixpath.relpath(folder, home).split("/") if step != ".."]
    return "/".join(steps) or posixpath.basename(folder)
