"""The pages that some edits touch, and those alone, from an archive of which no more is loaded. Pure.

`plan` never looks into a text: it only decides where the text is shown. So new words touch few pages; another card also
touches the lists that show it, the numbers that count it, and the items beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from bulletin import urls
from bulletin.model import Article, Body, Deal
from bulletin.pages import list_pages, search
from bulletin.pages.archive import Archive, month_of, newest_first, unit_keys
from bulletin.pages.events import event_pages
from bulletin.pages.feeds import ENTRIES, Feeds, is_in_parts, sitemap_of_lists, sitemap_of_month, sitemap_pages
from bulletin.pages.group_names import EVERYTHING, of_author, of_category, of_month, of_place, of_tag
from bulletin.pages.item_page import RELATED, ItemPage, SitePage, deals_by_item, item_page
from bulletin.pages.kept_archive import Groups, KeptNeighbours
from bulletin.pages.links import ResolvedLinks
from bulletin.pages.pagination import changed_pages, older_pages
from bulletin.pages.shelf import Members
from bulletin.pages.topics import Topic, slug_of
from bulletin.pages.views import Page, TopicKind
from bulletin.settings import Settings
from bulletin.urls import Month, path_of


def is_same_but_for_words(old: Article, new: Article) -> bool:
    """Tell whether two versions of an item differ in the words of the text, and in nothing that a plan looks at."""
    return replace(new, body=old.body, digest=old.digest) == old and _have_same_links(old.body, new.body)


def _have_same_links(old: Body, new: Body) -> bool:
    """Tell whether two bodies have the same anchors and links. Lines may differ, since only problems name them."""
    old_links, new_links = ([(link.target, link.is_picture) for link in body.links] for body in (old, new))
    return old.ids == new.ids and old_links == new_links


def pages_of_texts(
    changed: Sequence[Article],
    archive: Archive,
    groups: Groups,
    settings: Settings,
    resolve: Callable[[Article], ResolvedLinks],
) -> Iterator[SitePage]:
    """Yield the pages that show the text of one of these listed items; `resolve` returns where an item's links lead."""
    urls_of_all = {article.card.url for article in changed}
    deals = deals_by_item(deal for deal in archive.deals if any(item.url in urls_of_all for item in deal.items))
    neighbours = KeptNeighbours(groups)
    for article in changed:
        yield item_page(article, resolve(article), archive, neighbours, deals)
    yield from _search_texts(groups, {month_of(article) for article in changed}, archive)
    yield from _feeds(groups, changed, archive, settings, resolve)


def page_alone(article: Article, archive: Archive, groups: Groups) -> ItemPage:
    """Return the page of a published item with its neighbours, but without its links and its deals."""
    return item_page(article, ResolvedLinks(), archive, _neighbours(article, groups), {})


def _neighbours(article: Article, groups: Groups) -> KeptNeighbours:
    """Return the neighbours of an item; an archived one is in no list and has none."""
    return KeptNeighbours(groups if groups.has(article) else Groups({}, groups.members, lambda _: {}))


def _feeds(
    groups: Groups,
    changed: Sequence[Article],
    archive: Archive,
    settings: Settings,
    resolve: Callable[[Article], ResolvedLinks],
) -> Iterator[Page]:
    """Yield the feeds of which `groups` tell that their newest items have changed."""
    feeds = Feeds(archive, settings, lambda article: tuple(resolve(article).links))
    if groups.has_newer(EVERYTHING, ENTRIES):
        yield feeds.of_site()
    places = {place.id for article in changed for place in article.card.places}
    yield from (feeds.of_province(place) for place in sorted(places) if groups.has_newer(of_place(place), ENTRIES))
    for slug in sorted({slug_of(article.card.category) for article in changed} - {""}):
        if groups.has_newer(of_category(slug), ENTRIES):
            yield feeds.of_category(slug, archive.categories[slug])


def _search_texts(groups: Groups, months: AbstractSet[Month], archive: Archive) -> Iterator[Page]:
    """Yield the files of the search of which `groups` tell that they hold other texts."""
    for month in sorted(months):
        articles = archive.by_month[month]
        if groups.has_newest(of_month(month), search.TEXTS):
            yield search.newest_texts(month, articles)
        yield from search.older_texts(month, articles, groups.page_numbers(of_month(month), search.TEXTS))


def lose_a_page(before: Sequence[Deal], after: Sequence[Deal]) -> bool:
    """Tell whether a page of older deals must go, because there are fewer deals."""
    counts = [older_pages(len(deals), list_pages.DEALS_ON_PAGE) for deals in (before, after)]
    return counts[0] > counts[1]


def divided_paths(archive: Archive, lists: Sequence[str], published: int) -> set[str]:
    """Return the paths of files that one more item may divide: of the titles in the search, of a sitemap in parts.

    `lists` are the urls of lists in the sitemap, and so many items are `published`.
    """
    paths = {path_of(stretch.url) for stretch in search.stretches(archive.by_month)}
    return paths | {path_of(urls.SITEMAP_OF_LISTS)} if is_in_parts(lists, published) else paths


class Change(Struct, frozen=True, kw_only=True):
    """An item before and after an edit; `old` is None for a new one."""

    old: Article | None
    new: Article


class Touched:
    """The pages that changed cards touch, from groups into which the changes have been put.

    `deals` are those whose terms or tellings have changed, as they were and as they are, `deals_before` all as they
    were; `lists` the urls of lists in the sitemap, and so many items are `published`. `resolve` returns where an item's
    links lead, `at` the item with a url.
    """

    def __init__(  # noqa: PLR0913 - what pages are planned from
        self,
        changes: Sequence[Change],
        deals: AbstractSet[Deal],
        deals_before: Sequence[Deal],
        lists: tuple[str, ...],
        published: int,
        *,
        groups: Groups,
        archive: Archive,
        settings: Settings,
        resolve: Callable[[Article], ResolvedLinks],
        at: Callable[[str], Article],
    ) -> None:
        self._changes = changes
        self._deals = deals
        self._deals_before = deals_before
        self._lists = lists
        self._published = published
        self._groups = groups
        self._archive = archive
        self._settings = settings
        self._resolve = resolve
        self._at = at
        self._neighbours = KeptNeighbours(groups)
        versions = [(change.old, change.new) for change in changes]
        self._versions = [version for both in versions for version in both if version is not None]
        self._new = [change.new for change in changes]
        self._months = {month_of(article) for article in self._new}

    def pages(self) -> Iterator[SitePage]:
        archive, nationwide = self._archive, self._settings.nationwide_name
        yield list_pages.home_page(archive, self._settings)
        yield list_pages.provinces_page(archive, nationwide)
        yield list_pages.months_page(archive)
        yield list_pages.follow_page(archive, self._settings)
        yield from self._of_places()
        months = self._months | {(deal.date.year, deal.date.month) for deal in self._deals}
        yield from (list_pages.year_page(year, archive, nationwide) for year in sorted({year for year, _ in months}))
        for month in sorted(months):
            numbers = self._groups.page_numbers(of_month(month), list_pages.ITEMS_OF_MONTH)
            yield from list_pages.month_pages(month, archive, nationwide, numbers)
        yield from self._of_topics()
        if self._deals:
            numbers = changed_pages(self._deals_before, archive.deals, list_pages.DEALS_ON_PAGE)
            yield from list_pages.deals_pages(archive, self._settings, numbers)
        else:
            yield list_pages.deals_page(archive)
        if any(article.event for article in self._versions):
            yield from event_pages(archive, self._settings)
        yield from self._for_programs()
        yield from self._of_items()

    def _of_places(self) -> Iterator[Page]:
        places = [place for article in self._versions for place in article.card.places]
        places += [deal.place for deal in self._deals]
        # The page of a province also counts what its predecessors have.
        ids = {place.id for place in places} | {unit for unit, _ in unit_keys(tuple(places))}
        for place in sorted(ids):
            numbers = self._groups.page_numbers(of_place(place), self._settings.items_per_page)
            yield from list_pages.province_pages(place, self._archive, self._settings, numbers)

    def _of_topics(self) -> Iterator[Page]:
        size, archive = self._settings.items_per_page, self._archive
        numbers = self._groups.page_numbers(EVERYTHING, size)
        yield from list_pages.topic_pages("all", urls.ALL, list_pages.everything(archive), size, numbers)
        categories = {article.card.category for article in self._new}
        tags = {tag for article in self._new for tag in article.tags}
        authors = {author for article in self._new for author in article.authors}
        kinds: tuple[
            tuple[TopicKind, Callable[[str], str], Callable[[str], str], Mapping[str, Topic], set[str]], ...
        ] = (
            ("category", urls.category, of_category, archive.categories, categories),
            ("tag", urls.tag, of_tag, archive.tags, tags),
            ("author", urls.author, of_author, archive.authors, authors),
        )
        for kind, url, name_of, topics, names in kinds:
            for slug in sorted({slug_of(name) for name in names} & topics.keys()):
                numbers = self._groups.page_numbers(name_of(slug), size)
                yield from list_pages.topic_pages(kind, url(slug), topics[slug], size, numbers)

    def _for_programs(self) -> Iterator[Page]:
        by_month = self._archive.by_month
        yield from search.titles_pages(by_month, self._months)
        yield from _search_texts(self._groups, self._months, self._archive)
        yield search.index_page(by_month, self._settings)
        yield from self._sitemap({month_of(change.new) for change in self._changes if is_other_in_sitemap(change)})
        yield from _feeds(self._groups, self._new, self._archive, self._settings, self._resolve)

    def _sitemap(self, months: AbstractSet[Month]) -> Iterator[Page]:
        """Yield the parts of the sitemap for some months, or all of it if it is not in parts."""
        groups = self._groups
        if is_in_parts(self._lists, self._published):
            yield sitemap_of_lists(self._lists)
            yield from (sitemap_of_month(month, groups.published(month)) for month in sorted(months))
        elif months:
            yield from sitemap_pages(self._lists, chain.from_iterable(map(groups.published, groups.published_months)))

    def _of_items(self) -> Iterator[SitePage]:
        near = {member for article in self._versions for member in self._near(article)}
        of_deals = {item.url for deal in self._deals for item in deal.items}
        found = {article.card.url: article for article in self._groups.articles(tuple(near))}
        found |= {url: self._at(url) for url in of_deals - found.keys()}
        deals = deals_by_item(deal for deal in self._archive.deals if any(item.url in found for item in deal.items))
        for article in found.values():
            neighbours = _neighbours(article, self._groups)
            yield item_page(article, self._resolve(article), self._archive, neighbours, deals)

    def _near(self, article: Article) -> Members:
        """Return the item and those that name it: the newer ones of its groups, and the next ones of all."""
        near: Members = ()
        for name in (of_month(month_of(article)), *(of_place(place.id) for place in article.card.places)):
            near += self._groups.around(name, article, RELATED)
        nexts = (self._neighbours.newer(article), self._neighbours.older(article))
        return near + tuple(newest_first(other) for other in nexts if other)


def is_other_in_sitemap(change: Change) -> bool:
    """Tell whether the sitemap shows an item in another way or in another place than before."""
    old, new = change.old, change.new
    return old is None or newest_first(old) != newest_first(new) or old.corrections != new.corrections
