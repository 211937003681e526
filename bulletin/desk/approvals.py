"""Approvals: who has looked at what is to be published, and said yes to it, by the code of the review.

`.desk/approvals/<code>-<digest of the name>.json`, one file for each, written once. What somebody approves is what
others wrote: who wrote a change is told by the versions that the desk keeps. A text that another program wrote has no
known writer, so whoever approves it vouches for it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from bulletin.desk.storage import DESK, Actor, Store, Version, write_new
from bulletin.desk.team import Users
from bulletin.digests import digest_of
from bulletin.files import read_regular
from bulletin.problems import BuildFailed, problem
from bulletin.review import ItemChange, Review
from bulletin.settings import FILE, Settings
from bulletin.vietnamese import nfc

_CODE = re.compile("[0-9a-f]{8,64}")


class Approval(Struct, frozen=True, kw_only=True):
    """Somebody's yes to what has this code; `at` counts seconds since 1970."""

    code: str
    by: str
    at: float


class Writers(Struct, frozen=True, kw_only=True):
    """Who has written what a review tells of, and the files of content/ that another program has written."""

    names: frozenset[str]
    unknown: tuple[str, ...]

    def have(self, name: str) -> bool:
        """Tell whether somebody is one of them, however capitals and accents are written."""
        return _key(name) in {_key(one) for one in self.names}


class Approvals:
    """The approvals of one site."""

    def __init__(self, root: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = root / DESK / "approvals"
        self._store = Store(root)
        self._users = Users(root)
        self._clock = clock

    def of(self, digest: str) -> tuple[Approval, ...]:
        """Return who has approved what has this code, the first one first."""
        if not _CODE.fullmatch(digest):
            return ()
        found = (_read(file) for file in self._folder.glob(f"{digest}-*.json"))
        return tuple(sorted((one for one in found if one and one.code == digest), key=lambda one: one.at))

    def approve(self, review: Review, by: Actor) -> Approval:
        """Keep somebody's yes; raise BuildFailed for one of the writers."""
        if self.writers(review).have(by.name):
            raise BuildFailed((problem("content", 1, "approved-by-writer", who=by.name),))
        made = Approval(code=review.code, by=by.name, at=self._clock())
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / f"{review.code}-{digest_of(_key(by.name))[:8]}.json"
        try:
            write_new(file, msgspec.json.encode(made), 0o600)
        except FileExistsError:
            # Said twice.
            return next(one for one in self.of(review.code) if _key(one.by) == _key(by.name))
        return made

    def required(self, settings: Settings, review: Review) -> Approval | None:
        """Return the approval that lets a review go out, None if it needs none; else raise BuildFailed.

        What the clock alone does to content that was published before was approved with that.
        """
        if not settings.approval or review.is_by_clock_alone:
            return None
        if found := self.valid(review):
            return found
        writers = ", ".join(sorted(self.writers(review).names))
        raise BuildFailed((problem(FILE, 1, "not-approved", found=review.code, who=writers),))

    def valid(self, review: Review) -> Approval | None:
        """Return the first approval by somebody who may publish, today still, and who wrote nothing of it."""
        writers = self.writers(review)
        return next((one for one in self.of(review.code) if self._may(one.by) and not writers.have(one.by)), None)

    def writers(self, review: Review) -> Writers:
        """Return who has written what changes; what the clock does alone has nobody written."""
        names: set[str] = set()
        unknown: list[str] = []
        for change in (one for one in review.all_items if not one.by_clock):
            found = self._writers_of(change)
            names |= {one.name for one in found if one}
            unknown += [change.path] if None in found else []
        return Writers(names=frozenset(names), unknown=tuple(unknown))

    def _may(self, name: str) -> bool:
        """Tell whether somebody may publish. Where there are no users, a proxy or this machine knew who it was."""
        user = self._users.get(name)
        return user.role == "publish" if user else not self._users.all()

    def _writers_of(self, change: ItemChange) -> set[Actor | None]:
        """Return everybody who has saved the item since it was published, None for another program among them."""
        found: set[Actor | None] = set()
        for path in filter(None, (change.path, change.former_path)):
            versions = self._store.versions.of(path)
            found |= {one.by for one in _since(versions, change.source_before)}
            is_here = path == change.path
            # The desk has not seen what stands there: another program wrote it, or deleted the file.
            if is_here and change.source_after and not (versions and versions[0].digest == change.source_after):
                found.add(None)
            if not change.source_after and change.gone == "deleted" and not _is_deleted(versions):
                found.add(None)
        return found


def _since(versions: tuple[Version, ...], digest: str) -> list[Version]:
    """Return the versions that are newer than the one with this digest; a deletion is one, and has the same."""
    found: list[Version] = []
    for version in versions:
        if version.digest == digest and version.origin != "deleted":
            break
        found.append(version)
    return found


def _is_deleted(versions: tuple[Version, ...]) -> bool:
    return bool(versions) and versions[0].origin == "deleted"


def _read(file: Path) -> Approval | None:
    """Return an approval; None for a file that is torn, which approves nothing."""
    try:
        return msgspec.json.decode(read_regular(file) or b"", type=Approval)
    except msgspec.DecodeError:
        return None


def _key(name: str) -> str:
    return nfc(name).casefold()
