"""What stands in output/: looked at once in a build. What others change meanwhile is seen by the next build."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from stat import S_ISREG
from threading import Thread

from bulletin import listing
from bulletin.build import kept_listing
from bulletin.build.cache import State
from bulletin.build.session import Session
from bulletin.files import signature_of
from bulletin.listing import TICK, Signature, settled, signature
from bulletin.publishing import Publisher, transfer

WORTH_IT = 1 << 19
"""Bytes of a kept listing, of about five thousand files: so many to each of two processes, and they look sooner."""


class OutputFiles:
    """The files of output/ by path, with their signatures; a link has none."""

    def __init__(self, publisher: Publisher, session: Session | None) -> None:
        self.publisher = publisher
        self._session = session
        self._present: dict[str, Signature | None] | None = None
        self._kept: dict[str, bytes] = {}
        self._beside: _LooksBeside | None = None
        self._is_undisturbed: bool | None = None
        self._spelt: list[str] = []

    def begin_looks(self, state: State, jobs: int) -> None:
        """Begin to find out whether output/ is as the last build left it: beside all else, if that pays."""
        if self._session is None:
            self._kept = state.parts_below(self.publisher.key, kept_listing.OUTPUT)
            count = min(jobs, sum(map(len, self._kept.values())) // WORTH_IT)
            if count > 1:
                self._beside = _LooksBeside([*self._kept.values()], f"{self.publisher.output}", count)

    def close(self) -> None:
        """Give up looks that nobody waits for."""
        if self._beside is not None:
            self._beside.end()

    def is_undisturbed(self) -> bool:
        """Tell whether output/ is known to be as the last build left it, once looks have begun."""
        if self._is_undisturbed is None:
            self._is_undisturbed = self._looked()
        return self._is_undisturbed

    def _looked(self) -> bool:
        if self._session:
            # Nobody else writes to the folder of a session.
            self._present = self._session.take_present()
            return self._present is not None
        if self._beside is not None and (found := self._beside.result()) is not None:
            return found
        if not self._kept or not self.publisher.output.is_dir():
            return False
        with listing.looking_into(f"{self.publisher.output}", len(self._kept)) as look:
            return all(one.stands(look) for one in kept_listing.listings(self._kept.values()))

    def present(self) -> dict[str, Signature | None]:
        if self._present is None and self._session:
            # Nobody else writes to the folder of a session.
            self._present = self._session.take_present()
        if self._present is None:
            is_known = self._kept and self.is_undisturbed()
            self._present = kept_listing.files_in(self._kept.values()) if is_known else self.publisher.present()
        return self._present

    def present_at(self, paths: Collection[str]) -> dict[str, Signature]:
        """Return those of some files alone that are there and no links."""
        if self._present is not None:
            return {path: one for path in paths if (one := self._present.get(path))}
        found: dict[str, Signature] = {}
        for path in paths:
            try:
                stat = os.lstat(f"{self.publisher.output}/{path}")
            except (FileNotFoundError, NotADirectoryError):
                continue
            if S_ISREG(stat.st_mode):
                found[path] = signature(stat)
        return found

    def match(self, wanted: AbstractSet[str]) -> None:
        """Take a file for a wanted one if the disk makes no difference between their names, and they are one.

        Taken for two, it would be put in place under the one name and removed under the other.
        """
        self._spelt += transfer.match_spelling(self.publisher, self.present(), wanted)

    def respell(self) -> None:
        """Give such files the names that were wanted: a copy of output/ on another disk needs them."""
        for path in self._spelt:
            self.publisher.respell(path)

    def keep(self) -> None:
        """Have a session remember what stands there at the end of a build."""
        if self._session:
            self._session.keep_present(self.present())

    def parts(self, state: State, written: Collection[str], *, are_all: bool) -> dict[str, bytes]:
        """Return what is to be kept of output/ for the next build; nothing if it cannot be told what stands there."""
        if self._session:
            return {}
        output = self.publisher.output
        if are_all:
            return kept_listing.parts_of_all(output, self.present())
        return kept_listing.parts_of_some(state, self.publisher.key, output, self.present_at(written))

    def renew(self, written: Collection[str], removed: Collection[str]) -> dict[str, Signature | None]:
        """Look at the files that were just published, and return their signatures as far as these prove anything."""
        if self._session is None:
            # Within a tick of the file system's clock a file's times prove nothing, and the next build would read it
            # again. A session reads the few that it makes anew, and people wait for it.
            time.sleep(1.25 * TICK / 1e9)
        seen = time.time_ns()
        found = {path: signature_of(f"{self.publisher.output}/{path}") for path in written}
        if self._present is not None:
            self._present |= found
            for path in removed:
                self._present.pop(path, None)
        return {path: settled(one, seen) for path, one in found.items()}


class _LooksBeside:
    """Processes that look whether all files of listings stand in a folder as they did, each at its share of them.

    They are processes and no threads: each of a hundred thousand looks would wait for Python's lock.
    """

    def __init__(self, packed: Sequence[bytes], folder: str, jobs: int) -> None:
        command = [sys.executable, "-I", "-S", listing.__file__, folder]
        self._processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
            for _ in range(jobs)
        ]
        # They take the listings as they are ready for them; of a group's neighbours each gets some.
        shares = [b"".join(packed[number::jobs]) for number in range(jobs)]
        self._feeders = [
            Thread(target=process.communicate, args=(share,), daemon=True)
            for process, share in zip(self._processes, shares, strict=True)
        ]
        for feeder in self._feeders:
            feeder.start()

    def result(self) -> bool | None:
        """Return what they have found; None if one was ended before it had."""
        for feeder in self._feeders:
            feeder.join()
        codes = {process.returncode for process in self._processes}
        return None if codes - {0, 1} else codes == {0}

    def end(self) -> None:
        for process in self._processes:
            process.kill()
        for feeder in self._feeders:
            feeder.join()
