"""The renditions of pictures between their making and their publication: a folder of files that prove themselves.

An unchanged picture is never worked on twice, wherever its page moves and however many folders are built.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from bulletin.digests import SIZE, digest_of_bytes
from bulletin.images.sizes import Rendition


class Renditions(Struct, frozen=True, kw_only=True):
    """A folder of renditions, named by the digests of their originals."""

    folder: Path

    def keep(self, original: str, rendition: Rendition, data: bytes) -> None:
        name = _name(original, rendition)
        self.folder.mkdir(parents=True, exist_ok=True)
        # Another build of the same site may be writing the same file.
        draft = self.folder / f"{name}.{os.getpid()}"
        draft.write_bytes(_seal(name, data) + data)
        # Or be clearing up: then it will be missed when it is read.
        with suppress(FileNotFoundError):
            draft.replace(self.folder / name)

    def read(self, original: str, rendition: Rendition) -> bytes | None:
        """Return what was kept; None if it is gone or no longer what it was."""
        name = _name(original, rendition)
        try:
            sealed = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        seal, data = sealed[:SIZE], sealed[SIZE:]
        return data if seal == _seal(name, data) else None

    def forget_all_but(self, originals: Collection[str]) -> None:
        """Remove the renditions of all other pictures, and what killed builds left half done."""
        for file in self._files():
            if file.name.partition("-")[0] not in originals or file.suffix not in {".webp", ".jpg"}:
                # Another build may have been quicker.
                file.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        with suppress(FileNotFoundError):
            yield from self.folder.iterdir()


def _name(original: str, rendition: Rendition) -> str:
    return f"{original}-{rendition.width}.{rendition.format}"


def _seal(name: str, data: bytes) -> bytes:
    return bytes.fromhex(digest_of_bytes(name.encode() + data))
