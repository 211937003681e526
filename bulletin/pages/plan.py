"""Articles -> every page of the site, and the problems that forbid it: dead links, urls claimed twice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from bulletin import urls
from bulletin.model import Article, Content, Item
from bulletin.pages.archive import Archive, collect
from bulletin.pages.card_pictures import illustrated
from bulletin.pages.feeds import Feeds, feed_urls, list_urls, sitemap_pages
from bulletin.pages.item_page import SitePage, item_pages
from bulletin.pages.links import GuessBudget, ResolvedLinks, Targets, resolve, with_files
from bulletin.pages.list_pages import list_pages
from bulletin.pages.search import search_pages
from bulletin.pages.topics import gathered, slug_of, with_pages
from bulletin.pages.views import Copy, Page, RedirectView
from bulletin.problems import Problem, problem
from bulletin.settings import Settings
from bulletin.urls import path_of


class Plan(Struct, frozen=True, kw_only=True):
    """The site as it should be: its files in path order, its number of items, when it is out of date, its problems."""

    pages: tuple[SitePage, ...]
    """Files that are rendered."""
    copies: tuple[Copy, ...]
    """Files that are copied."""
    items: int
    next_due: datetime | None
    problems: tuple[Problem, ...]
    targets: Targets
    """What the links of published items may lead to."""
    files: int
    """How many files it has, also if `pages` are not all."""
    lists: tuple[str, ...]
    """The urls of the lists that stand in the sitemap, in its order."""
    later: Mapping[str, str]
    """The paths, in small letters, that items will need which readers do not see yet, with the file of each."""
    is_tangled: bool
    """Whether one of these items leads to something that readers do not see either."""
    archive: Archive
    """What it was planned from. Its texts may be older than those of the pages: no plan looks at them."""
    published: int = 0
    """How many files the last publication had, if `pages` are not all and the others stay: see `build.small_change`."""


class _Claim(Struct, frozen=True, kw_only=True):
    """A path in output/ that an item claims, and the line that does; `file` is None while the item is unpublished."""

    path: str
    file: SitePage | Copy | None
    source: str
    line: int
    copied_from: str = ""
    """The file of content/ that is to be published there, if it is one."""


def plan(  # noqa: PLR0913 - the last two are switches
    items: Sequence[Item],
    content: Content,
    settings: Settings,
    now: datetime,
    *,
    drafts: bool,
    waiting: bool = False,
) -> Plan:
    """Return the pages of the items that readers may see at `now`, and every problem that only all items together show.

    A preview also asks for `drafts` and for items `waiting` for their time.

    Unpublished items and items with errors get no page, but their links are checked all the same.
    """
    items = [illustrated(item, content) for item in items]
    articles = [item for item in items if isinstance(item, Article)]
    archive = collect(articles, now, drafts=drafts, waiting=waiting)
    lists = [*list_pages(archive, settings), *search_pages(archive, settings)]
    lists += sitemap_pages(list_urls(lists), archive.published)
    targets = _targets(articles, archive, content, lists, settings)
    checked = _resolved(items, archive, targets, content)
    of_articles = {item.source: found for item, found in checked if isinstance(item, Article)}
    resolved = {article.source: of_articles[article.source] for article in archive.published}
    claims = _claims(archive, resolved)
    # A stand-in has its addresses already: what claims one of them anew gives way.
    claims.sort(key=lambda claim: claim.source not in content.stand_ins)
    feeds = Feeds(archive, settings, lambda article: tuple(resolved[article.source].links)).pages()
    site_pages = [*lists, *feeds]
    dead_links = (dead for _, found in checked for dead in found.problems)
    unseen = [(item, found) for item, found in checked if isinstance(item, Article) and item.source not in resolved]
    later = _later_claims(unseen)
    known = with_files(targets, resolved.values())
    claimed_pages = [claim.file for claim in claims if isinstance(claim.file, SitePage)]
    copies = [claim.file for claim in claims if isinstance(claim.file, Copy)]
    return Plan(
        pages=tuple(sorted([*site_pages, *claimed_pages], key=lambda page: page.path)),
        copies=tuple(sorted(copies, key=lambda copy: copy.path)),
        items=len(archive.published),
        next_due=archive.next_due,
        targets=known,
        files=len(site_pages) + len(claimed_pages) + len(copies),
        lists=list_urls(lists),
        later=_needed_later(unseen, later),
        is_tangled=_is_tangled(unseen, known),
        archive=archive,
        problems=(
            *archive.problems,
            *dead_links,
            *_collisions([*claims, *later], {page.path for page in site_pages}, content.stand_ins.keys()),
        ),
    )


def _resolved(
    items: Iterable[Item], archive: Archive, targets: Targets, content: Content
) -> list[tuple[Item, ResolvedLinks]]:
    """Return where the links of all items lead, in the order of their files, also of those that readers do not see.

    An item may lead to the files beside the pages of those that readers see whenever they see it: a published one of
    the published, one that waits also of those that wait, a draft of all.
    """
    published = {article.source for article in archive.published}
    articles = [item for item in items if isinstance(item, Article)]
    kinds = (targets, *(_later_targets(targets, articles, drafts=drafts) for drafts in (False, True)))
    # In the order of their files, whatever their dates: guesses at what a dead link means are few, and go to the first.
    ordered = [(item, _kind(item, published)) for item in sorted(items, key=lambda item: item.source)]
    resolved = [resolve(item, _targets_of(item, kinds[kind], content)) for item, kind in ordered]
    # Which files are published is known only now.
    seen = (
        [found for (_, kind), found in zip(ordered, resolved, strict=True) if kind <= at] for at in range(len(kinds))
    )
    known = [with_files(own, shown) for own, shown in zip(kinds, seen, strict=True)]
    for number, (item, kind) in enumerate(ordered):
        # A stand-in tells of no dead link.
        if _is_stand_in(item, content) or any(dead.code == "link-to-no-page" for dead in resolved[number].problems):
            resolved[number] = resolve(item, _targets_of(item, known[kind], content))
    return [(item, found) for (item, _), found in zip(ordered, resolved, strict=True)]


def _kind(item: Item, published: AbstractSet[str]) -> int:
    """Return 0 for an item that readers see, 1 for one that waits or has errors, 2 for a draft."""
    # Of an item with errors readers may see the stand-in.
    if isinstance(item, Article) and item.source in published:
        return 0
    return 2 if _is_draft(item) else 1


def _targets(
    articles: Sequence[Article], archive: Archive, content: Content, lists: Sequence[Page], settings: Settings
) -> Targets:
    return Targets(
        articles={article.source: article for article in archive.published},
        sources=frozenset(content.sources) | content.stand_ins.keys(),
        compiled={article.source for article in articles},
        files=content.files,
        pictures=content.pictures,
        paths=_linkable_paths(archive, lists, settings),
        by_url={article.card.url: article for article in archive.published},
        base_url=settings.base_url,
    )


def _targets_of(item: Item, targets: Targets, content: Content) -> Targets:
    """Return what the links of an item can lead to; a stand-in has the files with which it was published."""
    if not _is_stand_in(item, content):
        return targets
    kept = content.stand_ins[item.source]
    pictures = {path: content.pictures[file] for path, file in kept.items() if file in content.pictures}
    return replace(targets, files=kept.keys(), pictures=pictures, kept=kept)


def _is_stand_in(item: Item, content: Content) -> bool:
    """Tell whether an item is a stand-in; the one with errors may be checked beside it."""
    return isinstance(item, Article) and item.source in content.stand_ins


def _is_draft(item: Item) -> bool:
    return isinstance(item, Article) and item.card.draft


def _later_targets(targets: Targets, articles: Sequence[Article], *, drafts: bool) -> Targets:
    """Return what an unpublished item may link to once it appears: all items, published or not, and the lists of them.

    Only a draft may link to drafts.
    """
    linkable = [article for article in articles if drafts or not article.card.draft]
    later = [article for article in linkable if article.source not in targets.articles]
    months = {path_of(urls.month((article.card.day.year, article.card.day.month))) for article in later}
    authors = {slug_of(author) for article in later for author in article.authors} - {""}
    # Most builds have no tag to come, and need not count all.
    tagged = linkable if any(article.tags for article in later) else ()
    tags = with_pages(gathered((tag, article) for article in tagged for tag in article.tags))
    lists = months | {path_of(urls.tag(tag)) for tag in tags} | {path_of(urls.author(author)) for author in authors}
    return replace(
        targets,
        articles={article.source: article for article in linkable},
        by_url={article.card.url: article for article in linkable},
        paths=targets.paths | lists | {path_of(article.card.url) for article in linkable},
    )


def _is_tangled(unseen: Iterable[tuple[Article, ResolvedLinks]], published: Targets) -> bool:
    """Tell whether a link of an item that readers do not see would be dead if there were only what they see."""
    targets = replace(published, guesses=GuessBudget())
    return any(resolve(item, targets).problems != found.problems for item, found in unseen)


def _needed_later(unseen: Iterable[tuple[Article, ResolvedLinks]], claims: Iterable[_Claim]) -> dict[str, str]:
    """Return the paths that unseen items need, in small letters, also those of drafts, which claim none."""
    needed = {path_of(item.card.url).lower(): item.source for item, _ in unseen}
    return needed | {claim.path.lower(): claim.source for claim in claims}


def _later_claims(unseen: Iterable[tuple[Article, ResolvedLinks]]) -> list[_Claim]:
    """Return what waiting items will claim, so that a clash is reported before the day they appear."""
    waiting = [(item, found) for item, found in unseen if not _is_draft(item)]
    own = [
        _Claim(path=path_of(item.card.url), file=None, source=item.source, line=item.url_line) for item, _ in waiting
    ]
    files = [replace(claim, file=None) for item, found in waiting for claim in _claims_of_files(item, found)]
    old = [
        _Claim(path=path_of(alias.target), file=None, source=item.source, line=alias.line)
        for item, _ in waiting
        for alias in item.aliases
    ]
    return [*own, *files, *old]


def _linkable_paths(archive: Archive, lists: Iterable[Page], settings: Settings) -> frozenset[str]:
    items = (path_of(article.card.url) for article in archive.published)
    aliases = (path_of(alias.target) for article in archive.published for alias in article.aliases)
    feeds = (path_of(url) for url in feed_urls(archive, settings))
    return frozenset((*(page.path for page in lists), *items, *aliases, *feeds))


def _claims(archive: Archive, resolved: Mapping[str, ResolvedLinks]) -> list[_Claim]:
    """Return the files that items claim: their own pages, oldest first, then files beside them, then their old urls.

    Of two equal claims the later one is refused, so a newer item or a lesser file gives way.
    """
    own: list[_Claim] = []
    files: list[_Claim] = []
    redirects: list[_Claim] = []
    for page in reversed(item_pages(archive, resolved)):
        article, resolution = page.article, resolved[page.article.source]
        own.append(_claim(article, page, article.url_line))
        files += _claims_of_files(article, resolution)
        redirects += [_claim(article, _redirect(article, old.target), old.line) for old in article.aliases]
    return [*own, *files, *redirects]


def _claims_of_files(article: Article, resolution: ResolvedLinks) -> Iterator[_Claim]:
    for path, wanted in resolution.files.items():
        yield from (replace(_claim(article, file.copy, file.line), copied_from=path) for file in wanted)


def _claim(article: Article, file: SitePage | Copy, line: int) -> _Claim:
    return _Claim(path=file.path, file=file, source=article.source, line=line)


def _redirect(article: Article, url: str) -> Page:
    view = RedirectView(title=article.card.title, url=article.card.url)
    return Page(path=path_of(url), template="redirect.html", view=view)


def _collisions(
    claims: Iterable[_Claim], site_paths: AbstractSet[str], stand_ins: AbstractSet[str]
) -> Iterator[Problem]:
    """Yield a problem for each claim to a taken path, even one that differs in case alone, for Windows and macOS.

    What the site may need some day is taken as well, but for stand-ins: theirs is published already.
    """
    taken: dict[str, str] = {path.lower(): "" for path in site_paths}
    folders: dict[str, str] = {}
    for path in taken:
        folders |= dict.fromkeys(_folders(path, folders), "")
    for claim in claims:
        path = claim.path.lower()
        parents = _folders(path, folders)
        # One path cannot be both a file and a folder.
        clash = path if path in taken else next(filter(taken.__contains__, parents), None)
        if clash is None and path in folders:
            clash = path
        if clash is None and (claim.source in stand_ins or not urls.is_of_site(path)):
            place = f"{claim.source}:{claim.line}"
            taken[path] = place
            folders |= dict.fromkeys(parents, place)
            continue
        other = taken.get(clash, folders.get(clash, "")) if clash else ""
        url = urls.url_of(claim.path)
        if other:
            yield problem(claim.source, claim.line, "url-taken", found=url, other=other, file=claim.copied_from)
        else:
            yield problem(claim.source, claim.line, "url-of-site", found=url)


def _folders(path: str, known: Mapping[str, str]) -> list[str]:
    """Return the folders above a file, innermost first, up to a known one: the folders above that are known too."""
    folders: list[str] = []
    folder = path.rpartition("/")[0]
    while folder and folder not in known:
        folders.append(folder)
        folder = folder.rpartition("/")[0]
    return folders
