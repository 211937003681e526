"""Items that have an error are shown as they were last published: from the sources that are kept beside output/.

When readers may see such an item is said by its file in content/, as far as that can be read: what was withdrawn stays
so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from msgspec import DecodeError, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from bulletin.build.content_folder import ContentFolder
from bulletin.build.make_images import WantedCrops
from bulletin.images import Original, Unusable
from bulletin.model import Article, Compiled, Content, Source, Visibility
from bulletin.pages import ItemPage, Plan, card_pictures, links
from bulletin.problems import BuildFailed, Problem, problem
from bulletin.publishing import KeptItem, KeptSources, Unreadable
from bulletin.settings import ItemRules

_RULES = Decoder(ItemRules)


class Making(Struct, frozen=True, kw_only=True):
    """How pictures are made: those that are `wanted` without stand-ins, and `build.make_images` with what it needs."""

    wanted: WantedCrops
    make: Callable[[ContentFolder, WantedCrops], Mapping[str, Original | Unusable]]


class StandIns:
    """The stand-ins of one build, which are loaded as they are needed.

    `content` and `folder` are what stands below content/, and the files that stand-ins name, which are kept elsewhere.
    `texts` is the HTML of the stand-ins, by its digest.
    """

    def __init__(
        self,
        places: Sequence[KeptSources],
        folder: ContentFolder,
        content: Content,
        rules: ItemRules,
        making: Making,
    ) -> None:
        """`places` are where sources may be kept: the first of them that knows an item is asked."""
        self.folder = folder
        self.content = content
        self.texts: dict[str, str] = {}
        self.problems: list[Problem] = []
        self._places = places
        self._rules = rules
        self._making = making
        self._kept: dict[str, tuple[KeptItem, KeptSources]] | None = None

    @classmethod
    def none(cls, folder: ContentFolder, content: Content, rules: ItemRules) -> StandIns:
        """Return the stand-ins of a build that needs none."""
        return cls((), folder, content, rules, Making(wanted={}, make=lambda _, __: {}))

    def load(self, sources: Collection[str]) -> list[Article]:
        """Return the stand-ins of those sources that have one."""
        articles = [article for source in sorted(sources) if (article := self._article(source))]
        named = {article.source: self._files(article.source) for article in articles}
        pictures = dict(self.content.pictures)
        wanted = self._wanted(articles, named)
        if wanted != self._making.wanted:
            self._making = replace(self._making, wanted=wanted)
            pictures |= self._making.make(self.folder, wanted)
        files = {
            source: paths
            for source, paths in named.items()
            if paths is not None and not any(isinstance(pictures.get(path), Unusable) for path in paths.values())
        }
        self.content = replace(self.content, pictures=pictures, stand_ins={**self.content.stand_ins, **files})
        return [article for article in articles if article.source in files]

    def _wanted(self, articles: Iterable[Article], named: Mapping[str, Mapping[str, str] | None]) -> WantedCrops:
        """Return the pictures to be made, those that stand-ins show among them, by the paths of their bytes."""
        wanted = dict(self._making.wanted)
        for path in self.folder.kept:
            if path.lower().endswith(links.PICTURES):
                wanted.setdefault(path, frozenset())
        for article in articles:
            files = named[article.source] or {}
            for path, crops in card_pictures.wanted_crops([article]).items():
                if path in files:
                    wanted[files[path]] = wanted.get(files[path], frozenset()) | crops
        return wanted

    def kept(self, source: str) -> tuple[KeptItem, KeptSources]:
        """Return what a stand-in is made from, and where that is kept."""
        return self._known()[source]

    def shown(self, plan: Plan) -> tuple[Article, ...]:
        """Return the stand-ins among the items of a plan."""
        articles = (page.article for page in plan.pages if isinstance(page, ItemPage))
        return tuple(article for article in articles if article.source in self.content.stand_ins)

    def _known(self) -> dict[str, tuple[KeptItem, KeptSources]]:
        if self._kept is None:
            self._kept = {}
            for place in reversed(self._places):
                try:
                    self._kept |= {path: (item, place) for path, item in place.items().items()}
                except Unreadable:
                    name = f"{place.folder.parent.name}/{place.folder.name}/{place.database.name}"
                    self.problems.append(problem(name, 1, "kept-unreadable", "warning"))
        return self._kept

    def _article(self, source: str) -> Article | None:
        """Return an item as it was last published; None if it was not, if that is lost, or has errors by now."""
        from bulletin.items import visibility  # noqa: PLC0415 - markdown takes 0.1 s

        if source not in self._known():
            return None
        item, place = self._known()[source]
        try:
            texts = place.texts((item.source, item.rules))
        except Unreadable:
            return None
        compiled = compiled_from(source, item, texts, self._rules)
        if compiled is None or compiled.article is None:
            return None
        self.texts[compiled.article.body.text.digest] = compiled.html
        return visibility.with_visibility(compiled.article, self._visibility(source))

    def _visibility(self, source: str) -> Visibility:
        """Return when readers may see an item by its file in content/, as far as that can be read."""
        from bulletin.items import visibility  # noqa: PLC0415 - as above

        # A link out of content/ is no source: nothing there may be read.
        if source in self.content.sources:
            with suppress(BuildFailed):
                return visibility.read_visibility(source, self.folder.read(source), self._rules)
        return Visibility()

    def _files(self, source: str) -> dict[str, str] | None:
        """Return where the bytes of each file are that an item named; None if some are lost.

        A picture that is the same today is taken from content/, where it need not be made again.
        """
        item, place = self._known()[source]
        files: dict[str, str] = {}
        for path, digest in item.files.items():
            today = self.content.pictures.get(path)
            if isinstance(today, Original) and today.digest == digest:
                files[path] = path
            elif place.has_file(digest):
                files[path] = f"kept/{digest}{path[path.rindex('.') :]}"
                self.folder = self.folder.with_kept(files[path], place.file(digest))
            else:
                return None
        return files


def compiled_from(path: str, item: KeptItem, texts: Mapping[str, bytes], rules: ItemRules) -> Compiled | None:
    """Return a kept item as today's program reads it, by the settings of then; None if its text is lost.

    `texts` are kept ones, by digest; `rules` are today's settings.
    """
    from bulletin.items import compile_source, decode  # noqa: PLC0415 - markdown takes 0.1 s

    # A category that is deleted today must not take the item away.
    decoded = decode(path, texts[item.source]) if item.source in texts else None
    return compile_source(decoded, _rules(texts.get(item.rules, b""), rules)) if isinstance(decoded, Source) else None


def _rules(data: bytes, today: ItemRules) -> ItemRules:
    try:
        return _RULES.decode(data)
    except DecodeError:
        # They were written by a program that has other settings.
        return today
