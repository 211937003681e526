"""Finds in a published file what must not be in it: words of unpublished items, and traces of the machine."""

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
"""Consecutive words, in lower case."""

PHRASE_WORDS = 4
"""Words in a phrase: fewer occur by chance in many texts."""
_WORD = re.compile(r"\w+")
_TAG = re.compile("<[^<>]*>")
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
# Only from where a name may begin: looked for from each letter, a word without end would take for ever.
_SOURCE = re.compile(r"(?<![^\s\"'<>()/\\])[^\s\"'<>()/\\]+\.md\b", re.IGNORECASE)


def phrases(text: str) -> frozenset[Phrase]:
    """Return the phrases of a text; a text of fewer than PHRASE_WORDS words is one phrase."""
    words = _words(text)
    if not words:
        return frozenset()
    return frozenset(tuple(words[at : at + PHRASE_WORDS]) for at in range(max(1, len(words) - PHRASE_WORDS + 1)))


def texts_of(data: bytes) -> tuple[str, ...]:
    """Return a file as text without escapes, in two readings: with its tags, which may hold words, and without."""
    raw = data.decode(errors="replace")
    if raw.startswith("BEGIN:VCALENDAR"):
        raw = raw.replace("\r\n ", "").replace("\\n", "\n")
    # Texts in feeds and in JSON are escaped twice.
    plain = unquote(html.unescape(html.unescape(_ESCAPE.sub(_unescaped, raw))))
    return plain, _TAG.sub(" ", plain)


def phrases_in(text: str, wanted: Iterable[Phrase]) -> Iterator[Phrase]:
    """Yield those of the wanted phrases that a text contains."""
    sought = frozenset(wanted)
    lengths: dict[str, set[int]] = defaultdict(set)
    for phrase in sought:
        lengths[phrase[0]].add(len(phrase))
    words = _words(text)
    for at, word in enumerate(words):
        for length in lengths.get(word, ()):
            phrase = tuple(words[at : at + length])
            if phrase in sought:
                yield phrase


def sources_named(text: str, names: AbstractSet[str]) -> frozenset[str]:
    """Return those of these names of Markdown files that occur in a text."""
    return frozenset(names) & frozenset(nfc(name) for name in _SOURCE.findall(text))


class Machine:
    """The folders and names that tell where a site was built, except those that its editors have written themselves."""

    def __init__(self, places: Iterable[str], names: Iterable[str], written: Iterable[str]) -> None:
        sources = {place: _path_pattern(place) for place in places}
        sources |= {name: rf"(?<!\w){re.escape(name)}(?!\w)" for name in names}
        texts = tuple(written)
        patterns = [(_longest_part(word), re.compile(sources[word], re.IGNORECASE)) for word in sorted(sources)]
        self._patterns = [(part, pattern) for part, pattern in patterns if not any(map(pattern.search, texts))]

    def found(self, text: str) -> Iterator[str]:
        """Yield the words of a text that give the machine away."""
        lowered = text.lower()
        for part, pattern in self._patterns:
            # Searching for a plain part first takes a tenth of the time that the pattern alone would.
            if part in lowered and (match := pattern.search(text)):
                yield match[0]


def _longest_part(word: str) -> str:
    return max(re.split(r"[/\\]", word.lower()), key=len)


def _path_pattern(path: str) -> str:
    # Windows accepts either slash, and JSON doubles the backslash. A part of a longer name must not match.
    parts = r"(?:/|\\{1,2})".join(map(re.escape, re.split(r"[/\\]", path)))
    return parts if path.endswith(("/", "-")) else rf"{parts}(?![\w-])"


def _words(text: str) -> list[str]:
    return _WORD.findall(nfc(text).lower())


def _unescaped(match: re.Match[str]) -> str:
    # A lone surrogate, which no text of ours contains, stays as it is.
    return str(json.loads(f'"{match[0]}"'))
