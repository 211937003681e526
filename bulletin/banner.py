"""An item -> what its editor wants to know before readers see it: when, where, how much in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from bulletin import dates, money
from bulletin.archive import is_expired, release
from bulletin.model import Article, Mention
from bulletin.numerals import in_words
from bulletin.problems import Language, say
from bulletin.rows import month_reference

Standing = Literal["draft", "waiting", "archived", "published"]


class Part(Struct, frozen=True, kw_only=True):
    """Some words, with the url they lead to or none."""

    text: str
    url: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """One thing that a reader would see, by its name."""

    name: str
    parts: tuple[Part, ...]


class Banner(Struct, frozen=True, kw_only=True):
    """What the preview says of an item."""

    standing: Standing
    says: str
    lines: tuple[Line, ...]


def banner(article: Article, now: datetime, language: Language) -> Banner:
    """Return what the preview says of an item: dates and amounts in the words of the site, the rest in a language."""
    standing = standing_of(article, now)
    says = _says(article, standing, now, language)
    return Banner(standing=standing, says=says, lines=tuple(_lines(article, language)))


def standing_of(article: Article, now: datetime) -> Standing:
    """Return how an item stands with its readers at a moment."""
    if article.card.draft:
        return "draft"
    if is_waiting(article, now):
        return "waiting"
    return "archived" if is_expired(article, now) else "published"


def is_waiting(article: Article, now: datetime) -> bool:
    """Tell whether an item waits for its time; most of ten thousand are told by their day."""
    return (article.publish is not None or article.card.day > now.date()) and release(article, now) > now


def mark(article: Article, now: datetime, language: Language) -> str:
    """Return what stands beside an item in lists that waits for its time."""
    return say("preview-mark", language, when=_moment(release(article, now)))


def _says(article: Article, standing: Standing, now: datetime, language: Language) -> str:
    """Return in one sentence whether readers see an item, or when they will."""
    if standing == "draft":
        return say("preview-draft", language)
    if standing == "waiting":
        return say("preview-waiting", language, when=_moment(release(article, now)))
    return say("preview-archived" if standing == "archived" else "preview-published", language)


def worth(mention: Mention, language: Language) -> str:
    """Return a deal's amount in digits and in words, in which a digit too many is noticed."""
    if mention.amount is None:
        return say("preview-undisclosed", language)
    word = f"{mention.amount.word} " if mention.amount.word else ""
    return f"{money.show(mention.amount)} ({word}{in_words(mention.amount.dong)} đồng)"


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M %d/%m/%Y}"


def _lines(article: Article, language: Language) -> Iterator[Line]:
    card = article.card
    month = month_reference((card.day.year, card.day.month))
    places = tuple(Part(text=place.name, url=f"/tinh/{place.id}/") for place in card.places)
    day = f"{dates.weekday_short(card.day).partition(',')[0]}, {dates.long(card.day)}"
    yield Line(name=say("preview-date", language), parts=(Part(text=day),))
    yield Line(name=say("preview-places", language), parts=places)
    yield Line(name=say("preview-month", language), parts=(Part(text=month.title, url=month.url),))
    deals = tuple(Part(text=_deal(mention, language)) for mention in article.mentions)
    yield Line(name=say("preview-deals", language), parts=deals or (Part(text=say("preview-no-deals", language)),))
    if article.publish:
        yield Line(name=say("preview-publish", language), parts=(Part(text=_moment(article.publish)),))
    if article.expires:
        yield Line(name=say("preview-expires", language), parts=(Part(text=dates.short(article.expires)),))


def _deal(mention: Mention, language: Language) -> str:
    return f"{mention.place.name}, {dates.show_deal_date(mention.date)}: {worth(mention, language)}"
