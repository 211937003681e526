"""A whole bulletin, one that stands at a target or one that was built for it; and the manifest that a target has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import DecodeError, Struct, field
from msgspec.json import decode, encode

from bulletin.files import stays_below
from bulletin.publishing import KeptSources


class Manifest(Struct, frozen=True, kw_only=True):
    """What stands at a target, written there with it. `at` counts seconds since 1970."""

    base_url: str
    title: str
    at: float
    by: str = ""
    """Who published it, as far as that is known."""
    code: str = ""
    """The code of the review that was published."""
    sources: int = 0
    """The number under which the sources are kept."""
    seal: str = ""
    """The seal of the kept sources."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The digests of the published files, by path."""

    def encoded(self) -> bytes:
        return encode(self)


def read_manifest(data: bytes) -> Manifest | None:
    """Return a manifest; None if there is none, if it is damaged, or if it names a file that cannot be ours."""
    try:
        found = decode(data, type=Manifest) if data else None
    except DecodeError:
        return None
    if found is None or not all(stays_below(path) and not path.startswith(".") for path in found.files):
        return None
    return found


class Release(Struct, frozen=True, kw_only=True):
    """A whole bulletin. One that stands at a target has a manifest, unless a plain build has put it there."""

    sources: KeptSources
    """What its items were made from."""
    site: Path
    """The folder that readers can open; of no use for a target on another machine."""
    files: Mapping[str, str]
    """The digests of the files that readers can open, by path; empty texts if nobody knows them."""
    manifest: Manifest | None
    version: str
    """Another text whenever something else stands there."""

    @property
    def pages(self) -> int:
        """The number of its pages."""
        return sum(path.endswith(".html") for path in self.files)
