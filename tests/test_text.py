"""Vietnamese order is ICU's, folding keeps letters apart from nothing but their accents, clipping keeps tones."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable, Iterable
from itertools import pairwise, product
from unicodedata import combining, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.vietnamese import clean, clip, fold, nearest, nfc, slug, sort_key
from tests.programs import require

OF_63 = """An Giang, Bà Rịa - Vũng Tàu, Bạc Liêu, Bắc Giang, Bắc Kạn, Bắc Ninh, Bến Tre, Bình Dương, Bình Định,
Bình Phước, Bình Thuận, Cà Mau, Cao Bằng, Cần Thơ, Đà Nẵng, Đắk Lắk, Đắk Nông, Điện Biên, Đồng Nai, Đồng Tháp, Gia Lai,
Hà Giang, Hà Nam, Hà Nội, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang, Hòa Bình, Hồ Chí Minh, Hưng Yên, Khánh Hòa,
Kiên Giang, Kon Tum, Lai Châu, Lạng Sơn, Lào Cai, Lâm Đồng, Long An, Nam Định, Nghệ An, Ninh Bình, Ninh Thuận, Phú Thọ,
Phú Yên, Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng Ninh, Quảng Trị, Sóc Trăng, Sơn La, Tây Ninh, Thái Bình, Thái Nguyên,
Thanh Hóa, Thừa Thiên Huế, Tiền Giang, Trà Vinh, Tuyên Quang, Vĩnh Long, Vĩnh Phúc, Yên Bái"""
OF_34 = """An Giang, Bắc Ninh, Cà Mau, Cao Bằng, Cần Thơ, Đà Nẵng, Đắk Lắk, Điện Biên, Đồng Nai, Đồng Tháp, Gia Lai,
Hà Nội, Hà Tĩnh, Hải Phòng, Hồ Chí Minh, Huế, Hưng Yên, Khánh Hòa, Lai Châu, Lạng Sơn, Lào Cai, Lâm Đồng, Nghệ An,
Ninh Bình, Phú Thọ, Quảng Ngãi, Quảng Ninh, Quảng Trị, Sơn La, Tây Ninh, Thái Nguyên, Thanh Hóa, Tuyên Quang,
Vĩnh Long"""

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VIETNAMESE = nfc("".join(vowel + tone for vowel, tone in product(VOWELS, TONES))) + "bcdđfghjklmnpqrstvwxz"
LETTERS = VIETNAMESE + VIETNAMESE.upper()
TITLE_SIGNS = " _-‐‑–—,;:!?.…'‘’“”«»()[]{}§@*/\\&#%‰•°©®+±×<=>|~$£€₫½²³ªº №"
titles = st.text(alphabet=LETTERS + "0123456789éÈüÖñçÇ" + TITLE_SIGNS, max_size=60)


def names(listed: str) -> list[str]:
    return " ".join(listed.split()).split(", ")


def in_order(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=sort_key)


@pytest.mark.parametrize(("listed", "count"), [(OF_63, 63), (OF_34, 34)])
def test_province_names_stand_in_vietnamese_order(listed: str, count: int) -> None:
    expected = names(listed)
    assert len(expected) == count
    assert in_order(sorted(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z",
        "ma mà mả mã má mạ",
        "ấ ậ ba",
        "ma Ma mà Mà",
        "da Da đa Đa",
        "d ð e",
    ],
)
def test_letters_tones_and_case_stand_in_this_order(expected: str) -> None:
    assert in_order(sorted(expected.split())) == expected.split()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bạc Liêu", "Bắc Giang"),
        ("Bình Dương", "Bình Định"),
        ("Cao Bằng", "Cần Thơ"),
        ("Hòa Bình", "Hồ Chí Minh"),
        ("Lào Cai", "Lâm Đồng"),
        ("Lạng Sơn", "Lào Cai"),
        ("Cần Thơ", "Đà Nẵng"),
        ("Cà Mau", "Cao Bằng"),
        ("Hà Tĩnh", "Hải Dương"),
        ("Bà Rịa - Vũng Tàu", "Bạc Liêu"),
        ("Hạ Long", "Hà Nam"),
        ("Hà", "Hà Nam"),
        ("Hạ", "Hà Nam"),
        ("«Hà Nội»", "2 tỉnh"),
        ("2 tỉnh", "An Giang"),
        ("Ma", "mạ"),
        ("Z", "Москва"),
        ("☃", "0"),
    ],
)
def test_the_first_stands_before_the_second(first: str, second: str) -> None:
    assert sort_key(first) < sort_key(second)
    assert sort_key(normalize("NFD", first)) < sort_key(normalize("NFD", second))


def test_foreign_scripts_signs_and_controls_sort_without_failing() -> None:
    for text in ("한국", "Ελλάς ᾂ", "😀", "\x00\t\n", "\u0301", "ﷺ", "İstanbul", "\U0010ffff"):
        assert sort_key(text) == sort_key(nfc(text))


def generated_titles(count: int) -> list[str]:
    """Return titles that often share beginnings, letters or tones, so that every level of the order decides."""
    chance = random.Random(2016)  # noqa: S311 - the same titles in every run, not secrets
    onsets = ["", *"bcdđghklmnprstvx", "ng", "nh", "th", "tr", "qu", "ph", "kh"]
    syllables = [
        chance.choice(onsets) + nfc(vowel + tone) + chance.choice(["", "c", "m", "n", "ng", "t"])
        for vowel, tone in product(VOWELS, TONES)
        for _ in range(3)
    ]
    cases: list[Callable[[str], str]] = [str, str, str.title, str.upper]
    joints = [" ", " ", " ", ", ", " - ", "-", " – ", ": ", "/", " & ", ". ", "… ", "? ", "! ", " «", "» ", " (", ") "]
    words = [*syllables, *names(OF_63), "Café", "Zürich", "CNTT", "4.0", "2.000", "20", "5G", "₫", "10%", "m²", "½"]
    return [
        "".join(
            chance.choice(cases)(chance.choice(words)) + chance.choice(joints) for _ in range(chance.randint(1, 4))
        ).strip()
        for _ in range(count)
    ] + [variant for name in names(OF_63) for variant in (name, name.lower(), name.upper(), slug(name))]


def generated_scraps(count: int) -> list[str]:
    """Return a few signs each, so that nearly every pair of signs decides an order."""
    chance = random.Random(2025)  # noqa: S311 - as above
    pool = LETTERS + "0123456789éÈüÖñçÇ" + TITLE_SIGNS + "aAáÁ .-'’" * 10
    return ["".join(chance.choice(pool) for _ in range(chance.randint(1, 4))) for _ in range(count)]


def compare_with_icu(lists: list[list[str]]) -> list[list[int]]:
    """Return for each list how ICU compares each text with the next: -1, 0 or 1."""
    script = """
        const order = new Intl.Collator('vi');
        if (order.resolvedOptions().locale !== 'vi') process.exit(3);
        const lists = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const signs = list => list.slice(1).map((text, i) => Math.sign(order.compare(list[i], text)));
        process.stdout.write(JSON.stringify(lists.map(signs)));
    """
    done = subprocess.run(
        [require("node"), "-e", script], input=json.dumps(lists), capture_output=True, text=True, check=True
    )
    compared: list[list[int]] = json.loads(done.stdout)
    return compared


def signs(texts: list[str]) -> list[int]:
    keys = [sort_key(text) for text in texts]
    return [(first > second) - (first < second) for first, second in pairwise(keys)]


def test_the_order_is_that_of_icu() -> None:
    by_chance = generated_titles(6000)
    signs_alone = set(LETTERS + TITLE_SIGNS + "0123456789")
    lists = [by_chance, in_order(by_chance), in_order(signs_alone), in_order(generated_scraps(6000))]
    for texts, ours, theirs in zip(lists, map(signs, lists), compare_with_icu(lists), strict=True):
        pairs = zip(pairwise(texts), ours, theirs, strict=True)
        assert [(pair, our, their) for pair, our, their in pairs if our != their] == []


@given(titles, titles)
def test_a_beginning_never_stands_after_the_whole(start: str, rest: str) -> None:
    assert sort_key(start) <= sort_key(start + rest)


@given(titles)
def test_keys_survive_json(title: str) -> None:
    assert json.loads(json.dumps(sort_key(title))) == sort_key(title)


@given(titles)
def test_nfd_gives_what_nfc_gives(title: str) -> None:
    apart = normalize("NFD", title)
    for prepare in (sort_key, clean, fold, slug):
        assert prepare(apart) == prepare(nfc(title))
    assert clip(apart, 20) == clip(title, 20)


@given(st.text())
def test_folding_and_slugging_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert slug(slug(text)) == slug(text)
    assert clean(clean(text)) == clean(text)


def test_one_vietnamese_letter_folds_to_one_plain_letter() -> None:
    for letter in LETTERS:
        assert len(fold(letter)) == 1
        assert fold(letter) in "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đà Nẵng", "da-nang"),
        ("Ðà Nẵng", "da-nang"),
        ("ĐẮK LẮK", "dak-lak"),
        ("M'Đrắk", "m-drak"),
        ("Thừa Thiên – Huế", "thua-thien-hue"),
        ("  2.000 tỷ đồng! ", "2-000-ty-dong"),
        ("河內", ""),
    ],
)
def test_a_slug_is_ascii(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize("d", "đĐðÐɖƉ")
def test_every_kind_of_d_folds_to_d(d: str) -> None:
    assert fold(d) == "d"


def test_cleaning_removes_what_cannot_be_seen() -> None:
    assert clean("\ufeff Thái\u00a0Nguy\u00adên\u200b\u2009\u202f \n2016\u2060 ") == "Thái Nguyên 2016"
    assert clean("Thái Nguye\u200b\u0302n") == "Thái Nguyên"


def test_each_character_is_cleaned_alike_in_a_plain_text_and_in_one_that_needs_a_closer_look() -> None:
    for sign in map(chr, range(0x2200)):
        for text in (f"a{sign}e", f"a {sign} e", sign + 8 * "\u0323"):
            assert clean(f"{text} 中") == f"{clean(text)} 中".lstrip(), hex(ord(sign))


@given(titles, st.integers(min_value=1, max_value=40))
def test_a_clipped_text_keeps_its_limit_and_its_letters(title: str, limit: int) -> None:
    whole, clipped = nfc(title), clip(title, limit)
    assert len(clipped) <= limit + 1
    assert clipped == whole or (clipped.endswith("…") and whole.startswith(clipped[:-1]))


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Thái Nguyên", 11, "Thái Nguyên"),
        ("Thái Nguyên", 10, "Thái…"),
        ("Ký kết tại Huế, ngày 28", 15, "Ký kết tại Huế…"),
        ("Ký kết tại Huế ngày 28", 14, "Ký kết tại Huế…"),
        ("Nghiêng", 4, "Nghi…"),
        ("xyx\u0323w", 3, "xy…"),
        ("", 5, ""),
    ],
)
def test_clipping_stops_at_a_word(text: str, limit: int, expected: str) -> None:
    assert clip(text, limit) == expected


@given(st.text(alphabet="aăx\u0323\u0301", max_size=12), st.integers(min_value=1, max_value=12))
def test_clipping_never_parts_a_letter_from_its_tone(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    if clipped.endswith("…"):
        rest = nfc(text)[len(clipped) - 1 :]
        assert clipped == "…" or not combining(rest[0])


def test_the_nearest_come_first_and_noise_does_not_come() -> None:
    provinces = names(OF_63)
    assert nearest("Thái Nguyen Xanh", provinces) == ("Thái Nguyên",)
    assert nearest("quang nin", provinces)[0] == "Quảng Ninh"
    assert nearest("provine", ["title", "province", "date"]) == ("province",)
    assert nearest("xyz", provinces) == ()
    assert nearest("", []) == ()
    assert len(nearest("Quảng", provinces)) <= 3
    assert nearest("Thái Nguyên " * 10_000, provinces) == ()
