"""An edition -> a PDF to read and to print: cover, contents, items by province, deals, what was corrected."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time
from functools import partial
from typing import Any

from bulletin.build import cores
from bulletin.build.reading import Pictures, ReadSite
from bulletin.editions import shown, tree
from bulletin.editions.edition import Edition, EditionItem
from bulletin.editions.printed import Node, Typeset, address_of, blocks_of, breakable
from bulletin.editions.tree import Address
from bulletin.editions.typesetting import Typeset as Pdf
from bulletin.editions.typesetting import typeset
from bulletin.images import Picture
from bulletin.vietnamese import dates

_COLUMN, _HIGHEST = 482, 240
"""Points of a column of text, and of the highest picture in it."""
_POINTS_PER_PIXEL = 72 / 130
"""A picture is no larger than 130 pixels to an inch allow: on paper a larger one is coarse."""
_PRINTED = 960
"""Pixels of a picture across the page: nearly 150 to an inch."""
_ON_COVER = 5
WORDS = {
    "contents": "Mục lục",
    "corrected": "Đính chính, cập nhật",
    "corrections": "Đính chính tin của kỳ trước",
    "deal-columns": ["Ngày ký", "Tỉnh, thành phố", "Giá trị", "Tin"],
    "deals": "Các thỏa thuận",
    "newest": "Tin mới nhất",
    "page": "trang",
    "read-on": "Trên trang bản tin:",
    "total": "Tổng giá trị đã công bố",
}


def pdf(edition: Edition, site: ReadSite) -> Pdf:
    """Return the edition as PDF; raise Refused if Typst is not installed."""
    paper = _Paper(site.renderer.absolute, site.pictures)
    data = paper.data(edition)
    day = datetime.combine(edition.period.last, time(), site.renderer.settings.zone)
    return typeset("edition.typ", data, paper.files(), day)


class _Paper:
    """Writes an edition as data; `files` are the pictures that were named in it."""

    def __init__(self, address: Address, pictures: Pictures) -> None:
        self._address = address
        self._pictures = pictures
        self._shown: dict[str, Picture] = {}

    def files(self) -> dict[str, bytes]:
        """Return the pictures by their names; Pillow lets other threads work while it scales."""
        with ThreadPoolExecutor(cores()) as threads:
            made = threads.map(lambda picture: self._pictures.jpeg(picture, _PRINTED), self._shown.values())
            return dict(zip(self._shown, made, strict=True))

    def data(self, edition: Edition) -> Mapping[str, Any]:
        ids = {item.article.card.url: f"item-{number}" for number, item in enumerate(edition.items, 1)}
        newest = edition.newest
        return {
            "title": edition.title,
            "bulletin": edition.bulletin,
            "organisation": edition.organisation,
            "description": f"{edition.bulletin}, {edition.title}: {', '.join(shown.numbers(edition))}",
            "numbers": shown.numbers(edition),
            "address": edition.base_url,
            "shown-address": _shown_address(edition.base_url),
            "words": WORDS,
            "cover": next((cover for item in newest if (cover := self._cover(item))), None),
            "newest": [[ids[one.article.card.url], one.article.card.title] for one in newest[:_ON_COVER]],
            "groups": [
                {
                    "title": group.page.title,
                    "items": [self._item(item, ids[item.article.card.url]) for item in group.items],
                }
                for group in edition.groups
            ],
            "deals": [
                {
                    "date": dates.show_deal_date(deal.date),
                    "province": deal.place.name,
                    "value": shown.value(deal),
                    "name": breakable(deal.name),
                    "items": [[ids.get(one.url, ""), breakable(one.title), self._url(one.url)] for one in deal.items],
                }
                for deal in edition.deals
            ],
            "deals-in-words": f"{shown.deals_in_words(edition.total)}.",
            "sum": shown.sum_of(edition.total) if edition.total.disclosed else None,
            "corrections": [
                {
                    "title": breakable(one.title),
                    "address": self._url(one.url),
                    "lines": [breakable(line) for line in shown.corrected(one)],
                }
                for one in edition.corrections
            ],
        }

    def _item(self, item: EditionItem, name: str) -> Mapping[str, Any]:
        article = item.article
        known = tree.pictures(item, self._address)
        blocks = blocks_of(tree.nodes(item, self._address), partial(self._in_text, known=known))
        head = item.image
        if head is not None and head not in item.links:
            blocks.insert(0, self._placed(head, article.image_alt, _HIGHEST))
        url = self._url(article.card.url)
        return {
            "id": name,
            "title": breakable(article.card.title),
            "meta": shown.meta(article.card),
            "notes": shown.notes(article),
            "blocks": blocks,
            "corrections": [f"{dates.short(one.day)}: {breakable(one.note)}" for one in article.corrections],
            "address": url,
            "shown-address": _shown_address(url),
        }

    def _cover(self, item: EditionItem) -> Typeset | None:
        if item.image is None:
            return None
        _, *placed, _ = self._placed(item.image, item.article.image_alt, 260)
        return placed

    def _in_text(self, node: Node, known: Mapping[str, Picture]) -> Typeset | None:
        picture = known.get(node.attributes.get("src", ""))
        return self._placed(picture, node.attributes.get("alt", ""), _HIGHEST) if picture else None

    def _placed(self, picture: Picture, alt: str, highest: int) -> Typeset:
        """Return a picture as a block, as wide as the column, its pixels or its height allow."""
        width = min(_COLUMN, picture.width * _POINTS_PER_PIXEL, highest * picture.width / picture.height)
        return ["image", self._file(picture), alt, round(width, 1), []]

    def _file(self, picture: Picture) -> str:
        name = f"{self._pictures.digest(picture)}.jpg"
        self._shown.setdefault(name, picture)
        return name

    def _url(self, url: str) -> str:
        return address_of(self._address(url))


def _shown_address(url: str) -> str:
    return breakable(url.partition("://")[2].rstrip("/"))
