"""The characters of a text: those that no page can carry, those that nobody sees, and how people are shown either."""

from __future__ import annotations

import re
import unicodedata

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")
"""Characters that XML or HTML cannot carry, and U+FFFD, which stands for a character that was lost."""

INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)
"""Characters without a shape. They include the controls that reverse the direction of the text after them, but not a
joiner before an emoji."""

# Unicode calls these letters and symbols, but they look blank on the screen.
_LIKE_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
_JOINER = "\u200d"  # an emoji of several people has it


def is_unseen(text: str) -> bool:
    """Tell whether a text shows nothing on the screen, though it may have characters."""
    return all(sign in _LIKE_BLANKS or unicodedata.category(sign) in {"Cc", "Cf", "Me", "Mn", "Zs"} for sign in text)


def encodable(text: str) -> str:
    r"""Return a text that UTF-8 can hold: bytes of a file's name that are not UTF-8 become escapes such as «\udcff»."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def visible(text: str) -> str:
    r"""Return a text in which every character can be seen: «\x1b», «\n», «\u202e», «\udcff» for what has no shape.

    A terminal obeys control characters, an odd byte in a file's name cannot be printed, and writing that runs backwards
    shows another name than the file's.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(sign: str) -> str:
    if sign.isprintable() or sign == _JOINER or unicodedata.category(sign) == "Zs":
        return sign
    return sign.encode("unicode_escape").decode()
