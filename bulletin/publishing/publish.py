"""Staged files -> output/, as a transaction: all or nothing; if this build is killed, the next one completes it.

output/ itself is a plain folder that people copy, serve and look into. Everything else that a publication needs is in a
workshop beside it (inside it, if it is a mount), on the same file system, so that every move is a single rename.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path

from bulletin.characters import encodable
from bulletin.digests import digest_of_bytes
from bulletin.files import digest_of_file, read_regular, survey
from bulletin.listing import Signature
from bulletin.problems import BuildFailed, Problem, Refused, problem, refuse
from bulletin.publishing import moves
from bulletin.publishing.changes import UNKNOWN, Changes, FinishedFile, PresentDigest
from bulletin.publishing.history import Journal, Publication, Returned, read_note, write_note
from bulletin.publishing.kept import KeptSources
from bulletin.publishing.manifest import ManifestFile
from bulletin.publishing.order import steps
from bulletin.publishing.space import check_space
from bulletin.publishing.standing import half_published
from bulletin.publishing.undo import RECORD, Undo, changes_to_undo, flat_name, record_of
from bulletin.publishing.workshop import begin_workshop, workshop_of

KEPT = 5
"""How many publications can be rolled back."""
_UNDONE = "undone"
Step = tuple[Path, Callable[[], object]]
"""A file or folder, and what is done about it."""


class Publisher:
    """The workshop beside output/, in which publications are staged, journalled and kept for rollback."""

    def __init__(self, output: Path, folder: Path) -> None:
        self.output = output
        self.folder = folder
        self.key = encodable(str(output.resolve()))
        """The key under which builds keep what they know about this output folder."""
        self.lock = self.folder / "lock"
        self.mark = self.folder / "published"
        """A file that exists once something was published: from then on the output folder counts as a bulletin's."""
        self.staging = self.folder / f"staging-{os.urandom(4).hex()}"
        """Where this build alone stages: processes that a killed build left behind may still be writing to theirs."""
        self.staged = self.folder / "staging"
        """Where a journal finds the files that it moves."""
        self.pictures = self.folder / "pictures"
        """Where a build that must not keep any state puts its renditions."""
        self.sources = KeptSources(folder=self.folder / "kept")
        """What the published items were made from."""
        self.manifest = ManifestFile(self.folder)
        """What stands in output/, if it was put there by `publish`."""
        self.undo = Undo(self.folder / "undo")
        self.folders = (self.folder, self.undo.folder, *self.sources.folders)
        """Where files are deleted that the bulletin itself has made."""
        self._journal = self.folder / "journal.json"
        self._replaced = self.folder / "undo-of-this"
        """What the moves of the journal replace and remove. It goes elsewhere in one step once all are made."""
        self._spent = self.folder / "spent"
        """Folders that nobody needs any more: each is taken out of use in one step, and then deleted."""
        self._spare = str(self.folder / "restored")
        self._notice = str(self.folder / "notice.new")
        self._is_new = not output.exists()
        """Whether staged files become a new output/ in one step. Decided once: others may make one meanwhile."""
        self._returned = self.folder / "returned.json"

    @classmethod
    def beside(cls, output: Path) -> Publisher:
        # output/ may be a link into another file system, and no file moves between file systems in one step.
        real = output.resolve()
        return cls(real, workshop_of(real))

    @classmethod
    def begun(cls, output: Path) -> Publisher:
        """Return the publisher of a folder once there is a workshop; raise OSError if none can be made."""
        begin_workshop(output.resolve())
        return cls.beside(output)

    def clear(self) -> None:
        """Delete what was staged and not published. A publication with a journal stays: the next build completes it."""
        self._is_new = not self.output.exists()
        if self._journal.exists():
            return
        for folder in (*self.folder.glob("staging*"), self.pictures, self._replaced, self._spent):
            shutil.rmtree(folder, ignore_errors=True)
        # After a publication this must not make a failure of it, and whoever needs these names takes them anew.
        with suppress(OSError):
            for file in (Path(self._spare), *self.folder.glob("*.new")):
                file.unlink(missing_ok=True)

    def present(self) -> dict[str, Signature | None]:
        """Return the files of output/, except hidden ones at its top (`.git`, `.htaccess`), which are its owner's."""
        return {path: signature for path, signature in survey(self.output).items() if not path.startswith(".")}

    def stage(self, path: str, data: bytes, *, present: PresentDigest) -> FinishedFile:
        """Stage a file, unless output/ already holds the same bytes; `present` is the digest of the file there."""
        digest = digest_of_bytes(data)
        if present == UNKNOWN:
            current = moves.read(self.output, path)
            present = None if current is None else digest_of_bytes(current)
        if present == digest:
            return FinishedFile(path=path, digest=digest, status="unchanged")
        moves.write(self._staged(path), data)
        return FinishedFile(path=path, digest=digest, status="added" if present is None else "changed")

    def read(self, path: str) -> str:
        """Return the text that a file will have after the publication."""
        staged = Path(self._staged(path))
        return (staged if staged.exists() else self.output / path).read_text(encoding="utf-8")

    def is_one_file(self, path: str, other: str) -> bool:
        """Tell whether two names lead to one file of output/, as on a disk that makes no difference between them."""
        try:
            return os.path.samestat((self.output / path).lstat(), (self.output / other).lstat())
        except OSError:
            return False

    def respell(self, path: str) -> None:
        """Give a file exactly this name, on a disk that made no difference between it and another."""
        moves.respell(self.output, path)

    def _staged(self, path: str) -> str:
        """Return where this build stages a file: at its final path if all become a new output/, else side by side."""
        return f"{self.staging}/{path}" if self._is_new else f"{self.staging}/{flat_name(path)}"

    def _staged_for_move(self, path: str) -> str:
        """Return where a journal finds a staged file."""
        return f"{self.staged}/{flat_name(path)}"

    def publish(  # noqa: PLR0913 - what may differ between publications
        self,
        changes: Changes,
        digests: Mapping[str, str],
        strays: AbstractSet[str] = frozenset(),
        sources: int | None = None,
        *,
        others: AbstractSet[str] = frozenset(),
        manifest: bytes = b"",
    ) -> tuple[Problem, ...]:
        """Put every staged file in its place and remove the files that do not belong; return warnings.

        `digests` are those of the staged files, by path; `strays` are the removed files that never were the bulletin's,
        and `others` such files that stay. `sources` is the number of the kept sources that are to stand then; None for
        those that stand now.
        Raise OSError if output/ is as it was, BuildFailed if it can be neither finished nor put back.
        """
        sources = self.sources.standing() if sources is None else sources
        if changes.is_empty:
            if manifest:
                self.manifest.prepare(manifest)
                self.manifest.stand()
            self.sources.stand(sources)
            return ()
        if manifest or self.manifest.read():
            self.manifest.prepare(manifest)
        self._check_staged((*changes.added, *changes.changed), digests)
        if self._is_new and not self.output.exists():
            return self._publish_new(sources)
        if not self.output.exists():
            raise BuildFailed((problem(self.output.name, 1, "output-vanished"),))
        is_first = not (changes.changed or changes.staying or changes.removed)
        if is_first and self.present().keys() - others:
            # Somebody has filled it since it was looked at, and the next build would remove what is not the bulletin's.
            refuse("output-not-ours", found=str(self.output))
        if self._is_new:
            self._flatten(changes.added)
        if self.staging.exists():
            self.staging.rename(self.staged)
        return self._commit(changes, digests, strays, is_first=is_first, sources=sources)

    def _publish_new(self, sources: int) -> tuple[Problem, ...]:
        """Have all that is staged become a new output/ in a single rename; return warnings."""
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self.staging.rename(self.staged)
        journal = Journal(puts=(), removals=(), is_first=True, undoes="", returned=(), sources=sources)
        record = Publication(at=0, added=(), changed=(), removed=(), strays=(), sources=self.sources.standing())
        write_note(self._journal, journal)
        return self._finish(journal, record)

    def _flatten(self, paths: Iterable[str]) -> None:
        """Put files side by side that were staged at their final paths, as a journal looks for them."""
        at_path = {path: self._staged(path) for path in paths}
        self._is_new = False
        for path, staged in at_path.items():
            Path(staged).rename(self._staged(path))

    def recover(self) -> tuple[Problem, ...]:
        """End the publication that a killed build had begun: in the new site, else in the old one; return warnings."""
        try:
            journal = read_note(self._journal, Journal)
        except Refused as refused:
            file, found = refused.words["file"], refused.words["found"]
            return self._dropped(problem(self.output.name, 1, "journal-refused", "warning", file=file, found=found))
        if journal is not None and journal.is_new and self.staged.exists():
            # The one move was not made: nothing has been published.
            self._journal.unlink()
            journal = None
        if journal is None:
            return ()
        record = record_of(self._replaced)
        is_emptied = not self.output.exists() or not (journal.is_first or self.present())
        if not is_emptied and self._is_whole(journal):
            return self._finish(journal, record, again=True)
        if not is_emptied and self._is_over(journal):
            return self._tidy(journal)
        if is_emptied or record is None:
            # The files that the publication was to leave alone have no copies anywhere.
            return self._dropped(problem(self.output.name, 1, "nothing-to-recover", "warning"))
        # Power was lost before the staged bytes were on the disk, or somebody has deleted some of them.
        self._take_back(journal, record)
        return ()

    def _dropped(self, told: Problem) -> tuple[Problem, ...]:
        """Give up a publication of which nothing can be made any more, so that the next one can begin."""
        self._discard(self._journal)
        self.clear()
        return (told,)

    def oldest_sources(self) -> int:
        """Return the number of the oldest kept sources that a rollback can bring back."""
        records = self.undo.history()
        return records[-1].sources if records else self.sources.standing()

    def restored_files(self) -> frozenset[str]:
        """Return the files of the bulletin that rollbacks have brought back since the last publication."""
        try:
            returned = read_note(self._returned, Returned)
        except Refused:
            # It only decides whether the removal of a file is told as that of a stray one.
            return frozenset()
        return frozenset(returned.paths if returned else ())

    def rollback(self) -> tuple[Changes, tuple[Problem, ...]]:
        """Roll the last publication back; return what changed, and warnings. Raise Refused if none is kept."""
        names = self.undo.names()
        if not names or not self.present():
            refuse("nothing-to-roll-back")
        self.clear()
        undo_folder = self.undo.folder / names[0]
        publication = read_note(undo_folder / RECORD, Publication)
        if publication is None:
            refuse("record-refused", file=RECORD, found="")
        changes = changes_to_undo(publication, self.output)
        digests = self._stage_undo(undo_folder, publication)
        returned = tuple(sorted(self.restored_files() | publication.ours))
        return changes, self._commit(
            changes, digests, frozenset(), undoes=names[0], returned=returned, sources=publication.sources
        )

    def _commit(  # noqa: PLR0913 - what a journal says
        self,
        changes: Changes,
        digests: Mapping[str, str],
        strays: AbstractSet[str],
        *,
        is_first: bool = False,
        undoes: str = "",
        returned: tuple[str, ...] = (),
        sources: int,
    ) -> tuple[Problem, ...]:
        check_space(self.folder, len(changes.added) + len(changes.changed) + len(changes.removed))
        record = self._keep_replaced(changes, strays)
        journal = Journal(
            puts=tuple((path, digests[path]) for path in (*changes.added, *changes.changed)),
            added=len(changes.added),
            removals=tuple(changes.removed),
            is_first=is_first,
            undoes=undoes,
            returned=returned,
            sources=sources,
        )
        write_note(self._journal, journal)
        return self._finish(journal, record)

    def _finish(self, journal: Journal, record: Publication | None, *, again: bool = False) -> tuple[Problem, ...]:
        """Make the moves of a journal; if one cannot be made, take all back and raise its OSError.

        `again` says that some of them may have been made already. Without a record nothing can be taken back.
        """
        try:
            self.mark.touch()
            if journal.is_new and not again:
                self.staged.rename(self.output)
            puts = [path for path, _ in journal.puts]
            moved = steps(puts[: journal.added], puts[journal.added :], journal.removals)
            moves.make(moved, self.output, self._notice, partial(self._put, again=again))
            self.sources.stand(journal.sources)
            self.manifest.stand()
            self._settle(journal)
        except OSError:
            if record is not None:
                self._take_back(journal, record)
            raise
        return self._tidy(journal)

    def _put(self, path: str, ready: set[str], *, again: bool) -> None:
        """Put a staged file in its place; `again` says that it may be there already."""
        staged = self._staged_for_move(path)
        if not again or Path(staged).exists():
            moves.put(staged, self.output, path, ready)

    def _restore(self, path: str, _: set[str]) -> None:
        """Put back a file that was kept."""
        if moves.is_file(kept := self._kept(path)):
            moves.restore(kept, self._spare, self.output, path)

    def _settle(self, journal: Journal) -> None:
        """Keep what was replaced, or throw it away: one step, after which the publication is over."""
        if not self._replaced.exists():
            return
        undone = self.undo.folder / journal.undoes
        if journal.undoes and undone.exists():
            undone.rename(self._replaced / _UNDONE)
        if journal.is_undoable:
            self.undo.folder.mkdir(exist_ok=True)
            self._replaced.rename(self.undo.folder / self.undo.next_name())
        else:
            self._discard(self._replaced)

    def _take_back(self, journal: Journal, record: Publication) -> None:
        """Put back what the moves of a journal have changed; raise BuildFailed if that fails too."""
        try:
            moved = steps(record.removed, record.changed, record.added)
            moves.make(moved, self.output, self._notice, self._restore)
            if journal.is_new and not self.staged.exists():
                self.output.rename(self.staged)
            self.sources.stand(record.sources)
            self.manifest.bring_back(self._replaced)
            if (self._replaced / _UNDONE).exists():
                (self._replaced / _UNDONE).rename(self.undo.folder / journal.undoes)
            if journal.is_first:
                # Nothing of ours is there: what somebody puts there now is not to be removed by a later build.
                self.mark.unlink(missing_ok=True)
            self._journal.unlink()
        except OSError as fault:
            if journal.is_new and not self.output.exists():
                # Nothing is published, and the next run finds that out.
                raise
            raise BuildFailed((half_published(journal, self.output, fault),)) from fault

    def _tidy(self, journal: Journal) -> tuple[Problem, ...]:
        """Do what is left to do after the last move; return a warning for each thing that cannot be done."""
        returned = Returned(paths=journal.returned)
        note = partial(write_note, self._returned, returned) if journal.undoes else self._forget_returned
        return self._tidied(
            self._forgetting(kept=0 if journal.is_first else KEPT),
            [(self._returned, note), (self._journal, self._journal.unlink)],
        )

    def _tidied(self, *steps: Iterable[Step]) -> tuple[Problem, ...]:
        """Take steps after a publication; return a warning for each file or folder at which one fails."""
        told = []
        for place, step in chain(*steps, self._deleting()):
            try:
                step()
            except OSError as fault:
                shown = place.relative_to(self.folder.parent).as_posix()
                told.append(problem(shown, 1, "not-tidied", "warning", reason=fault.strerror or str(fault)))
        return tuple(told)

    def _forgetting(self, *, kept: int) -> Iterator[Step]:
        """Yield the steps that forget all publications but the newest."""
        for name in self.undo.names()[kept:]:
            yield self.undo.folder / name, partial(self._discard, self.undo.folder / name)

    def _deleting(self) -> Iterator[Step]:
        """Yield the steps that delete what was taken out of use."""
        for folder in self._spent.glob("*"):
            yield folder, partial(shutil.rmtree, folder)

    def _forget_returned(self) -> None:
        self._returned.unlink(missing_ok=True)

    def _discard(self, place: Path) -> None:
        """Take a folder or file out of use in one step. It is deleted later, which may take many."""
        self._spent.mkdir(exist_ok=True)
        place.rename(self._spent / f"{place.name}.{time.time_ns()}")

    def _is_whole(self, journal: Journal) -> bool:
        """Tell whether every staged file, moved already or not, still holds the bytes that were written to it."""
        if self.staged.is_symlink():
            return False
        for path, digest in journal.puts:
            staged = Path(self._staged_for_move(path))
            data = read_regular(staged) if os.path.lexists(staged) else moves.read(self.output, path)
            if data is None or digest_of_bytes(data) != digest:
                return False
        return True

    def _is_over(self, journal: Journal) -> bool:
        """Tell whether all moves had been made; somebody has changed a file since if the site is not whole."""
        return not self._replaced.exists() and not any(
            Path(self._staged_for_move(path)).exists() for path, _ in journal.puts
        )

    def _kept(self, path: str) -> str:
        return f"{self._replaced}/{flat_name(path)}"

    def _keep_replaced(self, changes: Changes, strays: AbstractSet[str]) -> Publication:
        """Keep the files that are about to be replaced or removed: their bytes get a second name, and do not move.

        Return the record of it.
        """
        self._replaced.mkdir(parents=True)
        self.manifest.keep(self._replaced)
        known: set[str] = set()
        changed, removed = (
            tuple(path for path in paths if moves.keep(self.output, path, self._kept(path), known))
            for paths in (changes.changed, changes.removed)
        )
        # A path that held no regular file (a link, say) has no bytes to keep: the file put there counts as added.
        added = tuple(sorted({*changes.added, *changes.changed}.difference(changed)))
        publication = Publication(
            at=time.time(),
            added=added,
            changed=changed,
            removed=removed,
            strays=tuple(sorted(strays & {*removed})),
            sources=self.sources.standing(),
        )
        write_note(self._replaced / RECORD, publication)
        return publication

    def _stage_undo(self, undo_folder: Path, publication: Publication) -> dict[str, str]:
        """Stage the files that a publication has replaced or removed, and return their digests."""
        digests = {}
        for path in publication.kept:
            data = read_regular(undo_folder / flat_name(path))
            if data is None:
                refuse("record-refused", file=undo_folder.name, found=encodable(path))
            digests[path] = digest_of_bytes(data)
            moves.write(self._staged_for_move(path), data)
        self.manifest.prepare_copy(undo_folder)
        return digests

    def _check_staged(self, paths: Iterable[str], digests: Mapping[str, str]) -> None:
        """Raise BuildFailed if a staged file is not what this build made."""
        for path in paths:
            if digest_of_file(self._staged(path)) != digests[path]:
                raise BuildFailed((problem(path, 1, "staged-file-altered", found=str(self.folder)),))
