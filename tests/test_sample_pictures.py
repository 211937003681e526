"""The pictures of the sample: drawn by us, small, and each shown by an item."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from tests.sites import SAMPLE, sample_site
from tools.sample_pictures import HEIGHT, PICTURES, WIDTH, drawn

MOST_BYTES = 40_000


def test_every_item_of_the_sample_shows_pictures_that_the_script_draws(tmp_path: Path) -> None:
    folder = sample_site(tmp_path) / "content/2016"
    texts = {path.stem: path.read_text("utf-8") for path in folder.glob("*.md")}
    assert {path.name for path in folder.glob("*.png")} == PICTURES.keys()
    for name in SAMPLE:
        assert any(f"image: {picture}\n" in texts[name] for picture in PICTURES), name
        assert "\nimage_alt: " in texts[name]
        assert all(f"({picture} " in texts[name] for picture in PICTURES if picture in texts[name]), "with a caption"


def test_they_are_small(tmp_path: Path) -> None:
    for file in (sample_site(tmp_path) / "content/2016").glob("*.png"):
        assert file.stat().st_size < MOST_BYTES
        with Image.open(file) as picture:
            assert picture.size == (WIDTH, HEIGHT)


def test_the_script_draws_them(tmp_path: Path) -> None:
    """One of them, on a machine whose Pillow may smooth edges otherwise: alike, not byte for byte."""
    name = "minh-hoa-con-duong.png"
    with Image.open(sample_site(tmp_path) / "content/2016" / name) as kept:
        difference = ImageChops.difference(kept.convert("RGB"), drawn(*PICTURES[name]).convert("RGB"))
    assert max(ImageStat.Stat(difference).mean) < 1
