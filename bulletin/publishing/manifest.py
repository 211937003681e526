"""The manifest of what stands in a folder: written with a publication, and brought back when that is taken back.

It lies in the workshop, where no web server looks. Its bytes are its owner's, who alone knows what they say.
"""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

from bulletin.files import read_regular, write_anew
from bulletin.publishing import moves

_NAME = "manifest.json"


class ManifestFile(Struct, frozen=True):
    """The manifest that stands in a workshop, and the one that is to stand once a journal has come to its end."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / _NAME

    @property
    def _coming(self) -> Path:
        # Publisher.clear removes what has this ending and no journal.
        return self.folder / "manifest.new"

    def read(self) -> bytes:
        """Return the manifest of what stands; empty if there is none."""
        return read_regular(self.file) or b""

    def prepare(self, data: bytes) -> None:
        """Write what is to stand; nothing if there is to be no manifest. Until `stand` is called nothing changes."""
        write_anew(self._coming, data)
        with self._coming.open("rb+") as stream:
            os.fsync(stream.fileno())

    def prepare_copy(self, copies: Path) -> None:
        """Have stand again what was kept among the copies of a publication."""
        self.prepare(read_regular(copies / _NAME) or b"")

    def keep(self, copies: Path) -> None:
        """Keep what stands among the copies of a publication."""
        if moves.is_file(str(self.file)):
            moves.double(str(self.file), str(copies / _NAME))

    def stand(self) -> None:
        """Let stand what was prepared; it may stand already. Nothing changes if nothing was prepared."""
        data = read_regular(self._coming)
        if data:
            moves.retry(lambda: self._coming.replace(self.file))
        elif data is not None:
            self.file.unlink(missing_ok=True)
            self._coming.unlink(missing_ok=True)

    def bring_back(self, copies: Path) -> None:
        """Have stand what was kept before the moves of a journal were made."""
        self.prepare_copy(copies)
        self.stand()
