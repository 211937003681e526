"""A target that is a folder of this machine, or a share of another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from bulletin.digests import digest_of
from bulletin.files import refuse_links_in
from bulletin.problems import BuildFailed, Problem, Refused, Unreachable, problem
from bulletin.publishing import Publication, Publisher, check_destination, holds_other_files, locked, transfer
from bulletin.targets.place import Put, altered
from bulletin.targets.release import Manifest, Release, read_manifest
from bulletin.targets.target import Target


class Folder:
    """A folder where readers are, with its workshop; `wait` is called while another publication is at work there."""

    def __init__(self, target: Target, wait: Callable[[], None]) -> None:
        self._target = target
        self._wait = wait

    @property
    def manifest(self) -> str:
        """See `Place`."""
        return str(Publisher.beside(self._target.folder).manifest.file)

    def finish(self) -> tuple[Problem, ...]:
        """See `Place`."""
        with self._open() as (_, told):
            return told

    def standing(self) -> Release:
        """See `Place`."""
        with self._faults_told():
            self._check()
            return _standing(Publisher.beside(self._target.folder))

    def put(self, after: Release, expected: str, manifest: Manifest) -> Put:
        """See `Place`."""
        with self._open() as (publisher, told):
            before = _standing(publisher)
            if before.version != expected:
                raise BuildFailed((problem(self._target.to, 1, "target-moved-on"),))
            published = before.manifest.files if before.manifest else None
            plan = transfer.plan_transfer(publisher, after.site, after.files, published)
            number = publisher.sources.copy_from(after.sources, publisher.oldest_sources())
            known = replace(manifest, sources=number, seal=after.sources.seal()).encoded()
            warnings = plan.make(publisher, number, known)
            return Put(changes=plan.changes, problems=(*told, *altered(self._target, plan.altered), *warnings))

    def undo(self) -> Put:
        """See `Place`."""
        with self._open() as (publisher, told):
            changes, warnings = publisher.rollback()
            return Put(changes=changes, problems=(*told, *warnings))

    def history(self) -> Sequence[float]:
        """See `Place`."""
        with self._faults_told():
            return [one.at for one in self._publications()]

    def _publications(self) -> Sequence[Publication]:
        return Publisher.beside(self._target.folder).undo.history()

    @contextmanager
    def _open(self) -> Iterator[tuple[Publisher, tuple[Problem, ...]]]:
        """Yield the publisher, locked for us, once it has ended what a killed publication had begun; and warnings."""
        with self._faults_told():
            self._check()
            publisher = Publisher.begun(self._target.folder)
            refuse_links_in(*publisher.folders)
            with locked(publisher.lock, self._wait):
                told = publisher.recover()
                publisher.clear()
                try:
                    yield publisher, told
                finally:
                    publisher.clear()

    def _check(self) -> None:
        """Raise Unreachable for a folder that nobody finds, BuildFailed for one that holds other things."""
        folder = self._target.folder
        if not folder.is_dir() and not folder.resolve().parent.is_dir():
            raise Unreachable((problem(self._target.to, 1, "target-not-there"),))
        if holds_other_files(folder):
            raise BuildFailed((problem(self._target.to, 1, "target-not-ours"),))
        try:
            check_destination(folder, self._target.root)
        except Refused as refused:
            raise BuildFailed((problem(self._target.to, 1, refused.code, **refused.words),)) from refused

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        """Raise Unreachable, with the file's name, for whatever the disk or the network of the target refuses."""
        try:
            yield
        except OSError as fault:
            place = str(fault.filename2 or fault.filename or self._target.to)
            if Path(place).is_relative_to(self._target.staging.parent):
                raise
            told = problem(place, 1, "target-lost", reason=fault.strerror or str(fault))
            raise Unreachable((told,)) from fault
        except BuildFailed as failed:
            if any(one.code in _OF_THE_DISK for one in failed.problems) and not isinstance(failed, Unreachable):
                raise Unreachable(failed.problems) from failed
            raise


_OF_THE_DISK = {"disk-full", "half-published", "published-not-ended", "output-vanished"}
"""The codes of what goes wrong there, not with the bulletin."""


def _standing(publisher: Publisher) -> Release:
    """Return what stands in a publisher's folder."""
    data = publisher.manifest.read()
    manifest = read_manifest(data)
    files = manifest.files if manifest else dict.fromkeys(publisher.present(), "")
    return Release(
        sources=publisher.sources,
        site=publisher.output,
        files=files,
        manifest=manifest,
        version=digest_of(data.decode(errors="replace"), publisher.sources.standing(), sorted(files)),
    )
