"""Whole numbers -> Vietnamese words, as they are read aloud: a digit too many is noticed sooner in words."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
_BILLION = 10**9
_GROUPS = ((10**6, "triệu"), (10**3, "nghìn"), (1, ""))
LIMIT = 10**18
"""The smallest number that has no usual name."""


def in_words(number: int) -> str:
    """Return a number as the press reads it: «một trăm linh năm», «hai mươi mốt», «hai nghìn tỷ».

    Raises ValueError unless 0 <= number < LIMIT. The count of «tỷ» is read as a number of its own. After the first
    group a hundred of zero is read too, «một nghìn không trăm linh năm», so no two numbers sound alike.
    """
    if not 0 <= number < LIMIT:
        raise ValueError(number)
    if not number:
        return _DIGITS[0]
    billions, rest = divmod(number, _BILLION)
    parts = [f"{in_words(billions)} tỷ"] if billions else []
    for unit, name in _GROUPS:
        if group := rest // unit % 1000:
            parts.append(f"{_group(group, is_first=not parts)} {name}".rstrip())
    return " ".join(parts)


def _group(number: int, *, is_first: bool) -> str:
    """Return a number from 1 to 999; a hundred of zero is left out if it is the first group."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [] if is_first and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones:
        words.append(_ones(ones, tens))
    return " ".join(words)


def _ones(ones: int, tens: int) -> str:
    if tens > 1:
        return _AFTER_TENS.get(ones, _DIGITS[ones])
    return "lăm" if tens and ones == 5 else _DIGITS[ones]  # noqa: PLR2004 - the digit itself
