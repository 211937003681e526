"""Files beside an item: which ones the bulletin takes, under which clean name; pictures are shown from there."""

from __future__ import annotations

import posixpath
from pathlib import Path

from msgspec import Struct

from bulletin.desk.storage import DESK, Store
from bulletin.digests import digest_of_bytes
from bulletin.formats import format_of
from bulletin.images import MAX_BYTES
from bulletin.model import CONTENT
from bulletin.problems import refuse
from bulletin.urls import is_device_name
from bulletin.vietnamese import slug

_PICTURES = {"AVIF": ".avif", "GIF": ".gif", "JPEG": ".jpg", "PNG": ".png", "WebP": ".webp"}
_TYPES = {"AVIF": "image/avif", "GIF": "image/gif", "JPEG": "image/jpeg", "PNG": "image/png", "WebP": "image/webp"}
_OTHERS = {
    "PDF": (".pdf",),
    "Word": (".docx", ".doc"),
    "Excel": (".xlsx", ".xls"),
    "PowerPoint": (".pptx", ".ppt"),
    "ZIP": (".zip",),
    "MP3": (".mp3",),
    "MP4": (".mp4",),
}


# Pictures of cameras and of drawing programs, which browsers do not show.
_NOT_SHOWN = ("BMP", "HEIC", "ICO", "JPEG 2000", "JPEG XL", "PSD", "SVG", "TIFF")
_MAX_LETTERS = 60


class Landed(Struct, frozen=True, kw_only=True):
    """A file that was taken: its name beside the item, the name it came with, and whether it is a picture."""

    name: str
    title: str
    is_picture: bool


class Taken(Struct, frozen=True, kw_only=True):
    """A file that the bulletin can publish: the clean words and the ending of its name, and whether it is a picture."""

    words: str
    ending: str
    is_picture: bool


def taken(name: str, data: bytes) -> Taken:
    """Return how a file may be called. What it is, its bytes say; raise Refused if the bulletin cannot publish it."""
    kind = format_of(data)
    if len(data) > MAX_BYTES:
        refuse("picture-too-large", found=name, pixels="50", bytes=str(MAX_BYTES >> 20))
    stem, ending = posixpath.splitext(name)
    if kind in _PICTURES:
        ending = _PICTURES[kind]
        _check_picture(name, data)
    elif kind not in _OTHERS:
        code = "picture-format" if kind in _NOT_SHOWN else "file-not-taken"
        refuse(code, found=name, kind=kind or ending or "?")
    elif ending.lower() not in _OTHERS[kind]:
        refuse("file-ending-wrong", found=name, kind=kind, right=_OTHERS[kind][0])
    return Taken(words=_clean(stem), ending=ending.lower(), is_picture=kind in _PICTURES)


def land(root: Path, folder: str, name: str, data: bytes) -> Landed:
    """Put a file into a folder of content/ at once, under a clean name that is free; raise Refused as `taken` does."""
    found = taken(name, data)
    landed = Store(root).waiting.put_at_once(folder, f"{found.words}{found.ending}", data)
    return Landed(name=landed, title=name, is_picture=found.is_picture)


def _check_picture(name: str, data: bytes) -> None:
    from bulletin.images.pillow import make_renditions  # noqa: PLC0415 - Pillow takes 40 ms to load

    make_renditions(name, data, digest_of_bytes(data), None)


def _clean(stem: str) -> str:
    """Return a name that every system accepts, and that still says what the file was called."""
    words = slug(stem)[:_MAX_LETTERS].strip("-") or "tep"
    return f"tep-{words}" if is_device_name(words) else words


def are_named(root: Path, folder: str, text: str) -> bool:
    """Tell whether a text names a file, other than an item, that stands in a folder of content/."""
    here = root / folder
    files = here.iterdir() if here.is_dir() else ()
    return any(file.name in text for file in files if file.suffix != ".md")


def names(root: Path, folder: str) -> list[str]:
    """Return the names of the pictures in a folder of content/."""
    here = root / folder
    endings = tuple(_PICTURES.values())
    return (
        sorted(entry.name for entry in here.iterdir() if entry.name.lower().endswith(endings)) if here.is_dir() else []
    )


def shown(root: Path, path: str, waiting: str = "") -> tuple[bytes, str] | None:
    """Return the bytes and the type of a picture of content/; None for anything else, whatever its name says.

    `waiting` is the path of the file that waits to stand there, if there is one.
    """
    return _shown(root, path, CONTENT) or (_shown(root, waiting, DESK) if waiting else None)


def _shown(root: Path, path: str, top: str) -> tuple[bytes, str] | None:
    try:
        real = (root / posixpath.normpath(path)).resolve()
        is_file = real.is_file()
    except (OSError, RuntimeError, ValueError):
        # No name of a file: too long, with NUL, or a link that leads to itself.
        return None
    is_hidden = "/." in f"/{path.removeprefix(f'{DESK}/')}"
    if not real.is_relative_to((root / top).resolve()) or is_hidden or not is_file:
        return None
    if real.stat().st_size > MAX_BYTES:
        return None
    data = real.read_bytes()
    kind = format_of(data)
    return (data, _TYPES[kind]) if kind in _TYPES else None
