"""Articles -> every page of the site, or what forbids it: dead links, and two pages for one url. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from bulletin.archive import Archive, collect, is_expired
from bulletin.feeds import FEED_PATHS, Feeds, sitemap_pages
from bulletin.links import Item, Resolved, Targets, resolve
from bulletin.model import Article, Card, Content, Deal, Page, Reference, path_of
from bulletin.pages import list_pages
from bulletin.problems import Problem, problem
from bulletin.rows import month_reference, month_url
from bulletin.search import search_pages
from bulletin.settings import Settings
from bulletin.views import FileView, ItemView, NoView, Picture, RedirectView

RELATED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The site as it should be: its pages in path order, its items, when it is out of date, what is wrong with it."""

    pages: tuple[Page, ...]
    items: int
    next_due: datetime | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A page that an item asks for, with the line that does."""

    page: Page
    source: str
    line: int


def plan(items: Sequence[Item], content: Content, settings: Settings, now: datetime, *, drafts: bool) -> Plan:
    """Return the pages of the items that readers may see at `now`, and every problem that shows only in the whole.

    Items with errors get no page, but their links are followed, and so are those of items that wait for their day.
    """
    articles = [item for item in items if isinstance(item, Article)]
    archive = collect(articles, now, drafts=drafts)
    lists = [*list_pages(archive, settings), *search_pages(archive, settings), *sitemap_pages(archive)]
    targets = _targets(articles, archive, content, lists)
    resolved = {article.source: resolve(article, targets) for article in archive.published}
    claims = _claims(archive, resolved)
    feeds = Feeds(archive, settings, {source: tuple(found.urls) for source, found in resolved.items()}).pages()
    site_pages = [*lists, *feeds]
    waiting = [item for item in items if item.source not in resolved]
    followed = [resolve(item, _later(targets, articles, item)) for item in waiting]
    dead_links = (problem for found in (*resolved.values(), *followed) for problem in found.problems)
    later = _claims_of_waiting(waiting)
    return Plan(
        pages=tuple(sorted([*site_pages, *(claim.page for claim in claims)], key=lambda page: page.path)),
        items=len(archive.published),
        next_due=archive.next_due,
        problems=(*archive.problems, *dead_links, *_collisions([*claims, *later], {page.path for page in site_pages})),
    )


def _targets(articles: Sequence[Article], archive: Archive, content: Content, lists: Sequence[Page]) -> Targets:
    return Targets(
        articles={article.source: article for article in archive.published},
        sources=frozenset(content.sources),
        compiled={article.source for article in articles},
        files=content.files,
        paths=_linkable_paths(archive, lists),
        by_url={article.card.url: article for article in archive.published},
    )


def _later(targets: Targets, articles: Sequence[Article], item: Item) -> Targets:
    """Return what an item may link to when its time has come: all but drafts, and their months."""
    is_draft = isinstance(item, Article) and item.card.draft
    there = [article for article in articles if is_draft or not article.card.draft]
    months = {path_of(month_url((article.card.day.year, article.card.day.month))) for article in there}
    return replace(
        targets,
        articles={article.source: article for article in there},
        by_url={article.card.url: article for article in there},
        paths=targets.paths | months | {path_of(article.card.url) for article in there},
    )


def _claims_of_waiting(items: Iterable[Item]) -> list[_Claim]:
    """Return the urls that items will ask for when their time has come: a clash must not wait for that day."""
    return [
        _Claim(
            page=Page(path=path_of(item.card.url), template="", view=NoView()), source=item.source, line=item.url_line
        )
        for item in items
        if isinstance(item, Article) and not item.card.draft
    ]


def _linkable_paths(archive: Archive, lists: Iterable[Page]) -> frozenset[str]:
    items = (path_of(article.card.url) for article in archive.published)
    aliases = (path_of(alias.target) for article in archive.published for alias in article.aliases)
    return frozenset((*(page.path for page in lists), *items, *aliases, *FEED_PATHS))


def _claims(archive: Archive, resolved: Mapping[str, Resolved]) -> list[_Claim]:
    """Return the pages that items ask for: their own, oldest first, then the files they show, then their old urls.

    In this order the younger or lesser claim is the one that is refused.
    """
    neighbours = _Neighbours(archive)
    own: list[_Claim] = []
    files: list[_Claim] = []
    redirects: list[_Claim] = []
    for article in reversed(archive.published):
        found = resolved[article.source]
        own.append(_claim(article, article.card.url, "item.html", _item_view(article, found, archive, neighbours)))
        files += [_claim(article, url, "", FileView(source=source)) for source, url in found.files.items()]
        target = RedirectView(title=article.card.title, url=article.card.url)
        redirects += [_claim(article, old.target, "redirect.html", target, old.line) for old in article.aliases]
    return [*own, *files, *redirects]


def _claim(article: Article, url: str, template: str, view: object, line: int = 0) -> _Claim:
    page = Page(path=path_of(url), template=template, view=view)
    return _Claim(page=page, source=article.source, line=line or article.url_line)


class _Neighbours:
    """Who stands beside whom in the lists; an archived item stands in none."""

    def __init__(self, archive: Archive) -> None:
        self.newer: dict[str, Article] = {}
        self.older: dict[str, Article] = {}
        for newer, older in zip(archive.listed, archive.listed[1:], strict=False):
            self.newer[older.source] = newer
            self.older[newer.source] = older
        self.of_month = _just_before(archive.by_month.values())
        self.of_places = _just_before(archive.by_place.values())


def _just_before(lists: Iterable[tuple[Article, ...]]) -> dict[str, tuple[Card, ...]]:
    """Return for each item the cards of the few that stand just before it: later items leave them as they are."""
    before: dict[str, list[Article]] = defaultdict(list)
    for articles in lists:
        for position, article in enumerate(articles):
            before[article.source] += articles[position + 1 : position + 1 + RELATED]
    return {source: _newest_cards(found) for source, found in before.items()}


def _newest_cards(articles: list[Article]) -> tuple[Card, ...]:
    unique = {article.source: article.card for article in articles}
    return tuple(sorted(unique.values(), key=lambda card: (-card.day.toordinal(), card.order, card.url))[:RELATED])


def _item_view(article: Article, found: Resolved, archive: Archive, neighbours: _Neighbours) -> ItemView:
    older, newer = neighbours.older.get(article.source), neighbours.newer.get(article.source)
    of_places = neighbours.of_places.get(article.source, ())
    return ItemView(
        card=article.card,
        text=article.body.text,
        links=tuple(found.urls),
        image=Picture(url=found.image, alt=article.image_alt) if found.image else None,
        authors=article.authors,
        tags=article.tags,
        corrections=article.corrections,
        deals=tuple(
            Deal(place=mention.place, date=mention.date, amount=mention.amount, items=())
            for mention in article.mentions
        ),
        is_archived=is_expired(article, archive.now),
        month=month_reference((article.card.day.year, article.card.day.month)),
        older=_reference(older),
        newer=_reference(newer),
        of_places=of_places,
        of_month=tuple(card for card in neighbours.of_month.get(article.source, ()) if card not in of_places),
    )


def _reference(article: Article | None) -> Reference | None:
    return Reference(title=article.card.title, url=article.card.url) if article else None


def _collisions(claims: Iterable[_Claim], site_paths: AbstractSet[str]) -> Iterator[Problem]:
    """Yield a problem for each page that claims a url which is taken; also by case alone, for Windows and macOS."""
    taken: dict[str, str] = {path.lower(): "" for path in site_paths}
    folders: dict[str, str] = {folder: "" for path in taken for folder in _folders(path)}
    for claim in claims:
        path = claim.page.path.lower()
        # A file cannot stand where another page needs a folder, nor the other way round.
        clashes = [path] if path in taken else [path] if path in folders else []
        clashes += [folder for folder in _folders(path) if folder in taken]
        if clashes:
            other = taken.get(clashes[0], folders.get(clashes[0], ""))
            code = "url-taken" if other else "url-of-site"
            found = "/" + claim.page.path.removesuffix("index.html")
            yield problem(claim.source, claim.line, code, found=found, **({"other": other} if other else {}))
            continue
        place = f"{claim.source}:{claim.line}"
        taken[path] = place
        folders |= dict.fromkeys(_folders(path), place)


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]
