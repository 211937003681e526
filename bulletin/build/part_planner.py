"""Plans the part of a site that some edits touch, from what was kept of the last plan.

`Unsure` is raised wherever a part of the site does not tell enough.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import chain
from typing import NoReturn, TypeVar

from msgspec.json import encode
from msgspec.structs import replace

from bulletin.build.cache import SourceRecord, State
from bulletin.build.compile_items import CompiledContent, compile_some
from bulletin.build.kept_plan import ARCHIVE, GROUP, kept_groups
from bulletin.build.make_images import make_more_images
from bulletin.build.planning import Found, PlannedSite, judged, wanted_pictures
from bulletin.build.pool import Pool
from bulletin.build.requests import Report, Request
from bulletin.build.seals import Damaged
from bulletin.build.stand_ins import StandIns
from bulletin.build.unlinked_files import LOOKED_AT
from bulletin.images import Original, Unusable
from bulletin.model import Article, Deal
from bulletin.pages import Plan, SitePage, archive, card_pictures, deals, links, touched
from bulletin.pages.group_names import named_topics, names_of, of_tellers
from bulletin.pages.kept_archive import archive_of, with_changes
from bulletin.pages.shelf import Members
from bulletin.pages.views import Copy
from bulletin.problems import Problem, errors
from bulletin.urls import ASSETS, kind_of, path_of

Value = TypeVar("Value")
_FILES = tuple({*links.ATTACHMENTS, *LOOKED_AT})


class Unsure(Exception):  # noqa: N818 - it is an answer, and no error
    """Raised where a part of the site does not tell enough: everything must be planned."""


class PartPlanner:
    """Plans what new words touch, from what was kept of the last plan."""

    def __init__(  # noqa: PLR0913 - what a plan is made from
        self, request: Request, found: Found, state: State, output: str, *, last: Report, new: Collection[str]
    ) -> None:
        self._request = request
        self._folder = folder = found.folder
        self._state = state
        self._output = output
        self._last = last
        self._settings = settings = request.settings
        self._misplaced = found.misplaced
        self._new = new
        self._known: dict[str, Article] = {}
        self._tellers: dict[str, Members] = {}
        self._before, self._groups = kept_groups(state, output, self._articles)
        self._kept = self._before
        self._content = replace(folder.content, pictures=_Asked(self._picture))
        sources = folder.signatures.keys()
        self._targets = links.Targets(
            articles=_Asked(self._article),
            sources=sources,
            compiled=sources,
            files=folder.content.files,
            pictures=self._content.pictures,
            paths=_Asked(self._is_page).keys(),
            by_url=_Asked(self._article_at),
            base_url=settings.base_url,
        )

    def planned(self, changed: Collection[str], before: Mapping[str, SourceRecord], pool: Pool) -> PlannedSite:
        compiled = compile_some(self._folder, self._settings.item_rules, self._state, pool, paths=changed, known=before)
        items = {item.source: item for item in compiled.items if isinstance(item, Article)}
        urls_of_all = {item.card.url for item in items.values()}
        if items.keys() != set(changed) or len(urls_of_all) < len(items) or self._settings.export_items:
            raise Unsure
        problems = self._problems(changed, before, compiled)
        make_more_images(self._folder, wanted_pictures(compiled), self._state, pool)
        changes = [one for path in changed if (one := self._change(before.get(path), self._illustrated(items[path])))]
        self._known |= {change.new.source: change.new for change in changes}
        are_words = all(
            change.old and touched.is_same_but_for_words(change.old, items[change.new.source]) for change in changes
        )
        whole, pages = self._of_texts(changes) if are_words else self._of_cards(changes)
        planned = {page.path: page for page in pages}
        copies = self._copies(changes)
        known = self._state.pages_at(self._output, [*planned, *(copy.path for copy in copies)])
        plan = Plan(
            pages=tuple(planned[path] for path in sorted(planned)),
            copies=copies,
            items=self._items(changes),
            files=self._last.pages + len(planned) + len(copies) - len(known),
            next_due=self._kept.next_due,
            problems=(),
            targets=self._targets,
            lists=self._kept.lists,
            later=self._kept.later,
            is_tangled=self._kept.is_tangled,
            archive=whole,
            published=self._last.changes.staying,
        )
        return PlannedSite(
            request=self._request,
            compiled=compiled,
            stand_ins=StandIns.none(self._folder, self._content, self._settings.item_rules),
            plan=plan,
            waiting=(),
            problems=problems,
            parts=self._parts(),
        )

    def _change(self, before: SourceRecord | None, new: Article) -> touched.Change | None:
        """Return what an edit changes for readers; None if they neither saw the item nor see it."""
        if new.source in self._new:
            old = None
        elif before is None or (old := before.compiled.article) is None:
            raise Unsure
        seen = old if old and self._groups.has(old) else None
        if old and not seen and not self._is_unseen(old):
            # It waits for its time, or is archived.
            raise Unsure
        if not seen:
            self._must_come_alone(old, new)
        if not self._is_unseen(new):
            return touched.Change(old=seen, new=new)
        if seen:
            raise Unsure
        self._resolved(new)
        path = path_of(new.card.url).lower()
        self._kept = replace(self._kept, later={**self._kept.later, path: new.source})
        return None

    def _must_come_alone(self, old: Article | None, new: Article) -> None:
        """Raise Unsure if a new item, or a draft that was `old`, may change what is to be said of others."""
        is_left_out = new.source in self._new and new.source not in self._folder.content.sources
        documents = self._named(old, LOOKED_AT) if old else []
        if is_left_out or self._named(new, LOOKED_AT) != documents:
            raise Unsure
        # Others may lead to a draft, to its lists or to the files beside its page.
        if (old and self._kept.is_tangled) or not self._is_free(new):
            raise Unsure

    def _is_unseen(self, article: Article) -> bool:
        return article.card.draft and not self._request.drafts

    def _problems(
        self, changed: Collection[str], before: Mapping[str, SourceRecord], compiled: CompiledContent
    ) -> tuple[Problem, ...]:
        """Return the problems of all; those of the changed items are told by these alone."""
        known = [before[path] for path in changed if path not in self._new and path in before]
        told = judged((one for record in known for one in record.compiled.problems), self._request)
        tell = judged(compiled.problems, self._request)
        others = set(self._last.problems).difference(told)
        is_odd = any(one.path in changed for one in others) or any(one.code == "file-name" for one in (*told, *tell))
        misplaced = judged(self._misplaced, self._request)
        if is_odd or any(errors(tell)) or not others.issuperset(misplaced):
            raise Unsure
        return tuple(sorted({*others, *tell}))

    def _of_texts(self, changes: Sequence[touched.Change]) -> tuple[archive.Archive, Iterator[SitePage]]:
        for change in changes:
            self._groups.put(change.old, change.new)
        whole = archive_of(self._groups, self._kept, self._request.now)
        new = [change.new for change in changes]
        return whole, touched.pages_of_texts(new, whole, self._groups, self._settings, self._resolved)

    def _of_cards(self, changes: Sequence[touched.Change]) -> tuple[archive.Archive, Iterator[SitePage]]:
        # New items come last, since they move the places of others.
        ordered = sorted(changes, key=lambda change: change.old is None)
        if not all(map(self._can_be_planned, ordered)):
            raise Unsure
        terms = self._new_deals(ordered)
        for change in ordered:
            self._groups.put(change.old, change.new)
        pairs = [(change.old, change.new) for change in ordered]
        self._kept = with_changes(self._kept, pairs, self._groups)
        whole = archive_of(self._groups, self._kept, self._request.now)
        published = self._items(ordered)
        divided = touched.divided_paths(whole, self._kept.lists, published)
        if self._state.pages_at(self._output, divided).keys() != divided:
            # A new item has divided what stood in one file, which must go or becomes another.
            raise Unsure
        pages = touched.Touched(
            ordered,
            terms,
            self._before.deals,
            self._kept.lists,
            published,
            groups=self._groups,
            archive=whole,
            settings=self._settings,
            resolve=self._resolved,
            at=self._targets.by_url.__getitem__,
        )
        return whole, pages.pages()

    def _items(self, changes: Iterable[touched.Change]) -> int:
        """Return the number of published items after some changes."""
        return self._last.items + sum(change.old is None for change in changes)

    def _can_be_planned(self, change: touched.Change) -> bool:
        return self._is_new_and_plain(change.new) if change.old is None else self._stays(change.old, change.new)

    def _is_new_and_plain(self, new: Article) -> bool:
        """Tell whether a new item is shown at once, brings no file, and takes nobody's address."""
        timed = (new.publish, new.expires, new.pinned_until, new.event, new.aliases)
        is_shown = archive.is_released(new, self._request.now) and (self._request.drafts or not new.card.draft)
        is_known = all(name in self._groups.counts for name in names_of(new))
        return is_shown and is_known and not any(timed) and self._is_spelt_as_known(new)

    def _is_free(self, new: Article) -> bool:
        """Tell whether no other item has or will have a file at an item's address or below it, or above it."""
        low = f"{new.card.url.strip('/')}/".lower()
        others = (f"{path}/" for path, source in self._kept.later.items() if source != new.source)
        if any(one.startswith(low) or low.startswith(one) for one in others):
            return False
        return not self._state.paths_at(self._output, low.strip("/"))

    def _stays(self, old: Article, new: Article) -> bool:
        """Tell whether an edit leaves an item its address, its times, its files, and all the lists that show it."""
        return (
            _what_stays(old) == _what_stays(new)
            and {*names_of(old)} <= {*names_of(new)}
            and all(name in self._groups.counts for name in {*names_of(new)} - {*names_of(old)})
            and old.body.ids <= new.body.ids
            and self._named(old, _FILES) == self._named(new, _FILES)
            and self._is_spelt_as_known(new)
        )

    def _is_spelt_as_known(self, new: Article) -> bool:
        """Tell whether the names of an item's topics are those of all; else the titles of lists are counted anew."""
        groups = list(named_topics(new))
        is_once = len({group for group, _ in groups}) == len(groups)
        is_known = new.card.category in {"", *self._settings.categories}
        return (
            is_once
            and is_known
            and all(self._kept.titles.get(group, name) == name for group, name in groups)
            and not {group for group, _ in groups}.intersection(self._kept.mixed)
        )

    def _named(self, article: Article, endings: tuple[str, ...]) -> list[str]:
        return [*links.named_files(article, self._folder.content.files, endings)]

    def _copies(self, changes: Iterable[touched.Change]) -> tuple[Copy, ...]:
        """Return the files that come with new items; an edit brings none."""
        of_items = (self._resolved(change.new).files.values() for change in changes if change.old is None)
        copies = [file.copy for wanted in chain.from_iterable(of_items) for file in wanted]
        if len({copy.path.lower() for copy in copies}) < len(copies):
            # Two files would become one.
            raise Unsure
        return tuple(sorted(copies, key=lambda copy: copy.path))

    def _new_deals(self, changes: Sequence[touched.Change]) -> frozenset[Deal]:
        """Put into what is kept the deals as they are now; return those that have changed, as they were and are."""
        tellings = [one for change in changes if _tells_otherwise(change) for one in (change.old, change.new) if one]
        ids = {mention.place.id for article in tellings for mention in article.mentions}
        if not ids:
            return frozenset()
        changed = {change.new.source for change in changes}
        others: dict[str, Article] = {}
        for place in ids:
            members = tuple(one for one in self._groups.members(of_tellers(place)) if one[-1] not in changed)
            others |= {article.source: article for article in self._groups.articles(members)}
        was = self._merged([*others.values(), *(change.old for change in changes if change.old)], ids)
        now = self._merged([*others.values(), *(change.new for change in changes)], ids)
        different = frozenset(was) ^ frozenset(now)
        months = {(deal.date.year, deal.date.month) for deal in different}
        rest = tuple(deal for deal in self._kept.deals if deal.place.id not in ids)
        all_deals = tuple(sorted((*rest, *now), key=deals.newest_first))
        with_deals = {(deal.date.year, deal.date.month) for deal in all_deals} | {*self._groups.months}
        if not months <= {*self._kept.months} or not months <= with_deals:
            raise Unsure
        if touched.lose_a_page(self._kept.deals, all_deals):
            raise Unsure
        for place in ids:
            keys = [
                archive.newest_first(one)
                for one in (*others.values(), *(change.new for change in changes))
                if _tells_of(one, place)
            ]
            self._tellers[of_tellers(place)] = tuple(sorted(keys))
        self._kept = replace(self._kept, deals=all_deals)
        return different

    def _merged(self, articles: Iterable[Article], ids: AbstractSet[str]) -> tuple[Deal, ...]:
        """Return the deals with some provinces of which items tell."""
        of_ids = (
            replace(one, mentions=tuple(told for told in one.mentions if told.place.id in ids)) for one in articles
        )
        found, problems = deals.merge(of_ids)
        if problems:
            raise Unsure
        return found

    def _parts(self) -> dict[str, bytes]:
        """Return what has changed of what is kept."""
        moved = {name: self._groups.members(name) for name in self._groups.moved}
        groups = {GROUP + name: encode(members) for name, members in {**moved, **self._tellers}.items()}
        counts = {**self._kept.counts, **{name: len(found) for name, found in self._tellers.items()}}
        now = replace(self._kept, counts=counts)
        return groups if now == self._before else {**groups, ARCHIVE: encode(now)}

    def _resolved(self, article: Article) -> links.ResolvedLinks:
        found = links.resolve(article, self._targets)
        if found.problems:
            raise Unsure
        return found

    def _articles(self, paths: Collection[str]) -> Mapping[str, Article]:
        wanted = [path for path in paths if path not in self._known]
        for path, record in self._state.records(wanted).items():
            if record.compiled.article is not None:
                self._known[path] = self._illustrated(record.compiled.article)
        if any(path not in self._known for path in wanted):
            raise Damaged("members")
        return self._known

    def _illustrated(self, article: Article) -> Article:
        found = card_pictures.illustrated(article, self._content)
        assert isinstance(found, Article)
        return found

    def _article(self, path: str) -> Article | None:
        """Return the item of a file if readers see it: what they do not see has no page, and no link may lead there."""
        if path in self._known:
            return self._known[path]
        record = self._state.records([path]).get(path) if path in self._folder.signatures else None
        article = record.compiled.article if record else None
        if article is None or self._source_of(article.card.url) != path:
            return None
        return self._illustrated(article)

    def _article_at(self, url: str) -> Article | None:
        source = self._source_of(url)
        return self._article(source) if source else None

    def _source_of(self, url: str) -> str:
        """Return the file of the item whose page was published at a url; empty if there is none."""
        path = path_of(url)
        page = self._state.pages_at(self._output, [path]).get(path)
        return page.source if page else ""

    def _is_page(self, path: str) -> bool | None:
        """Tell whether a link may lead to a file of the site before it is known which files stand beside pages."""
        known = self._state.pages_at(self._output, [path]).get(path)
        is_page = known and (known.made_from.template or kind_of(path).name not in links.FILE_KINDS)
        return True if is_page and not path.startswith(path_of(ASSETS)) else None

    def _picture(self, path: str) -> Original | Unusable | None:
        record = self._state.pictures_at([path]).get(path)
        return record.found if record else None


class _Asked(Mapping[str, Value]):
    """A mapping that asks for each value, and remembers it; None is the answer for a key that is not there.

    Nobody knows all of its keys: who asks for them looks for what a dead link may mean.
    """

    def __init__(self, ask: Callable[[str], Value | None]) -> None:
        self._ask = cache(ask)

    def __getitem__(self, key: str) -> Value:
        if (found := self._ask(key)) is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> NoReturn:
        raise Unsure

    def __len__(self) -> NoReturn:
        raise Unsure


def _what_stays(article: Article) -> tuple[object, ...]:
    """Return what an edit must leave as it is, so that no list loses the item and no file comes or goes."""
    times = article.publish, article.expires, article.pinned_until, article.event
    picture = article.image and article.image.target, article.image_alt, article.image_focus
    aliases = [alias.target for alias in article.aliases]
    return (
        article.card.url,
        article.card.day,
        article.card.draft,
        article.authors,
        article.tags,
        times,
        aliases,
        picture,
    )


def _tells_otherwise(change: touched.Change) -> bool:
    """Tell whether an item may tell of a deal in another way than before."""
    old, new = change.old, change.new
    if old is None:
        return bool(new.mentions)
    return _told(old) != _told(new) if old.mentions or new.mentions else False


def _told(article: Article) -> tuple[object, ...]:
    return article.mentions, article.card.title, article.corrections


def _tells_of(article: Article, place: str) -> bool:
    return any(mention.place.id == place for mention in article.mentions)
