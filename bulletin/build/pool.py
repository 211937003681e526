"""Where work is done: in this process if it is little, else on every core, or wherever a given executor takes it."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from bulletin.problems import BuildFailed, problem

if TYPE_CHECKING:
    from concurrent.futures import Executor

Input = TypeVar("Input")
Packed = TypeVar("Packed")
Result = TypeVar("Result")

WORTH_IT = 400
"""Items or pages below which starting processes costs more than it saves: see docs/decisions.md."""
CHUNK = 200
AHEAD = 3
"""Chunks for each process that are handed over before the first has come back: more would only fill the memory."""

Tell = Callable[[str, int, int], None]
"""Hears the name of a phase, how many of its inputs are done, and of how many."""


class Pool:
    """Runs chunks of work; the one place in which an executor is made. Closing it ends what it started."""

    def __init__(self, jobs: int, executor: Executor | None, tell: Tell) -> None:
        self._jobs = jobs
        self._tell = tell
        self._given = executor
        self._own: Executor | None = None

    def map(
        self,
        phase: str,
        work: Callable[[Packed], Result],
        inputs: Sequence[Input],
        pack: Callable[[Sequence[Input]], Packed],
        *,
        effort: int = 1,
    ) -> Iterator[Result]:
        """Yield what `work` makes of each chunk of a phase's inputs, in their order; `work` must be picklable.

        `pack` makes of a chunk what is handed over. `effort` says how many items or pages would be as much work as one
        of these inputs.
        """
        size = max(1, CHUNK // effort)
        chunks = (pack(inputs[start : start + size]) for start in range(0, len(inputs), size))
        for number, result in enumerate(self._results(work, chunks, len(inputs) * effort), 1):
            self._tell(phase, min(number * size, len(inputs)), len(inputs))
            yield result

    def _results(self, work: Callable[[Packed], Result], chunks: Iterable[Packed], efforts: int) -> Iterator[Result]:
        executor = self._executor(efforts)
        if executor is None:
            yield from map(work, chunks)
            return
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415 - 7 ms that a small build does not need

        remaining = iter(chunks)
        try:
            # How many a given executor can work on at once only its owner knows.
            ahead = None if self._given else AHEAD * self._jobs
            futures = deque(executor.submit(work, chunk) for chunk in islice(remaining, ahead))
            while futures:
                result = futures.popleft().result()
                futures.extend(executor.submit(work, chunk) for chunk in islice(remaining, 1))
                yield result
        except BrokenExecutor as broken:
            # Someone or the system killed a worker: there is nothing in our code to look for.
            raise BuildFailed((problem("content", 1, "worker-lost"),)) from broken

    def close(self) -> None:
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def _executor(self, efforts: int) -> Executor | None:
        if self._given is not None:
            return self._given
        if self._jobs == 1 or efforts < WORTH_IT:
            return None
        if self._own is None:
            self._own = _processes(self._jobs)
        return self._own


def cores() -> int:
    """Return how many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processes(jobs: int) -> Executor:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - as above
    from multiprocessing import get_all_start_methods, get_context  # noqa: PLC0415

    # Fork would copy locks that other threads hold.
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    context = get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["bulletin.work"])
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)


def _begin() -> None:
    """Put garbage collection off, and leave Ctrl-C to the process that hands out the work: it is sent to all."""
    gc.set_threshold(100_000)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
