"""What stood in output/ after a build, files and folders: one look at each tells whether it still does.

A folder whose times are as they were holds the names that it held, and need not be listed: that takes half the time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bulletin.build.cache import State
from bulletin.build.seals import listings_in
from bulletin.files import signature_of
from bulletin.listing import Listing, Signature, listing_of, settled, signature

OUTPUT = "output/"
_DEPTH = 3
"""Folders so deep, such as that of a month, are kept with all below them under one name."""
Found = dict[str, Signature]


class _Group:
    """Some files and folders of output/, by path, with their signatures."""

    def __init__(self, folders: Mapping[str, Signature | None], files: Mapping[str, Signature | None]) -> None:
        self.folders = dict(folders)
        self.files = dict(files)

    @classmethod
    def of(cls, part: bytes) -> _Group:
        return cls(*listings_in(part, 2))

    def part(self) -> bytes:
        return listing_of(self.folders).packed() + listing_of(self.files).packed()


def files_in(parts: Iterable[bytes]) -> dict[str, Signature | None]:
    """Return the files that were kept, with their signatures."""
    return {path: found for part in parts for path, found in _Group.of(part).files.items()}


def listings(parts: Iterable[bytes]) -> Iterator[Listing]:
    for part in parts:
        yield from listings_in(part, 2)


def parts_of_all(output: Path, present: Mapping[str, Signature | None]) -> dict[str, bytes]:
    """Return what is to be kept of all of output/; nothing if it is no longer as it was left, or too fresh to tell."""
    groups: dict[str, _Group] = {}
    seen = time.time_ns()
    count = 0
    for path, is_folder in _walk(output):
        # A folder's before it is listed: what comes meanwhile then changes its times.
        found = signature_of(f"{output}/{path}") if is_folder else present.get(path)
        if settled(found, seen) is None:
            return {}
        count += not is_folder
        group = groups.setdefault(_name(path if is_folder else _above(path)), _Group({}, {}))
        (group.folders if is_folder else group.files)[path] = found
    return {name: group.part() for name, group in groups.items()} if count == len(present) else {}


def parts_of_some(state: State, key: str, output: Path, written: Mapping[str, Signature | None]) -> dict[str, bytes]:
    """Return what is to be kept anew once some files were written; nothing if that cannot be told."""
    if None in written.values():
        return {}
    folders = {folder for path in written for folder in _folders(path)}
    names = {_name(folder) for folder in folders}
    known = state.parts(key, names)
    groups = {name: _Group.of(known[name]) if name in known else _Group({}, {}) for name in names}
    for path, found in written.items():
        groups[_name(_above(path))].files[path] = found
    expected = _children(groups, {*state.part_names(key, OUTPUT), *names}, folders)
    seen = time.time_ns()
    for folder in folders:
        found = settled(signature((output / folder).lstat()), seen)
        # Somebody may have put something beside the files that were written.
        present = {entry.name for entry in os.scandir(output / folder) if folder or not entry.name.startswith(".")}
        if found is None or present != expected[folder]:
            return {}
        groups[_name(folder)].folders[folder] = found
    return {name: group.part() for name, group in groups.items()}


def _children(groups: Mapping[str, _Group], names: Iterable[str], folders: set[str]) -> dict[str, set[str]]:
    """Return the names of what stands directly in these folders; `groups` are theirs, `names` those of all groups."""
    found: dict[str, set[str]] = {folder: set() for folder in folders}
    of_groups = (name.removeprefix(OUTPUT) for name in names)
    of_folders = (path for group in groups.values() for path in (*group.files, *group.folders))
    for path in (*of_groups, *of_folders, *folders):
        above, _, name = path.rpartition("/")
        if name and above in found:
            found[above].add(name)
    return found


def _folders(path: str) -> Iterator[str]:
    """Yield the folders above a file, up to output/ itself, which is empty."""
    while path:
        path = _above(path)
        yield path


def _walk(output: Path) -> Iterator[tuple[str, bool]]:
    """Yield the path of each file and folder, a folder before it is listed, and whether it is one.

    What is hidden is left out.
    """
    stack = [""]
    while stack:
        folder = stack.pop()
        # Its path as text: a hundred thousand values of Path would take half of the time.
        here, prefix = (f"{output}/{folder}", f"{folder}/") if folder else (f"{output}", "")
        yield folder, True
        with os.scandir(here) as entries:
            for entry in entries:
                path = prefix + entry.name
                if path.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    stack.append(path)
                else:
                    yield path, False


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _name(folder: str) -> str:
    return OUTPUT + "/".join(folder.split("/")[:_DEPTH])
