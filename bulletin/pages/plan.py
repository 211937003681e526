"""Articles -> every page of the site, or what forbids it: dead links, and two pages for one url. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from bulletin import urls
from bulletin.model import Article, Content, Item
from bulletin.pages.archive import Archive, collect
from bulletin.pages.feeds import Feeds, feed_urls, sitemap_pages
from bulletin.pages.item_page import SitePage, item_pages
from bulletin.pages.links import Resolved, Targets, resolve
from bulletin.pages.list_pages import list_pages
from bulletin.pages.search import search_pages
from bulletin.pages.views import Copy, Page, RedirectView
from bulletin.problems import Problem, problem
from bulletin.settings import Settings
from bulletin.urls import path_of


class Plan(Struct, frozen=True, kw_only=True):
    """The site as it should be: its files in path order, its items, when it is out of date, what is wrong with it."""

    pages: tuple[SitePage, ...]
    """Files that are rendered."""
    copies: tuple[Copy, ...]
    """Files that are copied."""
    items: int
    next_due: datetime | None
    problems: tuple[Problem, ...]


class _Claim(Struct, frozen=True, kw_only=True):
    """A file that an item asks for, with the line that does; `file` is None for one of a later day."""

    path: str
    file: SitePage | Copy | None
    source: str
    line: int


def plan(  # noqa: PLR0913 - the last two are switches
    items: Sequence[Item],
    content: Content,
    settings: Settings,
    now: datetime,
    *,
    drafts: bool,
    waiting: bool = False,
) -> Plan:
    """Return the pages of the items that readers may see at `now`, and every problem that shows only in the whole.

    A preview also shows `drafts`, and items that are `waiting` for their time.

    Items with errors get no page, but their links are followed, and so are those of items that wait for their day.
    """
    articles = [item for item in items if isinstance(item, Article)]
    archive = collect(articles, now, drafts=drafts, waiting=waiting)
    lists = [*list_pages(archive, settings), *search_pages(archive, settings)]
    lists += sitemap_pages(lists, archive)
    targets = _targets(articles, archive, content, lists)
    resolved = {article.source: resolve(article, targets) for article in archive.published}
    claims = _claims(archive, resolved)
    feeds = Feeds(archive, settings, {source: tuple(found.links) for source, found in resolved.items()}).pages()
    site_pages = [*lists, *feeds]
    others = [item for item in items if item.source not in resolved]
    followed = [resolve(item, _later(targets, articles, item)) for item in others]
    dead_links = (problem for found in (*resolved.values(), *followed) for problem in found.problems)
    later = _claims_of_waiting(others)
    wanted_pages = [claim.file for claim in claims if isinstance(claim.file, SitePage)]
    copies = [claim.file for claim in claims if isinstance(claim.file, Copy)]
    return Plan(
        pages=tuple(sorted([*site_pages, *wanted_pages], key=lambda page: page.path)),
        copies=tuple(sorted(copies, key=lambda copy: copy.path)),
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
        pictures=content.pictures,
        paths=_linkable_paths(archive, lists),
        by_url={article.card.url: article for article in archive.published},
    )


def _later(targets: Targets, articles: Sequence[Article], item: Item) -> Targets:
    """Return what an item may link to when its time has come: all but drafts, and their months."""
    is_draft = isinstance(item, Article) and item.card.draft
    there = [article for article in articles if is_draft or not article.card.draft]
    months = {path_of(urls.month((article.card.day.year, article.card.day.month))) for article in there}
    return replace(
        targets,
        articles={article.source: article for article in there},
        by_url={article.card.url: article for article in there},
        paths=targets.paths | months | {path_of(article.card.url) for article in there},
    )


def _claims_of_waiting(items: Iterable[Item]) -> list[_Claim]:
    """Return the urls that items will ask for when their time has come: a clash must not wait for that day."""
    return [
        _Claim(path=path_of(item.card.url), file=None, source=item.source, line=item.url_line)
        for item in items
        if isinstance(item, Article) and not item.card.draft
    ]


def _linkable_paths(archive: Archive, lists: Iterable[Page]) -> frozenset[str]:
    items = (path_of(article.card.url) for article in archive.published)
    aliases = (path_of(alias.target) for article in archive.published for alias in article.aliases)
    feeds = (path_of(url) for url in feed_urls())
    return frozenset((*(page.path for page in lists), *items, *aliases, *feeds))


def _claims(archive: Archive, resolved: Mapping[str, Resolved]) -> list[_Claim]:
    """Return the pages that items ask for: their own, oldest first, then the files they show, then their old urls.

    In this order the younger or lesser claim is the one that is refused.
    """
    own: list[_Claim] = []
    files: list[_Claim] = []
    redirects: list[_Claim] = []
    for page in reversed(item_pages(archive, resolved)):
        article, found = page.article, resolved[page.article.source]
        own.append(_claim(article, page, article.url_line))
        files += [_claim(article, file.copy, file.line) for wanted in found.files.values() for file in wanted]
        redirects += [_claim(article, _redirect(article, old.target), old.line) for old in article.aliases]
    return [*own, *files, *redirects]


def _claim(article: Article, file: SitePage | Copy, line: int) -> _Claim:
    return _Claim(path=file.path, file=file, source=article.source, line=line)


def _redirect(article: Article, url: str) -> Page:
    target = RedirectView(title=article.card.title, url=article.card.url)
    return Page(path=path_of(url), template="redirect.html", view=target)


def _collisions(claims: Iterable[_Claim], site_paths: AbstractSet[str]) -> Iterator[Problem]:
    """Yield a problem for each page that claims a url which is taken; also by case alone, for Windows and macOS."""
    taken: dict[str, str] = {path.lower(): "" for path in site_paths}
    folders: dict[str, str] = {}
    for path in taken:
        folders |= dict.fromkeys(_folders(path, folders), "")
    for claim in claims:
        path = claim.path.lower()
        own = _folders(path, folders)
        # A file cannot stand where another page needs a folder, nor the other way round.
        clash = path if path in taken else next(filter(taken.__contains__, own), None)
        if clash is None and path in folders:
            clash = path
        if clash is None:
            place = f"{claim.source}:{claim.line}"
            taken[path] = place
            folders |= dict.fromkeys(own, place)
            continue
        other = taken.get(clash, folders.get(clash, ""))
        found = urls.url_of(claim.path)
        code = "url-taken" if other else "url-of-site"
        yield problem(claim.source, claim.line, code, found=found, **({"other": other} if other else {}))


def _folders(path: str, known: Mapping[str, str]) -> list[str]:
    """Return the folders that a file stands in, up to the first that is known: those above it are known too."""
    found: list[str] = []
    folder = path.rpartition("/")[0]
    while folder and folder not in known:
        found.append(folder)
        folder = folder.rpartition("/")[0]
    return found
