"""An item -> what its editor wants to know before readers see it: when, where, how much in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from bulletin import urls
from bulletin.model import Article, Mention
from bulletin.pages import archive
from bulletin.problems import Language, say
from bulletin.vietnamese import amounts, dates

Visibility = Literal["draft", "waiting", "archived", "published"]


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

    visibility: Visibility
    says: str
    lines: tuple[Line, ...]


def banner(article: Article, now: datetime, language: Language) -> Banner:
    """Return what the preview says of an item: dates and amounts in the words of the site, the rest in a language."""
    visibility = visibility_of(article, now)
    says = _says(article, visibility, now, language)
    return Banner(visibility=visibility, says=says, lines=tuple(_lines(article, language)))


def visibility_of(article: Article, now: datetime) -> Visibility:
    """Return how an item stands with its readers at a moment."""
    if article.card.draft:
        return "draft"
    if is_waiting(article, now):
        return "waiting"
    return "archived" if archive.is_expired(article, now) else "published"


def is_waiting(article: Article, now: datetime) -> bool:
    """Tell whether an item waits for its time; most of ten thousand are told by their day."""
    return (article.publish is not None or article.card.day > now.date()) and archive.release(article, now) > now


def mark(article: Article, now: datetime, language: Language) -> str:
    """Return what stands beside an item in lists that waits for its time."""
    return say("preview-mark", language, when=_moment(archive.release(article, now)))


def _says(article: Article, visibility: Visibility, now: datetime, language: Language) -> str:
    """Return in one sentence whether readers see an item, or when they will."""
    if visibility == "draft":
        return say("preview-draft", language)
    if visibility == "waiting":
        return say("preview-waiting", language, when=_moment(archive.release(article, now)))
    return say("preview-archived" if visibility == "archived" else "preview-published", language)


def worth(mention: Mention, language: Language) -> str:
    """Return a deal's amount in digits and in words, in which a digit too many is noticed."""
    if mention.amount is None:
        return say("preview-undisclosed", language)
    return f"{amounts.show(mention.amount)} ({amounts.in_words(mention.amount)})"


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M %d/%m/%Y}"


def _lines(article: Article, language: Language) -> Iterator[Line]:
    card = article.card
    month = card.day.year, card.day.month
    places = tuple(Part(text=place.name, url=urls.province(place.id)) for place in card.places)
    day = f"{dates.weekday_short(card.day).partition(',')[0]}, {dates.long(card.day)}"
    yield Line(name=say("preview-date", language), parts=(Part(text=day),))
    yield Line(name=say("preview-places", language), parts=places)
    yield Line(
        name=say("preview-month", language), parts=(Part(text=dates.month_title(*month), url=urls.month(month)),)
    )
    deals = tuple(Part(text=_deal(mention, language)) for mention in article.mentions)
    yield Line(name=say("preview-deals", language), parts=deals or (Part(text=say("preview-no-deals", language)),))
    if article.publish:
        yield Line(name=say("preview-publish", language), parts=(Part(text=_moment(article.publish)),))
    if article.expires:
        yield Line(name=say("preview-expires", language), parts=(Part(text=dates.short(article.expires)),))


def _deal(mention: Mention, language: Language) -> str:
    return f"{mention.place.name}, {dates.show_deal_date(mention.date)}: {worth(mention, language)}"
