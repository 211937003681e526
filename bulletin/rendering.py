"""Pages -> staged files: those of which something changed, each with its reason. The others stay as they are."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bulletin import site
from bulletin.changes import UNKNOWN, Changes, Staged, Standing
from bulletin.files import TICK, Signature, digest_of_listing, read_regular, settled, signature_of
from bulletin.fingerprint import digest_of, digest_of_bytes
from bulletin.itempages import ItemPage, SitePage, texts_on
from bulletin.linkcheck import Lead, Leads, dead
from bulletin.memory import Memory
from bulletin.model import Content
from bulletin.pool import Pool
from bulletin.problems import BuildFailed
from bulletin.publish import Workshop
from bulletin.settings import Settings
from bulletin.state import Damaged, MadeFrom, PageRecord, State
from bulletin.views import FileView, RenditionView, texts_of

Reason = Literal["new", "code", "template", "settings", "text", "view", "damaged"]


class Rendering(Struct, frozen=True, kw_only=True):
    """What was staged: how output/ will change, and why which files were made anew."""

    changes: Changes
    reasons: Mapping[str, Reason]
    records: Mapping[str, PageRecord]
    """Of the files that were made anew; their signatures are known only once they are published."""
    gone: frozenset[str]
    leads: tuple[Lead, ...]
    """Where the pages lead that were made anew."""


class Press:
    """Renders a site's pages into its workshop, and keeps in the state what they were made from."""

    def __init__(  # noqa: PLR0913 - all that is at work in a build
        self,
        root: Path,
        settings: Settings,
        workshop: Workshop,
        state: State,
        pool: Pool,
        *,
        memory: Memory | None = None,
    ) -> None:
        self.root = root
        self.settings = settings
        self.workshop = workshop
        self.state = state
        self.pool = pool
        self.memory = memory
        self.output = str(workshop.output.resolve())
        self.folders = site.template_folders(root)
        self.assets = site.read_assets(self.folders)
        self.templates = site.template_digests(self.folders)
        self.settings_digest = digest_of(settings, tuple(asset.path for asset in self.assets))
        self._standing: dict[str, Signature | None] | None = None
        self._seen = 0
        self._seen_later: dict[str, int] = {}

    def render(self, pages: Sequence[SitePage], content: Content, texts: Mapping[str, str]) -> Rendering:
        """Stage what must be made anew; `texts` holds the HTML that is new. Raise BuildFailed.

        A file that someone damaged or removed is made anew too.
        """
        made_from = {asset.path: MadeFrom(template="", settings="", text="", view="") for asset in self.assets}
        made_from |= {page.path: self._made_from(page, content) for page in pages}
        known = self.state.pages(self.output)
        standing = self.standing()
        reasons = self._reasons(made_from, known, standing)
        removed = sorted(standing.keys() - made_from.keys())
        changes = Changes(unchanged=[path for path in made_from if path not in reasons], removed=removed)
        leads = Leads()
        records: dict[str, PageRecord] = {}
        stands = {path: _stands(known.get(path), found) for path, found in standing.items() if found}
        assets = [
            self.workshop.stage(asset.path, asset.data, stands=stands.get(asset.path))
            for asset in self.assets
            if asset.path in reasons
        ]
        wanted = [page for page in pages if page.path in reasons]
        rendered = self._staged(wanted, content, texts, stands, leads) if wanted else ()
        for file in (*assets, *rendered):
            records[file.path] = PageRecord(digest=file.digest, signature=None, made_from=made_from[file.path])
            getattr(changes, file.status).append(file.path)
        if removed or "template" in reasons.values():
            # A page that stays as it is may name one that goes, if a template says so and not its view.
            self._look_at_unchanged(pages, reasons, leads)
        if problems := (*leads.problems, *dead(leads.found, made_from.keys(), self.workshop.read)):
            raise BuildFailed(problems)
        gone = frozenset(known.keys() - made_from.keys())
        return Rendering(changes=changes, reasons=reasons, records=records, gone=gone, leads=leads.found)

    def standing(self) -> dict[str, Signature | None]:
        """Return what stands in output/, looked at once: what others change there meanwhile the next build sees."""
        if self._standing is None:
            known = self.memory.take_standing() if self.memory else None
            # What this process remembers nobody else has changed.
            self._seen = time.time_ns()
            if known is None:
                known = self.workshop.standing()
                self._seen = self.workshop.looked_at
            self._standing = known
        return self._standing

    def seal(self) -> str:
        """Return the digest of what stands in output/; empty if a file there is too fresh to prove anything."""
        found = self.standing()
        # By when each was looked at: after a look a file may change once more within the tick of its times.
        is_sure = all(settled(one, self._seen_later.get(path, self._seen)) for path, one in found.items())
        return digest_of_listing(found) if is_sure else ""

    def keep(self, rendering: Rendering) -> None:
        """Keep what the published files were made from."""
        if not rendering.records and not rendering.gone:
            return
        # Within a tick of the file system's clock a file's times prove nothing: the next build would read it again.
        time.sleep(1.25 * TICK / 1e9)
        seen = time.time_ns()
        found = {path: signature_of(f"{self.workshop.output}/{path}") for path in rendering.records}
        records = {
            path: replace(record, signature=settled(found[path], seen)) for path, record in rendering.records.items()
        }
        self.state.save_pages(self.output, records, rendering.gone)
        removed = set(rendering.changes.removed)
        self._standing = {path: one for path, one in {**self.standing(), **found}.items() if path not in removed}
        self._seen_later = dict.fromkeys(found, seen)

    def _made_from(self, page: SitePage, content: Content) -> MadeFrom:
        file = None if isinstance(page, ItemPage) else page.view
        if isinstance(file, FileView):
            found = content.signatures[file.source]
            is_sure = settled(found, content.seen) is not None
            # In doubt it is always another file: it is compared with output/ byte for byte.
            view = digest_of(file.source, *(found or ()), is_sure or time.time_ns())
            return MadeFrom(template="", settings="", text="", view=view)
        if isinstance(file, RenditionView):
            return MadeFrom(template="", settings="", text="", view=digest_of(file))
        template = self.templates.get(page.template, "")
        texts, view = self.memory.digests(page, _digests_of) if self.memory else _digests_of(page)
        return MadeFrom(template=template, settings=self.settings_digest, text=texts, view=view)

    def _reasons(
        self,
        made_from: Mapping[str, MadeFrom],
        known: Mapping[str, PageRecord],
        standing: Mapping[str, Signature | None],
    ) -> dict[str, Reason]:
        """Return why which files must be made anew; keep the new signatures of those that were only touched."""
        seen = time.time_ns()
        reasons: dict[str, Reason] = {}
        touched: dict[str, PageRecord] = {}
        for path, parts in made_from.items():
            record = known.get(path)
            found = standing.get(path)
            if record is None:
                reasons[path] = "code" if self.state.is_new and path in standing else "new"
            elif reason := _difference(record.made_from, parts):
                reasons[path] = reason
            elif found is None:
                # Gone, a link, or behind a link: what reading finds there may be anybody's.
                reasons[path] = "damaged"
            elif found != record.signature:
                data = read_regular(self.workshop.output / path)
                if data is not None and digest_of_bytes(data) == record.digest:
                    touched[path] = replace(record, signature=settled(found, seen))
                else:
                    reasons[path] = "damaged"
        self.state.save_pages(self.output, touched, ())
        return reasons

    def _staged(
        self,
        pages: Sequence[SitePage],
        content: Content,
        texts: Mapping[str, str],
        stands: Mapping[str, Standing],
        leads: Leads,
    ) -> Iterator[Staged]:
        """Yield each file, staged unless output/ holds the same bytes; raise BuildFailed for a template's fault."""
        from bulletin.work import Desk, job, pack_jobs, render_chunk  # noqa: PLC0415 - jinja2 takes 0.1 s to load

        desk = Desk(
            workshop=self.workshop,
            templates=self.folders,
            version=digest_of(tuple(sorted(self.templates.items()))),
            settings=self.settings,
            assets=tuple((asset.name, f"/{asset.path}") for asset in self.assets),
            bytecode=self.state.bytecode,
        )
        ordinary: list[SitePage] = []
        for page in pages:
            if isinstance(page, ItemPage):
                ordinary.append(page)
            elif isinstance(page.view, FileView):
                data = site.read_file(self.root, page.view.source, content.written)
                yield self.workshop.stage(page.path, data, stands=stands.get(page.path))
            elif isinstance(page.view, RenditionView):
                yield self._staged_rendition(page.path, page.view, stands=stands.get(page.path))
            else:
                ordinary.append(page)

        def pack(chunk: Sequence[SitePage]) -> bytes:
            shown = {page.path: [text.digest for text in texts_on(page)] for page in chunk}
            known = self._texts_of({digest for digests in shown.values() for digest in digests}, texts)
            return pack_jobs(
                [
                    job(page, {digest: known[digest] for digest in shown[page.path]}, stands=stands.get(page.path))
                    for page in chunk
                ]
            )

        for chunk in self.pool.map("rendering", partial(render_chunk, desk), ordinary, pack):
            leads.add(chunk.problems, chunk.leads)
            yield from chunk.files

    def _staged_rendition(self, path: str, view: RenditionView, *, stands: Standing) -> Staged:
        if self.state.renditions is None:
            # Of a build that only checks: whether it could be made is known, and nobody asks for the bytes.
            return Staged(path=path, digest="", status="added" if stands is None else "unchanged")
        data = self.state.renditions.read(view.original, view.rendition)
        if data is None:
            raise Damaged(path)
        return self.workshop.stage(path, data, stands=stands)

    def _texts_of(self, wanted: AbstractSet[str], texts: Mapping[str, str]) -> dict[str, str]:
        # Not `wanted - texts.keys()`, which would walk all the texts there are for each page.
        kept = {digest for digest in wanted if digest not in texts}
        return self.state.texts(kept) | {digest: texts[digest] for digest in wanted - kept}

    def _look_at_unchanged(self, pages: Sequence[SitePage], reasons: Mapping[str, Reason], leads: Leads) -> None:
        for page in pages:
            if page.path.endswith(".html") and page.path not in reasons:
                leads.look_at(page, self.workshop.read(page.path))


def _digests_of(page: SitePage) -> tuple[str, str]:
    """Return the digests of a page's texts and of its view."""
    if isinstance(page, ItemPage):
        return page.article.body.text.digest, page.digest
    texts = [text.digest for text in texts_of(page.view)]
    return texts[0] if len(texts) == 1 else digest_of(texts), digest_of(page.view)


def _stands(record: PageRecord | None, found: Signature) -> Standing:
    """Return the digest of a file as it was published last; UNKNOWN if it may be another since."""
    return record.digest if record is not None and record.signature == found else UNKNOWN


def _difference(before: MadeFrom, after: MadeFrom) -> Reason | None:
    """Return the first of the parts in which two differ."""
    if before == after:
        return None
    parts: tuple[Literal["template", "settings", "text", "view"], ...] = ("template", "settings", "text", "view")
    return next((part for part in parts if getattr(before, part) != getattr(after, part)), None)
