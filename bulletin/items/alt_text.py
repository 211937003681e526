"""Alternative text of a picture, for readers who cannot see it."""

from __future__ import annotations

import re

from bulletin.vietnamese import clean, fold

_SAYS_NOTHING = re.compile(
    r"(?:anh|hinh|hinh anh|anh chup|anh minh hoa|image|img|photo|picture|dsc|screenshot)?[ _.()0-9-]*"
    r"|\S+\.(?:avif|gif|heic|jpe?g|png|webp)"
)


def says_nothing(text: str) -> bool:
    """Tell whether an alternative text says nothing about its picture: a file's name, «ảnh 1», «IMG_0123»."""
    return _SAYS_NOTHING.fullmatch(fold(clean(text))) is not None
