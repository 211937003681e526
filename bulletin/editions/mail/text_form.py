"""An edition as plain text: what mail programs without HTML show, and what people paste into a chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bulletin import urls
from bulletin.editions import shown
from bulletin.editions.edition import Edition
from bulletin.editions.mail.plain_text import WIDTH, Links, lines_of, table, underlined, wrapped
from bulletin.editions.mail.story import Story
from bulletin.model import Deal
from bulletin.vietnamese import dates

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
    return f"{', '.join(shown.numbers(edition))}." if edition.items else "Kỳ này không có tin."


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
        for line in shown.corrected(one):
            lines += wrapped(line, WIDTH, "  - ", "    ")
        yield [*lines, f"  {address(one.url)}"]


def _story(story: Story, heading: str, address: Address) -> Iterator[str]:
    article = story.item.article
    links = Links()
    yield from wrapped(f"{story.number}. {article.card.title}")
    yield from wrapped(shown.meta(article.card, heading))
    for note in shown.notes(article):
        yield from wrapped(note)
    yield ""
    lines = lines_of(story.root, links)
    if lines:
        yield from lines
        yield ""
    yield from links.taken()
    yield f"{'Trang của bài' if story.is_whole else 'Đọc tiếp'}: {address(article.card.url)}"


def _deals(deals: Sequence[Deal]) -> list[str]:
    rows = [["Ngày", "Tỉnh, thành phố", "Giá trị"]]
    for deal in deals:
        place = f"{deal.place.name} · {deal.name}" if deal.name else deal.place.name
        rows.append([dates.show_deal_date(deal.date), place, shown.value(deal)])
    return table(rows, has_head=True)


def _bottom(edition: Edition, page: str, address: Address) -> Iterator[str]:
    if edition.organisation:
        yield from wrapped(edition.organisation)
    yield f"Đọc trên trang: {address(page)}"
    yield f"Theo dõi cách khác: {address(urls.FOLLOW)}"
