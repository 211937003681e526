"""Pictures for tests, made by Pillow as cameras and programs make them."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

SENTINEL = "Nguyen Van A, 0912 345 678"
"""What a camera knows and nobody may read."""


@cache
def photo(number: int = 0, width: int = 40, height: int = 30, kind: str = "PNG") -> bytes:
    """Return a picture; each number is another one, of the same number of bytes if it is a PNG."""
    image = Image.new("RGB", (width, height), (number * 40 % 256, number * 90 % 256, 200))
    # Uncompressed: only so the size does not depend on what is to be seen.
    return encoded(image, kind, **({"compress_level": 0} if kind == "PNG" else {}))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return a picture, unpacked."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def halves(width: int = 400, height: int = 200) -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


@cache
def rays(colour: str = "red", width: int = 660, height: int = 60, kind: str = "PNG") -> bytes:
    """Return a picture with edges in all directions: it is published as AVIF too, if it is wide enough."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for left in range(0, width, 12):
        draw.polygon([(width // 2, height), (left, 0), (left + 6, 0)], fill=colour)
    return encoded(image, kind)


def telling() -> Image.Exif:
    """Return what a telephone writes into a photo: where it was taken, by whom, and which way up it was held."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = SENTINEL
    exif[0x010F] = "Apple"
    # Latitude and longitude of a place in Thái Nguyên.
    exif[0x8825] = {1: "N", 2: (21.0, 35.0, 39.25), 3: "E", 4: (105.0, 50.0, 52.5)}
    return exif
