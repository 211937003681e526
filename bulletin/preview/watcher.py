"""Yields whenever something in folders has changed: the system sends an event or, where it sends none, a scan finds it.

A network share sends no events, so a scan decides in the end. It compares names and signatures, and so sees deletions
and files that were moved in with an old time. Scanning 10,000 files takes time; events cost nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from watchfiles import watch

from bulletin.files import signature_of, survey
from bulletin.listing import Signature

TICK = 0.25
"""Seconds between two scans of the single files."""
PATIENCE, PATIENCE_AFTER_EVENT = 1.0, 5.0
"""Minimum seconds between two scans of everything, before and after the system has sent its first event.

Scans take at most a twentieth of the time. A system that has sent an event is trusted, except with a share that is
mounted inside a folder.
"""
_PAUSE_PER_SCAN = 20
_GROUP_MS, _STEP_MS = 300, 30
"""Events are one change if they come within `_STEP_MS` of the last one, or within `_GROUP_MS` of the first."""

Look = dict[str, Signature | None]


def changes(folders: Callable[[], tuple[Path, ...]], files: tuple[Path, ...], stop: Event) -> Iterator[None]:
    """Yield at once, and then after each change, until `stop` is set.

    Several changes at a time count as one; a change that happens while the caller works is yielded afterwards.
    """
    seen: Look | None = _scan(folders(), files)
    singles = _scan_files(files)
    yield
    patience = PATIENCE
    next_scan = time.monotonic() + patience
    while not stop.is_set():
        watched = folders()
        for is_event in _events(watched, stop):
            before, singles = singles, _scan_files(files)
            has_other_folders = folders() != watched
            if is_event and not has_other_folders:
                patience, seen = PATIENCE_AFTER_EVENT, None
                yield
                continue
            began = time.monotonic()
            if seen is None and singles == before and not has_other_folders:
                # After an event, scan only once all is quiet: the next event must not wait for a scan.
                seen = current = _scan(folders(), files)
            elif singles != before or has_other_folders or began >= next_scan:
                current = _scan(folders(), files)
            else:
                continue
            now = time.monotonic()
            next_scan = now + max(patience, _PAUSE_PER_SCAN * (now - began))
            if current != seen:
                seen = current
                yield
            if has_other_folders:
                break


def _events(folders: tuple[Path, ...], stop: Event) -> Iterator[bool]:
    """Yield True for each change below the folders that the system reports, and False after each TICK without one."""
    try:
        batches = watch(
            *folders,
            watch_filter=lambda _, path: not Path(path).name.startswith((".", "~$")),
            debounce=_GROUP_MS,
            step=_STEP_MS,
            rust_timeout=int(TICK * 1000),
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
        )
        yield from map(bool, batches)
    except OSError:
        # The system allows no more watchers, or a folder has gone: scans are enough.
        while not stop.wait(TICK):
            yield False


def _scan(folders: tuple[Path, ...], files: tuple[Path, ...]) -> Look:
    below = {f"{folder}/{path}": signature for folder in folders for path, signature in _survey(folder).items()}
    return below | _scan_files(files)


def _survey(folder: Path) -> Look:
    try:
        return survey(folder)
    except OSError:
        # A folder that we may not look into: the build says so, and the watch goes on for the day that it is mended.
        return {"": None}


def _scan_files(files: tuple[Path, ...]) -> Look:
    return {str(file): _signature(file) for file in files}


def _signature(file: Path) -> Signature | None:
    """Return the signature of a file; None if there is none: editors remove a file for a moment as they save it."""
    try:
        return signature_of(str(file))
    except OSError:
        return None
