"""A site that was read, a period, perhaps a province -> the edition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from bulletin.build.reading import ReadSite
from bulletin.editions import memory, readers
from bulletin.editions.edition import Edition, EditionItem, Group
from bulletin.editions.period import EditionPeriod
from bulletin.model import Article, Deal
from bulletin.pages import ItemPage, archive, deals, tables
from bulletin.problems import BuildFailed, Problem, errors, problem
from bulletin.settings import Settings
from bulletin.vietnamese import Place, provinces


class Making(Struct, frozen=True, kw_only=True):
    """An edition that was made; the items whose versions it is to remember; warnings about its items.

    What changed without a word is asked about once, and then counts as told.
    """

    edition: Edition
    told: tuple[Article, ...]
    problems: tuple[Problem, ...]


def make(site: ReadSite, root: Path, period: EditionPeriod, province: str) -> Making:
    """Return the edition of what readers see, of a `province` in any spelling, or of all if that is empty.

    Raise Refused for a province that the map of the period's last day does not have, BuildFailed if an item is to be
    approved first.
    """
    settings = site.renderer.settings
    place = provinces.resolve(province, period.last).place if province.strip() else None
    pages = {page.article.source: page for page in site.items}
    known = archive.collect((page.article for page in pages.values()), site.now, drafts=False)
    of_place = known.listed if place is None else known.by_unit.get(_unit(place), known.by_place.get(place.id, ()))
    shown = [article for article in of_place if period.first <= article.card.day <= period.last]
    carried = {article.source for article in shown}
    before = memory.told_before(root, period, place.id if place else "")
    others = [article for article in known.published if article.source not in carried]
    corrections = memory.corrected(before, others)
    silent = memory.changed_silently(before, others)
    unseen = tuple(readers.unpublished(shown, site.digests, settings, root))
    if any(errors(unseen)):
        raise BuildFailed(unseen)
    signed = tuple(deal for deal in known.deals if period.holds(deal.date) and _is_of(deal, place))
    edition = Edition(
        name=f"{period.name}-{place.id}" if place else period.name,
        title=f"{period.title} · {_shown_name(place, settings)}" if place else period.title,
        period=period,
        province=place,
        bulletin=settings.title,
        organisation=settings.organisation,
        base_url=settings.base_url,
        groups=_groups([pages[article.source] for article in shown], site, settings.nationwide_name),
        deals=signed,
        total=deals.total(signed),
        corrections=corrections,
    )
    told = {*carried, *(article.source for article in silent)}
    corrected = {one.url for one in corrections}
    return Making(
        edition=edition,
        told=tuple(one for one in known.published if one.source in told or one.card.url in corrected),
        problems=(
            *(one for one in site.problems if one.path in carried),
            *unseen,
            *_silent(silent),
        ),
    )


def _unit(place: Place) -> tuple[str, int]:
    return place.id, place.map_number or 0


def _is_of(deal: Deal, place: Place | None) -> bool:
    return place is None or _unit(place) in archive.unit_keys((deal.place,))


def _shown_name(place: Place, settings: Settings) -> str:
    return settings.nationwide_name if place == provinces.NATIONWIDE else place.name


def _groups(pages: Iterable[ItemPage], site: ReadSite, nationwide_name: str) -> tuple[Group, ...]:
    by_url = {page.article.card.url: page for page in pages}
    texts = site.texts(page.article.body.text.digest for page in by_url.values())
    cards = [page.article.card for page in by_url.values()]
    return tuple(
        Group(page=group.page, items=tuple(_item(by_url[card.url], texts) for card in group.cards))
        for group in tables.groups_by_place(cards, nationwide_name)
    )


def _item(page: ItemPage, texts: dict[str, str]) -> EditionItem:
    return EditionItem(
        article=page.article,
        html=texts[page.article.body.text.digest],
        links=page.links,
        image=page.image,
        deals=page.deals,
    )


def _silent(articles: Iterable[Article]) -> Iterator[Problem]:
    for article in articles:
        yield problem(article.source, article.title_line, "edition-changed-silently", "warning")
