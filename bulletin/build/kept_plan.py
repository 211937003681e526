"""What is kept of the plan of an output folder: the archive by its groups, and the pages of items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cached_property

from msgspec.json import Decoder

from bulletin.build.cache import State
from bulletin.model import Article
from bulletin.pages import ItemPage, archive, touched
from bulletin.pages.kept_archive import Groups, Kept, archive_of
from bulletin.pages.shelf import Members

VERSION, ARCHIVE, GROUP, FOLDER = "version", "archive", "group/", "folder/"
"""The names of what is kept; behind the last two, of a group of the archive, and of a folder below content/."""
Load = Callable[[Collection[str]], Mapping[str, Article]]
"""Returns the items of files with these paths, and perhaps others."""
_KEPT = Decoder(Kept)
_MEMBERS = Decoder(Members)


def kept_groups(state: State, output: str, articles: Load) -> tuple[Kept, Groups]:
    """Return what is kept of an archive; raise Damaged if that is not what was written."""
    kept = state.part(output, ARCHIVE, _KEPT)
    return kept, Groups(kept.counts, lambda name: state.part(output, GROUP + name, _MEMBERS), articles)


class KeptPlan:
    """The plan that was kept of an output folder; `articles` are its published items, by the paths of their files."""

    def __init__(self, state: State, output: str, articles: Mapping[str, Article], now: datetime) -> None:
        self._state = state
        self._output = output
        self._articles = articles
        self._now = now

    def page(self, article: Article) -> ItemPage:
        """Return the page of a published item, but for its links and its deals."""
        groups, whole = self._archive
        return touched.page_alone(article, whole, groups)

    @cached_property
    def _archive(self) -> tuple[Groups, archive.Archive]:
        kept, groups = kept_groups(self._state, self._output, lambda _: self._articles)
        return groups, archive_of(groups, kept, self._now)
