"""Dates: every form met, read aloud; what is printed is read back; nothing but Refused is raised."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from string import Formatter
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.problems import Language, Refused, catalogue, hint, message, problem_at
from bulletin.vietnamese import dates
from bulletin.vietnamese.dates import (
    DealDate,
    long,
    month_title,
    month_words,
    parse,
    parse_day_or_month,
    parse_moment,
    short,
    show_deal_date,
    weekday_short,
)

Reader = Callable[[str], object]

VIETNAM = timezone(timedelta(hours=7))
CHRISTMAS = date(2016, 12, 25)

DAYS = [
    ("2016-12-25", CHRISTMAS),
    ("25/12/2016", CHRISTMAS),
    ("25-12-2016", CHRISTMAS),
    ("25.12.2016", CHRISTMAS),
    ("25–12–2016", CHRISTMAS),
    ("5/1/2016", date(2016, 1, 5)),
    ("05/01/2016", date(2016, 1, 5)),
    ("2016/12/25", CHRISTMAS),
    ("2016-12-5", date(2016, 12, 5)),
    ("ngày 25 tháng 12 năm 2016", CHRISTMAS),
    ("Ngày 05 tháng 01 năm 2016", date(2016, 1, 5)),
    ("25 tháng 12, 2016", CHRISTMAS),
    ("25 thg 12, 2016", CHRISTMAS),
    ("25 tháng 12, năm 2016", CHRISTMAS),
    ("ngay 25 thang 12 nam 2016", CHRISTMAS),
    (normalize("NFD", "ngày 25 tháng 12 năm 2016"), CHRISTMAS),
    ("ngày\u00a025 tháng\u00a012  năm 2016", CHRISTMAS),
    (" 25/12/2016\u200b ", CHRISTMAS),
    ("08/12/2016", date(2016, 12, 8)),
    ("29/02/2016", date(2016, 2, 29)),
    ("01/01/2004", date(2004, 1, 1)),
    ("31/12/2099", date(2099, 12, 31)),
]

REFUSED_DAYS = [
    ("12/25/2016", "date-month"),
    ("2016-25-12", "date-month"),
    ("2016-13-01", "date-month"),
    ("1/0/2016", "date-month"),
    ("40/13/2016", "date-month"),
    ("30/02/2016", "date-day"),
    ("2017-02-29", "date-day"),
    ("0/12/2016", "date-day"),
    ("ngày 31 tháng 11 năm 2016", "date-day"),
    ("25/12/16", "date-short-year"),
    ("25 tháng 12, 16", "date-short-year"),
    ("12/2016", "date-no-day"),
    ("2016-12", "date-no-day"),
    ("tháng 12 năm 2016", "date-no-day"),
    ("2016", "date-no-day"),
    ("năm 2016", "date-no-day"),
    ("25/12", "date-no-year"),
    ("ngày 25 tháng 12", "date-no-year"),
    ("2016-12-25 07:30", "date-time"),
    ("2016-12-25T00:00:00Z", "date-time"),
    ("2016-12-24T18:00Z", "date-time"),
    ("14:30 25/12/2016", "date-time"),
    ("25/12/2016 8h30", "date-time"),
    ("25/12/2016 8 giờ", "date-time"),
    ("cuối tháng 11/2016", "date-syntax"),
    ("20-25/12/2016", "date-syntax"),
    ("20/12/2016, 25/12/2016", "date-syntax"),
    ("20/12/2016 - 25/12/2016", "date-syntax"),
    ("25/12-2016", "date-syntax"),
    ("2016.12.25", "date-syntax"),
    ("20161225", "date-syntax"),
    ("25/12/201", "date-syntax"),
    ("２５/12/2016", "date-syntax"),
    ("hôm qua", "date-syntax"),
    ("", "date-syntax"),
    ("“25/12/2016”", "date-quotes"),
    ("'25/12/2016'", "date-quotes"),
    ("25/12/1916", "date-year"),
    ("0016-12-25", "date-year"),
    ("31/12/2003", "date-year"),
    ("01/01/2100", "date-year"),
]

NOVEMBER = DealDate(year=2016, month=11, day=None)
MONTHS = [
    ("2016-11", NOVEMBER),
    ("2016/11", NOVEMBER),
    ("11/2016", NOVEMBER),
    ("11-2016", NOVEMBER),
    ("11.2016", NOVEMBER),
    ("tháng 11/2016", NOVEMBER),
    ("Tháng 11 năm 2016", NOVEMBER),
    ("tháng 11, 2016", NOVEMBER),
    ("2016-2", DealDate(year=2016, month=2, day=None)),
]
REFUSED_MONTHS = [
    ("2016-13", "date-month"),
    ("tháng 0/2016", "date-month"),
    ("11/1916", "date-year"),
    ("2016", "date-no-month"),
    ("11/16", "date-no-year"),
    ("cuối tháng 11/2016", "date-syntax"),
    ("30/02/2016", "date-day"),
    ("“2016-11”", "date-quotes"),
]

MOMENTS = [
    ("2016-12-25", time(0, 0)),
    ("25/12/2016", time(0, 0)),
    ("2016-12-25 08:30", time(8, 30)),
    ("2016-12-25T08:30", time(8, 30)),
    ("2016-12-25T08:30:15", time(8, 30, 15)),
    ("25/12/2016 8:30", time(8, 30)),
    ("25/12/2016, 23:59", time(23, 59)),
    ("25/12/2016 8h30", time(8, 30)),
    ("25/12/2016 8h", time(8, 0)),
    ("25/12/2016 lúc 8 giờ 30", time(8, 30)),
    ("ngày 25 tháng 12 năm 2016, 8 giờ 30 phút", time(8, 30)),
]
REFUSED_MOMENTS = [
    ("2016-12-25T08:30Z", "date-offset"),
    ("2016-12-25T08:30:00.000Z", "date-offset"),
    ("2016-12-25 08:30+07:00", "date-offset"),
    ("2016-12-25 08:30 +0700", "date-offset"),
    ("2016-12-25T08:30:00-05:00", "date-offset"),
    ("25/12/2016 08:30 GMT+7", "date-offset"),
    ("25/12/2016 24:00", "date-clock"),
    ("25/12/2016 08:60", "date-clock"),
    ("25/12/2016 08:30:60", "date-clock"),
    ("25/12/2016 25h", "date-clock"),
    ("25/12/2016 8:3", "date-clock"),
    ("25/12/2016 08:30 sáng", "date-clock"),
    ("08:30 25/12/2016", "date-clock"),
    ("12/2016 08:30", "date-no-day"),
    ("2016 08:30", "date-no-day"),
    ("25/12 08:30", "date-no-year"),
    ("30/02/2016 08:30", "date-day"),
    ("25/12/2016 sáng", "date-syntax"),
    ("“25/12/2016 08:30”", "date-quotes"),
]

days = st.dates(date(2004, 1, 1), date(2099, 12, 31))
PIECES = [
    "2016",
    "12",
    "25",
    "/",
    "-",
    ".",
    " ",
    ", ",
    "tháng ",
    "ngày ",
    " năm ",
    "T",
    ":",
    "08:30",
    "8h",
    "Z",
    "“",
    "٢",
]
scribbles = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


def moment(text: str) -> datetime:
    return parse_moment(text, VIETNAM)


def refused(read: Reader, text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        read(text)
    return caught.value


REFUSALS: list[tuple[Reader, str, str]] = [
    *((parse, text, code) for text, code in REFUSED_DAYS),
    *((parse_day_or_month, text, code) for text, code in REFUSED_MONTHS),
    *((moment, text, code) for text, code in REFUSED_MOMENTS),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_the_day_comes_before_the_month_unless_the_year_comes_first(text: str, day: date) -> None:
    assert parse(text) == day


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_deal_and_a_moment_take_every_form_of_a_day(text: str, day: date) -> None:
    assert parse_day_or_month(text) == DealDate(year=day.year, month=day.month, day=day.day)
    assert moment(text) == datetime.combine(day, time(0), VIETNAM)


@pytest.mark.parametrize(("text", "month"), MONTHS)
def test_a_deal_may_be_dated_by_its_month(text: str, month: DealDate) -> None:
    assert parse_day_or_month(text) == month


@pytest.mark.parametrize(("text", "clock"), MOMENTS)
def test_a_moment_is_a_day_and_a_time_on_the_site_s_clock(text: str, clock: time) -> None:
    assert moment(text) == datetime.combine(CHRISTMAS, clock, VIETNAM)
    assert moment(text).utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(("read", "text", "code"), REFUSALS)
def test_what_is_no_date_is_refused(read: Reader, text: str, code: str) -> None:
    assert refused(read, text).code == code


@pytest.mark.parametrize(("read", "text"), [(read, text) for read, text, _ in REFUSALS])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_refusal_says_what_was_found(read: Reader, text: str, language: Language) -> None:
    found = problem_at(refused(read, text), "content/a.md", 3)
    assert f"«{text}»" in message(found, language)
    assert hint(found, language) or found.code == "date-month"


@pytest.mark.parametrize(("read", "text", "code"), REFUSALS)
def test_both_languages_use_only_words_that_the_parser_gives(read: Reader, text: str, code: str) -> None:
    templates = catalogue()[code].values()
    wanted = {name for template in templates for _, name, _, _ in Formatter().parse(template) if name}
    assert wanted == set(refused(read, text).words)


def test_every_code_is_in_a_row_and_in_the_catalogue_in_both_languages() -> None:
    codes = set(re.findall(r'"(date-[a-z-]+)"', Path(dates.__file__).read_text(encoding="utf-8")))
    # What `check` says of a day that can be read, and what events say of a weekday, is another's.
    known = {code for code in catalogue() if code.startswith("date-")} - {"date-far-from-name", "date-weekday"}
    assert codes == {code for _, _, code in REFUSALS} == known
    for code in codes:
        assert set(catalogue()[code]) == {"vi", "en", "vi_hint", "en_hint"}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("12/25/2016", "25/12/2016"),
        ("2016-25-12", "25/12/2016"),
        ("2016-13-01", "13/01/2016"),
        ("40/13/2016", ""),
        ("2017-02-29", "28/02/2017"),
        ("30/02/2016", "29/02/2016"),
        ("31/11/2016", "30/11/2016"),
    ],
)
def test_a_slip_is_answered_with_the_date_that_was_probably_meant(text: str, right: str) -> None:
    assert refused(parse, text).words["right"] == right


@given(scribbles)
def test_any_text_is_a_date_or_refused_in_both_languages(text: str) -> None:
    for read in (parse, parse_day_or_month, moment):
        try:
            read(text)
        except Refused as fault:
            found = problem_at(fault, "content/a.md", 3)
            # A quoted sign that is not shown takes up to ten.
            assert 0 < len(message(found, "vi") + hint(found, "vi")) < 900
            assert 0 < len(message(found, "en") + hint(found, "en")) < 900


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "1/" * 50_000, "25 tháng 12 " * 9_000, "1 " * 50_000, "1:11 " * 20_000]
)
def test_an_absurdly_long_date_is_refused_with_a_short_message(text: str) -> None:
    for read in (parse, parse_day_or_month, moment):
        assert len(message(problem_at(refused(read, text), "content/a.md", 3), "vi")) < 200


@given(days)
def test_what_is_printed_is_read_back(day: date) -> None:
    assert parse(short(day)) == day
    assert parse(long(day)) == day
    assert parse(day.isoformat()) == day


@given(days, st.booleans())
def test_a_deal_s_date_is_read_back_as_shown_and_as_text(day: date, by_month: bool) -> None:  # noqa: FBT001 (drawn)
    when = DealDate(year=day.year, month=day.month, day=None if by_month else day.day)
    assert parse_day_or_month(show_deal_date(when)) == when
    assert parse_day_or_month(str(when)) == when


def test_days_and_months_are_printed_as_the_press_and_decree_30_do() -> None:
    assert short(date(2016, 1, 5)) == "05/01/2016"
    assert long(CHRISTMAS) == "ngày 25 tháng 12 năm 2016"
    assert long(date(2023, 7, 5)) == "ngày 05 tháng 7 năm 2023"
    assert long(date(2023, 2, 28)) == "ngày 28 tháng 02 năm 2023"
    assert month_title(2016, 12) == "Tháng 12/2016"
    assert month_title(2016, 1) == "Tháng 1/2016"
    assert month_words(2016, 12) == "tháng 12 năm 2016"


def test_weekdays_have_their_vietnamese_names() -> None:
    week = [weekday_short(date(2016, 12, day)) for day in range(19, 26)]
    assert week == [
        "Thứ Hai, 19/12/2016",
        "Thứ Ba, 20/12/2016",
        "Thứ Tư, 21/12/2016",
        "Thứ Năm, 22/12/2016",
        "Thứ Sáu, 23/12/2016",
        "Thứ Bảy, 24/12/2016",
        "Chủ Nhật, 25/12/2016",
    ]


def test_a_deal_of_a_month_stands_behind_its_last_day_and_before_the_next_month() -> None:
    last_day = DealDate(year=2016, month=11, day=30)
    first_day = DealDate(year=2016, month=12, day=1)
    assert sorted([first_day, NOVEMBER, last_day], key=lambda when: when.order) == [last_day, NOVEMBER, first_day]


def test_a_deal_s_date_is_shown_to_readers_and_machines() -> None:
    day = DealDate(year=2016, month=12, day=5)
    assert (str(day), show_deal_date(day)) == ("2016-12-05", "05/12/2016")
    assert (str(NOVEMBER), show_deal_date(NOVEMBER)) == ("2016-11", "tháng 11/2016")


def test_the_last_day_of_a_month_decides_which_provinces_there_are() -> None:
    assert DealDate(year=2025, month=6, day=None).last_day == date(2025, 6, 30)
    assert DealDate(year=2024, month=2, day=None).last_day == date(2024, 2, 29)
    assert DealDate(year=2016, month=12, day=5).last_day == date(2016, 12, 5)
