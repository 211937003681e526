"""What the preview remembers from build to build: the state, what links lead to, and the files in its folder.

It may be used only for a state file and an output folder that nobody else writes to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.json import Decoder

from bulletin.build import content_folder
from bulletin.build.cache import PageRecord, SourceRecord, State
from bulletin.build.content_folder import ContentFolder, Survey
from bulletin.build.inputs import Inputs, Template, program_digest
from bulletin.build.kept_plan import KeptPlan
from bulletin.build.planning import PlannedSite
from bulletin.build.seals import Value
from bulletin.listing import Signature
from bulletin.pages import ItemPage, links

if TYPE_CHECKING:
    from bulletin.build.proof import Proofs

MadeFrom = tuple[Inputs, Mapping[str, Template], ContentFolder]
"""What a build was made from."""


class _Remembered(State):
    """A state that answers from memory. Callers must not change what it returns, and saving changes the pages in it."""

    _sources: dict[str, SourceRecord] | None = None
    _pages: dict[str, PageRecord] | None = None
    _parts: dict[tuple[str, str], Any] | None = None
    _output = ""

    def sources(self) -> dict[str, SourceRecord]:
        if self._sources is None:
            self._sources = super().sources()
        return self._sources

    def records(self, paths: Collection[str]) -> dict[str, SourceRecord]:
        known = self.sources()
        return {path: known[path] for path in paths if path in known}

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

    def pages_at(self, output: str, paths: Collection[str]) -> dict[str, PageRecord]:
        known = self.pages(output)
        return {path: known[path] for path in paths if path in known}

    def save_pages(self, output: str, records: Mapping[str, PageRecord], gone: Collection[str]) -> None:
        super().save_pages(output, records, gone)
        known = self.pages(output)
        known |= records
        for path in gone:
            known.pop(path, None)

    def part(self, output: str, name: str, decoder: Decoder[Value]) -> Value:
        if self._parts is None:
            self._parts = {}
        if (output, name) not in self._parts:
            self._parts[output, name] = super().part(output, name, decoder)
        found: Value = self._parts[output, name]
        return found

    def save_parts(self, output: str, parts: Mapping[str, bytes], *, are_all: bool) -> None:
        super().save_parts(output, parts, are_all=are_all)
        for name in parts:
            (self._parts or {}).pop((output, name), None)
        if are_all:
            self._parts = None


class Session:
    """Keeps the state of one site open between builds, which must all run in one thread.

    `program` is the digest of the program as it was at the start: files that are replaced later do not change it.
    """

    def __init__(self, file: Path) -> None:
        self.program = program_digest()
        self._file = file
        self._state: _Remembered | None = None
        self._stamp = ""
        self._survey: Survey | None = None
        self._changed: frozenset[str] | None = None
        self._present: dict[str, Signature | None] | None = None
        self._targets: links.Targets | None = None
        self._last: tuple[MadeFrom, links.Targets, KeptPlan] | None = None
        self._proofs: Proofs | None = None

    def state(self, stamp: str, *, fresh: bool, pictures: Path | None = None) -> State:
        """Return the state with this stamp; begin a new one if the stamp has changed, or if `fresh` asks for it.

        If no file can be kept, and sizes of `pictures` go to a folder of their own, it is in memory alone.
        """
        if self._state is None or fresh or pictures or stamp != self._stamp:
            self.close()
            if pictures:
                self._state = _Remembered.in_memory(pictures)
            else:
                self._state = _Remembered.begin(self._file, stamp) if fresh else _Remembered.open(self._file, stamp)
            self._stamp = stamp
        return self._state

    def tell_changed(self, files: Collection[str] | None) -> None:
        """Say which files were seen to change since the last build began, by their full paths; None if any may have.

        The next survey looks into their folders alone.
        """
        self._changed = None if files is None or self._changed is None else self._changed.union(files)

    def survey(self, root: Path) -> Survey:
        """Return the files that stand below content/."""
        if self._survey is not None and self._changed is not None:
            again = content_folder.surveyed_again(root, self._survey, self._changed)
            if again is not None:
                return again
        return content_folder.surveyed(root)

    def keep_survey(self, found: Survey) -> None:
        """Keep what a build was made from, once it has come to its end."""
        self._survey, self._changed = found, frozenset()

    def sources(self) -> Mapping[str, SourceRecord]:
        """Return the record of every source in the last build, by path."""
        return self._state.sources() if self._state else {}

    def keep(self, found: Survey, site: PlannedSite, state: State, output: str, made_from: MadeFrom) -> None:
        """Keep what was found, and what proofs of single pages are made against; `output` is the key of its folder."""
        self.keep_survey(found)
        planned = site.plan
        if site.parts is not None and self._targets is not None:
            pages = [page for page in planned.pages if isinstance(page, ItemPage)]
            changed = [page.article for page in pages if page.article.source in site.compiled.digests]
            paths = {one.path for one in (*planned.pages, *planned.copies)}
            self._targets = links.with_articles(self._targets, changed, paths)
        else:
            self._targets = planned.targets
        published = KeptPlan(state, output, self._targets.articles, site.request.now)
        self._last = made_from, self._targets, published
        self._proofs = None

    def proofs(self) -> Proofs | None:
        """Return what makes proofs against the last build; None before the first."""
        if self._proofs is None and self._last:
            from bulletin.build.proof import Proofs  # noqa: PLC0415 - jinja2 takes 0.1 s to load

            made_from, targets, plan = self._last
            self._proofs = Proofs(*made_from, targets, plan)
        return self._proofs

    def take_present(self) -> dict[str, Signature | None] | None:
        """Return the files that the last build left in its folder; None if a later build began and did not finish."""
        present, self._present = self._present, None
        return present

    def keep_present(self, present: dict[str, Signature | None]) -> None:
        self._present = present

    def close(self) -> None:
        # Of what another state was made from nothing is known.
        self._survey = self._changed = None
        if self._state is not None:
            self._state.close()
            self._state = None
