"""Where new items go: a path that is free, with a url that is free."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bulletin.build import inspect
from bulletin.commands.calls import Call
from bulletin.items import new_path
from bulletin.model import CONTENT, Article


class Places:
    """The names and urls that the items of a site have; each path that is given out is taken from then on."""

    def __init__(self, call: Call) -> None:
        self._names: set[str] = set()
        self._urls: set[str] = set()
        if not (call.root / CONTENT).is_dir():
            # The site has no item yet.
            return
        inspection = inspect(call.root, call.root / "output", call.settings)
        self._names = {posixpath.basename(path).lower() for path in inspection.folder.content.sources}
        self._urls = {url for other in inspection.compiled.items if isinstance(other, Article) for url in _urls(other)}

    def has(self, path: str) -> bool:
        """Tell whether an item's file has the name of this one, in whatever folder."""
        return posixpath.basename(path) in self._names

    def path(self, day: date, title: str) -> str:
        """Return the first free path for an item of this day and title."""
        path = new_path(day, title, self._names, self._urls)
        self._names.add(posixpath.basename(path))
        return path


def _urls(article: Article) -> Iterator[str]:
    yield article.card.url
    yield from (alias.target.lower() for alias in article.aliases)


def shown_path(file: Path) -> str:
    """Return a file's path: relative if it is below the current folder, else absolute."""
    here = Path.cwd()
    whole = file.absolute()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)
