"""At which sizes a picture is published, and under which names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bulletin.images import Candidate, Original, crops, picture, published
from bulletin.images.sizes import (
    MAX_HEIGHT,
    crop_box,
    cropped,
    earns_its_place,
    is_worth_an_avif,
    promises_more,
    renditions,
)

ORIGINAL = Original(digest="0123456789abcdef" * 2, width=4000, height=3000)
sides = st.integers(min_value=1, max_value=60_000)


def widths(width: int, height: int = 100) -> list[int]:
    return [one.width for one in renditions(width, height) if one.format == "webp"]


@pytest.mark.parametrize(
    ("width", "made"),
    [
        (4000, [480, 960, 1600]),
        (1600, [480, 960, 1600]),
        (1200, [480, 960, 1200]),
        (1000, [480, 1000]),
        (960, [480, 960]),
        (600, [480, 600]),
        (599, [599]),
        (480, [480]),
        (1, [1]),
    ],
)
def test_the_widths_are_three_at_most_and_none_is_enlarged_or_hardly_smaller(width: int, made: list[int]) -> None:
    assert widths(width) == made


def test_the_jpeg_is_the_last_and_as_large_as_the_largest_webp() -> None:
    *_, widest, jpeg = renditions(4000, 3000)
    assert (jpeg.format, jpeg.width, jpeg.height) == ("jpg", 1600, 1200)
    assert (widest.format, widest.width, widest.height) == ("webp", 1600, 1200)


def test_a_picture_that_is_too_high_for_webp_becomes_narrower() -> None:
    assert [(one.width, one.height) for one in renditions(1600, 31_250)] == [(480, 9375), (838, 16_367), (838, 16_367)]


@given(sides, sides)
def test_any_picture_keeps_its_shape(width: int, height: int) -> None:
    made = renditions(width, height)
    assert [one.format for one in made] == ["webp"] * (len(made) - 1) + ["jpg"]
    assert [one.width for one in made[:-1]] == sorted({one.width for one in made})
    for one in made:
        assert 1 <= one.width <= width
        assert 1 <= one.height <= min(height, MAX_HEIGHT)
        # To the nearest pixel, but for a line that is thinner than one.
        assert abs(one.height - height * one.width / width) <= 0.5 or one.height == 1 or one.width == 1


def test_a_webp_is_named_by_its_picture_and_the_jpeg_by_its_place() -> None:
    assert [url for url, _ in published(ORIGINAL, "/tin/2016/12/a/le-ky")] == [
        "/tin/2016/12/a/le-ky-480.01234567.webp",
        "/tin/2016/12/a/le-ky-960.01234567.webp",
        "/tin/2016/12/a/le-ky-1600.01234567.webp",
        "/tin/2016/12/a/le-ky.jpg",
    ]


def test_a_page_is_told_the_jpeg_s_size_and_what_a_browser_may_choose() -> None:
    found = picture(ORIGINAL, "/a")
    assert (found.url, found.width, found.height) == ("/a.jpg", 1600, 1200)
    assert found.candidates[0] == Candidate(url="/a-480.01234567.webp", width=480)
    assert [candidate.width for candidate in found.candidates] == [480, 960, 1600]


def test_an_avif_is_published_at_the_widths_that_have_one_and_the_jpeg_stays_the_last() -> None:
    original = replace(ORIGINAL, avifs=(960,))
    assert [url for url, _ in published(original, "/a")] == [
        "/a-960.01234567.avif",
        *(url for url, _ in published(ORIGINAL, "/a")),
    ]
    found = picture(original, "/a")
    assert [one.url for one in found.with_avif] == [
        "/a-480.01234567.webp",
        "/a-960.01234567.avif",
        "/a-1600.01234567.webp",
    ]
    assert replace(found, with_avif=()) == picture(ORIGINAL, "/a"), "all others are shown what they were"
    assert published(original, "/a", (50, 50)) == published(ORIGINAL, "/a", (50, 50))


def test_avifs_are_tried_of_wide_sizes_alone() -> None:
    assert [one.width for one in renditions(4000, 3000) if is_worth_an_avif(one)] == [960, 1600]
    assert not [one for one in cropped(4000, 3000, (50, 50)) if is_worth_an_avif(one)]


@pytest.mark.parametrize(
    ("avif", "webp", "earns"),
    [
        (90_000, 100_000, True),
        (90_001, 100_000, False),
        (100_000, 90_000, False),
        (3_000, 5_048, True),
        (3_001, 5_048, False),
        (0, 2_000, False),
    ],
)
def test_an_avif_must_save_a_tenth_and_two_kilobytes(avif: int, webp: int, *, earns: bool) -> None:
    assert earns_its_place(avif, webp) is earns


@pytest.mark.parametrize(("avif", "promises"), [(75, True), (76, False), (120, False)])
def test_an_avif_that_saves_a_fourth_promises_more(avif: int, *, promises: bool) -> None:
    assert promises_more(avif, 100) is promises


@given(sides, sides, st.tuples(st.integers(0, 100), st.integers(0, 100)))
def test_any_crop_is_of_three_to_two_and_keeps_its_focus(width: int, height: int, focus: tuple[int, int]) -> None:
    left, upper, right, lower = box = crop_box(width, height, focus)
    assert 0 <= left < right <= width
    assert 0 <= upper < lower <= height
    for percent, whole, (start, end) in zip(focus, (width, height), (box[::2], box[1::2]), strict=True):
        assert start - 1 <= whole * percent / 100 <= end + 1
    # As large as can be, and to the nearest pixel of three to two, but for what is thinner than one.
    assert right - left == width or lower - upper >= height - 1
    assert abs((lower - upper) * 3 - (right - left) * 2) <= 3 or min(width, height) < 3
    made = cropped(width, height, focus)
    assert [one.width for one in made] == sorted({one.width for one in made})
    assert all(one.format == "webp" and one.focus == focus and one.width <= min(width, 960) for one in made)


def test_a_crop_is_named_by_its_picture_and_its_focus() -> None:
    names = {
        focus: [url for url, _ in published(ORIGINAL, "/tin/2016/12/a/le-ky", focus)] for focus in ((50, 50), (60, 20))
    }
    assert [re.sub(r"\.[0-9a-f]{8}\.", ".", url) for url in names[50, 50]] == [
        f"/tin/2016/12/a/le-ky-c{width}.webp" for width in (320, 640, 960)
    ]
    assert not set(names[50, 50]) & set(names[60, 20])
    found = crops(ORIGINAL, "/a", (50, 50))
    assert (found.width, found.height, [one.width for one in found.candidates]) == (960, 640, [320, 640, 960])
