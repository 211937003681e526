"""The state of a process that builds again and again: read from its file once, and then remembered.

Only for a file that no other process writes to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from bulletin.state import PageRecord, SourceRecord, State


class _Remembered(State):
    """A state that answers from memory what it has been asked before. What it answers must not be changed."""

    _sources: dict[str, SourceRecord] | None = None
    _pages: dict[str, PageRecord] | None = None
    _output = ""

    def sources(self) -> dict[str, SourceRecord]:
        if self._sources is None:
            self._sources = super().sources()
        return self._sources

    def save_sources(
        self, records: Mapping[str, SourceRecord], texts: Mapping[str, str], gone: Collection[str]
    ) -> None:
        super().save_sources(records, texts, gone)
        self._sources = {path: one for path, one in {**self.sources(), **records}.items() if path not in gone}

    def pages(self, output: str) -> dict[str, PageRecord]:
        if self._pages is None or self._output != output:
            self._output, self._pages = output, super().pages(output)
        return self._pages

    def save_pages(self, output: str, records: Mapping[str, PageRecord], gone: Collection[str]) -> None:
        super().save_pages(output, records, gone)
        self._pages = {path: one for path, one in {**self.pages(output), **records}.items() if path not in gone}


class Memory:
    """Keeps the state of one site open between its builds; all of them must run in one thread.

    `code` is the stamp of the code that the process began with: who replaces its files does not change what it does.
    """

    def __init__(self, file: Path, code: str) -> None:
        self.code = code
        self._file = file
        self._state: _Remembered | None = None
        self._stamp = ""

    def state(self, stamp: str, *, fresh: bool) -> State:
        """Return the state for builds of this stamp; begin a new one if it is of another, or if asked to."""
        if self._state is None or fresh or stamp != self._stamp:
            self.close()
            make = _Remembered.begin if fresh else _Remembered.open
            self._state, self._stamp = make(self._file, stamp), stamp
        return self._state

    def sources(self) -> Mapping[str, SourceRecord]:
        """Return what became of every source in the last build."""
        return self._state.sources() if self._state else {}

    def close(self) -> None:
        if self._state is not None:
            self._state.close()
            self._state = None
