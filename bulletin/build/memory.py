"""The memory that processes have taken at most, where the system tells: on Linux."""

from __future__ import annotations

import re
from pathlib import Path

_PEAK = re.compile(rb"^VmHWM:\s*([0-9]+) kB$", re.MULTILINE)


def peak_of_children(process: int | str = "self") -> int:
    """Return the sum of the peaks (bytes) of the processes that one has started, and of theirs; 0 if it is not told.

    What they share counts for each of them, and their peaks need not come at one time: they take no more than this.
    """
    return sum(_peak(child) + peak_of_children(child) for child in _children(process))


def _children(process: int | str) -> list[int]:
    try:
        of_threads = [file.read_text() for file in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for listed in of_threads for child in listed.split()]


def _peak(process: int) -> int:
    try:
        match = _PEAK.search(Path(f"/proc/{process}/status").read_bytes())
    except OSError:
        # It has just ended.
        return 0
    return int(match[1]) * 1024 if match else 0
