"""Amounts: every row of the rules, read aloud; what is printed is read back; nothing but Refused is raised."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulletin.characters import visible
from bulletin.problems import CAUSE, Language, Refused, catalogue, hint, message, problem_at
from bulletin.vietnamese import Amount, amounts
from bulletin.vietnamese.amounts import (
    Qualifier,
    compact,
    full,
    in_billions,
    is_undisclosed,
    is_unit,
    parse,
    rounded,
    show,
    show_sum,
)

NBSP = "\u00a0"
THOUSAND, MILLION, BILLION, TRILLION = 10**3, 10**6, 10**9, 10**12
TWO_TRILLION = 2 * TRILLION

EXACT = [
    ("2000 tỷ đồng", TWO_TRILLION),
    ("2 000 tỷ đồng", TWO_TRILLION),
    ("2\u202f000 tỷ", TWO_TRILLION),
    ("2\u00a0000\u2009tỷ", TWO_TRILLION),
    ("2.000 tỉ đồng", TWO_TRILLION),
    ("2.000tỷ đồng", TWO_TRILLION),
    ("2.000 Tỷ VNĐ", TWO_TRILLION),
    ("2.000 tỷ vnđ", TWO_TRILLION),
    ("2.000 tỷ ₫", TWO_TRILLION),
    ("2.000 ty dong", TWO_TRILLION),
    ("2 ngàn tỷ đồng", TWO_TRILLION),
    ("2,5 nghìn tỷ đồng", 2_500_000_000_000),
    ("2 nghìn 500 tỷ đồng", 2_500_000_000_000),
    ("2 nghìn tỷ 500 triệu đồng", 2_000_500_000_000),
    ("2 nghìn 500 tỷ 300 triệu", 2_500_300_000_000),
    ("1,5 tỷ", 1_500_000_000),
    ("1,50 tỷ đồng", 1_500_000_000),
    ("0,5 tỷ đồng", 500_000_000),
    ("0,500 tỷ", 500_000_000),
    ("1,2345 tỷ đồng", 1_234_500_000),
    ("1.234,5 tỷ đồng", 1_234_500_000_000),
    ("1.234,567 tỷ đồng", 1_234_567_000_000),
    ("1234,567 tỷ", 1_234_567_000_000),
    ("12345 tỷ đồng", 12_345_000_000_000),
    ("60.000 tỷ đồng", 60_000_000_000_000),
    ("500 triệu", 500_000_000),
    ("500tr", 500_000_000),
    ("1.200 triệu đồng", 1_200_000_000),
    ("1 tỷ 500 triệu", 1_500_000_000),
    ("1 tỷ 500 đồng", 1_000_000_500),
    ("1 triệu 500 nghìn", 1_500_000),
    ("2 tỷ rưỡi", 2_500_000_000),
    ("1 triệu rưỡi đồng", 1_500_000),
    ("500 000 000 đồng", 500_000_000),
    ("500.000.000đ", 500_000_000),
    ("VND 500.000.000", 500_000_000),
    ("₫500.000", 500_000),
    ("2.000.000.000.000 đồng", TWO_TRILLION),
    ("350 nghìn đồng", 350_000),
    ("2.000 đồng", 2_000),
    ("2.000 tỷ đồng.", TWO_TRILLION),
    (normalize("NFD", "2.000 tỷ đồng"), TWO_TRILLION),
    ("2000 tỷ\n  đồng", TWO_TRILLION),
    ("2\u200b000 tỷ", TWO_TRILLION),
    ("999.999,99 tỷ đồng", 999_999_990_000_000),
    ("0,000000000001 nghìn tỷ", 1),
]

APPROXIMATE: list[tuple[str, int, Qualifier, str]] = [
    ("hơn 500 tỷ đồng", 500 * BILLION, "above", "hơn"),
    ("trên 500 tỷ đồng", 500 * BILLION, "above", "trên"),
    ("gần 2.000 tỷ đồng", TWO_TRILLION, "about", "gần"),
    ("GAN 2.000 ty dong", TWO_TRILLION, "about", "gần"),
    ("khoảng 2.000 tỷ đồng", TWO_TRILLION, "about", "khoảng"),
    ("xấp xỉ 2.000 tỷ đồng", TWO_TRILLION, "about", "xấp xỉ"),
    ("ước 300 tỷ đồng", 300 * BILLION, "about", "ước"),
    ("ước tính 300 tỷ đồng", 300 * BILLION, "about", "ước tính"),
    ("trên dưới 300 tỷ đồng", 300 * BILLION, "about", "trên dưới"),
    ("~500 tỷ", 500 * BILLION, "about", "khoảng"),
    ("~ 500 tỷ", 500 * BILLION, "about", "khoảng"),
    ("dưới 100 tỷ đồng", 100 * BILLION, "below", "dưới"),
    ("không dưới 100 tỷ đồng", 100 * BILLION, "at_least", "không dưới"),
    ("tối thiểu 100 tỷ đồng", 100 * BILLION, "at_least", "tối thiểu"),
    ("không quá 100 tỷ đồng", 100 * BILLION, "at_most", "không quá"),
    ("tối đa 100 tỷ đồng", 100 * BILLION, "at_most", "tối đa"),
    ("lên tới 100 tỷ đồng", 100 * BILLION, "at_most", "lên tới"),
    ("lên đến 100 tỷ đồng", 100 * BILLION, "at_most", "lên đến"),
    ("hơn VND 2.000", 2_000, "above", "hơn"),
]

REFUSED = [
    ("2000", "amount-no-unit"),
    ("2000000000000", "amount-no-unit"),
    ("khoảng 2000", "amount-no-unit"),
    ("2.000 ngàn", "amount-no-unit"),
    ("2 nghìn rưỡi", "amount-no-unit"),
    ("1,500 tỷ", "amount-ambiguous-comma"),
    ("2,000 tỷ đồng", "amount-ambiguous-comma"),
    ("12,345 tỷ", "amount-ambiguous-comma"),
    ("500,000 đồng", "amount-ambiguous-comma"),
    ("1.5 tỷ", "amount-dot-decimal"),
    ("0.5 tỷ", "amount-dot-decimal"),
    ("1.50 tỷ đồng", "amount-dot-decimal"),
    ("1.2345 tỷ", "amount-dot-decimal"),
    ("0.500 tỷ", "amount-leading-zero"),
    ("007 tỷ", "amount-leading-zero"),
    ("500,000,000 đồng", "amount-comma-group"),
    ("1,234.5 tỷ", "amount-comma-group"),
    ("1,2,3 tỷ", "amount-comma-group"),
    ("2.00.000 tỷ", "amount-grouping"),
    ("2.000 000 đồng", "amount-grouping"),
    ("1234.567 đồng", "amount-grouping"),
    ("2..000 tỷ", "amount-grouping"),
    ("20 16 tỷ", "amount-grouping"),
    ("500-700 tỷ", "amount-range"),
    ("500 – 700 tỷ đồng", "amount-range"),
    ("500 tỷ - 700 tỷ đồng", "amount-range"),
    ("500 hoặc 700 tỷ", "amount-range"),
    ("từ 500 đến 700 tỷ", "amount-range"),
    ("khoảng từ 500 tới 700 tỷ", "amount-range"),
    ("20 triệu USD", "amount-foreign"),
    ("20 triệu đô la (Mỹ)", "amount-foreign"),
    ("1,2 tỷ đô", "amount-foreign"),
    ("$20 triệu", "amount-foreign"),
    ("20tr € ", "amount-foreign"),
    ("450 tỷ đồng (20 triệu USD)", "amount-foreign"),
    ("hai nghìn tỷ đồng", "amount-words"),
    ("vài trăm tỷ đồng", "amount-words"),
    ("hàng nghìn tỷ đồng", "amount-words"),
    ("500 triệu 1 tỷ", "amount-compound"),
    ("1,5 tỷ 200 triệu", "amount-compound"),
    ("1 tỷ 500", "amount-compound"),
    ("1 tỷ 2", "amount-compound"),
    ("1 tỷ 1.000 triệu", "amount-compound"),
    ("1 tỷ 1,5 triệu", "amount-compound"),
    ("1 tỷ rưỡi 200 triệu", "amount-compound"),
    ("1,5 tỷ rưỡi", "amount-compound"),
    ("2 nghìn 500 triệu", "amount-compound"),
    ("-500 tỷ đồng", "amount-negative"),
    ("− 500 tỷ đồng", "amount-negative"),
    ("0 tỷ", "amount-zero"),
    ("0", "amount-zero"),
    ("1,23456789012 tỷ đồng", "amount-not-whole"),
    ("0,0000000000001 nghìn tỷ", "amount-not-whole"),
    ("2.000 nghìn tỷ", "amount-too-big"),
    ("1.000.000 tỷ đồng", "amount-too-big"),
    ("2.000 tỷ đồng/năm", "amount-extra"),
    ("2.000 tỷ đồng (giai đoạn 1)", "amount-extra"),
    ("2.000 tỷ trong 5 năm", "amount-extra"),
    ("tổng trị giá 2.000 tỷ đồng", "amount-extra"),
    ("500 tỷ tại Yên Bái", "amount-extra"),
    ("tới 500 tỷ", "amount-extra"),
    ("2000 B", "amount-extra"),
    ("2000 T", "amount-extra"),
    ("500K", "amount-extra"),
    ("2_000 tỷ", "amount-extra"),
    ("hơn gần 500 tỷ", "amount-extra"),
    ("VND 500 tỷ đồng", "amount-extra"),
    ("tỷ đồng", "amount-no-number"),
    ("sẽ công bố sau", "amount-no-number"),
    ("N/A", "amount-no-number"),
    (".", "amount-no-number"),
    ("２.０００ tỷ", "amount-chars"),
    ("“2.000 tỷ đồng”", "amount-chars"),
    ('"2.000 tỷ đồng"', "amount-chars"),
    ("2.000 tỷ\u0489", "amount-chars"),
    ("2.000 tỷ\u180e", "amount-chars"),
    ("2² tỷ", "amount-chars"),
]

PRINTED = [  # dong, in full, compact, in the column
    (TWO_TRILLION, "2.000 tỷ đồng", "2.000 tỷ", "2.000"),
    (1_500_000_000, "1,5 tỷ đồng", "1,5 tỷ", "1,5"),
    (1_250_000_000, "1,25 tỷ đồng", "1,3 tỷ", "1,3"),
    (1_234_000_000, "1.234 triệu đồng", "1,2 tỷ", "1,2"),
    (1_234_567_891, "1.234.567.891 đồng", "1,2 tỷ", "1,2"),
    (350_000, "350.000 đồng", "350 nghìn", "< 0,1"),
    (500, "500 đồng", "500 đồng", "< 0,1"),
    (999_499, "999.499 đồng", "999 nghìn", "< 0,1"),
    (999_500, "999.500 đồng", "1 triệu", "< 0,1"),
    (9_940_000, "9,94 triệu đồng", "9,9 triệu", "< 0,1"),
    (9_950_000, "9,95 triệu đồng", "10 triệu", "< 0,1"),
    (49_999_999, "49.999.999 đồng", "50 triệu", "< 0,1"),
    (50_000_000, "50 triệu đồng", "50 triệu", "0,1"),
    (999_900_000, "999,9 triệu đồng", "1 tỷ", "1"),
    (12_500_000_000, "12,5 tỷ đồng", "13 tỷ", "12,5"),
    (5 * 10**18, "5.000.000.000 tỷ đồng", "5.000.000.000 tỷ", "5.000.000.000"),
    (10**15 + 1, "1.000.000.000.000.001 đồng", "1.000.000 tỷ", "1.000.000"),
    (0, "0 đồng", "0 đồng", "0"),
]

# What an editor may well type, beside wild text.
PIECES = [
    "tỷ",
    "triệu",
    "nghìn",
    "đồng",
    "rưỡi",
    "hơn",
    "~",
    "-",
    "đến",
    "từ",
    "VND",
    "₫",
    "$",
    "“",
    ".",
    ",",
    " ",
    "0",
]
scribbles = st.lists(st.sampled_from([*PIECES, "1", "2.000", "1,5", "500", "\u0301", "٢"])).map("".join)
dongs = st.one_of(
    st.integers(1, amounts.LIMIT - 1),
    st.builds(
        lambda number, zeros: number * 10**zeros,
        st.integers(1, 10**5 - 1),
        st.integers(0, 10),
    ),
)


def refused(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(text)
    return caught.value


def said(text: str, language: Language) -> tuple[str, str]:
    found = problem_at(refused(text), "content/a.md", 3)
    return message(found, language), hint(found, language)


@pytest.mark.parametrize(("text", "dong"), EXACT)
def test_an_amount_is_read_in_whole_dong(text: str, dong: int) -> None:
    assert parse(text) == Amount(dong=dong)


@pytest.mark.parametrize(("text", "dong", "qualifier", "word"), APPROXIMATE)
def test_a_word_in_front_says_how_exact_an_amount_is(text: str, dong: int, qualifier: Qualifier, word: str) -> None:
    assert parse(text) == Amount(dong=dong, qualifier=qualifier, word=word)


@pytest.mark.parametrize("text", ["", "  ", "~", "null", "NULL", "\u00a0\u200b\n"])
def test_where_nothing_is_written_there_is_no_amount(text: str) -> None:
    assert parse(text) is None
    assert parse(text, "tỷ đồng") is None


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_may_be_read_in_two_ways_or_none_is_refused(text: str, code: str) -> None:
    assert refused(text).code == code


@pytest.mark.parametrize("text", [text for text, _ in REFUSED])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_refusal_says_what_was_found_and_what_would_be_right(text: str, language: Language) -> None:
    sentence, right = said(text, language)
    assert f"«{visible(refused(text).words['found'])}»" in sentence
    assert right


@pytest.mark.parametrize("text", [text for text, _ in REFUSED])
def test_what_a_hint_would_have_written_is_accepted(text: str) -> None:
    words = refused(text).words
    for name in {"right", "grouped", "decimal"} & set(words):
        assert parse(words[name], "triệu đồng")


def test_every_code_is_in_a_row_and_in_the_catalogue_in_both_languages() -> None:
    source = Path(amounts.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'"(amount-[a-z-]+)"', source))
    # What `check` says of an amount that can be read is another's.
    known = {code for code in catalogue() if code.startswith("amount-")} - {"amount-unusual"}
    assert codes == {code for _, code in REFUSED} == known
    for code in codes:
        assert set(catalogue()[code]) == {"vi", "en", "vi_hint", "en_hint"}


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_both_languages_use_only_words_that_the_parser_gives(text: str, code: str) -> None:
    templates = catalogue()[code].values()
    wanted = {name for template in templates for _, name, _, _ in Formatter().parse(template) if name}
    assert wanted == set(refused(text).words) - {CAUSE}


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("2.000 tỷ đồng/năm", "extra", "/năm"),
        ("2.000 tỷ đồng (giai đoạn 1)", "extra", "(giai đoạn 1)"),
        ("tổng trị giá 2.000 tỷ đồng", "extra", "tổng trị giá"),
        ("Hơn Gần 500 tỷ", "extra", "Gần"),
        ("500K", "extra", "K"),
        ("2_000 tỷ", "extra", "_"),
        ("450 tỷ đồng (20 triệu USD)", "foreign", "USD"),
        ("500 đô la", "foreign", "đô la"),
        ("1 tỷ 500", "part", "500"),
        ("1,5 tỷ 200 triệu", "part", "1,5 tỷ"),
        ("500 triệu 1 tỷ", "part", "1 tỷ"),
        ("1,500 tỷ", "grouped", "1.500"),
        ("1,500 tỷ", "decimal", "1,5"),
        ("500,000 đồng", "decimal", "500,0"),
        ("12,345 tỷ", "decimal", "12,3450"),
        ("1.50 tỷ đồng", "right", "1,50"),
        ("500,000,000 đồng", "right", "500.000.000"),
        ("1,234.5 tỷ", "right", "1.234,5"),
        ("1,2,3 tỷ", "right", "1.234.567"),
        ("hơn 2000.", "right", "hơn 2000 tỷ đồng"),
        ("2000000000000", "right", "2000000000000 đồng"),
        ("2.000 ngàn", "right", "2.000 ngàn đồng"),
        ("“2 tỷ”", "odd", "«“» (U+201C)"),
        ("2 tỷ\u180e", "odd", "U+180E"),
    ],
)
def test_a_refusal_shows_the_very_place(text: str, word: str, shown: str) -> None:
    assert refused(text).words[word] == shown


def test_a_bare_number_takes_the_unit_of_the_settings_and_nothing_else_does() -> None:
    assert parse("2.000", "tỷ đồng") == Amount(dong=TWO_TRILLION)
    assert parse("hơn 2000,5", "Triệu") == Amount(dong=2_000_500_000, qualifier="above", word="hơn")
    assert parse("2.000 đồng", "tỷ đồng") == Amount(dong=2_000)
    assert parse("2.000 triệu", "tỷ đồng") == Amount(dong=2 * BILLION)
    for text, code in [
        ("2.000 ngàn", "amount-no-unit"),
        ("1 tỷ 500", "amount-compound"),
        ("2,000", "amount-ambiguous-comma"),
    ]:
        with pytest.raises(Refused) as caught:
            parse(text, "tỷ đồng")
        assert caught.value.code == code


@pytest.mark.parametrize("text", ["tỷ đồng", "tỉ", "TRIỆU ĐỒNG", "triệu", "nghìn tỷ", "nghìn đồng", "đồng", "VND", "₫"])
def test_a_unit_may_be_set_with_or_without_currency(text: str) -> None:
    assert is_unit(text)


@pytest.mark.parametrize(
    "text", ["", "nghìn", "ngàn", "tỷ tỷ", "2 tỷ", "USD", "triệu USD", "đồng tỷ", "T", "rưỡi", "~"]
)
def test_what_leaves_the_size_open_cannot_be_set_as_unit(text: str) -> None:
    assert not is_unit(text)


@pytest.mark.parametrize(
    "text",
    ["chưa công bố", "Chưa Công Bố", "CHUA CONG BO", normalize("NFD", "chưa công bố"), " chưa\u00a0 công\nbố. "],
)
def test_undisclosed_is_known_however_it_is_typed(text: str) -> None:
    assert is_undisclosed(text)


@pytest.mark.parametrize("text", ["", "công bố", "chưa công bố giá trị", "2.000 tỷ đồng"])
def test_nothing_else_is_undisclosed(text: str) -> None:
    assert not is_undisclosed(text)


@pytest.mark.parametrize(("dong", "in_full", "in_short", "in_column"), PRINTED)
def test_an_amount_is_printed_for_its_place(dong: int, in_full: str, in_short: str, in_column: str) -> None:
    printed = full(dong), compact(dong), in_billions(dong)
    assert printed == tuple(text.replace(" ", NBSP) for text in (in_full, in_short, in_column))


@pytest.mark.parametrize(
    ("dong", "said"),
    [
        (320_400_000_000, 320_000_000_000),
        (2_001_550_000_000, 2_002_000_000_000),
        (9_995_000_000, 10_000_000_000),
        (1_550_000_000, 1_550_000_000),
        (1_234_567_891, 1_230_000_000),
        (123_456_789, 123_000_000),
        (1_234_567, 1_230_000),
        (500, 500),
        (0, 0),
    ],
)
def test_a_sum_is_rounded_as_people_round_it(dong: int, said: int) -> None:
    assert rounded(dong) == said


@pytest.mark.parametrize(
    ("dong", "approximate", "said"),
    [
        (320_400_000_000, False, "320,4 tỷ đồng"),
        (320_400_000_000, True, "khoảng 320 tỷ đồng"),
        (2_001_550_000_000, False, "2.001,55 tỷ đồng"),
        (2_001_550_000_000, True, "khoảng 2.002 tỷ đồng"),
        (1_234_567_000_000, False, "khoảng 1.235 tỷ đồng"),
        (1_234_567_891, False, "khoảng 1,23 tỷ đồng"),
        (350_000, False, "350.000 đồng"),
        (0, False, "0 đồng"),
    ],
)
def test_a_sum_is_said_exactly_if_two_decimals_say_it(dong: int, *, approximate: bool, said: str) -> None:
    assert show_sum(dong, approximate=approximate) == said.replace(" ", NBSP)


@given(dongs)
def test_a_rounded_sum_is_near_and_stays_as_it_is(dong: int) -> None:
    assert abs(rounded(dong) - dong) * 20 <= dong
    assert rounded(rounded(dong)) == rounded(dong)


def test_a_column_shows_a_dash_where_there_is_no_amount() -> None:
    assert in_billions(None) == "—"


def test_an_amount_is_shown_with_the_word_in_front_on_one_line() -> None:
    assert show(Amount(dong=TWO_TRILLION, qualifier="about", word="gần")) == f"gần{NBSP}2.000{NBSP}tỷ{NBSP}đồng"
    assert show(Amount(dong=TWO_TRILLION)) == f"2.000{NBSP}tỷ{NBSP}đồng"


@given(dongs)
def test_the_full_form_is_read_back(dong: int) -> None:
    assert parse(full(dong)) == Amount(dong=dong)


@given(dongs, st.sampled_from(APPROXIMATE))
def test_an_approximate_amount_is_read_back(dong: int, row: tuple[str, int, Qualifier, str]) -> None:
    amount = Amount(dong=dong, qualifier=row[2], word=row[3])
    assert parse(show(amount)) == amount


@given(st.one_of(st.text(), scribbles, st.from_regex(r"[0-9., ]{1,9} ?(tỷ|đồng)?")), st.sampled_from(["", "tỷ đồng"]))
@example("9" * 5000, "")
def test_any_text_is_an_amount_or_nothing_or_refused_in_both_languages(text: str, unit: str) -> None:
    try:
        amount = parse(text, unit)
    except Refused as fault:
        found = problem_at(fault, "content/a.md", 3)
        assert 0 < len(message(found, "vi") + hint(found, "vi")) < 400
        assert 0 < len(message(found, "en") + hint(found, "en")) < 400
    else:
        assert amount is None or 0 < amount.dong < amounts.LIMIT


@given(st.integers(0, 10**18))
def test_a_compact_amount_is_within_a_twentieth(dong: int) -> None:
    number, unit = compact(dong).split(NBSP)
    factor = {"tỷ": BILLION, "triệu": MILLION, "nghìn": THOUSAND, "đồng": 1}[unit]
    whole, _, tenths = number.replace(".", "").partition(",")
    assert abs(int(whole + (tenths or "0")) * factor - 10 * dong) * 20 <= 10 * dong


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9" * 100_000 + " tỷ", "amount-too-big"),
        ("1" + ".000" * 25_000, "amount-too-big"),
        ("0," + "0" * 99_999 + "1 tỷ", "amount-not-whole"),
        ("1,5" * 30_000, "amount-comma-group"),
        ("1 tỷ " * 20_000, "amount-compound"),
        ("1 " * 50_000 + "x", "amount-extra"),
        ("1." * 50_000, "amount-grouping"),
        ("1 tỷ" + "." * 100_000, "amount-extra"),
        ("hai " * 25_000, "amount-no-number"),
        ("trên " * 20_000 + "1", "amount-extra"),
    ],
    ids=lambda value: value[:12],
)
def test_an_absurdly_long_value_is_refused_with_a_short_message(text: str, code: str) -> None:
    assert refused(text).code == code
    assert len(" ".join(said(text, "vi"))) < 400


def test_no_float_is_anywhere_in_the_module() -> None:
    for node in ast.walk(ast.parse(Path(amounts.__file__).read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Div)
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not (isinstance(node, ast.Name) and node.id == "float")
