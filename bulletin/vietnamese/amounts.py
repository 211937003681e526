"""Amounts of money: an editor's text -> whole dong, and dong -> the text that readers see.

Dots group thousands and a comma is the decimal mark. Text that can be read in two ways is refused, never guessed: a
wrong guess is wrong by a factor of a thousand, and nobody notices it. No float is used, so sums of dong are exact.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from bulletin.problems import named_signs, refuse
from bulletin.vietnamese import number_words
from bulletin.vietnamese.text import DASHES, MAX_QUOTED, clean, clip, fold

Qualifier = Literal["exact", "about", "above", "below", "at_least", "at_most"]


class Amount(Struct, frozen=True, kw_only=True, array_like=True):
    """A positive amount in whole dong, and how exact it is."""

    dong: int
    qualifier: Qualifier = "exact"
    word: str = ""
    """The editor's word before the amount, as it is printed: «gần»; empty for an exact amount."""


LIMIT = 10**15
"""The smallest amount that is too big. All amounts below it are exact integers in JavaScript too (2^53)."""

_THOUSAND, _MILLION, _BILLION, _TRILLION = 10**3, 10**6, 10**9, 10**12
_NBSP = "\u00a0"

_APPROXIMATIONS: dict[Qualifier, tuple[str, ...]] = {
    "about": ("gần", "khoảng", "xấp xỉ", "ước", "ước tính", "trên dưới"),
    "above": ("hơn", "trên"),
    "below": ("dưới",),
    "at_least": ("tối thiểu", "không dưới"),
    "at_most": ("tối đa", "không quá", "lên tới", "lên đến"),
}
_QUALIFIERS = {word: qualifier for qualifier, words in _APPROXIMATIONS.items() for word in words}
_WORDS_BY_FOLD = {"~": "khoảng"} | {fold(word): word for word in _QUALIFIERS}
_UNITS = {
    **dict.fromkeys(("nghin ty", "nghin ti", "ngan ty", "ngan ti"), _TRILLION),
    **dict.fromkeys(("ty", "ti"), _BILLION),
    **dict.fromkeys(("trieu", "tr"), _MILLION),
    **dict.fromkeys(("nghin", "ngan"), _THOUSAND),
}
_ANY_UNIT = "|".join(_UNITS)

_ALLOWED = re.compile("[ !#-&(-_a-~₫€£¥‐-―−]")  # neither quotes nor backquotes
# A numeral counts only before a unit: the last word of «sẽ công bố sau» is not «sáu».
_NUMERAL = re.compile(
    rf"\b(?:mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi|chuc|tram|vai|may|hang|nua) (?:{_ANY_UNIT}|dong)\b"
)
# «yên», «tệ» and «đô» are money only after a number: folded, they also occur in «500 tỷ tại Yên Bái», «kinh tế», «do».
_FOREIGN = re.compile(
    r"[$€£¥]|(?<![a-z])(?:usd?|dollars?|dola|do la|eur|euro|gbp|jpy|cny|rmb|krw|thb|sgd|aud|chf|hkd|rub)(?![a-z])"
    rf"|(?:[0-9]|(?<![a-z])(?:{_ANY_UNIT})) ?(do(?: la)?|yen|te|nhan dan te|won|bat|baht|kip|rup|bang anh)(?![a-z])"
)
_ROUNDED_TO = (
    *((10 * _BILLION, _BILLION), (_BILLION, _BILLION // 100)),
    *((10 * _MILLION, _MILLION), (_MILLION, _MILLION // 100), (0, 1)),
)
"""From which amount on sums are rounded to which."""
# Longest first: «trên» would match the beginning of «trên dưới» and leave «dưới» over.
_APPROXIMATION = re.compile(rf"(~|(?:{'|'.join(sorted(_WORDS_BY_FOLD, key=len, reverse=True))})(?![a-z])) ?")
_TOKEN = re.compile(
    rf"""(?P<n>[0-9]+(?:[ .,]+[0-9]+)*)        # number
    |(?P<u>{_ANY_UNIT.replace(" ", "[ ]")})(?![a-z])
    |(?P<h>ruoi)(?![a-z])                      # half of the unit before it
    |(?P<c>dong|d)(?![a-z])                    # currency, after the amount
    |(?P<v>vnd|₫)(?![a-z])                     # currency, after the amount or before it
    |(?P<j>-|(?:den|toi|hoac)(?![a-z]))        # joins the two ends of a range
    |(?P<x>[a-z]+|[^ ])                        # anything else""",
    re.VERBOSE,
)
# The letters of a valid amount's tokens. The currency comes before or after, not both.
_AMOUNT_KINDS = re.compile(r"(v)?(?:n(?:uh?)?)+(?(1)|[cv]?)")

_NUMBER = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:,([0-9]+))?")
_COMMA_GROUP = re.compile(r"[^,]*,.*[.,]")
_AMBIGUOUS_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}$")
_LEADING_ZERO = re.compile(r"0(?:[0-9]|[. ][0-9]{3}(?![0-9]))")
_DOT_DECIMAL = re.compile(r"[0-9]+\.(?![0-9]{3}$)[0-9]+$")


def parse(text: str, default_unit: str = "") -> Amount | None:
    """Return the amount, None for an empty text, `~` or `null`; raise Refused.

    `default_unit` (see `is_unit`) is the unit of a number without unit and currency.
    """
    cleaned = clean(text)
    if fold(cleaned) in {"", "~", "null"}:
        return None
    cleaned = cleaned.removesuffix(".").rstrip()
    entered = _Input(text=cleaned, folded=fold(cleaned).translate(DASHES))
    _check_characters_and_words(entered)
    approximation = _APPROXIMATION.match(entered.folded)
    word, start = (_WORDS_BY_FOLD[approximation[1]], approximation.end()) if approximation else ("", 0)
    parts = _parts(entered, start, _unit(default_unit))
    return Amount(dong=_dong(entered, parts), qualifier=_QUALIFIERS.get(word, "exact"), word=word)


def is_undisclosed(text: str) -> bool:
    """Tell whether the text says «chưa công bố»."""
    return fold(clean(text)).removesuffix(".").rstrip() == "chua cong bo"


def is_unit(text: str) -> bool:
    """Tell whether a bare number may have this unit: «tỷ đồng», «triệu», «đồng»; not «nghìn»: it may mean nghìn tỷ."""
    return _unit(text) > 0


def full(dong: int) -> str:
    """Return the exact amount: in tỷ or triệu if two decimals suffice (`parse` refuses three), else in đồng."""
    for unit, name in ((_BILLION, "tỷ"), (_MILLION, "triệu")):
        if dong >= unit and dong % (unit // 100) == 0:
            return f"{_decimal(dong // (unit // 100), 2)}{_NBSP}{name}{_NBSP}đồng"
    return f"{_grouped(dong)}{_NBSP}đồng"


def compact(dong: int) -> str:
    """Return the amount for tiles and charts, rounded half up: one decimal below 10, none from 10 on."""
    for unit, smaller, name in ((_BILLION, _MILLION, "tỷ"), (_MILLION, _THOUSAND, "triệu"), (_THOUSAND, 1, "nghìn")):
        # Half of the smaller unit is added, because 999,9 triệu would else be printed as «1.000 triệu».
        if dong + smaller // 2 >= unit:
            tenths = _rounded(dong * 10, unit)
            number = _decimal(tenths, 1) if tenths < 100 else _grouped(_rounded(dong, unit))  # noqa: PLR2004 (10,0)
            return f"{number}{_NBSP}{name}"
    return f"{dong}{_NBSP}đồng"


def in_billions(dong: int | None) -> str:
    """Return a cell of a column headed «tỷ đồng»: one decimal at most, «—» for None, «< 0,1» for next to none."""
    if dong is None:
        return "—"
    tenths = _rounded(dong * 10, _BILLION)
    return f"<{_NBSP}0,1" if dong and not tenths else _decimal(tenths, 1)


def rounded(dong: int) -> int:
    """Return a sum as people round it: whole tỷ from ten tỷ on, whole triệu from ten triệu on, else two decimals."""
    step = next(step for least, step in _ROUNDED_TO if dong >= least)
    return _rounded(dong, step) * step


def show_sum(dong: int, *, approximate: bool) -> str:
    """Return a sum as people say it: exact if two decimals say it, else rounded, with «khoảng»."""
    unit = next((unit for unit in (_BILLION, _MILLION) if dong >= unit), 100)
    if not approximate and dong % (unit // 100) == 0:
        return full(dong)
    return f"khoảng{_NBSP}{full(rounded(dong))}"


def show(amount: Amount) -> str:
    """Return the exact amount after the editor's word: «gần 2.000 tỷ đồng»."""
    return f"{amount.word}{_NBSP}{full(amount.dong)}" if amount.word else full(amount.dong)


def in_words(amount: Amount) -> str:
    """Return the amount as it is read aloud, «gần hai nghìn tỷ đồng»: so an editor notices a digit too many."""
    word = f"{amount.word} " if amount.word else ""
    return f"{word}{number_words.in_words(amount.dong)} đồng"


class _Input(Struct, frozen=True, kw_only=True, array_like=True):
    """An editor's text, and the same text folded letter for letter: positions in one are positions in the other."""

    text: str
    folded: str

    def refuse(self, code: str, **words: str) -> NoReturn:
        clipped = {name: clip(word, MAX_QUOTED) for name, word in words.items()}
        refuse(code, found=clip(self.text, MAX_QUOTED), **clipped)


class _Part(Struct, frozen=True, kw_only=True, array_like=True):
    """A number and its unit in dong (0 if it has none): «2 tỷ», «500 triệu rưỡi»."""

    text: str
    number: Fraction
    unit: int
    half: bool

    @property
    def dong(self) -> Fraction:
        return self.number * self.unit + (Fraction(self.unit, 2) if self.half else 0)


def _check_characters_and_words(entered: _Input) -> None:
    if odd := next((character for character in entered.text if not _ALLOWED.fullmatch(fold(character))), ""):
        entered.refuse("amount-chars", odd=named_signs(odd))
    if not re.search("[0-9]", entered.folded):
        entered.refuse("amount-words" if _NUMERAL.search(entered.folded) else "amount-no-number")
    if foreign := _FOREIGN.search(entered.folded):
        entered.refuse("amount-foreign", foreign=entered.text[slice(*foreign.span(foreign.lastindex or 0))])


def _parts(entered: _Input, start: int, default_unit: int) -> list[_Part]:
    """Return the numbers from position `start` on, each with its unit."""
    tokens, kinds = _tokens(entered.folded, start)
    amount = _AMOUNT_KINDS.match(kinds)
    end = amount.end() if amount else 0
    if kinds.startswith("jn") and tokens[0][0] == "-":
        entered.refuse("amount-negative")
    if tokens and (tokens[0][0] == "tu" or (end and kinds.startswith("jn", end))):
        entered.refuse("amount-range")
    if end < len(kinds):
        entered.refuse("amount-extra", extra=_extra(entered, tokens, kinds, end))
    parts = []
    for match in re.finditer("n(u?)(h?)", kinds):
        number, last = tokens[match.start()], tokens[match.end() - 1]
        unit = _UNITS[tokens[match.start() + 1][0]] if match[1] else 0
        text = entered.text[number.start() : last.end()]
        parts.append(_Part(text=text, number=_number(entered, number[0]), unit=unit, half=bool(match[2])))
    return _complete(entered, parts, has_currency="c" in kinds or "v" in kinds, default_unit=default_unit)


def _tokens(plain: str, start: int = 0) -> tuple[list[re.Match[str]], str]:
    """Return the tokens from position `start` on, and their kinds, one letter each."""
    tokens = list(_TOKEN.finditer(plain, start))
    return tokens, "".join(str(token.lastgroup) for token in tokens)


def _extra(entered: _Input, tokens: list[re.Match[str]], kinds: str, first: int) -> str:
    """Return the text that is no part of the amount, from token `first` to the number or, after a unit, to the end."""
    until = -1 if set(kinds[:first]) - {"n"} else kinds.find("n", first + 1)
    end = tokens[until].start() if until > 0 else len(entered.text)
    return entered.text[tokens[first].start() : end].strip()


def _number(entered: _Input, text: str) -> Fraction:
    if _COMMA_GROUP.match(text):
        swapped = text.translate(str.maketrans(".,", ",."))
        entered.refuse("amount-comma-group", right=swapped if _NUMBER.fullmatch(swapped) else "1.234.567")
    if _AMBIGUOUS_COMMA.match(text):
        shorter = text.rstrip("0")
        # «12,345» has no final zero to drop: only a fourth decimal makes it clearly a decimal number.
        decimal = f"{text}0" if shorter == text else f"{shorter}0" if shorter.endswith(",") else shorter
        entered.refuse("amount-ambiguous-comma", grouped=text.replace(",", "."), decimal=decimal)
    if _LEADING_ZERO.match(text):
        entered.refuse("amount-leading-zero")
    if _DOT_DECIMAL.match(text):
        entered.refuse("amount-dot-decimal", right=text.replace(".", ","))
    digits = _NUMBER.fullmatch(text) or entered.refuse("amount-grouping")
    whole, decimals = digits[1].replace(".", "").replace(" ", ""), (digits[2] or "").rstrip("0")
    # This check comes before int(), which raises ValueError for more than 4300 digits.
    if len(whole) >= len(str(LIMIT)):
        entered.refuse("amount-too-big")
    if len(decimals) >= len(str(_TRILLION)):
        entered.refuse("amount-not-whole")
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def _complete(entered: _Input, parts: list[_Part], *, has_currency: bool, default_unit: int) -> list[_Part]:
    """Return the parts with the units that are implied: dong, the default unit, or the tỷ of «2 nghìn 500 tỷ»."""
    *before, last = parts
    if has_currency:
        last = replace(last, unit=last.unit or 1)
    elif not before and not last.unit and default_unit:
        last = replace(last, unit=default_unit)
    elif not before and last.unit in (0, _THOUSAND):
        if not last.number:
            entered.refuse("amount-zero")
        unit = "đồng" if last.unit or last.number * _BILLION >= LIMIT else "tỷ đồng"
        entered.refuse("amount-no-unit", right=f"{entered.text} {unit}", cause="value_unit")
    complete = [*before, last]
    if [part.unit for part in complete[:2]] == [_THOUSAND, _BILLION]:
        complete[0] = replace(complete[0], unit=_TRILLION)
    return complete


def _dong(entered: _Input, parts: list[_Part]) -> int:
    if parts[-1].half and parts[-1].number.denominator > 1:
        entered.refuse("amount-compound", part=parts[-1].text)
    for before, after in pairwise(parts):
        if before.half or before.number.denominator > 1:
            entered.refuse("amount-compound", part=before.text)
        if not (0 < after.unit < before.unit and after.number.denominator == 1 and 1 <= after.number < _THOUSAND):
            entered.refuse("amount-compound", part=after.text)
    dong = sum((part.dong for part in parts), Fraction(0))
    if dong.denominator > 1:
        entered.refuse("amount-not-whole")
    if not dong:
        entered.refuse("amount-zero")
    if dong >= LIMIT:
        entered.refuse("amount-too-big")
    return dong.numerator


def _unit(text: str) -> int:
    """Return the dong in one such unit; 0 if a bare number may not have it (see `is_unit`)."""
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
