"""Runs chunks of work: in this process if there is little of it, else on every core, or on other machines."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from msgspec import Struct

from bulletin.build.memory import peak_of_children
from bulletin.problems import BuildFailed, problem

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from multiprocessing.connection import Connection

Input = TypeVar("Input")
Packed = TypeVar("Packed")
Result = TypeVar("Result")
Taken = TypeVar("Taken")
Made = TypeVar("Made")

WORTH_IT = 400
"""Below so many items or pages, starting processes costs more than it saves: they take 0.3 s to be ready."""
CHUNK = 200
"""Items or pages that are handed over at once."""
AHEAD = 3
"""Chunks handed to each process before its first result has come back; more would only fill the memory."""
PRELOADED = "bulletin.build.worker"
"""What every worker needs, loaded once and forked: on its own each of them would spend 0.2 s on it."""

Tell = Callable[[str, int, int], None]
"""Is called with the name of a phase, how many of its inputs are done, and how many there are."""


class Work(Struct, Generic[Packed, Taken, Made, Result], frozen=True, kw_only=True):
    """Work that can also be done by a machine that does not share our disk.

    `here` does all of it. Elsewhere only `make` runs, a function of what it is given alone; this process reads for it
    what a packed chunk names (`take`), and writes what it has made (`put`). All but `take` and `put` must be picklable.
    """

    here: Callable[[Packed], Result]
    take: Callable[[Packed], Taken]
    make: Callable[[Taken], Made]
    put: Callable[[Made], Result]

    def __call__(self, packed: Packed) -> Result:
        return self.here(packed)


class Pending(Protocol):
    """A chunk that is being worked on; `result` waits for it, and raises what the work has raised."""

    def result(self) -> Any: ...


class Elsewhere(Protocol):
    """Machines that do not share our disk."""

    @property
    def ahead(self) -> int:
        """How many chunks may be on their way at once."""
        ...

    def submit(self, make: Callable[[Taken], Made], taken: Taken, /) -> Pending:
        """Have a chunk made; the function is the same object for all chunks of one work."""
        ...


class Pool:
    """Runs chunks of work. Processes are started nowhere else; closing the pool ends them.

    What can be done without our disk goes `elsewhere` if that is given, however little it is.
    """

    def __init__(self, jobs: int, elsewhere: Elsewhere | None, tell: Tell) -> None:
        self._jobs = jobs
        self._tell = tell
        self._elsewhere = elsewhere
        self._own: Executor | None = None
        self.peak = 0
        """Memory that the processes of the closed pool have taken, in bytes; 0 if there were none or nobody knows."""
        self._end: Connection | None = None
        """Our end of the pipe that workers watch."""

    def map(
        self,
        phase: str,
        work: Callable[[Packed], Result],
        inputs: Sequence[Input],
        pack: Callable[[Sequence[Input]], Packed],
        *,
        effort: Callable[[Input], int] = lambda _: 1,
    ) -> Iterator[Result]:
        """Yield the result of `work` for each chunk of a phase's inputs, in their order; `work` must be picklable.

        `pack` turns a chunk into the value that is sent to the process. `effort` tells how many items or pages are as
        much work as an input.
        """
        efforts = [effort(one) for one in inputs]
        ends = list(_ends(efforts))
        chunks = (pack(inputs[start:end]) for start, end in pairwise((0, *ends)))
        for end, result in zip(ends, self._results(work, chunks, sum(efforts)), strict=True):
            self._tell(phase, end, len(inputs))
            yield result

    def _results(self, work: Callable[[Packed], Result], chunks: Iterable[Packed], efforts: int) -> Iterator[Result]:
        if self._elsewhere is not None and isinstance(work, Work):
            yield from _made_elsewhere(self._elsewhere, work, chunks)
            return
        executor = self._executor(efforts)
        if executor is None:
            yield from map(work, chunks)
            return
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415 - 7 ms that a small build does not need

        try:
            # Of work that may be done elsewhere a process of ours needs only this, and the rest cannot be sent to it.
            here = work.here if isinstance(work, Work) else work
            yield from _in_turn(lambda chunk: executor.submit(here, chunk), chunks, AHEAD * self._jobs)
        except BrokenExecutor as broken:
            # A person or the system killed a worker: a traceback of our code would lead nowhere.
            raise BuildFailed((problem("content", 1, "worker-lost"),)) from broken

    def prepare(self, step: Callable[[], object], efforts: int) -> None:
        """Have each process take a step for a phase of so much work, while this one does something else.

        Nobody asks what came of it: what is wrong is found again, and told, by the work itself.
        """
        executor = self._executor(efforts) if self._elsewhere is None else None
        if executor is None:
            return
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415 - as above

        with suppress(BrokenExecutor):
            for _ in range(self._jobs):
                executor.submit(step)

    def close(self) -> None:
        """End all processes; a later phase would start others."""
        if self._own is not None:
            self.peak = peak_of_children()
            self._own.shutdown(cancel_futures=True)
        if self._end is not None:
            self._end.close()
        self._own = self._end = None

    def _executor(self, efforts: int) -> Executor | None:
        if self._jobs == 1 or efforts < WORTH_IT:
            return None
        if self._own is None:
            self._own, self._end = _processes(self._jobs)
        return self._own


def _ends(efforts: Sequence[int]) -> Iterator[int]:
    """Yield where chunks end: each is no more work than CHUNK, if a single input is not more already."""
    in_chunk = 0
    for number, effort in enumerate(efforts):
        if in_chunk and in_chunk + effort > CHUNK:
            yield number
            in_chunk = 0
        in_chunk += effort
    if efforts:
        yield len(efforts)


def _in_turn(submit: Callable[[Packed], Pending], chunks: Iterable[Packed], ahead: int) -> Iterator[Any]:
    """Yield the results of chunks in their order, with so many of them handed over before the first has come back."""
    remaining = iter(chunks)
    pending = deque(submit(chunk) for chunk in islice(remaining, ahead))
    while pending:
        result = pending.popleft().result()
        pending.extend(submit(chunk) for chunk in islice(remaining, 1))
        yield result


def _made_elsewhere(
    elsewhere: Elsewhere, work: Work[Packed, Any, Any, Result], chunks: Iterable[Packed]
) -> Iterator[Result]:
    # A field of a frozen struct is the same object each time.
    made = _in_turn(lambda chunk: elsewhere.submit(work.make, work.take(chunk)), chunks, elsewhere.ahead)
    yield from map(work.put, made)


def cores() -> int:
    """Return how many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processes(jobs: int) -> tuple[Executor, Connection]:
    """Return an executor of so many processes, and the end of a pipe: they end when it closes, as it does if we die."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - as above
    from multiprocessing import get_all_start_methods, get_context  # noqa: PLC0415

    # Fork would copy locks that other threads hold.
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    context = get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([PRELOADED])
        _start_forkserver()
    theirs, ours = context.Pipe(duplex=False)
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(theirs,)), ours


def _start_forkserver() -> None:
    """Start the process from which workers are forked, with this program on its path and nothing else.

    Python would put the folder we stand in first: a folder named bulletin in it would be imported in our place.
    """
    from multiprocessing import forkserver  # noqa: PLC0415 - as above

    own = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONSAFEPATH": "1"}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        forkserver.ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _begin(builder: Connection) -> None:
    """Postpone garbage collection, end when the process that builds ends, and ignore Ctrl-C.

    A terminal sends Ctrl-C to workers too, but it is the parent that handles it. Without a parent, a worker would go on
    with the chunks that it had been handed, and then wait for ever.
    """
    import threading  # noqa: PLC0415 - a small build needs none

    gc.set_threshold(100_000)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(builder,), daemon=True).start()
    if sys.platform == "linux":
        _die_with(builder)


def _end_with(builder: Connection) -> None:
    """Wait until the other end of a pipe closes, to which nothing is written, and end this process."""
    # Some systems tell of it by a BrokenPipeError.
    with suppress(EOFError, OSError):
        builder.recv_bytes()
    os._exit(1)


def _die_with(builder: Connection) -> None:
    """Have the kernel kill this process when the other end of a pipe closes.

    It does so at once, even if the process is paused or in a search for an expression, which no thread interrupts.
    PR_SET_PDEATHSIG would not do: our parent is the forkserver, which lives as long as its workers.
    """
    import fcntl  # noqa: PLC0415 - Windows has none

    try:
        # Opened anew, since a pipe that several processes share signals only one of them.
        own = os.open(f"/proc/self/fd/{builder.fileno()}", os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        # In a chroot without /proc the thread does it alone.
        return
    fcntl.fcntl(own, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(own, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(own, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
