"""A picture of any camera or program becomes one that every browser shows, or is refused in words."""

from __future__ import annotations

import os
import struct
import tempfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile, ImageFilter
from PIL.GifImagePlugin import GifImageFile

from bulletin.images import MAX_BYTES, Original, Unusable, pillow, published
from bulletin.images.pillow import Wanted, make_renditions, make_renditions_of_chunk
from bulletin.images.sizes import MAX_PIXELS
from bulletin.images.store import Renditions
from bulletin.pages.links import PICTURES
from bulletin.problems import Refused
from tests.pictures import SENTINEL, encoded, halves, opened, photo, rays, telling
from tests.sites import write

Made = Mapping[str, bytes]
"""Renditions by their widths and formats: `480.webp`."""
RED, BLUE, WHITE, BLACK = (255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def made(data: bytes) -> tuple[Original, Made]:
    """Return what is known of a picture and all that is made of it."""
    with tempfile.TemporaryDirectory() as folder:
        store = Renditions(folder=Path(folder))
        original = make_renditions("content/anh", data, "0", store)
        wanted = (rendition for _, rendition in published(original, ""))
        found = {f"{one.width}.{one.format}": store.read("0", one) or b"" for one in wanted}
    return original, found


def refusal(data: bytes) -> str:
    """Return the code with which a picture is refused, with or without renditions to be made."""
    codes = set()
    for store in (None, Renditions(folder=Path("nowhere"))):
        with pytest.raises(Refused) as caught:
            make_renditions("content/anh", data, "0", store)
        assert caught.value.words["found"] == "content/anh"
        codes.add(caught.value.code)
    (only,) = codes
    return only


def colour_at(data: bytes, x: float, y: float) -> tuple[int, ...]:
    """Return the colour at a place, each side of the picture being 1."""
    image = opened(data).convert("RGB")
    found = image.getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(found, tuple)
    return tuple(map(int, found))


def is_near(found: tuple[int, ...], wanted: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


# What is made


@pytest.mark.parametrize("kind", ["AVIF", "GIF", "JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_webps_and_one_jpeg_of_the_right_sizes(kind: str) -> None:
    original, found = made(encoded(halves(2000, 1000), kind))
    assert (original.width, original.height) == (2000, 1000)
    assert {name: opened(data).size for name, data in found.items()} == {
        "480.webp": (480, 240),
        "960.webp": (960, 480),
        "1600.webp": (1600, 800),
        "1600.jpg": (1600, 800),
    }
    for name, data in found.items():
        assert opened(data).format == {"webp": "WEBP", "jpg": "JPEG"}[name.partition(".")[2]]
        assert is_near(colour_at(data, 0.2, 0.5), RED)
        assert is_near(colour_at(data, 0.8, 0.5), BLUE)


@pytest.mark.parametrize("data", [photo(3, 700, 500, "JPEG"), rays()], ids=["photo", "rays"])
def test_the_same_picture_gives_the_same_bytes(data: bytes) -> None:
    assert made(data) == made(data)


def test_an_avif_is_made_where_it_is_smaller_by_enough() -> None:
    original, found = made(rays(width=1600, height=200))
    assert original.avifs == (960, 1600)
    for width in original.avifs:
        assert opened(found[f"{width}.avif"]).format == "AVIF"
        assert opened(found[f"{width}.avif"]).size == opened(found[f"{width}.webp"]).size
        assert len(found[f"{width}.avif"]) <= 0.9 * len(found[f"{width}.webp"])
    soft = Image.effect_noise((700, 500), 60).convert("RGB").filter(ImageFilter.GaussianBlur(2))
    for data in (photo(3, 700, 500), encoded(soft, "PNG")):
        assert made(data)[0].avifs == ()
        assert set(made(data)[1]) == {"480.webp", "700.webp", "700.jpg"}, "what was tried in vain is not kept"


def test_a_wide_avif_is_tried_only_where_the_narrower_saved_a_fourth(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    real = pillow._encoded  # noqa: SLF001

    def noted(image: Image.Image, kind: Any) -> bytes:
        if kind == "avif":
            tried.append(image.width)
        return real(image, kind)

    monkeypatch.setattr(pillow, "_encoded", noted)
    original, found = made(rays(width=1600))
    assert 0.75 < len(found["960.avif"]) / len(found["960.webp"]) < 0.9, "or another picture must be drawn"
    assert (original.avifs, tried) == ((960,), [960])


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="a process cannot be held to one processor here")
def test_an_avif_does_not_depend_on_the_number_of_processors() -> None:
    with_all = made(rays(height=200))
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    try:
        assert made(rays(height=200)) == with_all
    finally:
        os.sched_setaffinity(0, processors)
    image = opened(rays(height=200))
    one, two = (encoded(image, "AVIF", speed=8, max_threads=threads, autotiling=False) for threads in (1, 2))
    assert one != two, "or threads need not be limited"


def test_pillow_without_avif_makes_all_but_that(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it, all_found = made(rays())
    avif = encoded(halves(), "AVIF")
    monkeypatch.setattr(pillow, "_HAS_AVIF", False)
    monkeypatch.setattr(pillow, "_FORMATS", ("GIF", "JPEG", "PNG", "WEBP"))
    original, found = made(rays())
    assert (with_it.avifs, original.avifs) == ((660,), ())
    assert found == {name: data for name, data in all_found.items() if not name.endswith(".avif")}
    assert refusal(avif) == "picture-format", "it is not called broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_a_camera_tells_is_left(kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SENTINEL}</x:xmpmeta>".encode()
    options = {"exif": telling(), "icc_profile": profile} | ({"xmp": xmp} if kind != "PNG" else {})
    image = opened(rays(width=200, height=700))
    data = encoded(image, kind, **options, **({"comment": SENTINEL} if kind == "JPEG" else {}))
    assert SENTINEL.encode() in data
    assert opened(data).getexif().get_ifd(0x8825)[1] == "N"
    _, found = made(data)
    assert any(name.endswith(".avif") for name in found)
    for rendition in found.values():
        assert not [word for word in (SENTINEL.encode(), b"Exif", b"Apple", b"xmp", b"ICC") if word in rendition]
        assert dict(opened(rendition).getexif()) == {}
        assert set(opened(rendition).info) <= {"background", "loop", "timestamp", "duration"} | {
            *("jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"),
        }


# How a picture with red on the left and blue on the right looks once it is upright: the colours of left, right, top,
# bottom by its orientation.
UPRIGHT = {
    1: "red blue - -",
    2: "blue red - -",
    3: "blue red - -",
    4: "red blue - -",
    5: "- - red blue",
    6: "- - red blue",
    7: "- - blue red",
    8: "- - blue red",
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_a_picture_stands_upright_however_the_camera_was_held(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    # A large JPEG is unpacked at half its size before it is turned.
    long, short = (4000, 2000) if kind == "JPEG" else (500, 250)
    original, found = made(encoded(halves(long, short), kind, exif=exif))
    is_high = orientation > 4
    assert (original.width, original.height) == ((short, long) if is_high else (long, short))
    narrowest = next(iter(sorted(found, key=lambda name: int(name.partition(".")[0]))))
    width, height = opened(found[narrowest]).size
    assert (height / width) == (2 if is_high else 1 / 2)
    seen = UPRIGHT[orientation].split()
    for (x, y), colour in zip([(0.1, 0.5), (0.9, 0.5), (0.5, 0.1), (0.5, 0.9)], seen, strict=True):
        if colour != "-":
            assert is_near(colour_at(found[narrowest], x, y), RED if colour == "red" else BLUE)


def test_exif_that_cannot_be_read_turns_nothing_and_stops_nothing() -> None:
    broken = b"Exif\0\0MM\0\x2a\xff\xff\xff\xff" + b"\xff" * 40
    original, _ = made(encoded(halves(), "JPEG", exif=broken))
    assert (original.width, original.height) == (400, 200)
    wrong = Image.Exif()
    wrong[0x0112] = 99
    assert made(encoded(halves(), "JPEG", exif=wrong))[0] == original


def with_alpha() -> Image.Image:
    """Return black on nothing: the left half is a black drawing, the right one shows what is behind."""
    image = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 200, 200))
    return image


def palette_with_alpha() -> Image.Image:
    image = Image.new("P", (400, 200), 1)
    image.putpalette([0, 0, 0, 9, 9, 9])
    image.paste(0, (0, 0, 200, 200))
    image.info["transparency"] = 1
    return image


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (with_alpha(), "PNG"),
        (with_alpha(), "WEBP"),
        (with_alpha().convert("LA"), "PNG"),
        (palette_with_alpha(), "PNG"),
        (palette_with_alpha(), "GIF"),
    ],
    ids=["RGBA", "WebP", "LA", "palette", "GIF"],
)
def test_what_can_be_seen_through_stands_on_white(image: Image.Image, kind: str) -> None:
    _, found = made(encoded(image, kind))
    for rendition in found.values():
        assert opened(rendition).mode == "RGB"
        assert is_near(colour_at(rendition, 0.2, 0.5), BLACK)
        assert is_near(colour_at(rendition, 0.8, 0.5), WHITE)


def sixteen_bits() -> Image.Image:
    """Return a picture of 16 bits whose left half is at a fourth of the way to white and whose right half is white."""
    image = Image.new("I;16", (400, 200), 0x4000)
    image.paste(0xFFFF, (200, 0, 400, 200))
    return image


def black_and_white() -> Image.Image:
    image = Image.new("1", (400, 200), 0)
    image.paste(1, (200, 0, 400, 200))
    return image


@pytest.mark.parametrize(
    ("image", "kind", "left", "right"),
    [
        (sixteen_bits(), "PNG", (64, 64, 64), WHITE),
        (black_and_white(), "PNG", BLACK, WHITE),
        (halves().convert("L"), "JPEG", (76, 76, 76), (29, 29, 29)),
        (halves().convert("P"), "PNG", RED, BLUE),
        (halves().convert("CMYK"), "JPEG", RED, BLUE),
    ],
    ids=["16 bits", "1 bit", "grey", "palette", "CMYK"],
)
def test_every_mode_keeps_its_colours(
    image: Image.Image, kind: str, left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    _, found = made(encoded(image, kind))
    for rendition in found.values():
        assert is_near(colour_at(rendition, 0.2, 0.5), left)
        assert is_near(colour_at(rendition, 0.8, 0.5), right)


def swapped_profile() -> bytes:
    """Return a profile of an invented camera whose red is the blue of all others."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for at in range(132, 132 + 12 * struct.unpack(">I", profile[128:132])[0], 12):
        names = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}
        profile[at : at + 4] = names.get(bytes(profile[at : at + 4]), profile[at : at + 4])
    return bytes(profile)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_colours_of_a_camera_s_profile_become_those_of_all_screens(kind: str) -> None:
    _, found = made(encoded(halves(), kind, icc_profile=swapped_profile()))
    for rendition in found.values():
        assert is_near(colour_at(rendition, 0.2, 0.5), BLUE, by=30)
        assert is_near(colour_at(rendition, 0.8, 0.5), RED, by=30)


@pytest.mark.parametrize("profile", [b"x" * 200, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()])
def test_a_profile_that_does_not_fit_is_left_alone(profile: bytes) -> None:
    _, found = made(encoded(halves(), "JPEG", icc_profile=profile))
    assert is_near(colour_at(found["400.webp"], 0.2, 0.5), RED)


def test_a_photo_with_a_second_picture_behind_it_is_no_animation() -> None:
    two = encoded(halves(), "MPO", save_all=True, append_images=[halves(100, 50)])
    assert made(two)[0] == made(encoded(halves(), "JPEG"))[0]


def test_a_still_gif_is_a_picture() -> None:
    assert set(made(photo(1, 500, 300, "GIF"))[1]) == {"500.webp", "500.jpg"}


# What is refused


def frames() -> list[Image.Image]:
    return [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]


@pytest.mark.parametrize("kind", ["AVIF", "GIF", "PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(kind: str) -> None:
    first, *rest = frames()
    assert refusal(encoded(first, kind, save_all=True, append_images=rest, duration=100)) == "picture-animated"


@pytest.mark.parametrize("kind", ["AVIF", "GIF", "JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.97])
def test_a_picture_that_was_not_copied_whole_is_refused(kind: str, part: float) -> None:
    data = encoded(Image.effect_noise((300, 200), 90).convert("RGB"), kind)
    assert refusal(data[: int(len(data) * part)]) == "picture-broken"


@pytest.mark.parametrize("data", [b"", b"anh", b"<p>Anh", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refusal(data) == "picture-broken"


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "PPM", "ICO", "JPEG2000"])
def test_no_other_kind_is_opened_under_a_false_name(kind: str) -> None:
    assert refusal(encoded(halves(64, 64), kind)) == ("picture-broken" if kind == "PPM" else "picture-format")


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_a_photo_of_an_iphone_under_a_false_name_is_told_apart(brand: bytes) -> None:
    assert refusal(b"\0\0\0\x18ftyp" + brand + b"\0" * 99) == "picture-format"


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that says it is as large as that, and has no pixels."""
    data = bytearray(photo(1))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


def gif_of(width: int, height: int) -> bytes:
    data = bytearray(photo(1, kind="GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def webp_of(width: int, height: int) -> bytes:
    body = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(20)
    return b"RIFF" + struct.pack("<I", len(body) + 12) + b"WEBPVP8L" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("data", [png_of(8000, 8000), png_of(60_000, 60_000), gif_of(60_000, 60_000)])
def test_a_bomb_is_refused_by_what_it_says_of_itself(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def unpack(*_: object) -> None:
        raise AssertionError("it was unpacked")

    for reader in (Image.Image, ImageFile.ImageFile, GifImageFile):
        monkeypatch.setattr(reader, "load", unpack)
    assert refusal(data) == "picture-too-large"


@pytest.mark.parametrize("side", [8000, 16_383])
def test_a_bomb_of_webp_is_refused_too(side: int) -> None:
    assert refusal(webp_of(side, side)) in {"picture-too-large", "picture-broken"}


def test_as_many_pixels_as_a_good_camera_has_are_taken() -> None:
    side = int(MAX_PIXELS**0.5)
    data = encoded(Image.new("1", (side, side)), "PNG")
    assert make_renditions("content/anh", data, "0", None).width == side


@pytest.mark.parametrize("size", [MAX_BYTES, MAX_BYTES + 1])
def test_a_file_of_too_many_bytes_is_refused(tmp_path: Path, size: int) -> None:
    write(tmp_path, {"content/anh.jpg": photo(1, kind="JPEG") + bytes(size - len(photo(1, kind="JPEG")))})
    ((digest, found),) = make_renditions_of_chunk(tmp_path, {}, None, [Wanted(path="content/anh.jpg")])
    if size > MAX_BYTES:
        assert isinstance(found, Unusable)
        assert (digest, found.code) == ("", "picture-too-large")
    else:
        assert isinstance(found, Original)


def test_a_picture_that_is_gone_or_held_is_told(tmp_path: Path) -> None:
    ((digest, found),) = make_renditions_of_chunk(tmp_path, {}, None, [Wanted(path="content/anh.jpg")])
    assert isinstance(found, Unusable)
    assert (digest, found.code) == ("", "picture-unreadable")
    assert dict(found.words)["found"] == "content/anh.jpg"


SEEDS = [encoded(halves(60, 40), kind) for kind in ("AVIF", "GIF", "JPEG", "PNG", "WEBP")]
SEEDS += [encoded(halves(60, 40), kind, exif=telling()) for kind in ("JPEG", "PNG", "WEBP")]
SEEDS += [encoded(halves(60, 40), "JPEG", icc_profile=swapped_profile())]


@given(st.sampled_from(SEEDS), st.data())
def test_a_picture_with_bytes_that_fell_over_is_shown_or_refused(seed: bytes, data: st.DataObject) -> None:
    broken = bytearray(seed)
    for at in data.draw(st.lists(st.integers(0, len(seed) - 1), min_size=1, max_size=8)):
        broken[at] = data.draw(st.integers(0, 255))
    # Anything but a refusal would be raised.
    with tempfile.TemporaryDirectory() as folder, suppress(Refused):
        assert make_renditions("content/anh", bytes(broken), "0", Renditions(folder=Path(folder))).width > 0


def test_a_fault_of_ours_is_not_taken_for_a_broken_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> Callable[[], None]:
        raise ValueError("ours")

    monkeypatch.setattr(pillow, "_plain", fail)
    with pytest.raises(ValueError, match="ours"):
        made(photo(1))


def test_every_ending_of_a_picture_is_one_that_is_read() -> None:
    read = {ending for ending, kind in Image.registered_extensions().items() if kind in pillow._FORMATS}  # noqa: SLF001
    assert set(PICTURES) <= read
