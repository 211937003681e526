"""Staged files -> output/, as a transaction: all or nothing; if this build is killed, the next one completes it.

output/ itself is a plain folder that people copy, serve and look into. Everything else that a publication needs is in a
workshop beside it (inside it, if it is a mount), on the same file system, so that every move is a single rename.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from bulletin.digests import digest_of_bytes
from bulletin.files import Signature, is_mount, read_regular, survey
from bulletin.problems import BuildFailed, problem, refuse
from bulletin.publishing import moves
from bulletin.publishing.changes import UNKNOWN, Changes, FinishedFile, PresentDigest
from bulletin.publishing.history import Publication, read_record, write_record, write_through
from bulletin.publishing.kept import KeptSources
from bulletin.urls import turn_of

KEPT = 5
"""How many publications can be rolled back."""
_SPARE_BYTES = 1 << 20


class Publisher:
    """The workshop beside output/, in which publications are staged, journalled and kept for rollback."""

    def __init__(self, output: Path, folder: Path) -> None:
        self.output = output
        self.folder = folder
        self.key = str(output.resolve())
        """The key under which builds keep what they know about this output folder."""
        self.lock = self.folder / "lock"
        self.mark = self.folder / "published"
        """A file that exists once something was published: from then on the output folder counts as a bulletin's."""
        self.staging = self.folder / "staging"
        self.pictures = self.folder / "pictures"
        """Where a build that must not keep any state puts its renditions."""
        self.sources = KeptSources(folder=self.folder / "kept")
        """What the published items were made from."""
        self.undo = self.folder / "undo"
        self._journal = self.folder / "journal.json"
        self._next_undo = self.folder / "undo-of-this"
        self._returned = self.folder / "returned.json"

    @classmethod
    def beside(cls, output: Path) -> Publisher:
        # output/ may be a link into another file system, and no file moves between file systems in one step.
        real = output.resolve()
        # Nor does a file move across a mount point, even within one file system, so a mount holds its own workshop; its
        # hidden name keeps that from being served.
        return cls(real, real / ".ban-tin" if is_mount(real) else real.parent / f".{real.name}.ban-tin")

    @property
    def is_first(self) -> bool:
        """Tell whether output/ does not exist yet: the first publication then creates it in one step."""
        return not self.output.exists()

    def clear(self) -> None:
        """Delete what was staged and not published. A publication with a journal stays: the next build completes it."""
        if self._journal.exists():
            return
        for folder in (self.staging, self.pictures, self._next_undo):
            shutil.rmtree(folder, ignore_errors=True)

    def present(self) -> dict[str, Signature | None]:
        """Return the files of output/, except hidden ones at its top (`.git`, `.htaccess`), which are its owner's."""
        return {path: signature for path, signature in survey(self.output).items() if not path.startswith(".")}

    def stage(self, path: str, data: bytes, *, present: PresentDigest) -> FinishedFile:
        """Stage a file, unless output/ already holds the same bytes; `present` is the digest of the file there."""
        digest = digest_of_bytes(data)
        if present == UNKNOWN:
            current = read_regular(self.output / path)
            present = None if current is None else digest_of_bytes(current)
        if present == digest:
            return FinishedFile(path=path, digest=digest, status="unchanged")
        moves.write(self._staged(path), data)
        return FinishedFile(path=path, digest=digest, status="added" if present is None else "changed")

    def read(self, path: str) -> str:
        """Return the text that a file will have after the publication."""
        staged = Path(self._staged(path))
        return (staged if staged.exists() else self.output / path).read_text(encoding="utf-8")

    def _staged(self, path: str) -> str:
        """Return where to stage a file: at its final path if output/ is new, else in one flat folder."""
        return f"{self.staging}/{path}" if self.is_first else self._staged_for_move(path)

    def _staged_for_move(self, path: str) -> str:
        return f"{self.staging}/{_flat_name(path)}"

    def publish(
        self,
        changes: Changes,
        digests: Mapping[str, str],
        strays: AbstractSet[str] = frozenset(),
        sources: int | None = None,
    ) -> None:
        """Put every staged file in its place and remove the files that do not belong.

        `digests` are those of the staged files, by path; `strays` are the removed files that never were the bulletin's.
        `sources` is the number of the kept sources that are to stand then; None for those that stand now.
        """
        sources = self.sources.standing() if sources is None else sources
        if changes.is_empty:
            self.sources.stand(sources)
            return
        self.mark.touch()
        if self.is_first:
            self.output.parent.mkdir(parents=True, exist_ok=True)
            journal = self._journal_of(Changes(), {}, can_be_undone=False, undoes="", sources=sources)
            self._write_journal(journal)
            # The first publication is a single rename.
            self.staging.rename(self.output)
            self._finish(journal)
            return
        was_empty = not (changes.changed or changes.unchanged or changes.removed)
        if not was_empty:
            self._keep_replaced(changes, strays)
        self._commit(changes, digests, can_be_undone=not was_empty, sources=sources)
        self._returned.unlink(missing_ok=True)

    def recover(self) -> bool:
        """Complete the publication that a killed build had begun; return whether there was one."""
        try:
            journal = json.loads(self._journal.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return False
        except ValueError:
            # The journal was cut off while it was written, so no file had been moved yet.
            self._journal.unlink()
            return False
        if self.is_first and not journal["puts"] and self.staging.exists():
            # The first publication had been staged as a whole, and was not moved to its place.
            self._journal.unlink()
            return False
        # output/ existed when the journal was written; if somebody has deleted it since, make it again.
        self.output.mkdir(parents=True, exist_ok=True)
        if not self._is_whole(journal["puts"]):
            # Power was lost before the staged bytes were on the disk: put the replaced files back from their copies.
            undoes = journal["undoes"]
            undo_folder = self.undo / undoes if undoes else self._next_undo
            publication = read_record(undo_folder)
            changes = self._changes_to_undo(publication)
            self._stage_undo(undo_folder, publication)
            journal = self._journal_of(changes, {}, can_be_undone=False, undoes=undoes, sources=publication.sources)
            self._write_journal(journal)
        self._finish(journal)
        return True

    def publications(self) -> list[str]:
        """Return the names of the publications that can be rolled back, newest first."""
        return sorted((path.name for path in self.undo.glob("*")), reverse=True)

    def history(self) -> list[Publication]:
        """Return the records of the publications that can be rolled back, newest first."""
        return [read_record(self.undo / name) for name in self.publications()]

    def replaced_files(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of the files that the kept publications have replaced or removed, newest first."""
        for name in self.publications():
            for path in read_record(self.undo / name).kept:
                yield path, (self.undo / name / _flat_name(path)).read_bytes()

    def restored_files(self) -> frozenset[str]:
        """Return the files of the bulletin that rollbacks have brought back since the last publication."""
        data = read_regular(self._returned)
        return frozenset(json.loads(data)) if data else frozenset()

    def rollback(self) -> Changes:
        """Roll the last publication back; raise Refused if none is kept."""
        names = self.publications()
        if not names:
            refuse("nothing-to-roll-back")
        self.clear()
        undo_folder = self.undo / names[0]
        publication = read_record(undo_folder)
        changes = self._changes_to_undo(publication)
        self._stage_undo(undo_folder, publication)
        digests = {path: digest_of_bytes((undo_folder / _flat_name(path)).read_bytes()) for path in publication.kept}
        write_through(self._returned, json.dumps(sorted(self.restored_files() | publication.ours)))
        self._commit(changes, digests, can_be_undone=False, undoes=undo_folder.name, sources=publication.sources)
        return changes

    def _commit(
        self, changes: Changes, digests: Mapping[str, str], *, can_be_undone: bool, undoes: str = "", sources: int
    ) -> None:
        journal = self._journal_of(changes, digests, can_be_undone=can_be_undone, undoes=undoes, sources=sources)
        self._check_space(len(changes.added) + len(changes.changed))
        self._write_journal(journal)
        self._finish(journal)

    def _journal_of(
        self, changes: Changes, digests: Mapping[str, str], *, can_be_undone: bool, undoes: str, sources: int
    ) -> dict[str, Any]:
        turns = {path: turn_of(path, is_change=False) for path in (*changes.added, *changes.removed)}
        turns |= {path: turn_of(path, is_change=True) for path in changes.changed}
        puts = sorted((*changes.added, *changes.changed), key=lambda path: (turns[path], path))
        return {
            "puts": [[path, digests.get(path, "")] for path in puts],
            # A file goes before the files it names: a page must not outlive its pictures.
            "removals": sorted(changes.removed, key=lambda path: (-turns[path], path)),
            "can_be_undone": can_be_undone,
            "undoes": undoes,
            "sources": sources,
        }

    def _write_journal(self, journal: object) -> None:
        draft = self._journal.with_suffix(".new")
        write_through(draft, json.dumps(journal))
        draft.replace(self._journal)

    def _finish(self, journal: Mapping[str, Any]) -> None:
        """Make the moves of a journal; some of them may have been made already."""
        ready: set[str] = set()
        for path, _ in journal["puts"]:
            moves.put(self._staged_for_move(path), self.output, path, ready)
        for path in journal["removals"]:
            moves.remove(self.output, path)
        # The journal of an older program knows of no sources.
        self.sources.stand(journal.get("sources", 0))
        if journal["can_be_undone"] and self._next_undo.exists():
            newest = int(self.publications()[0]) if self.publications() else 0
            self.undo.mkdir(exist_ok=True)
            self._next_undo.rename(self.undo / f"{newest + 1:06}")
        if journal["undoes"]:
            shutil.rmtree(self.undo / journal["undoes"], ignore_errors=True)
        self._journal.unlink()
        for old in self.publications()[KEPT:]:
            shutil.rmtree(self.undo / old)

    def _is_whole(self, puts: Iterable[list[str]]) -> bool:
        """Tell whether every staged file, moved already or not, still holds the bytes that were written to it."""
        for path, digest in puts:
            staged = Path(self._staged_for_move(path))
            data = read_regular(staged if staged.exists() else self.output / path)
            if digest and (data is None or digest_of_bytes(data) != digest):
                return False
        return True

    def _keep_replaced(self, changes: Changes, strays: AbstractSet[str]) -> None:
        """Keep the files that are about to be replaced or removed: their bytes get a second name, and do not move."""
        self._next_undo.mkdir(parents=True)
        changed, removed = (
            tuple(path for path in paths if moves.keep(self.output, path, f"{self._next_undo}/{_flat_name(path)}"))
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
        write_record(self._next_undo, publication)

    def oldest_sources(self) -> int:
        """Return the number of the oldest kept sources that a rollback can bring back."""
        names = self.publications()
        return read_record(self.undo / names[-1]).sources if names else self.sources.standing()

    def _changes_to_undo(self, publication: Publication) -> Changes:
        present = {path for path in publication.kept if (self.output / path).exists()}
        return Changes(
            added=[path for path in publication.kept if path not in present],
            changed=[path for path in publication.kept if path in present],
            removed=[path for path in publication.added if (self.output / path).exists()],
        )

    def _stage_undo(self, undo_folder: Path, publication: Publication) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True)
        for path in publication.kept:
            shutil.copy(undo_folder / _flat_name(path), self._staged_for_move(path))

    def _check_space(self, files: int) -> None:
        """Raise BuildFailed if folders and journal may not fit on the disk; the files themselves are staged already."""
        needed = _SPARE_BYTES + files * 8192
        if shutil.disk_usage(self.folder).free < needed:
            raise BuildFailed((problem(self.folder.name, 1, "disk-full", needed=str(needed >> 20)),))


def _flat_name(path: str) -> str:
    """Return the name under which a file is staged and kept, in a folder without subfolders."""
    return digest_of_bytes(path.encode(errors="surrogatepass"))
