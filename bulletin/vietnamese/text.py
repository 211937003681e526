"""Vietnamese text: comparable, sortable and clippable, with the standard library alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from unicodedata import category, combining, normalize

if TYPE_CHECKING:
    from difflib import SequenceMatcher

# đ has no decomposition; the others look like it and come from foreign keyboards and old code pages.
_PLAIN_D = str.maketrans("đĐðÐɖƉ", "dDdDdD")
_TRUE_D = str.maketrans("ðÐɖƉ", "đĐđĐ")
# Signs that turn the text behind them round are among them; what joins emoji is not.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
# No script stacks as many; towers reach into the lines above and below.
_TOWER = re.compile(f"({_MARK}{{6}}){_MARK}+")
# What no composed Vietnamese text holds; all marks are among it. To look for it takes a third of looking for towers.
_UNUSUAL = re.compile("[^\x00-\u02ff\u1e00-\u20cf]")
_LIKE = 0.6  # of 1: the least likeness worth a «did you mean»
_NO_SLUG = re.compile("[^a-z0-9]+")

# The order of CLDR's root collation with the letters and tones of its `vi`.
_SIGNS = " _-‐‒–—―,;:!¡?¿.·'‹›\"«»()[]{}§¶@*/\\&#%‰†‡•′″`´^¯¨¸°©®+±÷×<=>¬|¦~⁄¤¢$£¥₫€"
_LETTERS = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_MARKS = "\u0300\u0309\u0303\u0301\u0323\u0306\u0302\u030c\u030a\u0308\u030b\u0307\u0327\u0328\u0304"
_QUOTES = ("'‘’‚‛", '"“”„‟')  # of one kind differ as a letter's tones do
_OTHER_SIGN, _OTHER_LETTER = "another sign", "another letter"

_END = " "  # of a level, and below every weight: what ends first comes first
_PLAIN, _UPPER, _VARIANT = "#", "$", "%"
_PRIMARY = {
    letter: chr(weight)
    for weight, letter in enumerate((*_SIGNS, _OTHER_SIGN, *_LETTERS, _OTHER_LETTER), start=ord(_PLAIN))
}


class _Folds(dict[int, str]):
    """Of each code point its plain lower-case letters, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        apart = normalize("NFD", chr(code).translate(_PLAIN_D))
        self[code] = "".join(sign for sign in apart if not combining(sign)).lower()
        return self[code]


class _Weights(dict[int, str]):
    """Of each code point its weights, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _weights(chr(code))
        return self[code]


_FOLDS = _Folds()
_WEIGHTS = _Weights()


def nfc(text: str) -> str:
    """Return the composed form, in which a Vietnamese letter is one character."""
    return normalize("NFC", text)


def clean(text: str) -> str:
    """Return one line in NFC without invisible characters and towers of marks, every run of blanks as one space."""
    words = " ".join(text.split())
    if not words.isprintable():
        # All that is invisible is «not printable», and a blank between two others must not stay.
        words = " ".join(_INVISIBLE.sub("", text).split())
    composed = nfc(words)
    return _TOWER.sub(r"\1", composed) if _UNUSUAL.search(composed) else composed


def fold(text: str) -> str:
    """Return the text without accents, in lower case; one NFC Vietnamese letter stays one letter."""
    return text.translate(_FOLDS)


def slug(text: str) -> str:
    """Return words of `a-z0-9` joined by `-`; different texts may have the same."""
    return _NO_SLUG.sub("-", fold(text)).strip("-")


def sort_key(text: str) -> str:
    """Return a key that compares as ICU's collation `vi` compares single lines: letters, then tones, then case."""
    weights = nfc(text).translate(_WEIGHTS)
    accents, cases = weights[1::3].rstrip(_PLAIN), weights[2::3].rstrip(_PLAIN)
    return f"{weights[::3]}{_END}{accents}{_END}{cases}"


def clip(text: str, limit: int) -> str:
    """Return the text, or its beginning up to a word's end within `limit` characters and «…»."""
    whole = nfc(text)
    if len(whole) <= limit:
        return whole
    end = whole.rfind(" ", 0, limit + 1)
    if end <= 0:
        end = limit
        # A mark that composes with nothing would lose its letter.
        while end and combining(whole[end]):
            end -= 1
    return whole[:end].rstrip(" .,;:–—-…") + "…"


def nearest(text: str, candidates: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """Return up to `n` candidates for «did you mean», best first; accents and case do not count."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only for who has misspelt something

    matcher = SequenceMatcher(b=fold(text), autojunk=False)
    likeness = {candidate: _likeness(matcher, fold(candidate)) for candidate in candidates}
    # Beside a good match a fair one is noise.
    least = max(_LIKE, max(likeness.values(), default=0.0) - 0.1)
    close = (candidate for candidate, ratio in likeness.items() if ratio >= least)
    return tuple(sorted(close, key=lambda candidate: -likeness[candidate])[:n])


def _likeness(matcher: SequenceMatcher[str], word: str) -> float:
    matcher.set_seq1(word)
    # ratio() takes seconds on a pasted article; the lengths alone say that it is like no name.
    return matcher.ratio() if matcher.real_quick_ratio() >= _LIKE else 0.0


def _weights(sign: str) -> str:
    """Return three characters, primary, accent and case, for each sign that this one stands for."""
    sign = sign.translate(_TRUE_D)
    plain = sign.lower()
    case = _PLAIN if plain == sign else _UPPER
    if plain in _PRIMARY:
        return _PRIMARY[plain] + _PLAIN + case
    for kind in _QUOTES:
        if sign in kind:
            return _PRIMARY[kind[0]] + _accent(kind.index(sign)) + case
    apart, shown = normalize("NFD", sign), normalize("NFKD", sign)
    if shown != apart:
        weights = "".join(_weights(part) for part in nfc(shown))
        return "".join(weights[at : at + 2] + _VARIANT for at in range(0, len(weights), 3))
    if apart[0].lower() in _PRIMARY:
        return _marked(apart[0], apart[1:])
    if category(sign)[0] in "CM":
        return ""
    others = _OTHER_SIGN if category(sign)[0] in "PSZ" else _OTHER_LETTER
    return _PRIMARY[others] + _PLAIN + _PLAIN + plain[0] + _PLAIN + case


def _marked(letter: str, marks: str) -> str:
    """Return the weights of a letter with marks, of which those of ă â ê ô ơ ư belong to the letter."""
    rank = 0
    for mark in marks:
        whole = nfc(letter + mark)
        if whole.lower() in _PRIMARY:
            letter = whole
        else:
            rank = 16 * rank + _MARKS.find(mark) + 1
    weights = _weights(letter)
    return weights[0] + _accent(rank) + weights[2]


def _accent(rank: int) -> str:
    return chr(ord(_PLAIN) + rank)
