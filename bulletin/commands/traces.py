"""What a published file says that it should not: the words of an item that is not published, or of the machine."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from urllib.parse import unquote

from bulletin.vietnamese import nfc

Phrase = tuple[str, ...]
"""Words that follow each other, in lower case."""

LENGTH = 4
"""Words of a phrase: fewer stand by chance in many texts."""
_WORD = re.compile(r"\w+")
_TAG = re.compile("<[^<>]*>")
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_SOURCE = re.compile(r"[^\s\"'<>()/\\]+\.md\b", re.IGNORECASE)


def phrases(text: str) -> frozenset[Phrase]:
    """Return the phrases of a text; of a short one all its words together."""
    words = _words(text)
    if not words:
        return frozenset()
    return frozenset(tuple(words[at : at + LENGTH]) for at in range(max(1, len(words) - LENGTH + 1)))


def readings(data: bytes) -> tuple[str, ...]:
    """Return a file as text in the ways in which words may stand in it: behind escapes, between tags and in them."""
    raw = data.decode(errors="replace")
    # Texts of feeds and JSON are escaped twice.
    plain = unquote(html.unescape(html.unescape(_ESCAPE.sub(_unescaped, raw))))
    return plain, _TAG.sub(" ", plain)


def said(text: str, wanted: Iterable[Phrase]) -> Iterator[Phrase]:
    """Yield those of the phrases that a text holds."""
    by_first: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in wanted:
        by_first[phrase[0]].append(phrase)
    words = _words(text)
    for at, word in enumerate(words):
        for phrase in by_first.get(word, ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                yield phrase


def sources_named(text: str, names: AbstractSet[str]) -> frozenset[str]:
    """Return which of the Markdown files with these names a text names."""
    return frozenset(names) & frozenset(nfc(name) for name in _SOURCE.findall(text))


class Machine:
    """What tells where a site was built: places and names; but not those that its keepers have written themselves."""

    def __init__(self, places: Iterable[str], names: Iterable[str], written: Iterable[str]) -> None:
        words = {place: _place(place) for place in places}
        words |= {name: rf"(?<!\w){re.escape(name)}(?!\w)" for name in names}
        texts = tuple(written)
        asked = [(_part(word), re.compile(words[word], re.IGNORECASE)) for word in sorted(words)]
        self._patterns = [(part, pattern) for part, pattern in asked if not any(map(pattern.search, texts))]

    def found(self, text: str) -> Iterator[str]:
        """Yield the words of a text that tell of the machine."""
        lowered = text.lower()
        for part, pattern in self._patterns:
            # To look for a part of it first takes a tenth of the time.
            if part in lowered and (match := pattern.search(text)):
                yield match[0]


def _part(word: str) -> str:
    return max(re.split(r"[/\\]", word.lower()), key=len)


def _place(path: str) -> str:
    # On Windows with either slash, and doubled in JSON; no part of a longer name.
    parts = r"(?:/|\\{1,2})".join(map(re.escape, re.split(r"[/\\]", path)))
    return parts if path.endswith(("/", "-")) else rf"{parts}(?![\w-])"


def _words(text: str) -> list[str]:
    return _WORD.findall(nfc(text).lower())


def _unescaped(match: re.Match[str]) -> str:
    # Lone surrogates, which no text of ours holds, stay what they are.
    return str(json.loads(f'"{match[0]}"'))
