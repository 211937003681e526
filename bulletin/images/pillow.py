"""A picture's bytes -> its renditions, or why it cannot be shown. The only module that uses Pillow.

Renditions are made from the pixels alone. Nothing else in the file is copied: where, with what and by whom the picture
was taken, or previews of parts that were cropped.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct
from msgspec.structs import replace
from PIL import ExifTags, Image, ImageCms, features

from bulletin.digests import digest_of_bytes
from bulletin.files import read_file
from bulletin.formats import format_of
from bulletin.images import sizes
from bulletin.images.sizes import MAX_BYTES, MAX_PIXELS, Focus, Original, Rendition, Unusable
from bulletin.images.store import Renditions
from bulletin.problems import BuildFailed, Refused, refuse

_HAS_AVIF = features.check("avif")
"""Pillow may have been built without it. Pictures are then published as WebP and JPEG alone: nobody misses one."""
_FORMATS = (*(("AVIF",) if _HAS_AVIF else ()), "GIF", "JPEG", "PNG", "WEBP")
"""Pillow could open many more formats, but a malformed file may exploit the decoder of each."""
_OPTIONS: Mapping[sizes.Format, Mapping[str, Any]] = {
    # As near to the original as the WebP. One thread and no tiles: their number would decide about the bytes.
    "avif": {"format": "AVIF", "quality": 65, "speed": 8, "max_threads": 1, "autotiling": False},
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
}
_DECODING_ERRORS = (
    *(OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, EOFError, RuntimeError),
    *(struct.error, zlib.error),
)
"""All exceptions that Pillow's decoders raise for malformed bytes."""
_METADATA = ("Comment", "Software", "comment", "exif", "icc_profile", "parsed_exif", "photoshop", "xmp")
_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The transposition that sets a picture upright, by its EXIF orientation; 1 is upright."""
_SIDEWAYS = (5, 6, 7, 8)
_SRGB = ImageCms.createProfile("sRGB")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Wanted(Struct, frozen=True, kw_only=True):
    """A picture to be made, by its path: its renditions, and crops around these points.

    `known` is the picture whose renditions the store has already: if it is still the same, only crops are made.
    """

    path: str
    crops: tuple[Focus, ...] = ()
    known: Original | None = None


def make_renditions_of_chunk(
    root: Path, written: Mapping[str, str], store: Renditions | None, pictures: Sequence[Wanted]
) -> list[tuple[str, Original | Unusable]]:
    """Return, for each picture, the digest of its bytes (empty if it was not read whole) and whether it can be shown.

    Renditions are kept in the store; without a store, pictures are only checked.
    """
    return [_develop(root, written, store, picture) for picture in pictures]


def _develop(
    root: Path, written: Mapping[str, str], store: Renditions | None, picture: Wanted
) -> tuple[str, Original | Unusable]:
    digest = ""
    try:
        data = _read(root, written, picture.path)
        digest = digest_of_bytes(data)
        known = picture.known if picture.known and picture.known.digest == digest else None
        return digest, make_renditions(picture.path, data, digest, store, picture.crops, known=known)
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


def make_renditions(  # noqa: PLR0913 - the last two say what is wanted
    path: str,
    data: bytes,
    digest: str,
    store: Renditions | None,
    crops: Sequence[Focus] = (),
    *,
    known: Original | None = None,
) -> Original:
    """Put a picture's renditions in the store, if any; return it as shown upright; raise Refused if it cannot be.

    Crops around these points are added; of a picture that is `known`, because the store has it, they alone are made.
    """
    with _strict():
        image, original, unturned_size = _opened(path, data, digest)
        if store:
            shown = _shown(image, unturned_size)
            for focus in crops:
                part = shown.crop(sizes.crop_box(*shown.size, focus))
                _keep(store, digest, part, sizes.cropped(*original.size, focus))
            if known is None:
                return replace(original, avifs=_keep(store, digest, shown, sizes.renditions(*original.size)))
    return known or original


def scaled(jpeg: bytes, wanted: Rendition) -> bytes:
    """Return a published JPEG in a smaller size."""
    image = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
    # As in `_opened`: decoded at half its size where that is enough.
    image.draft(None, (wanted.width, wanted.height))
    image.thumbnail((wanted.width, wanted.height), Image.Resampling.LANCZOS)
    image.info = {}
    file = io.BytesIO()
    # Neither progressive nor with tables of its own: that takes half as long again, for a tenth of the bytes.
    image.save(file, "JPEG", quality=82)
    return file.getvalue()


def thumbnail(path: str, data: bytes, most: int) -> bytes:
    """Return a picture as a JPEG of at most so many pixels in width and height; raise Refused if it cannot be shown."""
    with _strict():
        image, _, unturned_size = _opened(path, data, "")
        shown = _shown(image, unturned_size)
    shown.thumbnail((most, most), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    shown.save(file, "JPEG", quality=72)
    return file.getvalue()


def notes(data: bytes) -> tuple[str, ...]:
    """Return the names of the metadata in a picture's file, never their contents; («?»,) if it cannot be read."""
    with _strict(), suppress(*_DECODING_ERRORS), Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        # All other entries of `info` only describe the pixels and reveal nothing about anybody.
        names = {name for name in _METADATA if image.info.get(name)} | ({"exif"} if image.getexif() else set())
        return tuple(sorted(names))
    return ("?",)


def _opened(path: str, data: bytes, digest: str) -> tuple[Image.Image, Original, tuple[int, int]]:
    """Return the decoded picture, its digest and upright size, and the size of its widest rendition before turning."""
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
        # Pillow also calls MPO animated: a photo with a second picture behind it, as many phones make them.
        if image.format != "MPO" and getattr(image, "is_animated", False):
            refuse("picture-animated", found=path)
        width, height = _turned(image.size, _orientation(image))
        widest = sizes.renditions(width, height)[-1]
        unturned_size = _turned((widest.width, widest.height), _orientation(image))
        # draft() lets a JPEG be decoded at a half, a fourth or an eighth of its size, in a fraction of the time.
        image.draft(None, unturned_size)
        image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        _refuse_size(path)
    except _DECODING_ERRORS:
        kind = format_of(data)
        if kind and kind.upper() not in _FORMATS:
            # A photo of an iPhone, a scan or a PDF under a false name: mail programs rename them, and so do people who
            # were told to send a .jpg.
            refuse("picture-format", found=path, kind=kind)
        refuse("picture-broken", found=path)
    return image, Original(digest=digest, width=width, height=height), unturned_size


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation of a picture; 1 if it is upright or its orientation is unknown."""
    with suppress(*_DECODING_ERRORS):
        orientation = image.getexif().get(ExifTags.Base.Orientation)
        return orientation if orientation in _TRANSPOSITIONS else 1
    return 1


def _turned(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation in _SIDEWAYS else size


def _shown(image: Image.Image, unturned_size: tuple[int, int]) -> Image.Image:
    """Return a picture as its widest rendition shows it: upright, on white, in sRGB, without metadata."""
    orientation, profile = _orientation(image), image.info.get("icc_profile")
    small = _plain(image).resize(unturned_size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = small.transpose(_TRANSPOSITIONS[orientation]) if orientation in _TRANSPOSITIONS else small
    shown = _in_srgb(_on_white(upright), profile)
    # save() would copy the entries that the format has room for: comments, profiles, notes of the camera.
    shown.info = {}
    return shown


def _plain(image: Image.Image) -> Image.Image:
    """Return a picture in a mode that can be resized: L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):
        # 16 bits a pixel: convert() alone would clip at 255 and make all but the darkest parts white.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "RGBA":
        # convert() would copy all the pixels, which takes noticeable time.
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"L", "RGB", "CMYK"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    """Return a picture without transparency: black lines on a transparent ground would vanish on a dark page."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    return ground.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in sRGB, which every program understands; without a valid profile it is taken to be sRGB."""
    if profile:
        with suppress(ImageCms.PyCMSError, *_DECODING_ERRORS):
            converted = ImageCms.profileToProfile(image, io.BytesIO(profile), _SRGB, outputMode="RGB")
            assert converted is not None
            return converted
    return image.convert("RGB") if image.mode == "CMYK" else image


def _keep(store: Renditions, digest: str, image: Image.Image, wanted: Sequence[Rendition]) -> tuple[int, ...]:
    """Keep a picture in these sizes, each scaled down from the next wider one; return the widths of its AVIFs."""
    kept = []
    for rendition in reversed(wanted):
        size = rendition.width, rendition.height
        if image.size != size:
            image = image.resize(size, Image.Resampling.LANCZOS)
        data = _encoded(image, rendition.format)
        store.keep(digest, rendition, data)
        if _HAS_AVIF and sizes.is_worth_an_avif(rendition):
            kept.append((rendition, image, len(data)))
    return tuple(_keep_avifs(store, digest, reversed(kept)))


def _keep_avifs(store: Renditions, digest: str, webps: Iterable[tuple[Rendition, Image.Image, int]]) -> Iterator[int]:
    """Keep AVIFs beside these WebPs of so many bytes, the narrowest first; yield their widths."""
    for rendition, image, webp in webps:
        avif = _encoded(image, "avif")
        if sizes.earns_its_place(len(avif), webp):
            store.keep(digest, replace(rendition, format="avif"), avif)
            yield rendition.width
        if not sizes.promises_more(len(avif), webp):
            return


def _encoded(image: Image.Image, kind: sizes.Format) -> bytes:
    file = io.BytesIO()
    image.save(file, **_OPTIONS[kind])
    return file.getvalue()


@contextmanager
def _strict() -> Iterator[None]:
    """Let Pillow raise for a decompression bomb before decoding it. Its other warnings concern data that is dropped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _refuse_size(path: str) -> NoReturn:
    refuse("picture-too-large", found=path, pixels=str(MAX_PIXELS // 10**6), bytes=str(MAX_BYTES >> 20))
