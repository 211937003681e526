"""What a text says for the header of its item, each with the sentence that says it. Pure.

Proposals are proposals: people confirm them. What may be something else is not proposed: the day of a decree, a budget,
the province of a dateline. Several candidates are all proposed, and nothing is chosen among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from bulletin.intake.values import Passage, Proposal, Wishes
from bulletin.problems import Refused
from bulletin.vietnamese import Amount, Place, amounts, clip, dates, fold, nfc, provinces

IN_TITLE = "tiêu đề"
"""The place of a proposal that was read from the title."""
MOST_CANDIDATES = 12
"""Different values that are proposed for one key. More are no help to whoever has to choose."""
_MOST_QUOTED = 400
_DASHES = str.maketrans("‐‑‒–—―−", "-------")
_LONGEST = 600
"""Characters of a sentence; what is longer is cut, since the search for what stands before a number grows with it."""

# A full stop ends a sentence if a capital, a number or a quotation follows; not behind «TP.», «TS.» or an initial.
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-ZĐ]\.)(?<!\b[A-ZĐ][A-Za-z]\.)(?<!\b[A-ZĐ][A-Z][A-Z]\.)\s+(?=\W{0,9}[A-ZÀ-Ỹ0-9])"
)
_CLAUSE_END = re.compile(r"[;:()–—]|,(?![0-9])| - ")

_DAY = r"(?P<day>[0-3]?[0-9])"
_MONTH = r"(?P<month>[01]?[0-9])"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_LED = r"(?:ngay|sang|trua|chieu|toi|dem|hom nay|hom qua|thu (?:hai|ba|tu|nam|sau|bay)|chu nhat)(?: ngay)?,? ?\(?"
_DATES = (
    re.compile(rf"(?<![0-9/.-]){_DAY}(?P<sign>[/.-]){_MONTH}(?P=sign){_YEAR}(?![0-9/]|-[0-9])"),
    re.compile(rf"(?<![0-9/.-]){_YEAR}-{_MONTH}-{_DAY}(?![0-9/-])"),
    re.compile(rf"(?<![0-9/.-]){_DAY} thang {_MONTH},? (?:nam )?{_YEAR}(?![0-9])"),
    # Without a year it is a day only where a word or brackets say so: «24/7» and «1/3 dân số» are none.
    re.compile(rf"(?:(?<![a-z]){_LED}|\(){_DAY}(?:/| thang ){_MONTH}(?![0-9/.-]|,? nam| [0-9]{{4}})"),
)
# A day that is not that of the news: of a decree, the beginning or the end of a time.
_PAPER = "quyet dinh|nghi quyet|nghi dinh|cong van|thong tu|chi thi|ke hoach|van ban|luat|to trinh|giay phep"
_OTHER_DAY = re.compile(
    rf"(?:(?:{_PAPER})[^.;]{{0,60}}|(?<![a-z])so:? ?[0-9]+/[^.;]{{0,40}}"
    r"|(?<![a-z])(?:tu|den|het|truoc|sau|toi|cham nhat|han|thanh lap|sinh)(?: vao)?(?: ngay)?) ?\(?$"
)
_IN_A_RANGE = re.compile(r"[0-9] ?(?:-|den|toi)(?: ngay)? ?$")

_APPROXIMATION = (
    "gan|khoang|xap xi|uoc tinh|uoc|tren duoi|hon|tren|duoi|toi thieu|khong duoi|toi da|khong qua|len toi|len den|~"
)
_UNIT = "(?:(?:(?:nghin|ngan) )?t[yi]|trieu|tr|nghin|ngan)(?![a-z])"
_AMOUNT = re.compile(
    rf"(?<![0-9.,/$€-])(?:(?<![a-z])(?:{_APPROXIMATION}) ?)?[0-9]+(?:[.,][0-9]+)*"
    rf"(?: ?{_UNIT}(?: ruoi(?![a-z]))?(?: [0-9]{{1,3}} ?{_UNIT})*)?"
    r"(?P<currency> ?(?:dong|vnd|d|₫)(?![a-z]))?"
)
_AFTER_OTHER_MONEY = re.compile(
    r" ?(?:usd|us\$|do la|do(?![a-z])|eur|yen|won|nhan dan te|\$|€|-|/|(?:den|toi|moi|mot nam|hang nam) )"
)
_BEFORE_RANGE = re.compile(r"[0-9a-z] ?(?:-|den|toi) ?$|(?<![a-z])tu $|[$€] ?$")
_WORTH = re.compile(
    r"tri gia|gia tri|so tien|quy mo|kinh phi|muc dau tu|tong von|von dau tu|thanh tien|hop dong|thoa thuan|goi thau"
)
_AGREED = re.compile(
    r"(?<![a-z])(?:ky|ky ket|hop tac|thoa thuan|hop dong|bien ban|ghi nho|cam ket|goi thau|trung thau|dau tu)(?![a-z])"
)
# What else a text counts in money.
_OTHER_MONEY = re.compile(
    r"ngan sach|von dieu le|von hoa|von chu so huu|doanh thu|doanh so|du toan|loi nhuan|tai san|(?<![a-z])thue(?![a-z])"
    r"|(?<![a-z])quy(?! mo)(?![a-z])|grdp|gdp|kim ngach|du no|tong thu|thu hut|tiet kiem|ung ho|trao tang|ho tro"
    r"|giai thuong|luong|thu nhap|giai ngan|(?<![a-z])phat(?![a-z])|tham nhung|thiet hai|nam truoc|cung ky"
)
# The place where a text was written: «Hà Nội, ngày 25/12», «(Đà Nẵng) –», «Huế – Sáng 25/12».
_DATELINE = re.compile(r"\W{0,2}((?:TP\.? ?)?\w[\w ]{1,25}?)(?:, ?(?:ngày )?(?=[0-9])|, ngày |\)? ?[–—] | - |\) )")


class _Sentence(Struct, frozen=True, kw_only=True):
    """A sentence, and the same folded letter for letter: a place in one is that place in the other."""

    text: str
    folded: str
    line: int
    is_title: bool = False


class _Reading(Struct, frozen=True, kw_only=True):
    """A value that a sentence says."""

    value: str
    sentence: _Sentence


class _Deal(Struct, frozen=True, kw_only=True):
    """An amount that a sentence says of an agreement, with the one province that it names, if it names one."""

    amount: Amount
    written: str
    place: Place | None
    sentence: _Sentence


def proposed(title: str, passages: Sequence[Passage], wishes: Wishes) -> tuple[Proposal, ...]:
    """Return what a text with this title says for `date`, `province`, `value` or `deals`; the title has no line."""
    sentences = [*_sentences(title, 0), *(part for one in passages for part in _sentences(one.text, one.line))]
    days = _days(sentences, wishes.today)
    known = {reading.value for reading in days}
    day = date.fromisoformat(next(iter(known))) if len(known) == 1 else None
    by_sentence: dict[_Sentence, set[str]] = {}
    for reading in days:
        by_sentence.setdefault(reading.sentence, set()).add(reading.value)
    places = _places(sentences, day or wishes.today)
    named = {reading.value for reading in places}
    # An item about one province may tell what another has signed: that is not what its own deal is worth.
    told = _deals(sentences, day or wishes.today)
    deals = [deal for deal in told if deal.place is None or deal.place.name in named]
    return (
        *_proposals("province", places),
        *_proposals("date", days),
        *_worth(deals, by_sentence, day),
    )


def _sentences(text: str, line: int) -> Iterator[_Sentence]:
    for sentence in (part for whole in _SENTENCE_END.split(nfc(text)) for part in _cut(whole)):
        # What folds to several letters is no letter of ours: any one will do in its place.
        folded = "".join(fold(letter)[:1] or "?" for letter in sentence).translate(_DASHES)
        yield _Sentence(text=sentence, folded=folded, line=line, is_title=not line)


def _cut(sentence: str) -> Iterator[str]:
    while len(sentence) > _LONGEST:
        end = sentence.rfind(" ", 1, _LONGEST) + 1 or _LONGEST
        yield sentence[:end].rstrip()
        sentence = sentence[end:]
    yield sentence


def _proposals(field: str, readings: Iterable[_Reading]) -> Iterator[Proposal]:
    """Yield each value once, from the first sentence that says it."""
    first: dict[str, _Reading] = {}
    for reading in readings:
        first.setdefault(reading.value, reading)
    for reading in list(first.values())[:MOST_CANDIDATES]:
        yield _proposal(field, reading.value, reading.sentence)


def _proposal(field: str, value: str | dict[str, str], sentence: _Sentence) -> Proposal:
    place = f"dòng {sentence.line}" if sentence.line else IN_TITLE
    return Proposal(field=field, value=value, sentence=clip(sentence.text, _MOST_QUOTED), place=place)


# Days


def _days(sentences: Sequence[_Sentence], today: date) -> list[_Reading]:
    """Return the days of the text that may be that of its news: none after today."""
    found = [(match, sentence) for sentence in sentences for match in _day_matches(sentence)]
    years = {int(match["year"]) for match, _ in found if "year" in match.groupdict()}
    readings = []
    for match, sentence in found:
        day = _day(match, years, today)
        if day and day <= today and not _is_other_day(match, sentence):
            readings.append(_Reading(value=day.isoformat(), sentence=sentence))
    return readings


def _day_matches(sentence: _Sentence) -> list[re.Match[str]]:
    """Return where a sentence names a day, in its order. What one form has taken is not read by the next."""
    found: list[re.Match[str]] = []
    for form in _DATES:
        found += (
            match
            for match in form.finditer(sentence.folded)
            if not any(match.start() < other.end() and other.start() < match.end() for other in found)
        )
    return sorted(found, key=lambda match: match.start())


def _day(match: re.Match[str], years: set[int], today: date) -> date | None:
    """Return the day; one without a year is of the only year that the text names, else the nearest up to today."""
    fields = match.groupdict()
    month = int(fields["month"])
    if "year" in fields:
        return _date(int(fields["year"]), month, int(fields["day"]))
    candidates = years if len(years) == 1 else {today.year, today.year - 1} if not years else set()
    days = [day for year in candidates if (day := _date(year, month, int(fields["day"])))]
    return max((day for day in days if day <= today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    """Return the day as the product's reader takes it; None if it refuses it."""
    try:
        return dates.parse(f"{day}/{month}/{year}")
    except Refused:
        return None


def _is_other_day(match: re.Match[str], sentence: _Sentence) -> bool:
    before = sentence.folded[: match.start()]
    after = sentence.folded[match.end() :]
    led = f"{before}{re.match('[^0-9]*', match[0])[0]}"  # type: ignore[index]
    return bool(
        _OTHER_DAY.search(led) or _IN_A_RANGE.search(led) or re.match(r" ?(?:-|den|toi)(?: ngay)? ?[0-9]", after)
    )


# Provinces


def _places(sentences: Sequence[_Sentence], day: date) -> list[_Reading]:
    """Return the provinces of the title, or those of the text if it names none, or none of the title's."""
    readings = [
        _Reading(value=place.name, sentence=sentence)
        for sentence in sentences
        for place in provinces.named_in(_without_dateline(sentence, day), day)
    ]
    of_title = {reading.value for reading in readings if reading.sentence.is_title}
    of_text = {reading.value for reading in readings if not reading.sentence.is_title}
    if of_title and (of_title & of_text or not of_text):
        return [reading for reading in readings if reading.value in of_title]
    return readings


def _without_dateline(sentence: _Sentence, day: date) -> str:
    match = _DATELINE.match(sentence.text)
    return sentence.text[match.end() :] if match and provinces.named_in(match[1], day) else sentence.text


# Amounts


def _deals(sentences: Sequence[_Sentence], day: date) -> list[_Deal]:
    title_agrees = any(_AGREED.search(sentence.folded) for sentence in sentences if sentence.is_title)
    found = []
    for sentence in sentences:
        if not (title_agrees or _AGREED.search(sentence.folded)):
            continue
        for match in _AMOUNT.finditer(sentence.folded):
            amount = _amount(match, sentence)
            if amount:
                written = sentence.text[match.start() : match.end()]
                found.append(
                    _Deal(amount=amount, written=written, place=_place_of(match, sentence, day), sentence=sentence)
                )
    return found


def _amount(match: re.Match[str], sentence: _Sentence) -> Amount | None:
    """Return an amount of money that is what an agreement is worth; None for any other number."""
    before, after = sentence.folded[: match.start()], sentence.folded[match.end() :]
    is_money = match["currency"] or re.match(r" ?(?:[.,;)]|$)", after)
    clause = _CLAUSE_END.split(before)[-1]
    if not is_money or _AFTER_OTHER_MONEY.match(after) or _BEFORE_RANGE.search(before):
        return None
    # «hợp đồng với tổng ngân sách 500 tỷ»: the nearest word tells.
    other = max((found.start() for found in _OTHER_MONEY.finditer(clause)), default=-1)
    worth = max((found.start() for found in _WORTH.finditer(clause)), default=-1)
    if other > worth or (worth < 0 and not _AGREED.search(clause)):
        return None
    try:
        return amounts.parse(sentence.text[match.start() : match.end()])
    except Refused:
        return None


def _place_of(match: re.Match[str], sentence: _Sentence, day: date) -> Place | None:
    """Return the province of an amount: the only one of its sentence, or of the part of it in which both stand."""
    cuts = [0, *(cut.end() for cut in re.finditer(r"[;]|,(?= )", sentence.text)), len(sentence.text)]
    start = max(cut for cut in cuts if cut <= match.start())
    end = min(cut for cut in cuts if cut >= match.end())
    for part in (sentence.text[start:end], sentence.text):
        named = provinces.named_in(part, day)
        if len(named) == 1:
            return named[0]
    return None


def _worth(deals: Sequence[_Deal], days: Mapping[_Sentence, set[str]], day: date | None) -> Iterator[Proposal]:
    """Yield the deals of a round-up, each amount with a province of its own; else what the one deal may be worth."""
    places = {deal.place for deal in deals}
    if len(places) > 1 and None not in places:
        for deal in _told_once(deals):
            yield _proposal("deals", _row(deal, days.get(deal.sentence, set()), day), deal.sentence)
    else:
        yield from _proposals("value", (_Reading(value=deal.written, sentence=deal.sentence) for deal in deals))


def _told_once(deals: Sequence[_Deal]) -> list[_Deal]:
    first: dict[tuple[Place | None, int], _Deal] = {}
    for deal in deals:
        first.setdefault((deal.place, deal.amount.dong), deal)
    return list(first.values())


def _row(deal: _Deal, days: set[str], day: date | None) -> dict[str, str]:
    """Return a deal as a row of `deals`, with the day that its own sentence names, else the only one of the text."""
    assert deal.place is not None
    when = next(iter(days)) if len(days) == 1 else day.isoformat() if day else ""
    return {"province": deal.place.name, **({"date": when} if when else {}), "value": deal.written}
