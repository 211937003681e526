"""The path of a new item: its day, and its title as a name that every system accepts."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date

from bulletin import urls
from bulletin.model import CONTENT
from bulletin.vietnamese import slug

MAX_LETTERS = 60
"""Letters of the title that the file's name may have: enough to recognise it, well within Windows' limit for paths."""


def new_path(day: date, title: str, names: AbstractSet[str], taken: AbstractSet[str]) -> str:
    """Return the first path whose file's name (in small letters) is not in `names`, and whose url is not `taken`."""
    return next(
        f"{CONTENT}/{day.year:04}/{day.isoformat()}-{words}.md"
        for words in _numbered(_words(title))
        if f"{day.isoformat()}-{words}.md" not in names and urls.item(day, words) not in taken
    )


def _numbered(words: str) -> Iterator[str]:
    yield words
    number = 2
    while True:
        yield f"{words}-{number}"
        number += 1


def _words(title: str) -> str:
    """Return the title as a part of a file's name; «tin» if it has no letter that a name may have."""
    whole = slug(title)
    cut = whole[: MAX_LETTERS + 1].rpartition("-")[0] if len(whole) > MAX_LETTERS else whole
    words = (cut or whole[:MAX_LETTERS]).strip("-") or "tin"
    return f"tin-{words}" if urls.is_device_name(words) else words
