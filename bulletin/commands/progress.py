"""The progress of a long build, shown at a terminal: its phase and how far that has come."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

from bulletin.commands.console import put
from bulletin.problems import Language, say

PATIENCE = 1.0
"""Seconds before anything is shown: most builds have ended by then."""


class Progress:
    """Shows the phases of a build once it has lasted PATIENCE; `is_shown` is False if the output goes into a pipe."""

    def __init__(self, language: Language, *, is_shown: bool) -> None:
        self._language = language
        self._is_shown = is_shown
        self._began = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def tell(self, phase: str, done: int, total: int) -> None:
        """Show that `done` of `total` are done in a phase; in the phase «waiting» the build waits for another one."""
        if phase == "waiting":
            put(say("waiting", self._language), sys.stderr)
        elif self._is_shown and time.monotonic() - self._began > PATIENCE:
            self._show(phase, done, total)

    def _show(self, phase: str, done: int, total: int) -> None:
        if self._bar is None or self._bar.total != total:
            from tqdm import tqdm  # noqa: PLC0415 - 50 ms that only a long build at a terminal pays

            self._close()
            self._bar = tqdm(total=total, desc=say(f"phase-{phase}", self._language), leave=False, file=sys.stderr)
        self._bar.update(done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
