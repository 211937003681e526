"""What stands in output/: looked at once in a build. What others change meanwhile is seen by the next build."""

from __future__ import annotations

import time
from collections.abc import Collection
from collections.abc import Set as AbstractSet

from bulletin.build import kept_listing
from bulletin.build.cache import State
from bulletin.build.session import Session
from bulletin.files import TICK, Signature, settled, signature_of
from bulletin.publishing import Publisher, transfer


class OutputFiles:
    """The files of output/ by path, with their signatures; a link has none."""

    def __init__(self, publisher: Publisher, session: Session | None) -> None:
        self.publisher = publisher
        self._session = session
        self._present: dict[str, Signature | None] | None = None
        self._listings: kept_listing.Listings | None = None
        self._spelt: list[str] = []

    def present(self) -> dict[str, Signature | None]:
        if self._present is None:
            # Nobody else writes to the folder of a session.
            known = self._session.take_present() if self._session else None
            self._present = self.publisher.present() if known is None else known
        return self._present

    def match(self, wanted: AbstractSet[str]) -> None:
        """Take a file for a wanted one if the disk makes no difference between their names, and they are one.

        Taken for two, it would be put in place under the one name and removed under the other.
        """
        self._spelt += transfer.match_spelling(self.publisher, self.present(), wanted)

    def respell(self) -> None:
        """Give such files the names that were wanted: a copy of output/ on another disk needs them."""
        for path in self._spelt:
            self.publisher.respell(path)

    def is_undisturbed(self, state: State) -> bool:
        """Tell whether output/ is known to be as the last build left it."""
        if self._session:
            # Nobody else writes to the folder of a session.
            self._present = self._session.take_present()
            return self._present is not None
        self._listings = kept_listing.standing(state, self.publisher.key, self.publisher.output)
        if self._listings is not None:
            self._present = {path: one for listing in self._listings.values() for path, one in listing.files.items()}
        return self._listings is not None

    def keep(self) -> None:
        """Have a session remember what stands there at the end of a build."""
        if self._session:
            self._session.keep_present(self.present())

    def parts(self, written: Collection[str], *, are_all: bool) -> dict[str, bytes]:
        """Return what is to be kept of output/ for the next build; nothing if it cannot be told what stands there."""
        if self._session or (self._listings is None and not are_all):
            return {}
        if are_all or self._listings is None:
            return kept_listing.parts_of_all(self.publisher.output, self.present())
        return kept_listing.parts_of_some(self.publisher.output, self._listings, written, self.present())

    def renew(self, written: Collection[str], removed: Collection[str]) -> dict[str, Signature | None]:
        """Look at the files that were just published, and return their signatures as far as these prove anything."""
        # Within a tick of the file system's clock a file's times prove nothing: the next build would read it again.
        time.sleep(1.25 * TICK / 1e9)
        seen = time.time_ns()
        found = {path: signature_of(f"{self.publisher.output}/{path}") for path in written}
        gone = set(removed)
        self._present = {path: one for path, one in {**self.present(), **found}.items() if path not in gone}
        return {path: settled(one, seen) for path, one in found.items()}
