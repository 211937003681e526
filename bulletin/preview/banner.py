"""An item -> the facts that its editor checks before readers see it: dates, places, amounts in words. Pure."""

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
    """A text, with the url it leads to if there is one."""

    text: str
    url: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """One fact of the item as readers will see it, with its label."""

    name: str
    parts: tuple[Part, ...]


class Banner(Struct, frozen=True, kw_only=True):
    """All that the preview says about an item."""

    visibility: Visibility
    says: str
    lines: tuple[Line, ...]


def banner(article: Article, now: datetime, language: Language) -> Banner:
    """Return the banner of an item: dates and amounts in the site's Vietnamese, everything else in `language`."""
    visibility = visibility_of(article, now)
    sentence = _sentence(article, visibility, now, language)
    return Banner(visibility=visibility, says=sentence, lines=tuple(_lines(article, language)))


def visibility_of(article: Article, now: datetime) -> Visibility:
    """Return whether an item is a draft, waiting, archived or published at a moment."""
    if article.card.draft:
        return "draft"
    if is_waiting(article, now):
        return "waiting"
    return "archived" if archive.is_expired(article, now) else "published"


def is_waiting(article: Article, now: datetime) -> bool:
    """Tell whether an item waits for its time; the first test, of the day, decides for most of ten thousand items."""
    return (article.publish is not None or article.card.day > now.date()) and archive.release(article, now) > now


def waiting_label(article: Article, now: datetime, language: Language) -> str:
    """Return the words that lists show beside an item that waits for its time."""
    return say("preview-mark", language, when=_moment(archive.release(article, now)))


def _sentence(article: Article, visibility: Visibility, now: datetime, language: Language) -> str:
    """Return the sentence that says whether readers see an item, or when they will."""
    if visibility == "draft":
        return say("preview-draft", language)
    if visibility == "waiting":
        return say("preview-waiting", language, when=_moment(archive.release(article, now)))
    return say("preview-archived" if visibility == "archived" else "preview-published", language)


def amount_text(mention: Mention, language: Language) -> str:
    """Return a deal's amount in digits and in words, because words make a digit too many visible."""
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
    return f"{mention.place.name}, {dates.show_deal_date(mention.date)}: {amount_text(mention, language)}"
