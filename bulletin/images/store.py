"""The cache of renditions, from their making to their publication: a folder of files, each with a checksum.

An unchanged picture is never processed twice, wherever its page moves and however many folders are built.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from bulletin.digests import SIZE, digest_of_bytes
from bulletin.files import read_regular, remove_files, write_anew
from bulletin.images.sizes import Focus, Rendition

_OURS = re.compile(
    rf"(?P<original>[0-9a-f]{{{2 * SIZE}}})-[0-9]+(?:-(?P<x>[0-9]+)-(?P<y>[0-9]+))?"
    r"\.(?:avif|webp|jpg)(?P<draft>\.[0-9]+)?"
)


class Renditions(Struct, frozen=True, kw_only=True):
    """A folder of renditions, named by the digests of their originals."""

    folder: Path

    def keep(self, original: str, rendition: Rendition, data: bytes) -> None:
        name = _name(original, rendition)
        self.folder.mkdir(parents=True, exist_ok=True)
        # Each process writes its own draft: another build of the same site may be writing the same file.
        draft = self.folder / f"{name}.{os.getpid()}"
        write_anew(draft, _checksum(name, data) + data)
        # If another build has just removed the draft as a leftover, read() will find the file missing.
        with suppress(FileNotFoundError):
            draft.replace(self.folder / name)

    def read(self, original: str, rendition: Rendition) -> bytes | None:
        """Return the bytes of a rendition; None if its file is missing or damaged."""
        name = _name(original, rendition)
        file = read_regular(self.folder / name)
        if file is None:
            return None
        checksum, data = file[:SIZE], file[SIZE:]
        return data if checksum == _checksum(name, data) else None

    def forget_all_but(self, originals: Mapping[str, Collection[Focus]]) -> None:
        """Remove the renditions of all other pictures, crops around other points, and drafts of killed builds."""

        def is_left_over(name: str) -> bool:
            found = _OURS.fullmatch(name)
            if found is None:
                return False
            focus = (int(found["x"]), int(found["y"])) if found["x"] else None
            crops = originals.get(found["original"])
            return crops is None or (focus is not None and focus not in crops) or found["draft"] is not None

        remove_files(self.folder, is_left_over)


def _name(original: str, rendition: Rendition) -> str:
    crop = "-{}-{}".format(*rendition.focus) if rendition.focus else ""
    return f"{original}-{rendition.width}{crop}.{rendition.format}"


def _checksum(name: str, data: bytes) -> bytes:
    return bytes.fromhex(digest_of_bytes(name.encode() + data))
