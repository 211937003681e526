"""The list of items: what stands below content/, in which state each item is, and the search among them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlencode

from msgspec import Struct

from bulletin import urls
from bulletin.desk.form import ShownProblem, Value, shown_on_list
from bulletin.model import CONTENT, Article, Compiled
from bulletin.pages import archive
from bulletin.problems import Language, errors
from bulletin.vietnamese import amounts, dates, fold

State = Literal["error", "draft", "waiting", "new", "changed", "published", "archived", "copy"]
STATES: Mapping[State, str] = {
    "draft": "Bản nháp",
    "waiting": "Hẹn đăng",
    "new": "Chưa đăng",
    "changed": "Đã sửa, chưa đăng",
    "published": "Đã đăng",
    "archived": "Hết hạn",
    "error": "Có lỗi",
    "copy": "Đang viết",
}
PER_PAGE = 50


class Row(Struct, frozen=True, kw_only=True):
    """An item on the list; `key` is what the search looks through, folded."""

    address: str
    path: str
    title: str
    places: str
    place_ids: tuple[str, ...]
    day: str
    order: date
    amount: str
    state: State
    problems: tuple[ShownProblem, ...]
    key: str
    writers: tuple[str, ...] = ()
    """Who has typed what is not saved yet."""
    holders: tuple[str, ...] = ()
    """Who has it open."""
    saved: str = ""
    """Who has saved what stands in the bulletin, and when; empty if nobody did at the desk."""


class Query(Struct, frozen=True, kw_only=True):
    """What the list is asked for; empty parts ask for everything."""

    words: str = ""
    state: str = ""
    province: str = ""
    month: str = ""
    page: int = 1


class Found(Struct, frozen=True, kw_only=True):
    """A page of the rows that a query finds, and how many there are in all."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    query: Query

    def address(self, page: int) -> str:
        """Return the address of another page of the same query."""
        query = self.query
        parts = {"q": query.words, "trang-thai": query.state, "tinh": query.province, "thang": query.month}
        return f"{urls.DESK}?" + urlencode({name: text for name, text in parts.items() if text} | {"trang": str(page)})


def address_of(path: str) -> str:
    """Return the address of the form of an item, by the path of its file."""
    return urls.form(path.removeprefix(f"{CONTENT}/"))


def rows(
    compiled: Mapping[str, Compiled], published: Mapping[str, bool], now: datetime, language: Language
) -> list[Row]:
    """Return a row for each item, newest first.

    `published` tells of each item that readers have whether they have it as it stands in content/.
    """
    listed = [_row(path, one, published, now, language) for path, one in compiled.items()]
    return sorted(listed, key=lambda row: (row.order, row.path), reverse=True)


def row_of_copy(key: str, path: str, who: str, values: Mapping[str, Value]) -> Row:
    """Return the row of an item that exists as a working copy alone: a new one, or one whose file is gone."""
    title = str(values.get("title") or "")
    return Row(
        address=f"{address_of(path) if path else urls.NEW_FORM}?ban={key}",
        path="",
        title=title,
        places="",
        place_ids=(),
        day="",
        order=date.max,
        amount="",
        state="copy",
        problems=(),
        key=fold(title),
        writers=(who,),
    )


def _row(path: str, one: Compiled, published: Mapping[str, bool], now: datetime, language: Language) -> Row:
    article = one.article
    if article is None:
        return Row(
            address=address_of(path),
            path=path,
            title=path.rpartition("/")[2],
            places="",
            place_ids=(),
            day="",
            # What must be mended stands on top.
            order=date.max,
            amount="",
            state="error",
            problems=shown_on_list(errors(one.problems), language),
            key=fold(path),
        )
    card = article.card
    places = ", ".join(place.name for place in card.places)
    amount = amounts.show(card.amount) if card.amount else ""
    return Row(
        address=address_of(path),
        path=path,
        title=card.title,
        places=places,
        place_ids=tuple(place.id for place in card.places),
        day=dates.short(card.day),
        order=card.day,
        amount=amount,
        state=_state(article, path, published, now),
        problems=shown_on_list(one.problems, language),
        key=fold(" ".join((card.title, places, amount, dates.short(card.day), path))),
    )


def _state(article: Article, path: str, published: Mapping[str, bool], now: datetime) -> State:
    if article.card.draft:
        return "draft"
    if archive.release(article, now) > now:
        return "waiting"
    if path not in published:
        return "new"
    if not published[path]:
        return "changed"
    return "archived" if archive.is_expired(article, now) else "published"


def find(listed: Iterable[Row], query: Query) -> Found:
    """Return the rows that have every word of the query, in any spelling, and are of its state, province and month."""
    words = fold(query.words).split()
    found = [
        row
        for row in listed
        if all(word in row.key for word in words)
        and (not query.state or query.state == row.state or (query.state == "copy" and row.writers))
        and (not query.province or query.province in row.place_ids)
        and (not query.month or f"{row.order:%Y-%m}" == query.month)
    ]
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, query.page), pages)
    return Found(
        rows=found[(page - 1) * PER_PAGE : page * PER_PAGE], total=len(found), page=page, pages=pages, query=query
    )
