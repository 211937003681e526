"""Makes photographs for measurements: `python -m bench.pictures 2000 3 FOLDER` writes 2,000 items of 3 pictures each.

They are drawn, and weigh as a camera does: light that changes slowly, surfaces with ever finer grain, sharp edges, and
the noise of the sensor. 1,600 x 1,067 pixels, about 190 kB as JPEG. The same number gives the same picture.
"""

from __future__ import annotations

import random
import sys
from functools import cache
from multiprocessing import Pool
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bench import items

SIZE = WIDTH, HEIGHT = 1600, 1067
_QUALITY = 80
_OCTAVES = ((9, 36), (36, 26), (150, 17), (600, 11), (2400, 6))
"""How many cells of grain lie across a texture, and how much they differ in brightness (of 255)."""
_TEXTURES = 12
"""Each picture cuts its grain out of one of so many: drawing it anew would take most of the time."""
_LARGER = 2400, 1600
_CATEGORIES = ("Hợp tác", "Đào tạo", "Hạ tầng", "Dịch vụ công")


@cache
def _texture(number: int) -> Image.Image:
    """Return grain as in grass, walls or clothes: half as strong with each step that it is finer."""
    chance = random.Random(number)  # noqa: S311 - a drawing
    whole = Image.new("L", _LARGER, 128)
    for across, strength in _OCTAVES:
        down = across * 2 // 3
        cells = Image.frombytes("L", (across, down), chance.randbytes(across * down))
        cells = cells.point(lambda value, strength=strength: 128 + (value - 128) * strength // 128)
        whole = ImageChops.add(whole, cells.resize(_LARGER, Image.Resampling.BICUBIC), 1, -128)
    return whole


def _light(chance: random.Random) -> Image.Image:
    """Return sky, ground and what lies between, as colours without edges."""
    return Image.frombytes("RGB", (4, 3), bytes(chance.randint(70, 190) for _ in range(36))).resize(
        SIZE, Image.Resampling.BICUBIC
    )


def _things(chance: random.Random) -> tuple[Image.Image, Image.Image]:
    """Return things with sharp edges in flat colours, and where they stand."""
    colours, mask = Image.new("RGB", SIZE), Image.new("L", SIZE)
    draw, cut = ImageDraw.Draw(colours), ImageDraw.Draw(mask)
    for _ in range(chance.randint(6, 24)):
        x, y, size = chance.randrange(WIDTH), chance.randrange(HEIGHT), chance.randint(30, 260)
        points = [
            (x + chance.randint(-size, size), y + chance.randint(-size, size)) for _ in range(chance.randint(3, 7))
        ]
        draw.polygon(points, fill=tuple(chance.randint(20, 235) for _ in range(3)))
        cut.polygon(points, fill=chance.randint(130, 255))
    return colours, mask.filter(ImageFilter.GaussianBlur(0.7))


def photo(number: int) -> Image.Image:
    """Return the n-th photograph."""
    chance = random.Random(number)  # noqa: S311 - a drawing
    grain = _part(_texture(chance.randrange(_TEXTURES)), chance)
    if chance.random() < 0.5:  # noqa: PLR2004 - as often to one side as to the other
        grain = grain.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if chance.random() < 0.5:  # noqa: PLR2004 - half of all photographs are soft
        grain = grain.filter(ImageFilter.BoxBlur(2))
    colours, mask = _things(chance)
    scene = Image.composite(colours, _light(chance), mask)
    scene = ImageChops.add(scene, Image.merge("RGB", (grain, grain, grain)), 1, -128)
    noise = [_part(_noise(), chance) for _ in range(3)]
    return ImageChops.add(scene, Image.merge("RGB", noise), 1, -128)


def _part(whole: Image.Image, chance: random.Random) -> Image.Image:
    left, upper = chance.randint(0, _LARGER[0] - WIDTH), chance.randint(0, _LARGER[1] - HEIGHT)
    return whole.crop((left, upper, left + WIDTH, upper + HEIGHT))


@cache
def _noise() -> Image.Image:
    """Return the noise of a sensor, of which each colour has its own."""
    chance = random.Random(0)  # noqa: S311 - a drawing
    return Image.frombytes("L", _LARGER, chance.randbytes(_LARGER[0] * _LARGER[1])).point(
        lambda value: 128 + (value - 128) // 40
    )


def write_photo(file: Path, number: int) -> None:
    photo(number).save(file, "JPEG", quality=_QUALITY)


def write_site(folder: Path, count: int, each: int) -> None:
    """Write a site of items with `each` pictures beside each: the first at the head, the others as a gallery."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = ", ".join(f'"{name}"' for name in _CATEGORIES)
    (folder / "pyproject.toml").write_text(f"[tool.bulletin]\ncategories = [{listed}]\n", encoding="utf-8")
    photos = []
    for number in range(count):
        found = items.news(number, count)
        file = folder / "content" / found.path
        file.parent.mkdir(parents=True, exist_ok=True)
        names = [f"anh-{number}-{place}.jpg" for place in range(each)]
        photos += [(file.parent / name, number * each + place) for place, name in enumerate(names)]
        # A category for each item, an author and words beneath: what stands on the pages beside the pictures.
        header = (
            f"image: {names[0]}\nimage_alt: Minh họa {number}\ncategory: {_CATEGORIES[number % len(_CATEGORIES)]}\n"
        )
        shown = "\n".join(
            f'![Minh họa {place}]({name} "Minh họa {place} của tin {number}. Ảnh: máy vẽ")'
            for place, name in enumerate(names[1:], 1)
        )
        text = items.own_header(found).replace("---\n", f"---\n{header}", 1) + found.body + f"\n{shown}\n"
        file.write_text(text, encoding="utf-8", newline="\n")
    with Pool() as pool:
        pool.starmap(write_photo, photos, chunksize=32)


if __name__ == "__main__":
    write_site(Path(sys.argv[3]), int(sys.argv[1]), int(sys.argv[2]))
