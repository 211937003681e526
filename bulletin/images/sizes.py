"""The renditions of a picture: their sizes, formats and urls. This module does not touch pixels."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

WIDTHS = (480, 960, 1600)
"""Widths of the WebPs in pixels: for a phone, a column of text, and such a column on a screen of double density."""
MAX_HEIGHT = 16_383
"""The greatest height of a WebP, in pixels."""
MAX_PIXELS = 50_000_000
"""A camera's picture has 12 to 50 million pixels; decoded, 50 million take 200 MB."""
MAX_BYTES = 40 << 20

_MIN_STEP = 1.25
"""The least factor from one width to the next: 480 pixels beside 500 would save nobody anything."""

Format = Literal["webp", "jpg"]


class Original(Struct, frozen=True, kw_only=True, array_like=True, tag=True):
    """A picture of content/ that can be shown: the digest of its bytes, and its size in pixels when upright."""

    digest: str
    width: int
    height: int


class Unusable(Struct, frozen=True, kw_only=True, array_like=True, tag=True):
    """A picture of content/ that cannot be shown, with the code and the words of its problem."""

    code: str
    words: tuple[tuple[str, str], ...]


class Rendition(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture in one size and format, as it is published."""

    width: int
    height: int
    format: Format


class Candidate(Struct, frozen=True, kw_only=True, array_like=True):
    """An image candidate, in the terms of HTML: a WebP that a browser may choose, by its url and width."""

    url: str
    width: int


class Picture(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture as a page shows it: url and size of the JPEG, and the WebPs to choose instead, the narrowest first."""

    url: str
    width: int
    height: int
    candidates: tuple[Candidate, ...]


def renditions(width: int, height: int) -> tuple[Rendition, ...]:
    """Return the renditions of a picture of this size: WebPs, the narrowest first, then a JPEG as wide as the widest.

    Nothing is enlarged, and none is higher than WebP allows.
    """
    widest = max(1, min(width, WIDTHS[-1], width * MAX_HEIGHT // height))
    widths = [narrower for narrower in WIDTHS if narrower * _MIN_STEP <= widest]
    webps = [_rendition(scaled_width, width, height, "webp") for scaled_width in dict.fromkeys((*widths, widest))]
    return (*webps, _rendition(widest, width, height, "jpg"))


def _rendition(scaled_width: int, width: int, height: int, kind: Format) -> Rendition:
    # Half a pixel is rounded up; round() would round it to the even side.
    scaled_height = (2 * height * scaled_width + width) // (2 * width)
    # A picture one pixel wide cannot get any narrower, however high it is: its height is limited instead.
    return Rendition(width=scaled_width, height=min(MAX_HEIGHT, max(1, scaled_height)), format=kind)


def published(original: Original, stem: str) -> tuple[tuple[str, Rendition], ...]:
    """Return each rendition of a picture with its url; `stem` is the JPEG's url without its extension.

    The JPEG keeps its url when the picture changes, since feeds and mails link to it. A WebP is linked by its page only
    and changes its url: browsers may cache it for ever, and no page shows another picture than it was made with.
    """
    sizes = renditions(original.width, original.height)
    return tuple((_url(original, stem, rendition), rendition) for rendition in sizes)


def picture(original: Original, stem: str) -> Picture:
    """Return a picture as a page shows it."""
    *webps, (url, jpeg) = published(original, stem)
    candidates = tuple(Candidate(url=webp_url, width=webp.width) for webp_url, webp in webps)
    return Picture(url=url, width=jpeg.width, height=jpeg.height, candidates=candidates)


def _url(original: Original, stem: str, rendition: Rendition) -> str:
    if rendition.format == "jpg":
        return f"{stem}.jpg"
    return f"{stem}-{rendition.width}.{original.digest[:8]}.webp"
