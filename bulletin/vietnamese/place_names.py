"""How a place's name is written: with titles before it, without accents, with a tone elsewhere. It knows no place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal
from unicodedata import normalize

from msgspec import Struct

from bulletin.vietnamese.text import clean, fold

Spelling = Literal["exact", "folded", "misspelt"]
Words = tuple[str, ...]
Phrases = Mapping[str, tuple[tuple[Words, str | None], ...]]

_WORD = re.compile(r"[^\W_]+")
_TRUE_D = str.maketrans("ðɖ", "đđ")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_CITY_TITLES = ("TP", "thành phố")


def _titles(listed: str) -> tuple[Words, ...]:
    return tuple(tuple(title.split()) for title in listed.split(","))


_UNIT_TITLES = _titles("uy ban nhan dan,ubnd,thanh pho,thu do,tinh,tp,t p")
_OTHER_TITLES = _titles("cac tinh,khu vuc,vung,quan dao,dao,dac khu,huyen,quan,thi xa")


class Spellings(Struct, frozen=True, kw_only=True):
    """The ids of names, by what a text of each spelling shares with the name."""

    exact: Mapping[str, str]
    folded: Mapping[str, str]
    misspelt: Mapping[str, str]

    def match(self, text: str) -> tuple[str, Spelling] | None:
        """Return the id a text names and how it is spelt; without any accent, or with tones elsewhere, is `folded`."""
        words = words_of_unit(text)
        plain, spoken, key = " ".join(words), _spoken(words), key_of(words)
        if plain in self.exact:
            return self.exact[plain], "exact"
        if spoken in self.folded:
            return self.folded[spoken], "folded"
        if key in self.misspelt:
            return self.misspelt[key], "folded" if plain.isascii() else "misspelt"
        return None


def spellings(named: Iterable[tuple[str, str]]) -> Spellings:
    """Return the look-up tables of (name, id) pairs; the names may be of several spellings for one id."""
    worded = [(words_of_unit(name), found) for name, found in named]
    return Spellings(
        exact={" ".join(words): found for words, found in worded},
        folded={_spoken(words): found for words, found in worded},
        misspelt={key_of(words): found for words, found in worded},
    )


def words_of(text: str) -> Words:
    """Return the words, in lower case."""
    return tuple(_WORD.findall(clean(text).lower().translate(_TRUE_D)))


def words_of_unit(text: str) -> Words:
    """Return the words without «UBND», «tỉnh», «thành phố» and their like before them."""
    return _without(_UNIT_TITLES, words_of(text))


def words_of_other(text: str) -> Words:
    """Return the words without the titles of units, regions, islands and districts before them."""
    return _without((*_UNIT_TITLES, *_OTHER_TITLES), words_of(text))


def key_of(words: Iterable[str]) -> str:
    """Return what all spellings of a name share: its plain letters."""
    return "".join(map(fold, words))


def initials(name: str) -> str:
    """Return the plain initials: «Đà Nẵng» is dn."""
    return "".join(word[0] for word in map(fold, words_of(name)))


def phrases(named: Iterable[tuple[str, str]], homonyms: Iterable[str]) -> Phrases:
    """Return the names by their first word, longest first; a homonym names its place only as a city."""
    found: dict[Words, str | None] = {_title_words(name): place for name, place in named}
    for homonym in homonyms:
        words = _title_words(homonym)
        found |= {(*_title_words(title), *words): found.get(words) for title in _CITY_TITLES}
        found[words] = None
    by_first: dict[str, list[tuple[Words, str | None]]] = {}
    for words in sorted(found, key=len, reverse=True):
        by_first.setdefault(words[0], []).append((words, found[words]))
    return {first: tuple(longest_first) for first, longest_first in by_first.items()}


def ids_in(title: str, known: Phrases) -> tuple[str, ...]:
    """Return the ids that a title names in capitalised words with all their accents, each once, in its order."""
    words = _WORD.findall(clean(title))
    spoken = tuple(map(_with_tone_last, words))
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        step = 1
        for phrase, place in known.get(spoken[at], ()):
            end = at + len(phrase)
            # «hòa bình» is peace, «Hòa Bình» a province.
            if spoken[at:end] == phrase and words[end - 1][0].isupper():
                step = len(phrase)
                found |= {place: None} if place else {}
                break
        at += step
    return tuple(found)


def _without(titles: tuple[Words, ...], words: Words) -> Words:
    folded = tuple(map(fold, words))
    start = 0
    while title := next((title for title in titles if folded[start : start + len(title)] == title), None):
        start += len(title)
    return words[start:]


def _title_words(name: str) -> Words:
    return tuple(map(_with_tone_last, _WORD.findall(name)))


def _spoken(words: Iterable[str]) -> str:
    return " ".join(map(_with_tone_last, words))


@lru_cache(maxsize=16384)
def _with_tone_last(word: str) -> str:
    """Return a word under which «hòa» and «hoà» are one."""
    apart = normalize("NFD", word.lower().translate(_TRUE_D))
    return _TONES.sub("", apart) + "".join(_TONES.findall(apart))
