"""The renditions of a picture: their sizes, formats and urls. This module does not touch pixels."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bulletin.digests import digest_of

WIDTHS = (480, 960, 1600)
"""Widths of the WebPs in pixels: for a phone, a column of text, and such a column on a screen of double density."""
AVIF_FROM = 640
"""The least width in pixels at which an AVIF is tried: below, it saves a twelfth, one or two kilobytes."""
CROP_WIDTHS = (320, 640, 960)
"""Widths of the crops in pixels: for a list, for half a column, and for the lead story."""
MAX_HEIGHT = 16_383
"""The greatest height of a WebP, in pixels."""
MAX_PIXELS = 50_000_000
"""A camera's picture has 12 to 50 million pixels; decoded, 50 million take 200 MB."""
MAX_BYTES = 40 << 20

_LEAST_SAVED = 2048
"""Bytes that an AVIF must save: naming a second file costs every reader of the page 50 of them, seen or not."""
_MIN_STEP = 1.25
"""The least factor from one width to the next: 480 pixels beside 500 would save nobody anything."""

Format = Literal["avif", "webp", "jpg"]
Focus = tuple[int, int]
"""What a crop must keep of a picture: a point, in percent of its width and height, from the left and from the top."""
Box = tuple[int, int, int, int]
"""A part of a picture, in pixels: its left, upper, right and lower edge."""
MIDDLE: Focus = (50, 50)


class Original(Struct, frozen=True, kw_only=True, array_like=True, tag=True):
    """A picture of content/ that can be shown: the digest of its bytes, and its size in pixels when upright.

    `avifs` are the widths at which it is published as AVIF too; none is known of a picture that was only checked.
    """

    digest: str
    width: int
    height: int
    avifs: tuple[int, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


class Unusable(Struct, frozen=True, kw_only=True, array_like=True, tag=True):
    """A picture of content/ that cannot be shown, with the code and the words of its problem."""

    code: str
    words: tuple[tuple[str, str], ...]


class Rendition(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture in one size and format, as it is published; `focus` is None unless it is cropped."""

    width: int
    height: int
    format: Format
    focus: Focus | None = None


class Candidate(Struct, frozen=True, kw_only=True, array_like=True):
    """An image candidate, in the terms of HTML: a file that a browser may choose, by its url and width."""

    url: str
    width: int

    @property
    def is_avif(self) -> bool:
        return self.url.endswith(".avif")


class Picture(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture as a page shows it: url and size of the JPEG, and the WebPs to choose instead, the narrowest first.

    `with_avif` are the candidates for a browser that knows AVIF: at each width the AVIF if it is published, else the
    WebP. Empty without any AVIF.
    """

    url: str
    width: int
    height: int
    candidates: tuple[Candidate, ...]
    with_avif: tuple[Candidate, ...] = ()


class Crops(Struct, frozen=True, kw_only=True, array_like=True):
    """A picture as cards show it, cropped to 3:2: WebPs to choose from, the narrowest first, and the widest's size."""

    candidates: tuple[Candidate, ...]
    width: int
    height: int


def renditions(width: int, height: int) -> tuple[Rendition, ...]:
    """Return the renditions of a picture of this size: WebPs, the narrowest first, then a JPEG as wide as the widest.

    Nothing is enlarged, and none is higher than WebP allows.
    """
    widest = max(1, min(width, WIDTHS[-1], width * MAX_HEIGHT // height))
    webps = [_rendition(scaled_width, width, height, "webp") for scaled_width in _steps(WIDTHS, widest)]
    return (*webps, _rendition(widest, width, height, "jpg"))


def is_worth_an_avif(rendition: Rendition) -> bool:
    """Tell whether an AVIF is tried at the size of a rendition; no crop has one, since lists show them small."""
    return rendition.format == "webp" and rendition.focus is None and rendition.width >= AVIF_FROM


def earns_its_place(avif: int, webp: int) -> bool:
    """Tell whether an AVIF of so many bytes is published beside a WebP: it saves a tenth, and what its name costs."""
    return webp - avif >= max(_LEAST_SAVED, webp // 10)


def promises_more(avif: int, webp: int) -> bool:
    """Tell whether an AVIF of so many bytes saves a fourth: a wider one, in thrice the time, will save as much."""
    return 4 * avif <= 3 * webp


def cropped(width: int, height: int, focus: Focus) -> tuple[Rendition, ...]:
    """Return the crops of a picture of this size: WebPs of 3:2, the narrowest first. Nothing is enlarged."""
    widest = renditions(width, height)[-1]
    left, _, right, _ = crop_box(widest.width, widest.height, focus)
    return tuple(
        Rendition(width=crop, height=max(1, (2 * crop + 1) // 3), format="webp", focus=focus)
        for crop in _steps(CROP_WIDTHS, min(CROP_WIDTHS[-1], right - left))
    )


def crop_box(width: int, height: int, focus: Focus) -> Box:
    """Return the largest part of 3:2 of a picture of this size, with the focus as near to its middle as can be."""
    across = max(1, min(width, height * 3 // 2))
    down = max(1, min(height, (2 * across + 1) // 3))
    left, upper = _around(focus[0], width, across), _around(focus[1], height, down)
    return left, upper, left + across, upper + down


def _around(percent: int, whole: int, part: int) -> int:
    return max(0, min(whole - part, (whole * percent // 50 - part) // 2))


def _steps(widths: tuple[int, ...], widest: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*(narrower for narrower in widths if narrower * _MIN_STEP <= widest), widest)))


def _rendition(scaled_width: int, width: int, height: int, kind: Format) -> Rendition:
    # Half a pixel is rounded up; round() would round it to the even side.
    scaled_height = (2 * height * scaled_width + width) // (2 * width)
    # A picture one pixel wide cannot get any narrower, however high it is: its height is limited instead.
    return Rendition(width=scaled_width, height=min(MAX_HEIGHT, max(1, scaled_height)), format=kind)


def published(original: Original, stem: str, focus: Focus | None = None) -> tuple[tuple[str, Rendition], ...]:
    """Return each rendition of a picture with its url, or each crop; `stem` is the JPEG's url without its extension.

    The JPEG, which is the last, keeps its url when the picture changes, since feeds and mails link to it. WebP and AVIF
    are linked by their page only and change their urls: browsers may cache them for ever, and no page shows another
    picture than it was made with.
    """
    made = cropped(*original.size, focus) if focus else (*avifs(original), *renditions(*original.size))
    return tuple((_url(original, stem, rendition), rendition) for rendition in made)


def avifs(original: Original) -> tuple[Rendition, ...]:
    """Return the AVIFs of a picture, the narrowest first."""
    wide = (one for one in renditions(*original.size) if is_worth_an_avif(one) and one.width in original.avifs)
    return tuple(replace(webp, format="avif") for webp in wide)


def crops(original: Original, stem: str, focus: Focus) -> Crops:
    """Return a picture as cards show it."""
    made = published(original, stem, focus)
    widest = made[-1][1]
    candidates = tuple(Candidate(url=url, width=crop.width) for url, crop in made)
    return Crops(candidates=candidates, width=widest.width, height=widest.height)


def picture(original: Original, stem: str) -> Picture:
    """Return a picture as a page shows it."""
    *others, (url, jpeg) = published(original, stem)
    by_format: dict[Format, dict[int, Candidate]] = {"avif": {}, "webp": {}}
    for other_url, other in others:
        by_format[other.format][other.width] = Candidate(url=other_url, width=other.width)
    webps, best = by_format["webp"], by_format["webp"] | by_format["avif"]
    return Picture(
        url=url,
        width=jpeg.width,
        height=jpeg.height,
        candidates=tuple(webps.values()),
        with_avif=tuple(best.values()) if by_format["avif"] else (),
    )


def _url(original: Original, stem: str, rendition: Rendition) -> str:
    if rendition.format == "jpg":
        return f"{stem}.jpg"
    if rendition.focus:
        # No longer than the name of the widest WebP: the path must fit into the 260 characters of Windows.
        # Another focus is another picture: a browser that has kept the first crop would go on showing it.
        return f"{stem}-c{rendition.width}.{digest_of(original.digest, rendition.focus)[:8]}.webp"
    return f"{stem}-{rendition.width}.{original.digest[:8]}.{rendition.format}"
