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

from bulletin.files import HIDDEN, signature_of, survey
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


def changes(
    folders: Callable[[], tuple[Path, ...]], files: tuple[Path, ...], stop: Event
) -> Iterator[frozenset[str] | None]:
    """Yield at once, and then after each change, until `stop` is set.

    What is yielded are the full paths that the system named, with `/` between their parts; None if anything may have
    changed. Several changes at a time count as one; a change that happens while the caller works is yielded afterwards.
    """
    seen = _scan(folders(), files)
    singles = _scan_files(files)
    named: frozenset[str] = frozenset()
    """What the system has named since the last scan."""
    is_quiet = True
    yield None
    patience = PATIENCE
    next_scan = time.monotonic() + patience
    while not stop.is_set():
        watched = folders()
        for event in _events(watched, stop):
            before, singles = singles, _scan_files(files)
            has_other_folders = folders() != watched
            if event and singles == before and not has_other_folders:
                patience, named, is_quiet = PATIENCE_AFTER_EVENT, named | event, False
                yield event
                continue
            began = time.monotonic()
            # After an event, scan once all is quiet: the next event must not wait for a scan.
            if is_quiet and singles == before and not has_other_folders and began < next_scan:
                continue
            current = _scan(folders(), files)
            now = time.monotonic()
            next_scan = now + max(patience, _PAUSE_PER_SCAN * (now - began))
            is_other = bool(event) or has_other_folders or _differs(seen, current, named)
            seen, named, is_quiet = current, frozenset(), True
            if is_other:
                yield None
            if has_other_folders:
                break


def _differs(before: Look, after: Look, named: frozenset[str]) -> bool:
    """Tell whether anything differs but what the system has named."""
    return before != after and not {path for path, _ in before.items() ^ after.items()} <= named


def _events(folders: tuple[Path, ...], stop: Event) -> Iterator[frozenset[str]]:
    """Yield the paths below the folders that the system says have changed, and no path after each TICK without one."""
    try:
        batches = watch(
            *folders,
            watch_filter=lambda _, path: not Path(path).name.startswith(HIDDEN),
            debounce=_GROUP_MS,
            step=_STEP_MS,
            rust_timeout=int(TICK * 1000),
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
        )
        yield from (frozenset(Path(path).as_posix() for _, path in batch) for batch in batches)
    except OSError:
        # The system allows no more watchers, or a folder has gone: scans are enough.
        while not stop.wait(TICK):
            yield frozenset()


def _scan(folders: tuple[Path, ...], files: tuple[Path, ...]) -> Look:
    below = {
        f"{folder.as_posix()}/{path}": signature for folder in folders for path, signature in _survey(folder).items()
    }
    return below | _scan_files(files)


def _survey(folder: Path) -> Look:
    try:
        return survey(folder, HIDDEN)
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
