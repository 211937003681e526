"""A look at a folder by a process of its own, while this one does something else with the other core."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from msgspec import DecodeError
from msgspec.json import Decoder, encode

from bulletin.files import Signature, survey

Found = dict[str, Signature | None]
_FOUND = Decoder(Found)


class LookAhead:
    """Surveys a folder from now on; `take` waits for what was found, `close` waits for no more than its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reader: int | None = None
        self._process = 0
        if sys.platform == "linux" and threading.active_count() == 1:
            # A fork copies the locks that other threads hold: never beside any.
            self._begin()

    def take(self) -> Found:
        """Return what `survey` returns, once; if the other process came to nothing this one does its work."""
        data = b""
        if self._reader is not None:
            with os.fdopen(self._reader, "rb", closefd=False) as pipe:
                data = pipe.read()
        self.close()
        try:
            return _FOUND.decode(data)
        except DecodeError:
            return survey(self._folder)

    def close(self) -> None:
        if self._reader is not None:
            # Who writes on is ended by that.
            os.close(self._reader)
            self._reader = None
            os.waitpid(self._process, 0)

    def _begin(self) -> None:
        self._reader, writer = os.pipe()
        self._process = os.fork()
        if self._process:
            os.close(writer)
            return
        try:
            os.close(self._reader)
            with os.fdopen(writer, "wb") as pipe:
                pipe.write(encode(survey(self._folder)))
        finally:
            # Without what Python does at its end, which is the other process's to do; whatever went wrong.
            os._exit(0)
