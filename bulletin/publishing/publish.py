"""Staged files -> output/, as a transaction: all or nothing, and finished by the next build if this one is killed.

output/ itself is a plain folder that people copy, serve and look into. What a publication needs besides stands in a
workshop beside it (in it, if it is a mount), on the same file system, so that every move is one step.
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
from bulletin.publishing.changes import UNKNOWN, Changes, PresentDigest, Staged
from bulletin.publishing.history import Publication, note, noted, write_through
from bulletin.urls import turn_of

KEPT = 5
"""Publications that can be taken back."""
_SPARE = 1 << 20


class Publisher:
    """The folder beside output/ in which publications are made ready, journalled and kept for taking back."""

    def __init__(self, output: Path, folder: Path) -> None:
        self.output = output
        self.folder = folder
        self.key = str(output.resolve())
        """By which builds keep what they know of this output folder."""
        self.lock = self.folder / "lock"
        self.mark = self.folder / "published"
        """Stands there once something was published: from then on the output folder is a bulletin's."""
        self.staging = self.folder / "staging"
        self.pictures = self.folder / "pictures"
        """Renditions of a build that may keep nothing."""
        self.undo = self.folder / "undo"
        self._journal = self.folder / "journal.json"
        self._next_undo = self.folder / "undo-of-this"
        self._returned = self.folder / "returned.json"

    @classmethod
    def beside(cls, output: Path) -> Publisher:
        # Beside the folder that a link may stand for: a file cannot move from one file system to another in one step.
        real = output.resolve()
        # Nor out of the folder beside a mount, even if both are of one file system; hidden in it, it stays unserved.
        return cls(real, real / ".ban-tin" if is_mount(real) else real.parent / f".{real.name}.ban-tin")

    @property
    def is_first(self) -> bool:
        """Tell whether there is no output/ yet: it will then come into being in one step."""
        return not self.output.exists()

    def clear(self) -> None:
        """Throw away what was made ready and not published, but for a publication under way: the next build ends it."""
        if self._journal.exists():
            return
        for folder in (self.staging, self.pictures, self._next_undo):
            shutil.rmtree(folder, ignore_errors=True)

    def present(self) -> dict[str, Signature | None]:
        """Return what stands in output/. Hidden files at its top (`.git`, `.htaccess`) are its keeper's, not ours."""
        return {path: found for path, found in survey(self.output).items() if not path.startswith(".")}

    def stage(self, path: str, data: bytes, *, present: PresentDigest) -> Staged:
        """Stage a file, unless output/ holds the same bytes already, which `present` tells."""
        digest = digest_of_bytes(data)
        if present == UNKNOWN:
            current = read_regular(self.output / path)
            present = None if current is None else digest_of_bytes(current)
        if present == digest:
            return Staged(path=path, digest=digest, status="unchanged")
        moves.write(self._staged(path), data)
        return Staged(path=path, digest=digest, status="added" if present is None else "changed")

    def read(self, path: str) -> str:
        """Return the text of a file as it will be."""
        staged = Path(self._staged(path))
        return (staged if staged.exists() else self.output / path).read_text(encoding="utf-8")

    def _staged(self, path: str) -> str:
        """Return where a file is staged: for the first publication as it will stand, later without folders to make."""
        return f"{self.staging}/{path}" if self.is_first else self._staged_for_move(path)

    def _staged_for_move(self, path: str) -> str:
        return f"{self.staging}/{_name_of(path)}"

    def publish(self, changes: Changes, digests: Mapping[str, str], strays: AbstractSet[str] = frozenset()) -> None:
        """Put every staged file in its place and take away what does not belong.

        `digests` are those of the files, `strays` what is taken away and never was the bulletin's.
        """
        if changes.is_nothing:
            return
        self.mark.touch()
        if self.is_first:
            self.output.parent.mkdir(parents=True, exist_ok=True)
            # The first publication is one single step.
            self.staging.rename(self.output)
            return
        was_empty = not (changes.changed or changes.unchanged or changes.removed)
        if not was_empty:
            self._keep_replaced(changes, strays)
        self._commit(changes, digests, can_be_undone=not was_empty)
        self._returned.unlink(missing_ok=True)

    def recover(self) -> bool:
        """Finish the publication that a killed build had begun; return whether there was one."""
        try:
            journal = json.loads(self._journal.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return False
        except ValueError:
            # Cut off while it was written: no file had been moved yet.
            self._journal.unlink()
            return False
        # A journal is written only where output/ stood; should someone have removed it since, it is filled again.
        self.output.mkdir(parents=True, exist_ok=True)
        if not self._is_whole(journal["puts"]):
            # The machine lost power: put back what had been replaced, from the copies that were kept.
            undoes = journal["undoes"]
            source = self.undo / undoes if undoes else self._next_undo
            done = noted(source)
            changes = self._changes_to_undo(done)
            self._stage_undo(source, done)
            journal = self._journal_of(changes, {}, can_be_undone=False, undoes=undoes)
            self._write_journal(journal)
        self._finish(journal)
        return True

    def publications(self) -> list[str]:
        """Return the names of the publications that can be taken back, newest first."""
        return sorted((path.name for path in self.undo.glob("*")), reverse=True)

    def history(self) -> list[Publication]:
        """Return what the publications that can be taken back did, newest first."""
        return [noted(self.undo / name) for name in self.publications()]

    def replaced(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files that the publications that can be taken back have replaced or removed, newest first."""
        for name in self.publications():
            for path in noted(self.undo / name).kept:
                yield path, (self.undo / name / _name_of(path)).read_bytes()

    def returned(self) -> frozenset[str]:
        """Return the files of the bulletin that a rollback brought back, and no publication has taken away since."""
        data = read_regular(self._returned)
        return frozenset(json.loads(data)) if data else frozenset()

    def rollback(self) -> Changes:
        """Take the last publication back; refuse if none is kept."""
        kept = self.publications()
        if not kept:
            refuse("nothing-to-roll-back")
        self.clear()
        folder = self.undo / kept[0]
        done = noted(folder)
        changes = self._changes_to_undo(done)
        self._stage_undo(folder, done)
        digests = {path: digest_of_bytes((folder / _name_of(path)).read_bytes()) for path in done.kept}
        write_through(self._returned, json.dumps(sorted(self.returned() | done.ours)))
        self._commit(changes, digests, can_be_undone=False, undoes=folder.name)
        return changes

    def _commit(self, changes: Changes, digests: Mapping[str, str], *, can_be_undone: bool, undoes: str = "") -> None:
        journal = self._journal_of(changes, digests, can_be_undone=can_be_undone, undoes=undoes)
        self._check_space(len(changes.added) + len(changes.changed))
        self._write_journal(journal)
        self._finish(journal)

    def _journal_of(
        self, changes: Changes, digests: Mapping[str, str], *, can_be_undone: bool, undoes: str
    ) -> dict[str, Any]:
        turns = {path: turn_of(path, is_change=False) for path in (*changes.added, *changes.removed)}
        turns |= {path: turn_of(path, is_change=True) for path in changes.changed}
        puts = sorted((*changes.added, *changes.changed), key=lambda path: (turns[path], path))
        return {
            "puts": [[path, digests.get(path, "")] for path in puts],
            # What names others goes before them: a page must not outlive its pictures.
            "removals": sorted(changes.removed, key=lambda path: (-turns[path], path)),
            "can_be_undone": can_be_undone,
            "undoes": undoes,
        }

    def _write_journal(self, journal: object) -> None:
        draft = self._journal.with_suffix(".new")
        write_through(draft, json.dumps(journal))
        draft.replace(self._journal)

    def _finish(self, journal: Mapping[str, Any]) -> None:
        """Make the moves of a journal, also if some of them were made already."""
        ready: set[str] = set()
        for path, _ in journal["puts"]:
            moves.put(self._staged_for_move(path), self.output, path, ready)
        for path in journal["removals"]:
            moves.remove(self.output, path)
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
        """Tell whether every staged file, moved already or not, holds the bytes it was written with."""
        for path, digest in puts:
            staged = Path(self._staged_for_move(path))
            data = read_regular(staged if staged.exists() else self.output / path)
            if digest and (data is None or digest_of_bytes(data) != digest):
                return False
        return True

    def _keep_replaced(self, changes: Changes, strays: AbstractSet[str]) -> None:
        """Keep the files that will be replaced or removed; the bytes stay where they are, under a second name."""
        self._next_undo.mkdir(parents=True)
        changed, removed = (
            tuple(path for path in paths if moves.keep(self.output, path, f"{self._next_undo}/{_name_of(path)}"))
            for paths in (changes.changed, changes.removed)
        )
        # Of what was no file before there is nothing to keep.
        added = tuple(sorted({*changes.added, *changes.changed}.difference(changed)))
        done = Publication(
            at=time.time(), added=added, changed=changed, removed=removed, strays=tuple(sorted(strays & {*removed}))
        )
        note(self._next_undo, done)

    def _changes_to_undo(self, done: Publication) -> Changes:
        there = {path for path in done.kept if (self.output / path).exists()}
        return Changes(
            added=[path for path in done.kept if path not in there],
            changed=[path for path in done.kept if path in there],
            removed=[path for path in done.added if (self.output / path).exists()],
        )

    def _stage_undo(self, folder: Path, done: Publication) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True)
        for path in done.kept:
            shutil.copy(folder / _name_of(path), self._staged_for_move(path))

    def _check_space(self, files: int) -> None:
        """Refuse to begin if folders and journal might not fit: the files themselves are written already."""
        needed = _SPARE + files * 8192
        if shutil.disk_usage(self.folder).free < needed:
            raise BuildFailed((problem(self.folder.name, 1, "disk-full", needed=str(needed >> 20)),))


def _name_of(path: str) -> str:
    """Return the name under which a file is staged and kept."""
    return digest_of_bytes(path.encode(errors="surrogatepass"))
