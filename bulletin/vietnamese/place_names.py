"""Spellings of place names: with titles before them, without accents, with tones on other letters.

The names themselves are in `registry`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal
from unicodedata import normalize

from msgspec import Struct

from bulletin.vietnamese.text import TRUE_D, clean, fold

Spelling = Literal["exact", "folded", "misspelt"]
Words = tuple[str, ...]
Phrases = Mapping[str, tuple[tuple[Words, str | None], ...]]

_WORD = re.compile(r"[^\W_]+")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_CITY_TITLES = ("TP", "thành phố")


def _titles(listed: str) -> tuple[Words, ...]:
    return tuple(tuple(title.split()) for title in listed.split(","))


_UNIT_TITLES = _titles("uy ban nhan dan,ubnd,thanh pho,thu do,tinh,tp,t p")
_OTHER_TITLES = _titles("cac tinh,khu vuc,vung,quan dao,dao,dac khu,huyen,quan,thi xa")


class Spellings(Struct, frozen=True, kw_only=True):
    """The ids of names by what each spelling keeps: the words, the words with tones at the end, the plain letters."""

    exact: Mapping[str, str]
    folded: Mapping[str, str]
    misspelt: Mapping[str, str]

    def match(self, text: str) -> tuple[str, Spelling] | None:
        """Return the (id, spelling) that a text names, or None; `folded` has no accents, or tones on other letters."""
        words = words_of_unit(text)
        exact, folded, key = " ".join(words), _with_tones_last(words), key_of(words)
        if exact in self.exact:
            return self.exact[exact], "exact"
        if folded in self.folded:
            return self.folded[folded], "folded"
        if key in self.misspelt:
            return self.misspelt[key], "folded" if exact.isascii() else "misspelt"
        return None


def spellings(named: Iterable[tuple[str, str]]) -> Spellings:
    """Return the look-up tables for (name, id) pairs; an id may have several names."""
    worded = [(words_of_unit(name), place_id) for name, place_id in named]
    return Spellings(
        exact={" ".join(words): place_id for words, place_id in worded},
        folded={_with_tones_last(words): place_id for words, place_id in worded},
        misspelt={key_of(words): place_id for words, place_id in worded},
    )


def words_of(text: str) -> Words:
    """Return the words of a text, in lower case."""
    return tuple(_WORD.findall(clean(text).lower().translate(TRUE_D)))


def words_of_unit(text: str) -> Words:
    """Return the words of a text without leading titles of units, such as «UBND», «tỉnh» and «thành phố»."""
    return _without(_UNIT_TITLES, words_of(text))


def words_of_other(text: str) -> Words:
    """Return the words of a text without leading titles of units, regions, islands and districts."""
    return _without((*_UNIT_TITLES, *_OTHER_TITLES), words_of(text))


def key_of(words: Iterable[str]) -> str:
    """Return the key that all spellings of a name share: its letters without accents."""
    return "".join(map(fold, words))


def initials(name: str) -> str:
    """Return the initials without accents: «dn» for «Đà Nẵng»."""
    return "".join(word[0] for word in map(fold, words_of(name)))


def phrases(named: Iterable[tuple[str, str]], homonyms: Iterable[str]) -> Phrases:
    """Return (name, id) by first word, longest first; a homonym has an id only after a city's title, else None."""
    ids: dict[Words, str | None] = {_title_words(name): place_id for name, place_id in named}
    for homonym in homonyms:
        words = _title_words(homonym)
        ids |= {(*_title_words(title), *words): ids.get(words) for title in _CITY_TITLES}
        ids[words] = None
    by_first: dict[str, list[tuple[Words, str | None]]] = {}
    for words in sorted(ids, key=len, reverse=True):
        by_first.setdefault(words[0], []).append((words, ids[words]))
    return {first: tuple(longest_first) for first, longest_first in by_first.items()}


def ids_in(title: str, known: Phrases) -> tuple[str, ...]:
    """Return the ids that a title names in capitalised words with all accents, each once, in the title's order."""
    words = _WORD.findall(clean(title))
    toned = tuple(map(_with_tone_last, words))
    ids: dict[str, None] = {}
    start = 0
    while start < len(words):
        step = 1
        for phrase, place_id in known.get(toned[start], ()):
            end = start + len(phrase)
            # «hòa bình» is peace, «Hòa Bình» a province.
            if toned[start:end] == phrase and words[end - 1][0].isupper():
                step = len(phrase)
                ids |= {place_id: None} if place_id else {}
                break
        start += step
    return tuple(ids)


def _without(titles: tuple[Words, ...], words: Words) -> Words:
    folded = tuple(map(fold, words))
    start = 0
    while title := next((title for title in titles if folded[start : start + len(title)] == title), None):
        start += len(title)
    return words[start:]


def _title_words(name: str) -> Words:
    return tuple(map(_with_tone_last, _WORD.findall(name)))


def _with_tones_last(words: Iterable[str]) -> str:
    return " ".join(map(_with_tone_last, words))


@lru_cache(maxsize=16384)
def _with_tone_last(word: str) -> str:
    """Return a word in lower case with its tone mark moved to the end, so that «hòa» and «hoà» are equal."""
    decomposed = normalize("NFD", word.lower().translate(TRUE_D))
    return _TONES.sub("", decomposed) + "".join(_TONES.findall(decomposed))
