"""The events: which are shown when, and the calendar to subscribe to as other programs read it."""

from __future__ import annotations

import json
import subprocess
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bulletin import urls
from bulletin.model import Article
from bulletin.pages.archive import Archive, collect
from bulletin.pages.events import COMING_SHOWN, coming_events, event_pages
from bulletin.pages.list_pages import EVENTS_ON_HOME, home_page
from bulletin.pages.views import CalendarView, EventsView, HomeView
from bulletin.problems import Problem
from bulletin.render.calendar import calendar_ics, folded
from bulletin.settings import Settings
from bulletin.vietnamese import slug
from tests.builders import VIETNAM, article, codes, compiled, item
from tests.programs import require
from tests.sites import REPOSITORY, build, write

SETTINGS = Settings(title="Bản tin nội bộ", base_url="https://bantin.example/noi-bo/")
NOON = datetime(2016, 12, 28, 12, tzinfo=VIETNAM)
HARD = 'Lễ ký; «5G», \\ "a" 🎉 ' + "dài lắm " * 20


def event(when: str, **keys: str) -> Article:
    """Return an item of 25/12/2016 that tells of an event."""
    path = keys.pop("path", f"content/{slug(when)}.md")
    return article(path=path, event=when, **({"title": when} | keys))


def archive(*articles: Article, now: datetime = NOON, drafts: bool = False) -> Archive:
    return collect(articles, now, drafts=drafts)


def coming(*articles: Article, now: datetime = NOON) -> list[str]:
    return [row.card.title for row in coming_events(archive(*articles, now=now))]


def page(of: Archive) -> EventsView:
    view = next(iter(event_pages(of, SETTINGS))).view
    assert isinstance(view, EventsView)
    return view


def past(*articles: Article, now: datetime = NOON) -> list[str]:
    return [row.card.title for _, rows in page(archive(*articles, now=now)).past for row in rows]


def calendar(*articles: Article, now: datetime = NOON, settings: Settings = SETTINGS) -> str:
    """Return the file of the calendar."""
    _, made = event_pages(archive(*articles, now=now), settings)
    assert made.path == urls.path_of(urls.CALENDAR)
    assert isinstance(made.view, CalendarView)
    return calendar_ics(made.view)


def read(text: str) -> list[Any]:
    """Return the events that Python's reader finds."""
    found = icalendar.Calendar.from_ical(text)
    assert not found.errors
    events = found.walk("VEVENT")
    assert not any(one.errors for one in events)
    return events


def test_what_is_to_come_stands_in_its_order_until_it_is_over() -> None:
    events = [event("28/12/2016 8:00 – 12:00"), event("27/12/2016 – 28/12/2016"), event("28/12/2016 11:00")]
    events += [event("28/12/2016 8:00 – 12:01"), event("02/01/2017"), event("29/12/2016 9:00"), article(path="x.md")]
    in_order = ["27/12/2016 – 28/12/2016", "28/12/2016 8:00 – 12:01", "28/12/2016 11:00", "29/12/2016 9:00"]
    assert coming(*events) == [*in_order, "02/01/2017"]
    assert past(*events) == ["28/12/2016 8:00 – 12:00"]
    assert coming(*events, now=NOON + timedelta(hours=12)) == ["29/12/2016 9:00", "02/01/2017"]
    assert past(*events, now=NOON + timedelta(days=9))[:2] == ["02/01/2017", "29/12/2016 9:00"], "newest first"


def test_the_calendar_keeps_the_last_months_and_then_drops_a_month_as_a_whole() -> None:
    events = [event("28/12/2016"), event("01/12/2016")]
    assert past(*events, now=datetime(2017, 6, 30, 23, 59, tzinfo=VIETNAM)) == ["28/12/2016", "01/12/2016"]
    assert past(*events, now=datetime(2017, 7, 1, tzinfo=VIETNAM)) == []
    assert calendar(*events, now=datetime(2017, 7, 1, tzinfo=VIETNAM)) == calendar()


@pytest.mark.parametrize(
    ("when", "moments"),
    [
        ("29/12/2016 8:00 – 9:30", ["2016-12-29T09:30", "2017-07-01T00:00"]),
        ("29/12/2016 8:00", ["2016-12-30T00:00", "2017-07-01T00:00"]),
        ("30/12/2016 – 02/01/2017", ["2017-01-03T00:00", "2017-08-01T00:00"]),
    ],
)
def test_a_build_is_due_whenever_an_event_changes_by_itself(when: str, moments: list[str]) -> None:
    one, now, met = event(when), NOON, []
    while due := archive(one, now=now).next_due:
        before = archive(one, now=due - timedelta(microseconds=1))
        assert page(before) != page(archive(one, now=due))
        assert page(before) == page(archive(one, now=now)), "nothing changes in between"
        met.append(due.replace(tzinfo=None).isoformat(timespec="minutes"))
        now = due
    assert met == moments


def test_what_readers_do_not_see_is_in_no_calendar() -> None:
    hidden = [
        event("30/12/2016", draft="true", place="Phòng kín"),
        event("31/12/2016", publish="2016-12-29", place="Phòng kín"),
        event("01/01/2017", date="2016-12-29", place="Phòng kín"),
        event("02/01/2017", expires="2016-12-28", place="Phòng kín"),
    ]
    assert coming(*hidden) == []
    assert calendar(*hidden) == calendar()
    assert len(coming(*hidden, now=NOON + timedelta(days=1))) == 2, "two waited for their day"


def test_the_page_has_some_the_calendar_all_and_the_front_page_the_next() -> None:
    many = [event("30/12/2016", title=f"Tin {number:03}", path=f"content/{number}.md") for number in range(70)]
    view = page(archive(*many))
    assert (sum(len(rows) for _, rows in view.coming), view.more) == (COMING_SHOWN, 70 - COMING_SHOWN)
    assert len(read(calendar(*many))) == 70
    home = home_page(archive(*many), SETTINGS).view
    assert isinstance(home, HomeView)
    assert [row.card.title for row in home.coming] == [f"Tin {number:03}" for number in range(EVENTS_ON_HOME)]


def test_an_invitation_dated_ahead_is_told_what_date_means() -> None:
    def told(body: str, **keys: str) -> list[Problem]:
        made = compiled(item(body, date="2016-12-30", **keys)).article
        assert made is not None
        return list(archive(made).problems)

    assert codes(told("Trân trọng kính mời.")) == ["held-back-invitation"]
    assert codes(told("Buổi lễ sẽ diễn ra tại Huế.")) == ["held-back-invitation"]
    assert codes(told("Thân bài.", title="Thư mời họp")) == ["held-back-invitation"]
    assert codes(told("Thân bài.", event="30/12/2016")) == ["held-back-invitation"]
    assert codes(told("Thân bài.")) == ["held-back"]
    assert codes(told("Kính mời.", event="15/01/2017")) == ["held-back"], "it comes in time"
    assert codes(told("Kính mời.", publish="2016-12-30 8:00")) == [], "it waits on purpose"


def test_an_event_far_from_its_news_or_very_long_is_asked_about() -> None:
    def told(when: str) -> list[str]:
        return codes(compiled(item(event=when)).problems)

    assert told("10/11/2016") == told("25/12/2017") == told("30/12/2016 – 20/02/2017") == []
    assert told("01/11/2016") == ["event-far-from-date"]
    assert told("30/12/2018") == ["event-far-from-date"]
    assert told("30/12/2016 – 30/03/2017") == ["event-very-long"]
    assert codes(compiled(item(place="Huế")).problems) == ["place-without-event"]
    assert codes(compiled(item(place="Huế", event="30/13/2016")).problems) == ["date-month"]


# The calendar, as programs read it


def test_another_program_reads_days_times_places_and_words() -> None:
    whole, timed, open_end, overnight = read(
        calendar(
            event("28/12/2016 – 30/12/2016", title=json.dumps(HARD, ensure_ascii=False), place="Tầng 2; phòng A, B"),
            event("29/12/2016 8:00 – 11:30", category="Ký kết"),
            event("30/12/2016 8:00"),
            event("30/12/2016 20:00 – 31/12/2016 1:00", province="[Huế, Hà Nội]"),
        )
    )
    assert (whole["DTSTART"].dt, whole["DTEND"].dt) == (date(2016, 12, 28), date(2016, 12, 31)), "exclusive"
    assert whole["SUMMARY"] == HARD.strip()
    assert whole["LOCATION"] == "Tầng 2; phòng A, B"
    assert timed["DTSTART"].dt == datetime(2016, 12, 29, 8, tzinfo=VIETNAM)
    assert timed["DTEND"].dt == datetime(2016, 12, 29, 11, 30, tzinfo=VIETNAM)
    assert timed["CATEGORIES"].to_ical().decode() == "Ký kết"
    assert open_end["DTSTART"].dt == datetime(2016, 12, 30, 8, tzinfo=VIETNAM)
    assert "DTEND" not in open_end
    assert overnight["DTEND"].dt == datetime(2016, 12, 31, 1, tzinfo=VIETNAM)
    assert overnight["LOCATION"] == "Thừa Thiên Huế, Hà Nội"
    assert timed["URL"].startswith("https://bantin.example/noi-bo/tin/2016/12/")
    assert timed["DESCRIPTION"] == f"Thân bài.\n\n{timed['URL']}"


def test_a_reader_in_javascript_agrees() -> None:
    events = [
        event("28/12/2016 – 30/12/2016", title=json.dumps(HARD, ensure_ascii=False), slug="a"),
        event("29/12/2016 8:00 – 11:30", place="a, b", slug="b"),
    ]
    program = (
        "import ICAL from 'ical.js'; let text = ''; for await (const chunk of process.stdin) text += chunk;"
        "const calendar = new ICAL.Component(ICAL.parse(text));"
        "const read = (one) => [one.uid, one.summary, one.location, one.startDate.toString(), one.endDate.toString()];"
        "const events = calendar.getAllSubcomponents('vevent').map((one) => read(new ICAL.Event(one)));"
        "console.log(JSON.stringify([calendar.getFirstPropertyValue('name'), events]));"
    )
    if not (REPOSITORY / "node_modules/ical.js").is_dir():
        pytest.skip("ical.js is not installed: npm ci")
    command = [require("node"), "--input-type=module", "-e", program]
    data = calendar(*events).encode()
    name, found = json.loads(
        subprocess.run(command, check=True, capture_output=True, input=data, cwd=REPOSITORY).stdout
    )
    assert name == "Bản tin nội bộ · Sự kiện"
    ids = [f"noi-bo/tin/2016/12/{name}@bantin.example" for name in ("a", "b")]
    assert found == [
        [ids[0], HARD.strip(), "Thái Nguyên", "2016-12-28", "2016-12-31"],
        [ids[1], "29/12/2016 8:00 – 11:30", "a, b", "2016-12-29T01:00:00Z", "2016-12-29T04:30:00Z"],
    ]


def test_a_site_without_events_has_a_calendar_all_the_same() -> None:
    found = icalendar.Calendar.from_ical(calendar())
    assert [part.name for part in found.subcomponents] == ["VTIMEZONE"], "the standard asks for one"


def test_an_event_keeps_its_id_and_a_correction_makes_it_a_later_version() -> None:
    one, renamed = event("30/12/2016"), event("30/12/2016", title="Tên khác")
    corrected = event("30/12/2016", updated="\n  - date: 2016-12-27\n    note: Đổi giờ")
    (before,), (after,), (later,) = (read(calendar(each)) for each in (one, renamed, corrected))
    assert before["UID"] == after["UID"] == later["UID"]
    assert before["DTSTAMP"].dt == datetime(2016, 12, 25, tzinfo=VIETNAM)
    assert later["DTSTAMP"].dt == datetime(2016, 12, 27, tzinfo=VIETNAM)
    assert (before["SEQUENCE"], later["SEQUENCE"]) == (0, 1)
    assert calendar(one) == calendar(one, now=NOON + timedelta(hours=3)), "the clock is not in it"


def test_times_are_those_of_the_site() -> None:
    (found,) = read(calendar(event("30/12/2016 8:00"), settings=Settings(timezone_offset="-03:30")))
    assert found["DTSTART"].dt == datetime(2016, 12, 30, 8, tzinfo=timezone(-timedelta(hours=3, minutes=30)))


def test_every_line_ends_and_is_folded_as_the_standard_says() -> None:
    text = calendar(event("30/12/2016", title=json.dumps(HARD, ensure_ascii=False)))
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=300))
def test_folding_loses_nothing_and_cuts_no_letter(line: str) -> None:
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


@given(st.text('ab;,:\\\n"^ đ🎉nN', min_size=1, max_size=120).map(str.strip).filter(bool))
def test_any_words_are_read_back(words: str) -> None:
    view = next(made.view for made in event_pages(archive(event("30/12/2016")), SETTINGS) if "ics" in made.path)
    assert isinstance(view, CalendarView)
    (entry,) = view.entries
    hard = replace(entry, card=replace(entry.card, title=words), event=replace(entry.event, place=words))
    (found,) = read(calendar_ics(replace(view, entries=(hard,))))
    assert (found["SUMMARY"], found["LOCATION"]) == (words, words)


def test_search_engines_are_told_when_and_where(tmp_path: Path) -> None:
    write(tmp_path, {"content/a.md": item(event="30/12/2016 8:00 – 11:30", place="Hội trường <A>")})
    write(tmp_path, {"content/b.md": item(event="30/12/2016 8:00", province="Toàn quốc")})
    write(tmp_path, {"pyproject.toml": '[tool.bulletin]\nnationwide_label = ""\n'})
    assert build(tmp_path).code == 0
    told = []
    for name in "ab":
        page = (tmp_path / f"output/tin/2016/12/{name}/index.html").read_text("utf-8")
        told.append(
            json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])["about"]
        )
    place = {"@type": "Place", "name": "Hội trường <A>", "address": "Thái Nguyên"}
    times = {"startDate": "2016-12-30T08:00+07:00", "endDate": "2016-12-30T11:30+07:00"}
    assert told[0] == {"@type": "Event", "name": "Tin", **times, "location": place}
    assert told[1] == {"@type": "Event", "name": "Tin", "startDate": "2016-12-30T08:00+07:00"}
    _, other = read((tmp_path / "output/lich.ics").read_text("utf-8"))
    assert "LOCATION" not in other
