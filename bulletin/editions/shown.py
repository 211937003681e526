"""Facts of items and deals in readers' words, for forms that are not pages."""

from __future__ import annotations

from bulletin.editions.edition import CorrectedItem, Edition
from bulletin.model import Article, Card, Deal, Total
from bulletin.vietnamese import amounts, dates
from bulletin.vietnamese.periods import in_words

UNDISCLOSED = "chưa công bố"
_FACTS = {"title": "Tiêu đề", "date": "Ngày", "province": "Tỉnh, thành phố", "value": "Giá trị"}


def meta(card: Card, heading: str = "") -> str:
    """Return «Thái Nguyên · 25/12/2016 · 2.000 tỷ đồng · Ký kết», without a place that is the heading above."""
    named = ", ".join(place.name for place in card.places if place.name)
    places = "" if named == heading else named
    return " · ".join(part for part in (places, dates.short(card.day), worth(card), card.category) if part)


def worth(card: Card) -> str:
    """Return what the deals of an item are worth; empty without deals."""
    if card.deal_count == 1:
        return amounts.show(card.amount) if card.amount else f"giá trị {UNDISCLOSED}"
    return f"{card.deal_count} thỏa thuận" if card.deal_count else ""


def notes(article: Article) -> tuple[str, ...]:
    """Return when and where what an item tells of takes place, and who wrote it."""
    event, authors = article.event, ", ".join(article.authors)
    time_and_place = ", ".join(part for part in (in_words(event.when), event.place) if part) if event else ""
    return tuple(part for part in (time_and_place, f"Người viết: {authors}" if authors else "") if part)


def value(deal: Deal) -> str:
    return amounts.show(deal.amount) if deal.amount else UNDISCLOSED


def deals_in_words(total: Total) -> str:
    """Return «4 thỏa thuận, 1 có công bố giá trị, tổng 2.000 tỷ đồng»."""
    told = f"{grouped(total.count)} thỏa thuận"
    if not total.disclosed:
        return f"{told}, chưa công bố giá trị"
    return f"{told}, {grouped(total.disclosed)} có công bố giá trị, tổng {sum_of(total)}"


def sum_of(total: Total) -> str:
    return amounts.show_sum(total.dong, approximate=total.approximate)


def numbers(edition: Edition) -> tuple[str, ...]:
    """Return how many items and deals there are, and what the deals are worth."""
    total = edition.total
    told = [f"{grouped(len(edition.items))} tin"]
    if total.count:
        told.append(f"{grouped(total.count)} thỏa thuận")
    if total.disclosed:
        told.append(sum_of(total))
    return tuple(told)


def corrected(item: CorrectedItem) -> tuple[str, ...]:
    """Return what was corrected of an item, a line for each."""
    notes = (f"{dates.short(note.day)}: {note.note}" for note in item.notes)
    changes = (f"{_FACTS[one.what]}: {one.before} → {one.after}" for one in item.changes)
    return (*notes, *changes)


def grouped(number: int) -> str:
    """Return a count with dots between thousands."""
    return f"{number:,}".replace(",", ".")
