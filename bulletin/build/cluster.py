"""Work on the machines of a Dask cluster: `build --cluster tcp://scheduler:8786`. Imported only if that is asked for.

What travels: sources and views as bytes, and what was made of them back. Templates and settings go to each worker once.
The scheduler holds a chunk until its result is here, so that it can give it to another worker if one is lost; no more
than `ahead` chunks are under way.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from msgspec import Struct

from bulletin.build.inputs import versions
from bulletin.build.pool import AHEAD
from bulletin.problems import Unreachable, problem, refuse

Taken = TypeVar("Taken")
Made = TypeVar("Made")

CONNECT = 10
"""Seconds within which the scheduler must answer, and a first worker be there."""
PATIENCE = 120
"""Seconds within which a chunk must be made; the slowest takes a few."""
GRACE = 15
"""Seconds without any worker after which none is waited for; one that is started anew needs five."""
LOOK = 2
"""Seconds between two looks at whether anybody is still at work."""
MOST_AHEAD = 48
"""Chunks that are under way at most, each of about 2 MB."""
_ONE_AT_A_TIME = threading.Lock()
"""A worker of Dask may have several threads, but neither the renderer nor Python-Markdown is made for two at once."""
_Versions = tuple[tuple[str, str], ...]
_TELL_VERSIONS = "__import__('bulletin.build.inputs', fromlist=['inputs']).versions()"
"""Is asked as a text: a worker ends if it is sent a function that it does not have, and nobody hears why."""


class _Done(Struct, frozen=True, kw_only=True):
    """What a worker has made of a chunk, or what that raised; neither if its versions are not ours."""

    worker: str
    versions: _Versions
    made: Any = None
    raised: Exception | None = None


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """Yield the workers of the scheduler at an address.

    Raise Refused without the package or, for tls://, without a certificate; Unreachable if nobody is there, or if a
    worker has other versions than we.
    """
    distributed = _distributed()
    if address.startswith("tls:"):
        _check_certificate(distributed.Security())
    try:
        client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as fault:
        _fail(address, "cluster-not-there", fault, reason=_reason(fault))
    try:
        yield Cluster(distributed, client, address)
    finally:
        client.close(timeout=CONNECT)


class Cluster:
    """The workers that a client of Dask has; what the pool calls `Elsewhere`."""

    def __init__(self, distributed: Any, client: Any, address: str) -> None:
        self._distributed = distributed
        self._client = client
        self._address = address
        self._work: tuple[Callable[[Any], Any], Any] | None = None
        """The function that makes the chunks, and the future that holds it for the workers."""
        self._deserted: float | None = None
        """Since when there is no worker."""
        workers = self._first_workers()
        self.ahead = min(AHEAD * len(workers), MOST_AHEAD)
        asked = [client.submit(eval, _TELL_VERSIONS, workers=[worker], pure=False) for worker in workers]
        for worker, answer in zip(workers, asked, strict=True):
            self._check(worker, self._result(answer))

    def submit(self, make: Callable[[Taken], Made], taken: Taken, /) -> Chunk:
        if self._work is None or self._work[0] is not make:
            # As the result of a task it goes to each worker once, and is made again if the worker that has it is lost.
            self._work = make, self._client.submit(_hold, make, pure=False)
        return Chunk(self, self._client.submit(_perform, self._work[1], taken, versions(), pure=False))

    def made(self, future: Any) -> Any:
        """Return what a worker has made; raise Unreachable if that will not come."""
        done: _Done = self._result(future)
        self._check(done.worker, done.versions)
        if done.raised is not None:
            raise done.raised
        return done.made

    def _result(self, future: Any) -> Any:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return future.result(timeout=LOOK)
            except TimeoutError:
                self._look()
                if time.monotonic() > deadline:
                    _fail(self._address, "cluster-silent", seconds=str(PATIENCE))
            except self._distributed.scheduler.KilledWorker as fault:
                _fail(self._address, "cluster-workers-die", fault, reason=_reason(fault))
            except (OSError, self._distributed.CancelledError) as fault:
                _fail(self._address, "cluster-lost", fault, reason=_reason(fault))
            except Exception as fault:  # noqa: BLE001 - what the work raises comes as a value
                # Our program is not there, or one that has no such function.
                _fail(self._address, "cluster-without-program", fault, reason=_reason(fault))

    def _look(self) -> None:
        """Raise Unreachable if the scheduler does not answer, or has had no worker for a while."""
        if self._workers():
            self._deserted = None
        elif self._deserted is None:
            self._deserted = time.monotonic()
        elif time.monotonic() - self._deserted > GRACE:
            _fail(self._address, "cluster-deserted")

    def _workers(self) -> list[str]:
        """Return the addresses of all workers."""
        try:
            found = self._client.sync(self._client.scheduler.identity, n_workers=-1, callback_timeout=CONNECT)
        except OSError as fault:
            _fail(self._address, "cluster-lost", fault, reason=_reason(fault))
        return sorted(found["workers"])

    def _first_workers(self) -> list[str]:
        try:
            self._client.wait_for_workers(1, timeout=CONNECT)
        except TimeoutError:
            _fail(self._address, "cluster-deserted")
        return self._workers()

    def _check(self, worker: str, told: _Versions) -> None:
        """Raise Unreachable if a worker has other versions than we."""
        theirs = dict(told)
        for name, ours in versions():
            if theirs.get(name) != ours:
                found = theirs.get(name, "–")
                _fail(self._address, "cluster-of-other-version", worker=worker, name=name, found=found, ours=ours)


class Chunk:
    """A chunk that a worker makes."""

    def __init__(self, workers: Cluster, future: Any) -> None:
        self._workers = workers
        self._future = future

    def result(self) -> Any:
        return self._workers.made(self._future)


def _hold(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return make


def _perform(make: Callable[[Any], Any], taken: Any, ours: _Versions) -> _Done:
    """Make a chunk, on a worker."""
    from distributed import get_worker  # noqa: PLC0415 - only who asks for a cluster has it

    worker = get_worker().address
    if versions() != ours:
        return _Done(worker=worker, versions=versions())
    try:
        with _ONE_AT_A_TIME:
            return _Done(worker=worker, versions=ours, made=make(taken))
    except Exception as fault:  # noqa: BLE001 - raised where the result is asked for
        # Exceptions travel without their traceback, but with their notes.
        fault.add_note(traceback.format_exc())
        return _Done(worker=worker, versions=ours, raised=fault)


def _distributed() -> Any:
    try:
        import dask  # noqa: PLC0415 - as above
        import distributed  # noqa: PLC0415
    except ImportError:
        refuse("cluster-not-installed")
    # We say in our own words what it would log; and a chunk may be larger than it likes.
    for name in ("asyncio", "distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    return distributed


def _check_certificate(security: Any) -> None:
    """Raise Refused if the configuration of Dask names no certificate of ours, or none that can be read."""
    try:
        is_known = security.get_connection_args("client")["ssl_context"] is not None
    except OSError as fault:
        refuse("cluster-without-certificate", reason=str(fault))
    if not is_known:
        refuse("cluster-without-certificate", reason="distributed.comm.tls")


def _fail(address: str, code: str, fault: Exception | None = None, **words: str) -> NoReturn:
    raise Unreachable((problem(address, 1, code, **words),)) from fault


def _reason(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"
