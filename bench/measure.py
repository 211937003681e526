"""Runs a command as a whole: seconds, processor time of all its processes, most memory of all together. Linux only."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SAMPLE_EVERY = 0.02
PR_SET_CHILD_SUBREAPER = 36
LOG_SHOWN = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run took."""

    seconds: float
    cpu: float
    """User and system seconds of all processes."""
    others: float
    """Processor seconds that all other processes of the machine took meanwhile: what disturbed the measurement."""
    peak: int
    """Bytes of PSS, where it was sampled; else 0."""


class RunError(Exception):
    """A generator did not build the site; the text ends with what it said."""


def run(command: Sequence[str], folder: Path, *, sampled: bool = False) -> Run:
    """Run the command in the folder to its end; raise RunError if it failed.

    A sampled run is slower (each look at a large process holds its memory map for milliseconds): take only its memory.
    """
    _adopt_orphans()
    # What the last run wrote is still on its way to the disk, and would slow this one down.
    os.sync()
    before, busy_before = _cpu(), _busy()
    with tempfile.TemporaryFile() as log:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            peak = _watch(process) if sampled else 0
            code = process.wait()
            seconds = time.perf_counter() - begin
            busy = _busy() - busy_before
            _wait_for_orphans()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        if code:
            raise RunError(f"{' '.join(command)}: exit code {code}\n{_end_of(log)}")
    cpu = _cpu() - before
    return Run(seconds=seconds, cpu=cpu, others=max(0.0, busy - cpu), peak=peak)


def _environment(folder: Path) -> dict[str, str]:
    """Return the same few variables for every generator; the site is its home, so that caches elsewhere go with it."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder)}


def _adopt_orphans() -> None:
    """Make processes that outlive their parent our children: else the processor time of a pool's server is lost."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_orphans() -> None:
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _busy() -> float:
    """Return the seconds for which the machine's processors have worked, for whomever."""
    user, nice, system, _idle, _waiting, *rest = map(
        int, Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:9]
    )
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def _end_of(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read().decode("utf-8", "replace")[-LOG_SHOWN:]


def _watch(process: subprocess.Popen[bytes]) -> int:
    """Return the most bytes that all processes of the session held at one moment."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_pss, _session(process.pid))))
        time.sleep(SAMPLE_EVERY)
    return peak


def _session(leader: int) -> Iterator[str]:
    """Yield the folders below /proc of the session's processes: parents may die, the session stays."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
                # The name, in brackets, may hold anything; after it come state, parent, group, session.
                after_name = Path(entry.path, "stat").read_text("utf-8", "replace").rpartition(")")[2]
                if int(after_name.split()[3]) == leader:
                    yield entry.path


def _pss(process: str) -> int:
    """Return a process's share of memory: a page that n processes share counts 1/n for each. 0 if it is gone."""
    with suppress(OSError):
        for line in Path(process, "smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
