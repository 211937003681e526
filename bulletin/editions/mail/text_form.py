"""An edition as plain text: what mail programs without HTML show, and what people paste into a chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bulletin import urls
from bulletin.editions.edition import Edition
from bulletin.editions.mail.plain_text import WIDTH, Links, lines_of, table, underlined, wrapped
from bulletin.editions.mail.story import Story
from bulletin.model import Card, Deal
from bulletin.vietnamese import amounts, dates, periods

Address = Callable[[str], str]


def written(edition: Edition, page: str, stories: Sequence[Story], address: Address) -> str:
    """Return the text; `page` is the url of the site's page that it is about, `address` writes absolute addresses."""
    blocks = [list(_top(edition)), *_corrections(edition, address)]
    left = iter(stories)
    for group in edition.groups:
        blocks.append(["", *underlined(group.page.title.upper(), "-")])
        blocks += [list(_story(next(left), group.page.title, address)) for _ in group.items]
    if edition.deals:
        blocks.append(["", *underlined("THỎA THUẬN", "-")])
        blocks.append(_deals(edition.deals))
    blocks.append(["", "-- ", *_bottom(edition, page, address)])
    return "\n".join(line for block in blocks for line in (*block, "")).rstrip("\n") + "\n"


def told_in_words(edition: Edition) -> str:
    """Return how many items and deals an edition tells, and what they are worth."""
    if not edition.items:
        return "Kỳ này không có tin."
    told = f"{len(edition.items)} bài"
    if edition.total.count:
        told += f", {edition.total.count} thỏa thuận"
    if edition.total.disclosed:
        told += f", tổng giá trị {amounts.show_sum(edition.total.dong, approximate=edition.total.approximate)}"
    return f"{told}."


def meta(card: Card, heading: str) -> str:
    """Return the line below an item's title: its provinces, unless they are the heading above; its day, its deal."""
    named = ", ".join(place.name for place in card.places if place.name)
    places = "" if named == heading else named
    worth = amounts.show(card.amount) if card.amount else ""
    if card.deal_count and not worth:
        worth = "giá trị chưa công bố" if card.deal_count == 1 else f"{card.deal_count} thỏa thuận"
    return " · ".join(part for part in (places, dates.short(card.day), worth, card.category) if part)


def _top(edition: Edition) -> Iterator[str]:
    yield from underlined(edition.bulletin, "=")
    yield from wrapped(edition.title)
    yield from wrapped(told_in_words(edition))


def _corrections(edition: Edition, address: Address) -> Iterator[list[str]]:
    if not edition.corrections:
        return
    yield ["", *underlined("ĐÍNH CHÍNH TỪ KỲ TRƯỚC", "-")]
    for one in edition.corrections:
        lines = wrapped(f"{one.title} ({dates.short(one.day)})", WIDTH, "* ", "  ")
        for note in one.notes:
            lines += wrapped(f"{dates.short(note.day)}: {note.note}", WIDTH, "  - ", "    ")
        for change in one.changes:
            lines += wrapped(change.words, WIDTH, "  - ", "    ")
        yield [*lines, f"  {address(one.url)}"]


def _story(story: Story, heading: str, address: Address) -> Iterator[str]:
    article = story.item.article
    links = Links()
    yield from wrapped(f"{story.number}. {article.card.title}")
    yield from wrapped(meta(article.card, heading))
    if article.event:
        place = f"; {article.event.place}" if article.event.place else ""
        yield from wrapped(f"Diễn ra: {periods.in_words(article.event.when)}{place}")
    yield ""
    lines = lines_of(story.root, links)
    if lines:
        yield from lines
        yield ""
    if article.authors:
        yield from wrapped(", ".join(article.authors))
    yield from links.taken()
    yield f"{'Trang của bài' if story.is_whole else 'Đọc tiếp'}: {address(article.card.url)}"


def _deals(deals: Sequence[Deal]) -> list[str]:
    rows = [["Ngày", "Tỉnh, thành phố", "Giá trị"]]
    for deal in deals:
        place = f"{deal.place.name} · {deal.name}" if deal.name else deal.place.name
        rows.append(
            [dates.show_deal_date(deal.date), place, amounts.show(deal.amount) if deal.amount else "chưa công bố"]
        )
    return table(rows, has_head=True)


def _bottom(edition: Edition, page: str, address: Address) -> Iterator[str]:
    if edition.organisation:
        yield from wrapped(edition.organisation)
    yield f"Đọc trên trang: {address(page)}"
    yield f"Theo dõi cách khác: {address(urls.FOLLOW)}"
