"""A title -> the words of a file name that every system accepts."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.urls import is_device_name
from bulletin.vietnamese import slug

MAX_LETTERS = 60
"""Letters of the title that the file's name may have: enough to recognise it, well within Windows' limit for paths."""


def file_words(title: str) -> str:
    """Return the title as a file name that every system accepts; «tin» if it has no letter that a name may have."""
    whole = slug(title)
    cut = whole[: MAX_LETTERS + 1].rpartition("-")[0] if len(whole) > MAX_LETTERS else whole
    words = (cut or whole[:MAX_LETTERS]).strip("-") or "tin"
    return f"tin-{words}" if is_device_name(words) else words


def numbered(words: str) -> Iterator[str]:
    """Yield the words, then the words with the numbers 2, 3 and so on, to choose the first that is free."""
    yield words
    number = 2
    while True:
        yield f"{words}-{number}"
        number += 1
