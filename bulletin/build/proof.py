"""The page of one text as readers would see it, without building the site: what an editor sees beside what is typed.

A proof takes some hundredths of a second: it reuses what the last build of a session has left, and makes one page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bulletin.build.content_folder import ContentFolder
from bulletin.build.inputs import Inputs, Template
from bulletin.build.kept_plan import KeptPlan
from bulletin.build.seals import Damaged
from bulletin.files import signature_of
from bulletin.images import Candidate, Original, Picture, Unusable
from bulletin.items import compile_source
from bulletin.listing import Signature
from bulletin.model import Article, Deal, Item, Reference, Source
from bulletin.pages import ItemPage, links
from bulletin.pages.views import Page
from bulletin.problems import Problem, problem
from bulletin.render import Renderer
from bulletin.urls import path_of

Address = Callable[[str], str]
"""Returns the url at which a file of content/, given by its path, is shown before it is published."""


NONE: Mapping[str, str] = {}


class Proof(Struct, frozen=True, kw_only=True):
    """A text's article (None if it has errors), all of its problems, and its page (empty if it has no article)."""

    article: Article | None
    problems: tuple[Problem, ...]
    page: str


class Proofs:
    """Makes proofs against one build: all that it is given is of that build."""

    def __init__(
        self,
        inputs: Inputs,
        templates: Mapping[str, Template],
        folder: ContentFolder,
        targets: links.Targets,
        plan: KeptPlan,
    ) -> None:
        self._settings = inputs.settings
        self._folder = folder
        self._targets = targets
        self._plan = plan
        self._pictures: dict[str, tuple[Signature, Original | Unusable]] = {}
        self._renderer = Renderer(
            {name: template.text for name, template in templates.items()},
            frozenset(name for name, template in templates.items() if template.is_own),
            inputs.settings,
            {asset.name: f"/{asset.path}" for asset in inputs.assets},
        )

    def proof(self, source: Source, url: str, address: Address, waiting: Mapping[str, str] = NONE) -> Proof:
        """Return the proof of a source; its page is written for `url`, and its pictures are shown at `address`.

        `waiting` says of files that will stand in content/, by path, where they lie, from the site's root.
        """
        compiled = compile_source(source, self._settings.item_rules)
        article = compiled.article
        item = article or compiled.unfinished
        if item is None:
            return Proof(article=None, problems=compiled.problems, page="")
        resolved = self._resolve(item, waiting)
        problems = tuple(sorted({*compiled.problems, *resolved.problems, *self._clash(source.path, article)}))
        # A page has no place for a picture that is not there.
        if article is None or _lacks_picture(article, resolved):
            return Proof(article=article, problems=problems, page="")
        page = self._page(article, resolved, address)
        view = Page(path=path_of(url), template=page.template, view=page.view)
        return Proof(
            article=article,
            problems=problems,
            page=self._renderer.render(view, {article.body.text.digest: compiled.html}),
        )

    def _resolve(self, item: Item, waiting: Mapping[str, str]) -> links.ResolvedLinks:
        """Return where the links of an item lead; files that were put beside it after the build count as well."""
        known = self._targets
        named = set(links.wanted_files(item, links.ATTACHMENTS))
        files = known.files | {path for path in named if self._is_there(path) or path in waiting}
        pictures = {path: self._original(path, waiting) for path in links.named_files(item, files, links.PICTURES)}
        articles = {**known.articles, item.source: item} if isinstance(item, Article) else known.articles
        targets = replace(
            known,
            articles=articles,
            sources=known.sources | {item.source},
            compiled={*known.compiled, item.source},
            files=files,
            pictures={**known.pictures, **pictures},
        )
        return links.resolve(item, targets)

    def _is_there(self, path: str) -> bool:
        return (self._folder.root / path).is_file()

    def _original(self, path: str, waiting: Mapping[str, str]) -> Original | Unusable:
        """Return whether a picture can be shown; one is decoded once, for as long as its file does not change."""
        from bulletin.images.pillow import Wanted, make_renditions_of_chunk  # noqa: PLC0415 - Pillow takes 40 ms to load

        written = self._folder.written
        if path in waiting and path not in written and not self._is_there(path):
            written = {**written, path: waiting[path]}
        looks = signature_of(str(self._folder.root / written.get(path, path)))
        if path not in self._pictures or self._pictures[path][0] != looks:
            ((_, found),) = make_renditions_of_chunk(self._folder.root, written, None, [Wanted(path=path)])
            self._pictures[path] = looks, found
        return self._pictures[path][1]

    def _page(self, article: Article, resolved: links.ResolvedLinks, address: Address) -> ItemPage:
        """Return the item's page, with the neighbours that it has in the last build."""
        shown = {f"/{file.copy.path}": path for path, files in resolved.files.items() for file in files}

        def draft(link: str | Picture) -> str | Picture:
            return _from_content(link, address(shown[link.url])) if isinstance(link, Picture) else link

        before = self._before(article.source)
        return ItemPage(
            path=path_of(article.card.url),
            article=article,
            links=tuple(draft(link) for link in resolved.links),
            image=_from_content(resolved.image, address(shown[resolved.image.url])) if resolved.image else None,
            authors=_named(article.authors, before.authors if before else ()),
            tags=_named(article.tags, before.tags if before else ()),
            is_archived=before.is_archived if before else False,
            deals=tuple(
                Deal(place=one.place, date=one.date, amount=one.amount, items=(), name=one.name)
                for one in article.mentions
            ),
            older=before.older if before else None,
            newer=before.newer if before else None,
            of_places=before.of_places if before else (),
            of_month=before.of_month if before else (),
        )

    def _before(self, source: str) -> ItemPage | None:
        """Return the page that an item has in the last build, but for its links and deals."""
        known = self._targets.articles.get(source)
        try:
            return self._plan.page(known) if known else None
        except Damaged:
            # The next build begins the state anew. Until then nobody knows the neighbours.
            return None

    def _clash(self, path: str, article: Article | None) -> Iterator[Problem]:
        """Yield a problem if another item has the url already."""
        other = self._targets.by_url.get(article.card.url) if article else None
        if article and other and other.source != path:
            place = f"{other.source}:{other.url_line}"
            yield problem(path, article.url_line, "url-taken", found=article.card.url, other=place, file="")


def _named(names: Iterable[str], before: Iterable[Reference]) -> tuple[Reference, ...]:
    """Return the names of authors or tags with the pages that they have in the last build."""
    urls = {one.title: one.url for one in before}
    return tuple(Reference(title=name, url=urls.get(name, "")) for name in names)


def _lacks_picture(article: Article, resolved: links.ResolvedLinks) -> bool:
    pairs = zip(article.body.links, resolved.links, strict=True)
    return any(link.is_picture and not isinstance(found, Picture) for link, found in pairs)


def _from_content(picture: Picture, url: str) -> Picture:
    """Return a picture as its file in content/ shows it: its published sizes are made by the next build."""
    return replace(picture, url=url, candidates=(Candidate(url=url, width=picture.width),), with_avif=())
