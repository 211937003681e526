"""Amounts of money: what editors write -> whole dong, and dong -> what readers see.

Dots group thousands and a comma is the decimal mark. What can be read in two ways is refused, never guessed: a wrong
guess is wrong a thousandfold, and nobody sees it. There is no float anywhere: sums of dong are exact.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from bulletin.problems import refuse
from bulletin.vietnamese import number_words
from bulletin.vietnamese.text import clean, clip, fold

Qualifier = Literal["exact", "about", "above", "below", "at_least", "at_most"]


class Amount(Struct, frozen=True, kw_only=True, array_like=True):
    """A positive amount in whole dong, and how exact its writer was."""

    dong: int
    qualifier: Qualifier = "exact"
    word: str = ""
    """The editor's word in front of the amount, as it is printed: «gần»; empty for an exact amount."""


LIMIT = 10**15
"""The first amount that is too big. What is below is a whole number for JavaScript, too (2^53)."""

_THOUSAND, _MILLION, _BILLION, _TRILLION = 10**3, 10**6, 10**9, 10**12
_NBSP = "\u00a0"
_SHOWN = 60
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")

_APPROXIMATIONS: dict[Qualifier, tuple[str, ...]] = {
    "about": ("gần", "khoảng", "xấp xỉ", "ước", "ước tính", "trên dưới"),
    "above": ("hơn", "trên"),
    "below": ("dưới",),
    "at_least": ("tối thiểu", "không dưới"),
    "at_most": ("tối đa", "không quá", "lên tới", "lên đến"),
}
_QUALIFIERS = {word: qualifier for qualifier, words in _APPROXIMATIONS.items() for word in words}
_WORDS = {"~": "khoảng"} | {fold(word): word for word in _QUALIFIERS}
_UNITS = {
    **dict.fromkeys(("nghin ty", "nghin ti", "ngan ty", "ngan ti"), _TRILLION),
    **dict.fromkeys(("ty", "ti"), _BILLION),
    **dict.fromkeys(("trieu", "tr"), _MILLION),
    **dict.fromkeys(("nghin", "ngan"), _THOUSAND),
}
_ANY_UNIT = "|".join(_UNITS)

_PLAIN_SIGN = re.compile("[ !#-&(-_a-~₫€£¥‐-―−]")  # neither quotes nor backquotes
# Behind a numeral stands a unit: «sẽ công bố sau» is no «sáu».
_NUMERAL = re.compile(
    rf"\b(?:mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi|chuc|tram|vai|may|hang|nua) (?:{_ANY_UNIT}|dong)\b"
)
# «Yên», «kinh tế» and «do» are money only behind a number: «500 tỷ tại Yên Bái» is no sum in yen.
_FOREIGN = re.compile(
    r"[$€£¥]|(?<![a-z])(?:usd?|dollars?|dola|do la|eur|euro|gbp|jpy|cny|rmb|krw|thb|sgd|aud|chf|hkd|rub)(?![a-z])"
    rf"|(?:[0-9]|(?<![a-z])(?:{_ANY_UNIT})) ?(do(?: la)?|yen|te|nhan dan te|won|bat|baht|kip|rup|bang anh)(?![a-z])"
)
# Longest first: «trên» would leave «dưới» behind.
_APPROXIMATION = re.compile(rf"(~|(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![a-z])) ?")
_TOKEN = re.compile(
    rf"""(?P<n>[0-9]+(?:[ .,]+[0-9]+)*)        # number
    |(?P<u>{_ANY_UNIT.replace(" ", "[ ]")})(?![a-z])
    |(?P<h>ruoi)(?![a-z])                      # half of the unit before it
    |(?P<c>dong|d)(?![a-z])                    # currency, behind the amount
    |(?P<v>vnd|₫)(?![a-z])                     # currency, behind the amount or in front of it
    |(?P<j>-|(?:den|toi|hoac)(?![a-z]))        # joins the two ends of a range
    |(?P<x>[a-z]+|[^ ])                        # anything else""",
    re.VERBOSE,
)
# Over the tokens' letters. A currency stands in front or behind, not both.
_VALUE = re.compile(r"(v)?(?:n(?:uh?)?)+(?(1)|[cv]?)")

_NUMBER = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:,([0-9]+))?")
_COMMA_GROUP = re.compile(r"[^,]*,.*[.,]")
_AMBIGUOUS_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}$")
_LEADING_ZERO = re.compile(r"0(?:[0-9]|[. ][0-9]{3}(?![0-9]))")
_DOT_DECIMAL = re.compile(r"[0-9]+\.(?![0-9]{3}$)[0-9]+$")


def parse(text: str, default_unit: str = "") -> Amount | None:
    """Return the amount, or None where nothing is written; raise Refused.

    `default_unit` (see `is_unit`) is the unit of a number that names neither unit nor currency.
    """
    found = clean(text)
    if fold(found) in {"", "~", "null"}:
        return None
    found = found.removesuffix(".").rstrip()
    written = _Written(found=found, plain=fold(found).translate(_DASHES))
    _check_signs_and_words(written)
    approximation = _APPROXIMATION.match(written.plain)
    word, start = (_WORDS[approximation[1]], approximation.end()) if approximation else ("", 0)
    parts = _parts(written, start, _unit(default_unit))
    return Amount(dong=_dong(written, parts), qualifier=_QUALIFIERS.get(word, "exact"), word=word)


def is_undisclosed(text: str) -> bool:
    """Whether the text says «chưa công bố»."""
    return fold(clean(text)).removesuffix(".").rstrip() == "chua cong bo"


def is_unit(text: str) -> bool:
    """Whether a bare number may take this unit: «tỷ đồng», «triệu», «đồng»; not «nghìn», which may be nghìn tỷ."""
    return _unit(text) > 0


def full(dong: int) -> str:
    """Return every digit of the amount: in tỷ or triệu where two decimals suffice, because `parse` refuses three."""
    for unit, name in ((_BILLION, "tỷ"), (_MILLION, "triệu")):
        if dong >= unit and dong % (unit // 100) == 0:
            return f"{_decimal(dong // (unit // 100), 2)}{_NBSP}{name}{_NBSP}đồng"
    return f"{_grouped(dong)}{_NBSP}đồng"


def compact(dong: int) -> str:
    """Return the amount for tiles and charts, rounded half up: one decimal below 10, none from 10 on."""
    for unit, below, name in ((_BILLION, _MILLION, "tỷ"), (_MILLION, _THOUSAND, "triệu"), (_THOUSAND, 1, "nghìn")):
        # Half of the unit below: 999,9 triệu would print as «1.000 triệu».
        if dong + below // 2 >= unit:
            tenths = _rounded(dong * 10, unit)
            number = _decimal(tenths, 1) if tenths < 100 else _grouped(_rounded(dong, unit))  # noqa: PLR2004 (10,0)
            return f"{number}{_NBSP}{name}"
    return f"{dong}{_NBSP}đồng"


def in_billions(dong: int | None) -> str:
    """Return the cell of a column headed «tỷ đồng», with one decimal; «—» for None, never «0,0» for an amount."""
    if dong is None:
        return "—"
    tenths = _rounded(dong * 10, _BILLION)
    if dong and not tenths:
        return f"<{_NBSP}0,1"
    return f"{_grouped(tenths // 10)},{tenths % 10}"


def show(amount: Amount) -> str:
    """Return the amount as the editor meant it: «gần 2.000 tỷ đồng»."""
    return f"{amount.word}{_NBSP}{full(amount.dong)}" if amount.word else full(amount.dong)


def in_words(amount: Amount) -> str:
    """Return the amount as it is read aloud, «gần hai nghìn tỷ đồng»: a digit too many is heard, if not seen."""
    word = f"{amount.word} " if amount.word else ""
    return f"{word}{number_words.in_words(amount.dong)} đồng"


class _Written(Struct, frozen=True, kw_only=True, array_like=True):
    """A value as it was found and, letter for letter, without case and accents."""

    found: str
    plain: str

    def refuse(self, code: str, **words: str) -> NoReturn:
        refuse(code, found=clip(self.found, _SHOWN), **{name: clip(word, _SHOWN) for name, word in words.items()})


class _Part(Struct, frozen=True, kw_only=True, array_like=True):
    """A number with its unit, in dong (0 where none is named): «2 tỷ», «500 triệu rưỡi»."""

    text: str
    number: Fraction
    unit: int
    half: bool

    @property
    def dong(self) -> Fraction:
        return self.number * self.unit + (Fraction(self.unit, 2) if self.half else 0)


def _check_signs_and_words(written: _Written) -> None:
    if odd := next((sign for sign in written.found if not _PLAIN_SIGN.fullmatch(fold(sign))), ""):
        written.refuse("amount-chars", odd=odd if odd.isprintable() else f"U+{ord(odd):04X}")
    if not re.search("[0-9]", written.plain):
        written.refuse("amount-words" if _NUMERAL.search(written.plain) else "amount-no-number")
    if foreign := _FOREIGN.search(written.plain):
        written.refuse("amount-foreign", foreign=written.found[slice(*foreign.span(foreign.lastindex or 0))])


def _parts(written: _Written, start: int, default_unit: int) -> list[_Part]:
    """Return the numbers that stand behind `start`, each with its unit, smaller and smaller."""
    tokens, kinds = _tokens(written.plain, start)
    value = _VALUE.match(kinds)
    end = value.end() if value else 0
    if kinds.startswith("jn") and tokens[0][0] == "-":
        written.refuse("amount-negative")
    if tokens and (tokens[0][0] == "tu" or (end and kinds.startswith("jn", end))):
        written.refuse("amount-range")
    if end < len(kinds):
        written.refuse("amount-extra", extra=_extra(written, tokens, kinds, end))
    parts = []
    for match in re.finditer("n(u?)(h?)", kinds):
        number, last = tokens[match.start()], tokens[match.end() - 1]
        unit = _UNITS[tokens[match.start() + 1][0]] if match[1] else 0
        text = written.found[number.start() : last.end()]
        parts.append(_Part(text=text, number=_number(written, number[0]), unit=unit, half=bool(match[2])))
    return _complete(written, parts, has_currency="c" in kinds or "v" in kinds, default_unit=default_unit)


def _tokens(plain: str, start: int = 0) -> tuple[list[re.Match[str]], str]:
    """Return the tokens from `start` on, and their kinds, one letter each."""
    tokens = list(_TOKEN.finditer(plain, start))
    return tokens, "".join(str(token.lastgroup) for token in tokens)


def _extra(written: _Written, tokens: list[re.Match[str]], kinds: str, first: int) -> str:
    """Return what does not belong to the amount: up to its number, or behind its unit to the end."""
    until = -1 if set(kinds[:first]) - {"n"} else kinds.find("n", first + 1)
    end = tokens[until].start() if until > 0 else len(written.found)
    return written.found[tokens[first].start() : end].strip()


def _number(written: _Written, text: str) -> Fraction:
    if _COMMA_GROUP.match(text):
        swapped = text.translate(str.maketrans(".,", ",."))
        written.refuse("amount-comma-group", right=swapped if _NUMBER.fullmatch(swapped) else "1.234.567")
    if _AMBIGUOUS_COMMA.match(text):
        shorter = text.rstrip("0")
        # «12,345» has no zero to lose: a fourth decimal makes it a decimal number.
        decimal = f"{text}0" if shorter == text else f"{shorter}0" if shorter.endswith(",") else shorter
        written.refuse("amount-ambiguous-comma", grouped=text.replace(",", "."), decimal=decimal)
    if _LEADING_ZERO.match(text):
        written.refuse("amount-leading-zero")
    if _DOT_DECIMAL.match(text):
        written.refuse("amount-dot-decimal", right=text.replace(".", ","))
    digits = _NUMBER.fullmatch(text) or written.refuse("amount-grouping")
    whole, decimals = digits[1].replace(".", "").replace(" ", ""), (digits[2] or "").rstrip("0")
    # Before int(), which raises ValueError on more than 4300 digits.
    if len(whole) >= len(str(LIMIT)):
        written.refuse("amount-too-big")
    if len(decimals) >= len(str(_TRILLION)):
        written.refuse("amount-not-whole")
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def _complete(written: _Written, parts: list[_Part], *, has_currency: bool, default_unit: int) -> list[_Part]:
    """Return the parts with the units that are understood: dong, the default, or the tỷ of «2 nghìn 500 tỷ»."""
    *before, last = parts
    if has_currency:
        last = replace(last, unit=last.unit or 1)
    elif not before and not last.unit and default_unit:
        last = replace(last, unit=default_unit)
    elif not before and last.unit in (0, _THOUSAND):
        if not last.number:
            written.refuse("amount-zero")
        unit = "đồng" if last.unit or last.number * _BILLION >= LIMIT else "tỷ đồng"
        written.refuse("amount-no-unit", right=f"{written.found} {unit}")
    complete = [*before, last]
    if [part.unit for part in complete[:2]] == [_THOUSAND, _BILLION]:
        complete[0] = replace(complete[0], unit=_TRILLION)
    return complete


def _dong(written: _Written, parts: list[_Part]) -> int:
    if parts[-1].half and parts[-1].number.denominator > 1:
        written.refuse("amount-compound", part=parts[-1].text)
    for before, after in pairwise(parts):
        if before.half or before.number.denominator > 1:
            written.refuse("amount-compound", part=before.text)
        if not (0 < after.unit < before.unit and after.number.denominator == 1 and 1 <= after.number < _THOUSAND):
            written.refuse("amount-compound", part=after.text)
    dong = sum((part.dong for part in parts), Fraction(0))
    if dong.denominator > 1:
        written.refuse("amount-not-whole")
    if not dong:
        written.refuse("amount-zero")
    if dong >= LIMIT:
        written.refuse("amount-too-big")
    return dong.numerator


def _unit(text: str) -> int:
    """Return how many dong one of this unit is; 0 if it is none."""
    tokens, kinds = _tokens(fold(clean(text)))
    if not kinds or not re.fullmatch("u?[cv]?", kinds):
        return 0
    unit = _UNITS.get(tokens[0][0], 1)
    return 0 if kinds == "u" and unit == _THOUSAND else unit


def _rounded(number: int, unit: int) -> int:
    """Return number / unit, rounded half up."""
    return (2 * number + unit) // (2 * unit)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _decimal(number: int, places: int) -> str:
    """Return number / 10**places without trailing zeros."""
    whole, rest = divmod(number, 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0")
    return f"{_grouped(whole)},{decimals}" if decimals else _grouped(whole)
