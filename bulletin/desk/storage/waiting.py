"""Files that wait for their item: dropped into a text, they lie beside its working copy until the item is saved.

A file that nobody saves never comes into content/, where the next publication would find it.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from bulletin.desk.storage.disk import name_also, write_new
from bulletin.desk.storage.working_copies import KEY
from bulletin.files import read_regular
from bulletin.model import CONTENT
from bulletin.problems import refuse

PATIENCE = 86_400.0
"""Seconds after which files that no working copy has any more are removed: a browser may still hold a text of them."""


class Waiting:
    """The waiting files of a site, in a folder for each working copy, beside the copy itself."""

    def __init__(self, root: Path, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._root = root
        self._folder = folder
        self._clock = clock

    def take(self, key: str, beside: str, words: str, ending: str, data: bytes) -> str:
        """Keep a file for a copy under a name that is free, also in the folder `beside`; return the name.

        A file that is there already, with the same bytes, is used again. `beside` is empty for a new item, whose folder
        nobody knows yet.
        """
        places = [self._root / beside] if beside else _folders(self._root / CONTENT)
        here = self._of(key)
        reused = {here, *places} if beside else {here}
        return _written(here, (*places, *_folders(self._folder)), f"{words}{ending}", data, reused)

    def put_at_once(self, beside: str, name: str, data: bytes) -> str:
        """Write a file that need not wait into a folder of content/, under a name that is free; return the name."""
        here = self._root / beside
        return _written(here, (), name, data, {here})

    def names(self, key: str) -> list[str]:
        """Return the names of the files that wait for a copy."""
        return sorted(entry.name for entry in _files(self._of(key))) if KEY.fullmatch(key) else []

    def paths(self, key: str, beside: str) -> dict[str, str]:
        """Return the files that wait for a copy: by the paths that they will have, their paths now, from the root."""
        here = self._of(key) if KEY.fullmatch(key) else None
        return {
            f"{beside}/{name}": (here / name).relative_to(self._root).as_posix() for name in self.names(key) if here
        }

    def follow(self, key: str, other: str) -> None:
        """Let a copy that goes on under another key have the same files."""
        for name in self.names(key):
            self._of(other).mkdir(parents=True, exist_ok=True)
            name_also(self._of(key) / name, self._of(other) / name)

    @contextmanager
    def landed(self, key: str, beside: str, text: str) -> Iterator[Callable[[], None]]:
        """Put the waiting files that a text names into a folder of content/, for as long as the item is being saved.

        They stay if what is yielded is called, else they are taken back. Raise Refused if another file is there.
        """
        named = {path: self._root / place for path, place in self.paths(key, beside).items() if _name(path) in text}
        put: list[Path] = []
        stays = False

        def stay() -> None:
            nonlocal stays
            stays = True

        try:
            for path, place in named.items():
                if self._put(place, self._root / path):
                    put.append(self._root / path)
            yield stay
        finally:
            for file in () if stays else put:
                file.unlink()
        for place in named.values() if stays else ():
            place.unlink()
        if stays:
            self._remove_empty(key)

    @staticmethod
    def _put(waiting: Path, place: Path) -> bool:
        """Give a waiting file its place; return False if it has it already."""
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            name_also(waiting, place)
        except FileExistsError:
            if read_regular(place) == waiting.read_bytes():
                return False
            refuse("desk-file-taken", found=place.name)
        return True

    def drop(self, key: str) -> None:
        """Remove the files that wait for a copy."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._of(key))

    def tidy(self) -> None:
        """Remove files whose working copy is gone, once nobody can miss them; those of a garbled copy stay with it."""
        for folder in _folders(self._folder):
            is_left = not any(file.stem == folder.name for file in self._folder.glob(f"{folder.name}.*"))
            is_old = folder.stat().st_mtime < self._clock() - PATIENCE
            if KEY.fullmatch(folder.name) and is_left and is_old:
                # What cannot be removed now is removed at another start.
                shutil.rmtree(folder, ignore_errors=True)

    def _remove_empty(self, key: str) -> None:
        with suppress(OSError):
            # Files that the text names no longer still wait there.
            self._of(key).rmdir()

    def _of(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError(key)
        return self._folder / key


def _written(here: Path, places: Iterable[Path], name: str, data: bytes, reused: Collection[Path]) -> str:
    """Write a file into a folder under a name that is free there and in other places; return the name.

    A name is taken if it differs in case alone. A file of the same bytes in one of the places `reused` is used again.
    """
    here.mkdir(parents=True, exist_ok=True)
    taken = {entry.name.lower(): Path(entry.path) for place in (*places, here) for entry in _files(place)}
    words, ending = posixpath.splitext(name)
    for number in count(1):
        one = f"{words}-{number}{ending}" if number > 1 else name
        there = taken.get(one)
        if there is None:
            with suppress(FileExistsError):
                write_new(here / one, data)
                return one
        elif there.parent in reused and read_regular(there) == data:
            return there.name
    raise AssertionError("there is always a next number")


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _folders(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _files(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
    except (FileNotFoundError, NotADirectoryError):
        return []
