"""What the preview remembers from build to build: the state, the plan, and the files that it left in its folder.

It may be used only for a state file and an output folder that nobody else writes to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.build.cache import PageRecord, SourceRecord, State
from bulletin.build.content_folder import ContentFolder
from bulletin.build.inputs import Inputs, Template, program_digest
from bulletin.listing import Signature
from bulletin.model import Article, Content, Item
from bulletin.pages import Plan, SitePage, replan
from bulletin.settings import Settings

if TYPE_CHECKING:
    from bulletin.build.proof import Proofs

Digests = tuple[str, str]
"""The digest of a page's texts, and that of its view."""


class _Remembered(State):
    """A state that answers from memory. Callers must not change what it returns."""

    _sources: dict[str, SourceRecord] | None = None
    _pages: dict[str, PageRecord] | None = None
    _output = ""

    def sources(self) -> dict[str, SourceRecord]:
        if self._sources is None:
            self._sources = super().sources()
        return self._sources

    def save_sources(self, records: Mapping[str, SourceRecord], texts: Mapping[str, str]) -> None:
        super().save_sources(records, texts)
        self._sources = {**self.sources(), **records}

    def forget_sources(self, gone: Collection[str], texts: Collection[str]) -> None:
        super().forget_sources(gone, texts)
        self._sources = {path: one for path, one in self.sources().items() if path not in gone}

    def pages(self, output: str) -> dict[str, PageRecord]:
        if self._pages is None or self._output != output:
            self._output, self._pages = output, super().pages(output)
        return self._pages

    def save_pages(self, output: str, records: Mapping[str, PageRecord], gone: Collection[str]) -> None:
        super().save_pages(output, records, gone)
        self._pages = {path: one for path, one in {**self.pages(output), **records}.items() if path not in gone}


class Session:
    """Keeps the state of one site open between builds, which must all run in one thread.

    `program` is the digest of the program as it was at the start: files that are replaced later do not change it.
    """

    def __init__(self, file: Path) -> None:
        self.program = program_digest()
        self._file = file
        self._state: _Remembered | None = None
        self._stamp = ""
        self._planned: replan.PlanWithInputs | None = None
        self._digests: dict[str, tuple[SitePage, Digests]] = {}
        self._present: dict[str, Signature | None] | None = None
        self._made_from: tuple[Inputs, Mapping[str, Template], ContentFolder] | None = None
        self._proofs: Proofs | None = None

    def state(self, stamp: str, *, fresh: bool) -> State:
        """Return the state with this stamp; begin a new one if the stamp has changed, or if `fresh` asks for it."""
        if self._state is None or fresh or stamp != self._stamp:
            self.close()
            make = _Remembered.begin if fresh else _Remembered.open
            self._state, self._stamp = make(self._file, stamp), stamp
        return self._state

    def sources(self) -> Mapping[str, SourceRecord]:
        """Return the record of every source in the last build, by path."""
        return self._state.sources() if self._state else {}

    def edited_since(self, before: Mapping[str, SourceRecord]) -> tuple[Article, ...]:
        """Return the items whose files are new or have other bytes than when `sources` returned `before`."""
        now = self.sources()
        changed = (now[path] for path in now if path not in before or before[path].digest != now[path].digest)
        return tuple(record.compiled.article for record in changed if record.compiled.article)

    def plan(  # noqa: PLR0913 - what `plan` takes
        self,
        items: Sequence[Item],
        content: Content,
        settings: Settings,
        now: datetime,
        *,
        drafts: bool,
        waiting: bool,
    ) -> Plan:
        """Return what `pages.plan` returns, sooner if only words of texts have changed since the last call."""
        what = (items, content, settings, now)
        self._planned = replan.planned(*what, before=self._planned, drafts=drafts, waiting=waiting)
        return self._planned.plan

    def digests(self, page: SitePage, work_out: Callable[[SitePage], Digests]) -> Digests:
        """Return a page's digests; those of a page that was taken over from the last plan are known."""
        known = self._digests.get(page.path)
        if known is None or known[0] is not page:
            known = self._digests[page.path] = page, work_out(page)
        return known[1]

    def keep_inputs(self, inputs: Inputs, templates: Mapping[str, Template], folder: ContentFolder) -> None:
        """Keep what a build was made from, for the proofs of single pages until the next one."""
        self._made_from = inputs, templates, folder
        self._proofs = None

    def proofs(self) -> Proofs | None:
        """Return what makes proofs against the last build; None before the first."""
        if self._proofs is None and self._made_from and self._planned:
            from bulletin.build.proof import Proofs  # noqa: PLC0415 - jinja2 takes 0.1 s to load

            self._proofs = Proofs(*self._made_from, self._planned.plan)
        return self._proofs

    @property
    def has_plan(self) -> bool:
        """Tell whether there was a build that planned the site."""
        return self._planned is not None

    def take_present(self) -> dict[str, Signature | None] | None:
        """Return the files that the last build left in its folder; None if a later build began and did not finish."""
        present, self._present = self._present, None
        return present

    def keep_present(self, present: dict[str, Signature | None]) -> None:
        self._present = present

    def close(self) -> None:
        if self._state is not None:
            self._state.close()
            self._state = None
