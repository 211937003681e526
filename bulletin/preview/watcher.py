"""Folders -> a word whenever something in them has changed: the system tells of it and, where it is deaf, a look does.

A network share tells nothing, so a look decides in the end: at names and signatures, so that a deletion is seen, and a
file that was moved in with an old time. To look at 10,000 files takes time; being told costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from watchfiles import watch

from bulletin.files import Signature, signature_of, survey

TICK = 0.25
"""Seconds between two looks at single files."""
PATIENCE, PATIENCE_IF_TOLD = 1.0, 5.0
"""Seconds between two looks at everything, or so many that they take no more than a twentieth of the time.

A system that has told something is believed, but for a share that is mounted in a folder.
"""
_SHARE = 20
_GROUP, _STEP = 300, 30
"""Milliseconds: what is told within the step of the last word, or the group of the first, is one change."""

Look = dict[str, Signature | None]


def changes(folders: Callable[[], tuple[Path, ...]], files: tuple[Path, ...], stop: Event) -> Iterator[None]:
    """Yield at once, and then after each change, until `stop` is set.

    Several changes at a time are one; what changes while the caller is at work is yielded afterwards.
    """
    seen: Look | None = _look(folders(), files)
    singles = _look_at(files)
    yield
    patience = PATIENCE
    next_look = time.monotonic() + patience
    while not stop.is_set():
        watched = folders()
        for is_told in _told(watched, stop):
            before, singles = singles, _look_at(files)
            is_other = folders() != watched
            if is_told and not is_other:
                patience, seen = PATIENCE_IF_TOLD, None
                yield
                continue
            began = time.monotonic()
            if seen is None and singles == before and not is_other:
                # Only now that all is quiet: the change after this one must not wait for a look.
                seen = found = _look(folders(), files)
            elif singles != before or is_other or began >= next_look:
                found = _look(folders(), files)
            else:
                continue
            now = time.monotonic()
            next_look = now + max(patience, _SHARE * (now - began))
            if found != seen:
                seen = found
                yield
            if is_other:
                break


def _told(folders: tuple[Path, ...], stop: Event) -> Iterator[bool]:
    """Yield True when the system tells of a change below the folders, and False every now and then meanwhile."""
    try:
        words = watch(
            *folders,
            watch_filter=lambda _, path: not Path(path).name.startswith((".", "~$")),
            debounce=_GROUP,
            step=_STEP,
            rust_timeout=int(TICK * 1000),
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
        )
        yield from map(bool, words)
    except OSError:
        # The system has no room for one more watcher, or a folder has gone: looking is enough.
        while not stop.wait(TICK):
            yield False


def _look(folders: tuple[Path, ...], files: tuple[Path, ...]) -> Look:
    below = {f"{folder}/{path}": found for folder in folders for path, found in survey(folder).items()}
    return below | _look_at(files)


def _look_at(files: tuple[Path, ...]) -> Look:
    return {str(file): signature_of(str(file)) for file in files if file.is_file()}
