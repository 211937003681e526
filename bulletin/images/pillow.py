"""A picture's bytes -> its renditions, or why it cannot be shown. The one module that knows Pillow.

What is published is made anew from the pixels: of what a file tells besides (where and with what a picture was taken,
by whom, previews of parts that were cut off) nothing is taken over.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from PIL import ExifTags, Image, ImageCms

from bulletin.digests import digest_of_bytes
from bulletin.files import read_file
from bulletin.images import sizes
from bulletin.images.sizes import MAX_BYTES, MAX_PIXELS, Original, Rendition, Unusable
from bulletin.images.store import Renditions
from bulletin.problems import BuildFailed, Refused, refuse

_FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")
"""Pillow could open many more, each of them with code that a broken file may lead astray."""
_OPTIONS: Mapping[sizes.Format, Mapping[str, Any]] = {
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
}
_BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, EOFError, RuntimeError),
    *(struct.error, zlib.error),
)
"""All that Pillow's readers raise for bytes that are not what they seem."""
_NOTES = ("Comment", "Software", "comment", "exif", "icc_profile", "parsed_exif", "photoshop", "xmp")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What sets a picture upright, by its orientation in EXIF; 1 is upright."""
_LYING = (5, 6, 7, 8)
_SRGB = ImageCms.createProfile("sRGB")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def develop_chunk(
    root: Path, written: Mapping[str, str], store: Renditions | None, paths: Sequence[str]
) -> list[tuple[str, Original | Unusable]]:
    """Return for each picture the digest of its bytes and what became of it; no digest for one that was not read whole.

    Its renditions are kept in the store; without one it is only found out whether they could be made.
    """
    return [_develop(root, written, store, path) for path in paths]


def _develop(
    root: Path, written: Mapping[str, str], store: Renditions | None, path: str
) -> tuple[str, Original | Unusable]:
    digest = ""
    try:
        data = _read(root, written, path)
        digest = digest_of_bytes(data)
        return digest, develop(path, data, digest, store)
    except Refused as refused:
        return digest, Unusable(code=refused.code, words=tuple(refused.words.items()))


def _read(root: Path, written: Mapping[str, str], path: str) -> bytes:
    try:
        data = read_file(root, path, written, at_most=MAX_BYTES + 1)
    except BuildFailed as failed:
        refuse("picture-unreadable", found=path, reason=dict(failed.problems[0].words)["found"])
    if len(data) > MAX_BYTES:
        _refuse_size(path)
    return data


def develop(path: str, data: bytes, digest: str, store: Renditions | None) -> Original:
    """Make a picture's renditions and return its size as one looks at it; raise Refused if it cannot be shown."""
    with _strict():
        image, original, lying = _opened(path, data, digest)
        if store:
            for rendition, encoded in _encoded(_shown(image, lying), original):
                store.keep(digest, rendition, encoded)
    return original


def notes(data: bytes) -> tuple[str, ...]:
    """Return what a picture's file tells besides its pixels: the names of its notes, and no more."""
    with _strict(), suppress(*_BROKEN), Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        # What only describes the pixels tells of nobody.
        told = {name for name in _NOTES if image.info.get(name)} | ({"exif"} if image.getexif() else set())
        return tuple(sorted(told))
    return ("?",)


def _opened(path: str, data: bytes, digest: str) -> tuple[Image.Image, Original, tuple[int, int]]:
    """Return a picture unpacked, what is known of it, and the size in which it lies for its widest rendition."""
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
        # Pillow calls a photo with a second picture behind it (MPO, as many phones make them) animated too.
        if image.format != "MPO" and getattr(image, "is_animated", False):
            refuse("picture-animated", found=path)
        width, height = _turned(image.size, _orientation(image))
        widest = sizes.renditions(width, height)[-1]
        lying = _turned((widest.width, widest.height), _orientation(image))
        # A JPEG can be unpacked at a half, a fourth or an eighth of its size, in a fraction of the time.
        image.draft(None, lying)
        image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        _refuse_size(path)
    except _BROKEN:
        if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
            # Renamed, as mail programs and people do who were told to send a .jpg.
            refuse("picture-format", found=path)
        refuse("picture-broken", found=path)
    return image, Original(digest=digest, width=width, height=height), lying


def _orientation(image: Image.Image) -> int:
    """Return how a picture lies in its file, as EXIF counts it; 1 where it stands upright or nobody knows."""
    with suppress(*_BROKEN):
        found = image.getexif().get(ExifTags.Base.Orientation)
        return found if found in _TURNS else 1
    return 1


def _turned(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation in _LYING else size


def _shown(image: Image.Image, lying: tuple[int, int]) -> Image.Image:
    """Return a picture as it is shown at its widest: upright, on white, in the colours of sRGB, and without a word."""
    orientation, profile = _orientation(image), image.info.get("icc_profile")
    small = _plain(image).resize(lying, Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = small.transpose(_TURNS[orientation]) if orientation in _TURNS else small
    shown = _in_srgb(_on_white(upright), profile)
    # Or each format would take over what it knows: comments, profiles, notes of the camera.
    shown.info = {}
    return shown


def _plain(image: Image.Image) -> Image.Image:
    """Return a picture in one of the modes that can be made smaller: L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):
        # Of 16 bits; conversion alone would cut off at 255 and make all but the darkest parts white.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "RGBA":
        # Even a copy of so many pixels is felt.
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"L", "RGB", "CMYK"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    """Return a picture without transparency: black lines on nothing would be black on black on a dark page."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in the colours that everything understands; without a profile (or with a bad one) it is so."""
    if profile:
        with suppress(ImageCms.PyCMSError, *_BROKEN):
            converted = ImageCms.profileToProfile(image, io.BytesIO(profile), _SRGB, outputMode="RGB")
            assert converted is not None
            return converted
    return image.convert("RGB") if image.mode == "CMYK" else image


def _encoded(image: Image.Image, original: Original) -> Iterator[tuple[Rendition, bytes]]:
    """Yield each rendition with its bytes; each is made from the next wider one."""
    for rendition in reversed(sizes.renditions(original.width, original.height)):
        size = rendition.width, rendition.height
        if image.size != size:
            image = image.resize(size, Image.Resampling.LANCZOS)
        file = io.BytesIO()
        image.save(file, **_OPTIONS[rendition.format])
        yield rendition, file.getvalue()


@contextmanager
def _strict() -> Iterator[None]:
    """Have a bomb refused before it is unpacked; what else Pillow finds odd in a file is lost anyway."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _refuse_size(path: str) -> NoReturn:
    refuse("picture-too-large", found=path, pixels=str(MAX_PIXELS // 10**6), bytes=str(MAX_BYTES >> 20))
