"""When an event takes place: every form met; what is printed is read back; nothing but Refused is raised."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.problems import Language, Refused, hint, message, problem_at
from bulletin.vietnamese.periods import Period, in_words, machine_readable, parse

VIETNAM = timezone(timedelta(hours=7))
FRIDAY, WEDNESDAY = date(2016, 12, 30), date(2016, 12, 28)


def on(day: date, begins: time | None = None, ends: time | None = None, last: date | None = None) -> Period:
    return Period(first=day, last=last or day, begins=begins, ends=ends)


DAY, EIGHT, HALF_PAST = on(FRIDAY), on(FRIDAY, time(8)), on(FRIDAY, time(8, 30))
MORNING = on(FRIDAY, time(8), time(11, 30))
THREE_DAYS = on(WEDNESDAY, last=FRIDAY)
READ = {
    "30/12/2016": DAY,
    "2016-12-30": DAY,
    "30-12-2016": DAY,
    "ngày 30 tháng 12 năm 2016": DAY,
    "30 thg 12, 2016": DAY,
    "thứ Sáu, 30/12/2016": DAY,
    "Thứ 6 ngày 30/12/2016": DAY,
    "T6, 30.12.2016": DAY,
    "thứ sáu (30/12/2016)": DAY,
    "30/12/2016 8:00": EIGHT,
    "30/12/2016 08:00:00": EIGHT,
    "2016-12-30T08:00": EIGHT,
    "30/12/2016, 8h": EIGHT,
    "8h ngày 30/12/2016": EIGHT,
    "8 giờ sáng thứ Sáu, 30/12/2016": EIGHT,
    "lúc 8g ngày 30/12/2016": EIGHT,
    "8h30 ngày 30/12/2016": HALF_PAST,
    "8:30, 30/12/2016": HALF_PAST,
    "8 giờ 30 phút, ngày 30 tháng 12 năm 2016": HALF_PAST,
    "8 giờ rưỡi 30/12/2016": HALF_PAST,
    "Thứ Sáu ngày 30/12/2016 lúc 8h30": HALF_PAST,
    "2 giờ chiều 30/12/2016": on(FRIDAY, time(14)),
    "14h chiều 30/12/2016": on(FRIDAY, time(14)),
    "7h tối 30/12/2016": on(FRIDAY, time(19)),
    "1 giờ trưa 30/12/2016": on(FRIDAY, time(13)),
    "11h30 trưa 30/12/2016": on(FRIDAY, time(11, 30)),
    "30/12/2016 8:00 – 11:30": MORNING,
    "30/12/2016 8:00-11:30": MORNING,
    "2016-12-30 08:00 - 11:30": MORNING,
    "8h – 11h30 ngày 30/12/2016": MORNING,
    "8-11h30 ngày 30/12/2016": MORNING,
    "8h30-11h30 ngày 30/12/2016": on(FRIDAY, time(8, 30), time(11, 30)),
    "8 giờ 30 - 11 giờ 30, 30/12/2016": on(FRIDAY, time(8, 30), time(11, 30)),
    "từ 8 giờ đến 11 giờ 30, thứ Sáu, 30/12/2016": MORNING,
    "8 giờ – 11 giờ 30 sáng 30/12/2016": MORNING,
    "2016-12-30T08:00 – 2016-12-30T11:30": MORNING,
    "9h - 5h chiều 30/12/2016": on(FRIDAY, time(9), time(17)),
    "28 – 30/12/2016": THREE_DAYS,
    "28-30/12/2016": THREE_DAYS,
    "28/12 - 30/12/2016": THREE_DAYS,
    "28/12/2016 - 30/12": THREE_DAYS,
    "28-12-2016 - 30-12-2016": THREE_DAYS,
    "2016-12-28 .. 2016-12-30": THREE_DAYS,
    "28 - 30 tháng 12 năm 2016": THREE_DAYS,
    "từ ngày 28/12/2016 đến hết ngày 30/12/2016": THREE_DAYS,
    "thứ Tư, 28/12/2016 – thứ Sáu, 30/12/2016": THREE_DAYS,
    "30/12/2016 – 02/01/2017": on(FRIDAY, last=date(2017, 1, 2)),
    "30/12/2016 20:00 – 31/12/2016 1:00": on(FRIDAY, time(20), time(1), date(2016, 12, 31)),
    "28/12/2016 8:00 – 30/12/2016": on(WEDNESDAY, time(8), last=FRIDAY),
}
REFUSED = {
    "30/12/2016 25:00": "date-clock",
    "30/12/2016 8:75": "date-clock",
    "30/12/2016 8h – 24h": "date-clock",
    "30/02/2017": "date-day",
    "28 – 32/12/2016": "date-day",
    "12/30/2016": "date-month",
    "30/12/16 8:00": "date-short-year",
    "30/12/1916": "date-year",
    "30/12": "date-no-year",
    "28 – 30/12": "event-syntax",
    "12/2016": "date-no-day",
    "“30/12/2016”": "date-quotes",
    "thứ Năm, 30/12/2016": "date-weekday",
    "thứ Tư, 28/12 – chủ nhật, 30/12/2016": "date-weekday",
    "30/12/2016 – 28/12/2016": "event-ends-first",
    "30/12/2016 8:00 – 8:00": "event-ends-first",
    "30/12/2016 20:00 – 02:00": "event-ends-first",
    "30/12/2016 – 31/12/2016 17:00": "event-no-begin",
    "30/12/2016 – 17:00": "event-no-begin",
    "2h – 4h chiều 30/12/2016": "event-syntax",
    "8:00": "event-syntax",
    "8:00 – 11:30": "event-syntax",
    "– 30/12/2016": "event-syntax",
    "30/12/2016 –": "event-syntax",
    "thứ Sáu": "event-syntax",
    "sáng 30/12/2016": "event-syntax",
    "30/12/2016, 31/12/2016": "event-syntax",
    "30/12/2016 9:00 – 10:00 – 11:00": "event-syntax",
    "2016-12-24T18:00Z": "event-syntax",
    "30/12/2016 8:00 +07:00": "event-syntax",
    "ngày mai": "event-syntax",
    "": "event-syntax",
}
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
days = st.dates(date(2004, 1, 1), date(2099, 12, 31))
FORMS = ("{d}/{m}/{y}", "{y}-{m:02}-{d:02}", "{d:02}.{m:02}.{y}", "ngày {d} tháng {m} năm {y}")
CLOCKS = ("{h}:{n:02}", "{h:02}:{n:02}", "{h}h{n:02}", "{h} giờ {n}", "{h} giờ {n} phút")


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, last = sorted(draw(st.tuples(days, days)))
    begins, ends = draw(st.one_of(st.none(), clocks)), draw(st.one_of(st.none(), clocks))
    ends = ends if begins else None
    if begins and ends and first == last:
        begins, ends = sorted((begins, ends))
        ends = None if begins == ends else ends
    return Period(first=first, last=last, begins=begins, ends=ends)


@pytest.mark.parametrize("text", READ)
def test_what_people_type_is_read(text: str) -> None:
    assert parse(text) == READ[text]
    assert parse(f" {normalize('NFD', text)} ") == READ[text]


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_cannot_be_meant_is_refused_in_words(text: str, language: Language) -> None:
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.code == REFUSED[text]
    told = problem_at(caught.value, "content/a.md", 5)
    assert f"«{text}»" in message(told, language), "as it was typed, with its accents"
    assert hint(told, language)
    assert "event:" not in hint(told, language, in_form=True), "nobody sees a key in a form"


@given(period=periods())
def test_what_is_printed_is_read_back(period: Period) -> None:
    assert parse(in_words(period)) == period


@given(period=periods(), form=st.sampled_from(FORMS), clock=st.sampled_from(CLOCKS), first=st.booleans())
def test_every_way_of_writing_days_and_times_is_read(period: Period, form: str, clock: str, first: bool) -> None:  # noqa: FBT001 (drawn)
    def end(day: date, at: time | None) -> str:
        words = form.format(d=day.day, m=day.month, y=day.year)
        hours = clock.format(h=at.hour, n=at.minute) if at else ""
        return " ".join(part for part in ((hours, words) if first else (words, hours)) if part)

    typed = end(period.first, period.begins)
    if (period.last, period.ends) != (period.first, None):
        typed += f" – {end(period.last, period.ends)}"
    assert parse(typed) == period


@given(st.text("0123456789/-:.h gio thusau,–đến", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        period = parse(text)
    except Refused:
        return
    assert period.begins_at(VIETNAM) < period.over_at(VIETNAM)
    assert parse(in_words(period)) == period


def test_an_event_is_over_at_its_end_or_with_its_last_day() -> None:
    assert MORNING.over_at(VIETNAM) == datetime(2016, 12, 30, 11, 30, tzinfo=VIETNAM)
    for period in (DAY, EIGHT, THREE_DAYS):
        assert period.over_at(VIETNAM) == datetime(2016, 12, 31, tzinfo=VIETNAM)


def test_readers_see_weekday_day_and_time() -> None:
    shown = {
        DAY: "thứ Sáu, 30/12/2016",
        HALF_PAST: "thứ Sáu, 30/12/2016, 8 giờ 30",
        MORNING: "thứ Sáu, 30/12/2016, 8 giờ – 11 giờ 30",
        THREE_DAYS: "thứ Tư, 28/12/2016 – thứ Sáu, 30/12/2016",
        on(date(2017, 1, 1), time(0, 5)): "Chủ Nhật, 01/01/2017, 0 giờ 05",
        on(FRIDAY, time(20), time(1), date(2016, 12, 31)): "20 giờ thứ Sáu, 30/12/2016 – 1 giờ thứ Bảy, 31/12/2016",
    }
    assert {in_words(period).replace("\xa0", " ") for period in shown} == set(shown.values())


def test_programs_are_told_no_more_than_is_known() -> None:
    assert machine_readable(THREE_DAYS, VIETNAM) == ("2016-12-28", "2016-12-30")
    assert machine_readable(MORNING, VIETNAM) == ("2016-12-30T08:00+07:00", "2016-12-30T11:30+07:00")
    assert machine_readable(EIGHT) == ("2016-12-30T08:00", "2016-12-30")
    assert [period.has_end for period in (DAY, EIGHT, MORNING, THREE_DAYS)] == [True, False, True, True]
