"""Vietnamese text: cleaned, folded, sorted, clipped and compared, with the standard library alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from unicodedata import category, combining, normalize

from bulletin.characters import INVISIBLE

if TYPE_CHECKING:
    from difflib import SequenceMatcher

# đ has no decomposition. The others look like đ and come from foreign keyboards and old code pages.
_PLAIN_D = str.maketrans("đĐðÐɖƉ", "dDdDdD")
TRUE_D = str.maketrans("ðÐɖƉ", "đĐđĐ")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
# No script stacks more than six marks on a letter; a tower of them covers the lines above and below.
_TOWER = re.compile(f"({_MARK}{{6}}){_MARK}+")
# Characters that composed Vietnamese text never has. Those that nobody sees are among them, and all marks: to find none
# takes a third of the time that each of the closer looks takes.
_UNUSUAL = re.compile("[^ -~\xa0-\xac\xae-\u02ff\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20cf]")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
"""For `translate`: every dash that people type becomes a hyphen."""
MAX_QUOTED = 60
"""Characters of a wrong text that a message repeats."""
_MIN_LIKENESS = 0.6  # from 0 to 1: anything less alike is not worth a «did you mean»
_NOT_IN_SLUG = re.compile("[^a-z0-9]+")

# The order of CLDR's root collation, with the letters and tones of its tailoring `vi`.
_SIGNS = " _-‐‒–—―,;:!¡?¿.·'‹›\"«»()[]{}§¶@*/\\&#%‰†‡•′″`´^¯¨¸°©®+±÷×<=>¬|¦~⁄¤¢$£¥₫€"
_LETTERS = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_MARKS = "\u0300\u0309\u0303\u0301\u0323\u0306\u0302\u030c\u030a\u0308\u030b\u0307\u0327\u0328\u0304"
_QUOTES = ("'‘’‚‛", '"“”„‟')  # quotes of one kind differ only at the second level, as tones do
_OTHER_SIGN, _OTHER_LETTER = "another sign", "another letter"

_END = " "  # ends a level; lower than every weight, so that a prefix sorts first
_PLAIN, _UPPER, _VARIANT = "#", "$", "%"
_PRIMARY = {
    letter: chr(weight)
    for weight, letter in enumerate((*_SIGNS, _OTHER_SIGN, *_LETTERS, _OTHER_LETTER), start=ord(_PLAIN))
}


class _Folds(dict[int, str]):
    """A cache: code point -> its lower-case letters without accents, computed on first use."""

    def __missing__(self, code: int) -> str:
        decomposed = normalize("NFD", chr(code).translate(_PLAIN_D))
        self[code] = "".join(part for part in decomposed if not combining(part)).lower()
        return self[code]


class _Weights(dict[int, str]):
    """A cache: code point -> its collation weights, computed on first use."""

    def __missing__(self, code: int) -> str:
        self[code] = _weights(chr(code))
        return self[code]


_FOLDS = _Folds()
_WEIGHTS = _Weights()


def nfc(text: str) -> str:
    """Return the composed form, in which a Vietnamese letter is one character."""
    return normalize("NFC", text)


def clean(text: str) -> str:
    """Return one line in NFC, without invisible characters and towers of marks; a run of blanks becomes one space."""
    words = " ".join(text.split())
    if not _UNUSUAL.search(words):
        return nfc(words)
    # The blanks before and after a character that is removed must become one space.
    return _TOWER.sub(r"\1", nfc(" ".join(INVISIBLE.sub("", text).split())))


def fold(text: str) -> str:
    """Return the text without accents, in lower case; one NFC Vietnamese letter stays one letter."""
    return text.translate(_FOLDS)


def slug(text: str) -> str:
    """Return words of `a-z0-9` joined by `-`; different texts may have the same slug."""
    return _NOT_IN_SLUG.sub("-", fold(text)).strip("-")


def sort_key(text: str) -> str:
    """Return the collation key of a single line, in the order of ICU's `vi`: by letters, then tones, then case."""
    weights = nfc(text).translate(_WEIGHTS)
    accents, cases = weights[1::3].rstrip(_PLAIN), weights[2::3].rstrip(_PLAIN)
    return f"{weights[::3]}{_END}{accents}{_END}{cases}"


def clip(text: str, limit: int) -> str:
    """Return the text in NFC; if it is longer than `limit` characters, cut it after a word within them and add «…»."""
    composed = nfc(text)
    if len(composed) <= limit:
        return composed
    end = composed.rfind(" ", 0, limit + 1)
    if end <= 0:
        end = limit
        # A cut before a mark that NFC cannot compose would separate it from its letter.
        while end and combining(composed[end]):
            end -= 1
    return composed[:end].rstrip(" .,;:–—-…") + "…"


def nearest(text: str, candidates: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """Return up to `n` candidates for «did you mean», best first; accents and case do not count."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - needed only if something is misspelt

    matcher = SequenceMatcher(b=fold(text), autojunk=False)
    likeness = {candidate: _likeness(matcher, fold(candidate)) for candidate in candidates}
    # Beside a good match, a mediocre one is noise.
    least = max(_MIN_LIKENESS, max(likeness.values(), default=0.0) - 0.1)
    close = (candidate for candidate, ratio in likeness.items() if ratio >= least)
    return tuple(sorted(close, key=lambda candidate: -likeness[candidate])[:n])


def _likeness(matcher: SequenceMatcher[str], word: str) -> float:
    matcher.set_seq1(word)
    # ratio() takes seconds on a pasted article; real_quick_ratio() sees by the lengths alone that it is like no name.
    return matcher.ratio() if matcher.real_quick_ratio() >= _MIN_LIKENESS else 0.0


def _weights(character: str) -> str:
    """Return three weights, one character each (primary, accent, case), for each character that this one stands for."""
    character = character.translate(TRUE_D)
    lower = character.lower()
    case = _PLAIN if lower == character else _UPPER
    if lower in _PRIMARY:
        return _PRIMARY[lower] + _PLAIN + case
    for quotes in _QUOTES:
        if character in quotes:
            return _PRIMARY[quotes[0]] + _accent(quotes.index(character)) + case
    canonical, compatible = normalize("NFD", character), normalize("NFKD", character)
    if compatible != canonical:
        weights = "".join(_weights(part) for part in nfc(compatible))
        return "".join(weights[at : at + 2] + _VARIANT for at in range(0, len(weights), 3))
    if canonical[0].lower() in _PRIMARY:
        return _marked(canonical[0], canonical[1:])
    if category(character)[0] in "CM":
        return ""
    others = _OTHER_SIGN if category(character)[0] in "PSZ" else _OTHER_LETTER
    return _PRIMARY[others] + _PLAIN + _PLAIN + lower[0] + _PLAIN + case


def _marked(letter: str, marks: str) -> str:
    """Return the weights of a letter with marks; the marks that make ă â ê ô ơ ư are part of the letter."""
    rank = 0
    for mark in marks:
        composed = nfc(letter + mark)
        if composed.lower() in _PRIMARY:
            letter = composed
        else:
            rank = 16 * rank + _MARKS.find(mark) + 1
    weights = _weights(letter)
    return weights[0] + _accent(rank) + weights[2]


def _accent(rank: int) -> str:
    return chr(ord(_PLAIN) + rank)
