"""The pictures of the sample in content/, drawn by us: python -m tools.sample_pictures FOLDER draws them anew.

Landscapes and a plot in the colours of the site, flat, so that a file of 1,200 x 800 pixels weighs a few kilobytes.
They show no place and nobody that there is: the items say «Minh họa» beneath them.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 800
_FINER = 2
"""Drawn this much larger and shrunk, since Pillow's edges are not smooth."""
_COLOURS = 48
PAPER, INK, RED = "#f6efe2", "#1f2430", "#a8121f"
SKY, HAZE, BLUE, DEEP, GREEN, MOSS = "#f3d9b8", "#e9b48a", "#7d98a6", "#3d5a6b", "#7f9a6c", "#4f6b4a"

Point = tuple[float, float]
Drawing = ImageDraw.ImageDraw


def skyline(draw: Drawing, seed: int, base: float, colour: str) -> list[Point]:
    """Draw a row of houses on a line; return the middles of their roofs."""
    chance, left, roofs = random.Random(seed), -20.0, []  # noqa: S311 - a drawing
    while left < WIDTH:
        width, height = chance.randint(50, 120), chance.randint(70, 260)
        draw.rectangle(_scaled((left, base - height, left + width, base)), fill=colour)
        for row in range(int(base - height) + 18, int(base) - 20, 28):
            for column in range(int(left) + 12, int(left + width) - 16, 24):
                if chance.random() < 0.45:  # noqa: PLR2004 - a window that is lit
                    draw.rectangle(_scaled((column, row, column + 10, row + 12)), fill=SKY)
        roofs.append((left + width / 2, base - height))
        left += width + chance.randint(4, 18)
    return roofs


def network(draw: Drawing, roofs: Iterable[Point]) -> None:
    """Join every third roof by an arc with a point at each end: a town whose parts talk to each other."""
    chosen = list(roofs)[1::3]
    for (x, y), (to_x, to_y) in pairwise(chosen):
        arc = [
            (x + (to_x - x) * step / 40, y + (to_y - y) * step / 40 - 120 * math.sin(math.pi * step / 40))
            for step in range(41)
        ]
        draw.line(_points(arc), fill=RED, width=4 * _FINER)
    for x, y in chosen:
        draw.ellipse(_scaled((x - 10, y - 10, x + 10, y + 10)), fill=RED)


def wave(draw: Drawing, base: float, height: float, length: float, colour: str) -> None:
    """Fill all below a wave: hills, or a river."""
    edge = [
        (x, base - height * math.sin(x / length) - height * 0.4 * math.sin(x / length * 2.3))
        for x in range(-10, 1220, 10)
    ]
    draw.polygon(_points([*edge, (WIDTH + 10, HEIGHT), (-10, HEIGHT)]), fill=colour)


def sun(draw: Drawing, x: float, y: float, radius: float = 90) -> None:
    draw.ellipse(_scaled((x - radius, y - radius, x + radius, y + radius)), fill=RED)


def rows_of_trees(draw: Drawing) -> None:
    network(draw, [(x, 330 + 40 * (x % 200) / 200) for x in range(60, WIDTH, 90)])
    sun(draw, 200, 170)
    wave(draw, 520, 20, 200, MOSS)
    for row, base in enumerate((560, 630, 720)):
        size = 60 + 30 * row
        for x in range(-40 + 35 * row, WIDTH + 80, 130 + 40 * row):
            draw.rectangle(_scaled((x - 5, base - size, x + 5, base)), fill=INK)
            draw.ellipse(
                _scaled((x - size * 0.6, base - size * 2.1, x + size * 0.6, base - size * 0.7)),
                fill=(GREEN, MOSS)[row % 2],
            )


def town_on_a_river(draw: Drawing) -> None:
    sun(draw, 260, 260)
    network(draw, skyline(draw, 3, 590, DEEP))
    wave(draw, 580, 6, 60, BLUE)
    for y in range(620, HEIGHT, 45):
        draw.line(_points([(120 + y % 200, y), (420 + y % 300, y)]), fill=PAPER, width=3 * _FINER)


def town_among_hills(draw: Drawing) -> None:
    sun(draw, 620, 230, 110)
    wave(draw, 420, 60, 170, HAZE)
    network(draw, skyline(draw, 11, 600, DEEP))
    wave(draw, 610, 30, 120, GREEN)
    for line in range(7):
        y = 640 + 26 * line
        draw.line(
            _points([(x, y - 18 * math.sin(x / 110 + line * 0.4)) for x in range(-10, 1220, 12)]),
            fill=MOSS,
            width=5 * _FINER,
        )


def bridge(draw: Drawing) -> None:
    sun(draw, 930, 220)
    skyline(draw, 21, 470, BLUE)
    wave(draw, 480, 5, 70, DEEP)
    for span in range(6):
        left = -30 + span * 210
        draw.arc(_scaled((left, 340, left + 210, 660)), 180, 360, fill=RED, width=14 * _FINER)
        for step in range(1, 7):
            x = left + step * 30
            top = 500 - 160 * math.sqrt(max(0.0, 1 - ((x - left - 105) / 105) ** 2))
            draw.line(_points([(x, top), (x, 505)]), fill=RED, width=4 * _FINER)
        draw.rectangle(_scaled((left - 9, 505, left + 9, 640)), fill=INK)
    draw.rectangle(_scaled((-10, 500, WIDTH + 10, 522)), fill=INK)


def three_lights(draw: Drawing) -> None:
    """Squares in rows, as on the map of the bulletin, of which three are lit."""
    for row in range(8):
        for column in range(12):
            x, y = 90 + column * 86, 70 + row * 86
            is_lit = (column, row) in {(3, 2), (8, 5), (7, 3)}
            draw.rounded_rectangle(_scaled((x, y, x + 70, y + 70)), 8 * _FINER, fill=RED if is_lit else HAZE)


def road(draw: Drawing) -> None:
    """A road that has only begun, towards a sun that rises."""
    sun(draw, 600, 380, 150)
    wave(draw, 390, 24, 150, HAZE)
    wave(draw, 420, 8, 90, GREEN)
    draw.polygon(_points([(586, 415), (614, 415), (1010, HEIGHT), (190, HEIGHT)]), fill=DEEP)
    for step in range(5):
        near, far = 0.98 - 0.2 * step, 0.88 - 0.2 * step
        edge = [
            (600 + side * 14 * at, 415 + 385 * at * at) for side, at in ((-1, near), (1, near), (1, far), (-1, far))
        ]
        draw.polygon(_points(edge), fill=PAPER)


def signed(draw: Drawing) -> None:
    """The number of places that had signed: at the end of November, then after each of the four days in December."""
    font = ImageFont.load_default(34 * _FINER)
    for number, (day, count) in enumerate((("30/11", 3), ("20/12", 4), ("21/12", 5), ("25/12", 6), ("28/12", 7))):
        x, top = 130 + number * 200, 660 - count * 75
        draw.rectangle(_scaled((x, top, x + 130, 660)), fill=RED if number else DEEP)
        draw.text(_point((x + 65, top - 30)), str(count), fill=INK, font=font, anchor="mm")
        draw.text(_point((x + 65, 705)), day, fill=INK, font=font, anchor="mm")
    draw.line(_points([(90, 660), (1110, 660)]), fill=INK, width=4 * _FINER)


PICTURES: Mapping[str, tuple[str, Callable[[Drawing], None]]] = {
    "minh-hoa-ba-dia-phuong.png": (PAPER, three_lights),
    "minh-hoa-rung-cay.png": (SKY, rows_of_trees),
    "minh-hoa-ben-song.png": (SKY, town_on_a_river),
    "minh-hoa-doi-che.png": (SKY, town_among_hills),
    "minh-hoa-cay-cau.png": (SKY, bridge),
    "minh-hoa-con-duong.png": (SKY, road),
    "so-dia-phuong-da-ky.png": (PAPER, signed),
}


def drawn(background: str, draw: Callable[[Drawing], None]) -> Image.Image:
    large = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), background)
    draw(ImageDraw.Draw(large))
    small = large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return small.quantize(_COLOURS, dither=Image.Dither.NONE)


def _scaled(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return left * _FINER, top * _FINER, right * _FINER, bottom * _FINER


def _point(point: Point) -> Point:
    return point[0] * _FINER, point[1] * _FINER


def _points(points: Iterable[Point]) -> list[Point]:
    return [_point(point) for point in points]


def main(folder: Path) -> None:
    for name, (background, draw) in PICTURES.items():
        drawn(background, draw).save(folder / name, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
