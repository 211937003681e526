"""What stood in output/ after a build, files and folders: one look at each tells whether it still does.

A folder whose times are as they were holds the names that it held, and need not be listed: that takes half the time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.json import Decoder, encode

from bulletin.build.cache import State, decoded
from bulletin.files import Signature, settled, signature

_OUTPUT = "output/"
_DEPTH = 3
"""Folders so deep, such as that of a month, are kept with all below them under one name."""


class Listing(Struct, frozen=True, kw_only=True, array_like=True):
    """Some files and folders of output/, by path, with their signatures."""

    files: dict[str, Signature]
    folders: dict[str, Signature]


_LISTING = Decoder(Listing)
Listings = dict[str, Listing]


def standing(state: State, key: str, output: Path) -> Listings | None:
    """Return what was kept of an output folder if all of it stands there unchanged, and nothing else; else None."""
    listings = {name: decoded(_LISTING, part) for name, part in state.parts_below(key, _OUTPUT).items()}
    base = f"{output}/"
    for listing in listings.values():
        for known in (listing.folders, listing.files):
            for path, before in known.items():
                try:
                    found = os.lstat(base + path)
                except OSError:
                    return None
                if (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino) != before:
                    return None
    return listings or None


def parts_of_all(output: Path, present: Mapping[str, Signature | None]) -> dict[str, bytes]:
    """Return what is to be kept of all of output/; nothing if it is no longer as it was left, or too fresh to tell."""
    listings: Listings = {}
    seen = time.time_ns()
    count = 0
    for path, found, is_folder in _walk(output):
        if settled(found, seen) is None or not (is_folder or present.get(path) == found):
            return {}
        count += not is_folder
        listing = listings.setdefault(_name(path if is_folder else _above(path)), Listing(files={}, folders={}))
        assert found is not None
        (listing.folders if is_folder else listing.files)[path] = found
    return _parts(listings) if count == len(present) else {}


def parts_of_some(
    output: Path, listings: Listings, written: Iterable[str], present: Mapping[str, Signature | None]
) -> dict[str, bytes]:
    """Return what is to be kept anew once some files were written; nothing if that cannot be told."""
    files = tuple(written)
    folders = {folder for path in files for folder in _folders(path)}
    changed: Listings = {}
    for folder in folders:
        changed.setdefault(_name(folder), listings.get(_name(folder), Listing(files={}, folders={})))
    everything = {**listings, **changed}
    for path in files:
        found = present[path]
        if found is None:
            return {}
        everything[_name(_above(path))].files[path] = found
    expected = _children(everything, folders)
    seen = time.time_ns()
    for folder in folders:
        found = settled(signature((output / folder).lstat()), seen)
        # Somebody may have put something beside the files that were written.
        names = {entry.name for entry in os.scandir(output / folder) if folder or not entry.name.startswith(".")}
        if found is None or names != expected[folder]:
            return {}
        everything[_name(folder)].folders[folder] = found
    return _parts(changed)


def _children(listings: Listings, folders: set[str]) -> dict[str, set[str]]:
    """Return the names of what stands directly in these folders."""
    found: dict[str, set[str]] = {folder: set() for folder in folders}
    for listing in listings.values():
        for path in (*listing.files, *listing.folders, *folders):
            above, _, name = path.rpartition("/")
            if name and above in found:
                found[above].add(name)
    return found


def _folders(path: str) -> Iterator[str]:
    """Yield the folders above a file, up to output/ itself, which is empty."""
    while path:
        path = _above(path)
        yield path


def _walk(output: Path) -> Iterator[tuple[str, Signature | None, bool]]:
    """Yield the path of each file and folder, its signature, and whether it is a folder. What is hidden is left out."""
    stack = [""]
    while stack:
        folder = stack.pop()
        # Before it is listed: what comes meanwhile then changes its times.
        yield folder, signature((output / folder).stat()), True
        with os.scandir(output / folder) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if path.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    stack.append(path)
                else:
                    is_plain = entry.is_file(follow_symlinks=False)
                    yield path, signature(entry.stat()) if is_plain else None, False


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _name(folder: str) -> str:
    return _OUTPUT + "/".join(folder.split("/")[:_DEPTH])


def _parts(listings: Listings) -> dict[str, bytes]:
    try:
        return {name: encode(listing) for name, listing in listings.items()}
    except UnicodeEncodeError:
        # Somebody has put a folder there whose name is in an old encoding: the next build looks at everything.
        return {}
