"""What is made of a picture: at which sizes and under which names. Of its pixels nothing is known here."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

WIDTHS = (480, 960, 1600)
"""Of the WebPs, in pixels: a phone, a column of text, a column on a screen with two pixels for each."""
MAX_HEIGHT = 16_383
"""WebP knows no higher picture."""
MAX_PIXELS = 50_000_000
"""A camera's picture has 12 to 50 million; unpacked, this many take 200 MB."""
MAX_BYTES = 40 << 20

_WORTH_IT = 1.25
"""How much wider the next size must be: 480 beside 500 pixels would save nobody anything."""

Format = Literal["webp", "jpg"]


class Original(Struct, frozen=True, kw_only=True, array_like=True, tag=True):
    """A picture of content/ that can be shown: the digest of its bytes, and its size in pixels as one looks at it."""

    digest: str
    width: int
    height: int


class Unusable(Struct, frozen=True, kw_only=True, array_like=True, tag=True):
    """A picture of content/ that cannot be shown, with the code and the words of the problem."""

    code: str
    words: tuple[tuple[str, str], ...]


class Rendition(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture at one size and in one format."""

    width: int
    height: int
    format: Format


class Candidate(Struct, frozen=True, kw_only=True, array_like=True):
    """What a browser may choose from, as HTML calls it: a WebP by its url and its width."""

    url: str
    width: int


class Picture(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture as a page shows it: the JPEG's url and size, and the WebPs in its place, the narrowest first."""

    url: str
    width: int
    height: int
    candidates: tuple[Candidate, ...]


def renditions(width: int, height: int) -> tuple[Rendition, ...]:
    """Return what is made of a picture of this size: WebPs, the narrowest first, and last a JPEG as wide as the widest.

    Nothing is enlarged, and none is so high that its format could not hold it.
    """
    widest = max(1, min(width, WIDTHS[-1], width * MAX_HEIGHT // height))
    widths = [narrower for narrower in WIDTHS if narrower * _WORTH_IT <= widest]
    webps = [_rendition(at, width, height, "webp") for at in dict.fromkeys((*widths, widest))]
    return (*webps, _rendition(widest, width, height, "jpg"))


def _rendition(at: int, width: int, height: int, kind: Format) -> Rendition:
    # Half a pixel goes up; round() would take it to the even side.
    shown = (2 * height * at + width) // (2 * width)
    # A line of one pixel is as thin as can be, however high.
    return Rendition(width=at, height=min(MAX_HEIGHT, max(1, shown)), format=kind)


def published(original: Original, stem: str) -> tuple[tuple[str, Rendition], ...]:
    """Return the url of each of a picture's renditions; `stem` is the JPEG's url without its ending.

    That of the JPEG lasts, since feeds and mails name it. A WebP is named by its page alone and changes its name with
    the picture: browsers may keep it for ever, and no page shows another picture than the one it was made with.
    """
    return tuple((_url(original, stem, one), one) for one in renditions(original.width, original.height))


def picture(original: Original, stem: str) -> Picture:
    """Return a picture as a page shows it."""
    *webps, (url, jpeg) = published(original, stem)
    candidates = tuple(Candidate(url=at, width=one.width) for at, one in webps)
    return Picture(url=url, width=jpeg.width, height=jpeg.height, candidates=candidates)


def _url(original: Original, stem: str, rendition: Rendition) -> str:
    if rendition.format == "jpg":
        return f"{stem}.jpg"
    return f"{stem}-{rendition.width}.{original.digest[:8]}.webp"
