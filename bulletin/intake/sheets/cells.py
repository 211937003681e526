"""A cell -> a value for the header of an item, by the product's own readers; whatever is doubtful is asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from bulletin.intake.sheets.headings import FOREIGN
from bulletin.intake.sheets.workbooks import SheetCell
from bulletin.problems import Refused, refuse
from bulletin.vietnamese import Amount, Place, amounts, clean, clip, dates, nfc, provinces

NO_UNIT = "amount-no-unit"
_EXCEL_BEGINS = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 38_000, 73_000
"""The days 2004-01-14 and 2099-11-10 as Excel counts them."""
_MONTHS = 12
_MOST_SHOWN = 200
_SEVERAL = re.compile(r"[;,\n]")
_NBSP = "\u00a0"
# What Excel for English leaves a text: it knows no second dot, and no comma behind dots.
_VIETNAMESE_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})[/.-][0-9]{1,2}[/.-][0-9]{4}")
_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
_THOUSAND = 1000


class Read(Struct, frozen=True, kw_only=True):
    """What a cell was read as: as the header takes it, and in words for the eye of whoever confirms it."""

    value: str
    shown: str
    amount: Amount | None = None
    when: dates.DealDate | None = None
    place: Place | None = None
    """The one province of a deal."""
    misspelt: str = ""
    """A name that is read as another: «Thái Nguyễn»."""
    values: tuple[str, ...] = ()
    """The parts of a list; empty for what is none."""

    @property
    def for_header(self) -> str | tuple[str, ...]:
        return self.values if len(self.values) > 1 else self.value


class Habits(Struct, frozen=True, kw_only=True):
    """What the other cells of a column tell of how its program took what was typed."""

    is_english: bool = False
    """Some numbers with Vietnamese dots were left as texts: the program knows no such dots, and took «2.000» for 2."""
    has_swapped_days: bool = False
    """Days above 12 were left as texts: the program takes the month first, and made 8 December of «12/08»."""


def as_seen(cell: SheetCell) -> str:
    """Return what stands in a cell as people here see it: «1,5», «25/12/2016»."""
    if cell.kind == "number":
        return _typed(cell.text)
    if cell.kind in {"day", "moment"}:
        return dates.short(date.fromisoformat(cell.text[:10])) + cell.text[10:]
    return cell.text


def habits_of(cells: Iterable[SheetCell | None]) -> Habits:
    """Return what the cells of a column tell of its program."""
    known = [cell for cell in cells if cell]
    texts = [clean(cell.text) for cell in known if cell.kind == "text"]
    days = [date.fromisoformat(cell.text[:10]) for cell in known if cell.kind in {"day", "moment"}]
    late = [match for text in texts if (match := _DAY_FIRST.fullmatch(text)) and int(match["day"]) > _MONTHS]
    return Habits(
        is_english=any(map(_VIETNAMESE_NUMBER.fullmatch, texts)),
        has_swapped_days=bool(late) and bool(days) and all(day.day <= _MONTHS for day in days),
    )


def read_amount(cell: SheetCell, unit: str, habits: Habits) -> Read:
    """Return an amount, or «chưa công bố»; raise Refused. `unit` is that of a number without one."""
    if cell.kind not in {"text", "number"}:
        refuse("sheet-not-an-amount", found=cell.text)
    text = clean(cell.text)
    if amounts.is_undisclosed(text):
        return Read(value=text.lower(), shown=text.lower())
    if cell.kind == "number":
        text = _typed(text)
        if habits.is_english and abs(float(cell.text)) < _THOUSAND:
            refuse("sheet-thousands-lost", found=text)
    try:
        amount = amounts.parse(text, "" if unit == FOREIGN else unit)
    except Refused as refused:
        if unit == FOREIGN and refused.code == NO_UNIT:
            refuse("sheet-foreign", found=text)
        if cell.kind == "number" and refused.code == "amount-ambiguous-comma":
            # Nobody can type the number so that it is clear: «12.345» becomes the same number again.
            grouped = text.replace(",", ".")
            refuse("sheet-decimals", found=text, grouped=grouped, unit=unit, cause="decimals")
        raise
    assert amount is not None, "a cell that is not empty"
    return Read(value=amounts.show(amount).replace(_NBSP, " "), shown=amounts.in_words(amount), amount=amount)


def read_deal_date(cell: SheetCell, habits: Habits) -> Read:
    """Return the day or the month of a deal; raise Refused."""
    when = dates.parse_day_or_month(_date_text(cell, habits))
    shown = dates.weekday_short(when.last_day) if when.day else dates.show_deal_date(when)
    return Read(value=str(when), shown=shown, when=when)


def read_day(cell: SheetCell, habits: Habits) -> Read:
    """Return the day of an item; raise Refused."""
    day = dates.parse(_date_text(cell, habits))
    when = dates.DealDate(year=day.year, month=day.month, day=day.day)
    return Read(value=day.isoformat(), shown=dates.weekday_short(day), when=when)


def read_place_of_deal(cell: SheetCell, day: date) -> Read:
    """Return the province of a deal; raise Refused."""
    try:
        resolved = provinces.resolve(cell.text, day, of_deal=True)
    except Refused as refused:
        if refused.code == "deal-province-several":
            refuse("sheet-several-provinces", found=clean(cell.text))
        raise
    place = resolved.place
    if place == provinces.NATIONWIDE:
        refuse("deal-nationwide", name=place.name)
    return Read(value=place.name, shown=place.name, place=place, misspelt=_misspelt([(cell.text, resolved)]))


def read_places(cell: SheetCell, day: date) -> Read:
    """Return the province of an item, or several of them: «Hà Nội; Đà Nẵng»; raise Refused."""
    names = [name for name in map(clean, _SEVERAL.split(cell.text)) if name]
    found = [(name, provinces.resolve(name, day)) for name in names or [cell.text]]
    values = tuple(dict.fromkeys(resolved.place.name for _, resolved in found))
    if len(values) > 1 and provinces.NATIONWIDE in {resolved.place for _, resolved in found}:
        refuse("nationwide-and-province", name=provinces.NATIONWIDE.name)
    return Read(value=values[0], shown=", ".join(values), values=values, misspelt=_misspelt(found))


def _misspelt(found: Sequence[tuple[str, provinces.Resolved]]) -> str:
    return ", ".join(clean(name) for name, resolved in found if resolved.spelling == "misspelt")


def read_list(cell: SheetCell) -> Read:
    """Return the parts of a list: «số hóa; y tế»."""
    values = tuple(dict.fromkeys(filter(None, map(clean, _SEVERAL.split(cell.text)))))
    return Read(value=", ".join(values), shown=", ".join(values), values=values)


def read_body(cell: SheetCell) -> Read:
    """Return a text with its lines: each is a paragraph."""
    lines = [line.strip() for line in nfc(cell.text).splitlines() if line.strip()]
    return Read(value="\n\n".join(lines) + "\n", shown=clip(" ".join(lines), _MOST_SHOWN))


def read_category(cell: SheetCell, categories: Sequence[str]) -> Read:
    """Return the category as the settings spell it; raise Refused."""
    text = clean(cell.text)
    for category in categories:
        if category.casefold() == text.casefold():
            return Read(value=category, shown=category)
    return refuse("unknown-category", found=text, known=", ".join(f"«{category}»" for category in categories), cause="")


def read_text(cell: SheetCell) -> Read:
    """Return a text on one line; raise Refused for a cell that holds nothing to read."""
    text = clean(as_seen(cell))
    return Read(value=text, shown=text)


def _typed(number: str) -> str:
    """Return a number of a cell as people type it here: «1,5», «2000», «0,125»."""
    return format(Decimal(number), "f").replace(".", ",")


def _date_text(cell: SheetCell, habits: Habits) -> str:
    if cell.kind == "number":
        _refuse_number(cell.text)
    if cell.kind not in {"text", "day", "moment"}:
        refuse("sheet-not-a-date", found=cell.text)
    if cell.kind == "text":
        return _MIDNIGHT.sub("", clean(cell.text))
    day = date.fromisoformat(cell.text[:10])
    if habits.has_swapped_days and day.day != day.month:
        swapped = date(day.year, day.day, day.month)
        refuse("sheet-days-swapped", found=dates.short(day), other=dates.short(swapped))
    return day.isoformat()


def _refuse_number(number: str) -> None:
    serial = float(number)
    if serial.is_integer() and _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        near = dates.short(_EXCEL_BEGINS + timedelta(days=int(serial)))
        refuse("sheet-date-is-number", found=number, near=near)
    refuse("sheet-not-a-date", found=number)
