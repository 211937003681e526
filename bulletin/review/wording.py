"""A review in words: sections of entries, which a terminal, a page and a mail show each in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from bulletin.model import Card
from bulletin.problems import Language, say
from bulletin.review import differences
from bulletin.review.differences import FieldChange, Part
from bulletin.review.values import AmountChange, ItemChange, LostUrl, PictureChange, Review, TotalChange
from bulletin.vietnamese import amounts, dates

Kind = Literal["alarms", "added", "changed", "removed", "clock", "scheduled", "totals", "corrections", "site"]
"""The sections, in the order in which they stand."""
_MOST_ENTRIES = 200
_LONGEST = 40
"""Words that are kept beside a change: who reads it must find the place, not read the sentence again."""


class Line(Struct, frozen=True, kw_only=True):
    """Something that is said of an item: what it is about, and words that were kept, taken out or put in.

    `is_turn` if it is a value that was, and the one that takes its place; else it is a sentence.
    """

    label: str
    parts: tuple[Part, ...]
    is_turn: bool = False


class Entry(Struct, frozen=True, kw_only=True):
    """One item of a section, or a sentence that is about none; empty where there is nothing to say."""

    title: str
    sign: Literal["+", "~", "-", "!", ""] = ""
    url: str = ""
    former_url: str = ""
    """Where readers have it now."""
    path: str = ""
    meta: str = ""
    lines: tuple[Line, ...] = ()
    text: tuple[str, ...] = ()
    """The paragraphs of a new item."""
    pictures: tuple[PictureChange, ...] = ()


class Section(Struct, frozen=True, kw_only=True):
    """What is said under one heading; `more` says how many entries are left out, if any."""

    kind: Kind
    title: str
    entries: tuple[Entry, ...]
    more: str


def sections(review: Review, language: Language) -> tuple[Section, ...]:
    """Return the sections that have something to say: first what deserves a second look.

    Of a section of thousands, such as that of a first publication, the first entries are told.
    """
    words = _Wording(language)
    by_hand = [[one for one in found if not one.by_clock] for found in (review.added, review.changed)]
    found: dict[Kind, tuple[str, Iterator[Entry]]] = {
        "alarms": (words.said("review-alarms"), words.alarms(review)),
        "added": (words.said("review-added"), map(words.added, by_hand[0])),
        "changed": (words.said("review-changed"), map(words.changed, by_hand[1])),
        "removed": (words.said("review-removed"), map(words.removed, review.removed)),
        "clock": (words.said("review-clock"), map(words.clocked, (one for one in review.items if one.by_clock))),
        "scheduled": (words.said("review-scheduled"), words.scheduled(review)),
        "totals": (words.said("review-totals"), map(words.total, review.totals)),
        "corrections": (words.said("review-corrections"), words.corrections(review)),
        "site": (words.said("review-site"), words.site(review)),
    }
    made = (_section(kind, title, tuple(entries), language) for kind, (title, entries) in found.items())
    return tuple(section for section in made if section.entries)


def _section(kind: Kind, title: str, entries: tuple[Entry, ...], language: Language) -> Section:
    left = len(entries) - _MOST_ENTRIES
    return Section(
        kind=kind,
        title=title if kind in {"totals", "site"} else f"{title} ({number(len(entries), language)})",
        entries=entries[:_MOST_ENTRIES],
        more=say("review-more", language, count=number(left, language)) if left > 0 else "",
    )


def number(value: int, language: Language) -> str:
    """Return a number as the language groups it."""
    return f"{value:,}".replace(",", ".") if language == "vi" else f"{value:,}"


def sentence(text: str) -> str:
    """Return a text that begins as a sentence does."""
    return text[:1].upper() + text[1:]


def difference_of(total: TotalChange) -> str:
    """Return how a sum moves: «+1,5 tỷ đồng»; empty if it does not."""
    moved = total.dong[1] - total.dong[0]
    return f"{'+' if moved > 0 else '−'}{amounts.full(abs(moved))}" if moved else ""


class _Wording:
    def __init__(self, language: Language) -> None:
        self._language = language

    def said(self, code: str, **words: str) -> str:
        return sentence(say(code, self._language, **words))

    # Items

    def added(self, change: ItemChange) -> Entry:
        lines = tuple(self._file(one) for one in change.attachments)
        return _entry("+", change, self._meta(change.card), lines=lines, text=change.text, pictures=change.pictures)

    def changed(self, change: ItemChange) -> Entry:
        return _entry("~", change, lines=tuple(self._changes(change)), pictures=change.pictures)

    def removed(self, change: ItemChange) -> Entry:
        reasons = {
            "deleted": self.said("review-gone-deleted"),
            "draft": self.said("review-gone-draft"),
            "waits": self.said("review-gone-waits"),
        }
        return _entry("-", change, reasons[change.gone or "deleted"])

    def clocked(self, change: ItemChange) -> Entry:
        language = self._language
        done = {
            "appears": say("review-clock-appears", language),
            "expires": say("review-clock-expires", language),
            "unpinned": say("review-clock-unpinned", language),
            "over": say("review-clock-over", language),
            "forgotten": say("review-clock-forgotten", language),
        }
        is_new = "appears" in change.by_clock
        return _entry(
            "+" if is_new else "~",
            change,
            sentence("; ".join(done[one] for one in change.by_clock)),
            text=change.text,
            pictures=change.pictures,
        )

    def scheduled(self, review: Review) -> Iterator[Entry]:
        for change in review.scheduled:
            at = f"{change.waits_until:%H:%M %d/%m/%Y}" if change.waits_until else ""
            meta = " · ".join((self.said("review-waits-until", at=at), self._meta(change.card)))
            yield _entry("+", change, meta, text=change.text, pictures=change.pictures)
        for change in review.unscheduled:
            yield _entry("-", change, self.said("review-unscheduled"))

    def _changes(self, change: ItemChange) -> Iterator[Line]:
        former = change.former
        if change.former_path:
            yield _plain_line(self.said("review-renamed"), (change.former_path,), (change.path,))
        if former and former.url != change.card.url:
            yield _plain_line(self.said("review-url"), (former.url,), (change.card.url,))
        for one in change.fields:
            yield from self._field(one)
        body = self.said("field-body")
        for sentence in change.sentences:
            yield Line(label=body, parts=tuple(_shortened(sentence.parts)))
        if change.is_restyled:
            yield Line(label=body, parts=_kept(self.said("review-restyled")))
        for picture in change.pictures:
            yield self._file(picture)
        for attachment in change.attachments:
            yield self._file(attachment)

    def _field(self, change: FieldChange) -> Iterator[Line]:
        """Yield what a field says; of a list the rows that differ."""
        label = sentence(differences.name_of(change.key, self._language))
        gone = tuple(row for row in change.before if row not in change.after)
        new = tuple(row for row in change.after if row not in change.before)
        yield _plain_line(label, gone or change.before, new or change.after)

    def _file(self, change: PictureChange) -> Line:
        name = change.path.rpartition("/")[2]
        if not change.before:
            said = self.said("review-file-added", name=name)
        elif not change.after:
            said = self.said("review-file-removed", name=name)
        else:
            said = self.said("review-file-changed", name=name)
        return Line(label="", parts=_kept(said))

    def _meta(self, card: Card) -> str:
        """Return what lists say of an item, its amount in words too, in which a digit too many is heard."""
        amount = f"{amounts.show(card.amount)} ({amounts.in_words(card.amount)})" if card.amount else ""
        places = ", ".join(place.name for place in card.places)
        return " · ".join(part for part in (places, dates.weekday_short(card.day), amount) if part)

    # What is no item

    def alarms(self, review: Review) -> Iterator[Entry]:
        yield from map(self._jump, review.amounts)
        yield from map(self._lost, review.urls_lost)

    def _jump(self, jump: AmountChange) -> Entry:
        shown = [f"{amounts.show(one)} ({amounts.in_words(one)})" for one in (jump.before, jump.after)]
        times = number(jump.times, self._language)
        if jump.after.dong > jump.before.dong:
            said = say("review-amount-more", self._language, times=times, before=shown[0], after=shown[1])
        else:
            said = say("review-amount-less", self._language, times=times, before=shown[0], after=shown[1])
        return Entry(sign="!", title=jump.card.title, url=jump.card.url, meta=f"{jump.place.name}: {said}")

    def _lost(self, lost: LostUrl) -> Entry:
        if lost.instead:
            said = self.said("review-url-lost-instead", url=lost.url, instead=lost.instead)
        else:
            said = self.said("review-url-lost", url=lost.url)
        return Entry(sign="!", title=lost.title, meta=said)

    def total(self, total: TotalChange) -> Entry:
        """Return «Hà Nội, tháng 5/2024: 12 → 13 bài, +1,5 tỷ đồng»."""
        name = total.place.name if total.place else self.said("review-all")
        month = f", {self._month(total.month)}" if total.month else ""
        moved = []
        if total.items[0] != total.items[1]:
            moved.append(self._moved("review-count-items", total.items))
        if total.deals[0] != total.deals[1]:
            moved.append(self._moved("review-count-deals", total.deals))
        if sums := difference_of(total):
            moved.append(sums)
        return Entry(title=f"{name}{month}: {', '.join(moved)}")

    def _month(self, month: tuple[int, int]) -> str:
        return say("review-month", self._language, month=f"{month[1]}/{month[0]}")

    def _moved(self, code: str, counts: tuple[int, int]) -> str:
        before, after = (number(one, self._language) for one in counts)
        return say(code, self._language, before=before, after=after)

    def corrections(self, review: Review) -> Iterator[Entry]:
        for change in review.items:
            for one in change.corrections:
                meta = f"{dates.short(one.day)}: {one.note}"
                yield Entry(title=change.card.title, url=change.card.url, path=change.path, meta=meta)

    def site(self, review: Review) -> Iterator[Entry]:
        for change in review.settings:
            line = _plain_line("", change.before, change.after)
            yield Entry(title=self.said("review-setting", key=change.key), lines=(line,))
        if review.templates:
            yield Entry(title=self.said("review-templates", names=", ".join(review.templates)))
        if review.is_other_program:
            yield Entry(title=self.said("review-program"))


def _entry(  # noqa: PLR0913 - what an entry shows
    sign: Literal["+", "~", "-"],
    change: ItemChange,
    meta: str = "",
    *,
    lines: tuple[Line, ...] = (),
    text: tuple[str, ...] = (),
    pictures: tuple[PictureChange, ...] = (),
) -> Entry:
    return Entry(
        sign=sign,
        title=change.card.title,
        url=change.card.url,
        former_url=change.former.url if change.former else "",
        path=change.path,
        meta=meta,
        lines=lines,
        text=text,
        pictures=pictures,
    )


def _kept(text: str) -> tuple[Part, ...]:
    return (Part(kind="kept", text=text),)


def _plain_line(label: str, before: Sequence[str], after: Sequence[str]) -> Line:
    """Return a line that says what was and what is; nothing of what was not."""
    gone, new = (" · ".join(rows) for rows in (before, after))
    parts = (Part(kind="removed", text=gone), Part(kind="added", text=new))
    return Line(label=label, parts=tuple(part for part in parts if part.text), is_turn=True)


def _shortened(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the parts of a sentence, of a long kept one the words beside what changed."""
    last = len(parts) - 1
    for place, part in enumerate(parts):
        words = part.text.split(" ")
        if part.kind != "kept" or len(words) <= _LONGEST or last == 0:
            yield part
        elif place == 0:
            yield Part(kind="kept", text=f"… {' '.join(words[-_LONGEST // 2 :])}")
        elif place == last:
            yield Part(kind="kept", text=f"{' '.join(words[: _LONGEST // 2])} …")
        else:
            yield Part(kind="kept", text=f"{' '.join(words[: _LONGEST // 2])} … {' '.join(words[-_LONGEST // 2 :])}")
