"""Numbers in words: as they are read aloud, each number its own words, and back again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.vietnamese.number_words import LIMIT, in_words

NAMES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
DIGITS = {word: digit for digit, word in enumerate(NAMES)}
ONES = DIGITS | {"mốt": 1, "tư": 4, "lăm": 5}
SCALES = (("triệu", 10**6), ("nghìn", 10**3))

numbers = st.one_of(
    st.integers(0, LIMIT - 1),
    st.integers(0, 1100),
    # Rows of zeros are where readings go wrong.
    st.builds(
        lambda digits, zeros: int("".join(map(str, digits)) + "0" * zeros),
        st.lists(st.sampled_from([0, 1, 4, 5, 9]), min_size=1, max_size=9),
        st.integers(0, 9),
    ),
)


def read(words: str) -> int:
    """Return the number that words stand for, by the grammar of the spoken language and not by how we write them."""
    left, is_billions, right = words.rpartition("tỷ")
    if is_billions:
        return read(left.strip()) * 10**9 + (read(right.strip()) if right.strip() else 0)
    total, rest = 0, words
    for name, scale in SCALES:
        before, there, after = rest.partition(name)
        if there:
            total, rest = total + below_thousand(before.strip()) * scale, after.strip()
    return total + (below_thousand(rest) if rest else 0)


def below_thousand(words: str) -> int:
    hundreds, there, rest = words.partition(" trăm")
    total = DIGITS[hundreds] * 100 if there else 0
    rest = (rest if there else words).strip()
    tens, is_tens, ones = rest.partition(" mươi")
    if is_tens:
        return total + DIGITS[tens] * 10 + (ONES[ones.strip()] if ones.strip() else 0)
    if rest.startswith("mười"):
        ones = rest.removeprefix("mười").strip()
        return total + 10 + (ONES[ones] if ones else 0)
    if rest.startswith("linh"):
        return total + DIGITS[rest.removeprefix("linh").strip()]
    return total + (DIGITS[rest] if rest else 0)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (111, "một trăm mười một"),
        (1_005, "một nghìn không trăm linh năm"),
        (350_000, "ba trăm năm mươi nghìn"),
        (1_500_000_000, "một tỷ năm trăm triệu"),
        (1_000_050, "một triệu không trăm năm mươi"),
        (2_000_000_000_000, "hai nghìn tỷ"),
        (1_005_000_000_000, "một nghìn không trăm linh năm tỷ"),
        (2_000_500_000_000, "hai nghìn tỷ năm trăm triệu"),
        (2_000_005_000_000, "hai nghìn tỷ không trăm linh năm triệu"),
        (1_234_567_891, "một tỷ hai trăm ba mươi tư triệu năm trăm sáu mươi bảy nghìn tám trăm chín mươi mốt"),
        (999_999 * 10**9, "chín trăm chín mươi chín nghìn chín trăm chín mươi chín tỷ"),
    ],
)
def test_a_number_is_read_as_the_press_reads_it(number: int, words: str) -> None:
    assert in_words(number) == words


@given(numbers)
def test_words_lead_back_to_their_number(number: int) -> None:
    assert read(in_words(number)) == number


@given(st.integers(1, LIMIT // 1000 - 1))
def test_a_thousand_times_as_much_never_sounds_the_same(number: int) -> None:
    assert in_words(number) != in_words(number * 1000)


def test_no_two_numbers_up_to_ten_thousand_sound_alike() -> None:
    assert len({in_words(number) for number in range(10_000)}) == 10_000


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_what_has_no_usual_name_is_no_number_of_ours(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        in_words(number)
