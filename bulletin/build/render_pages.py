"""The plan's files -> staged files: those of which something changed, each with its reason. The others stay."""

from __future__ import annotations

import time
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bulletin.build.cache import MadeFrom, PageRecord, State
from bulletin.build.content_folder import ContentFolder
from bulletin.build.inputs import Inputs, Template
from bulletin.build.output_files import OutputFiles
from bulletin.build.pool import Pool, Work
from bulletin.build.seals import Damaged
from bulletin.build.worker import (
    RenderRequest,
    job,
    load_templates,
    pack_jobs,
    render_chunk,
    render_texts,
    stage_texts,
    with_texts,
)
from bulletin.digests import digest_of, digest_of_bytes
from bulletin.files import read_regular, stays_below
from bulletin.listing import Signature, settled
from bulletin.pages import ItemPage, Plan, SitePage
from bulletin.pages.views import AttachmentCopy, Copy
from bulletin.problems import BuildFailed, Problem
from bulletin.publishing import Publisher
from bulletin.publishing.changes import UNKNOWN, Changes, FinishedFile, PresentDigest
from bulletin.render import LinkCollector, dead_links
from bulletin.urls import HOME, path_of

Reason = Literal["new", "code", "template", "settings", "text", "view", "damaged"]
_PARTS: tuple[Literal["template", "settings", "text", "view"], ...] = ("template", "settings", "text", "view")


class Rendering(Struct, frozen=True, kw_only=True):
    """What was staged: how output/ will change, and why which files were made anew."""

    changes: Changes
    reasons: Mapping[str, Reason]
    records: Mapping[str, PageRecord]
    """Of the files that were made anew; their signatures are known only once they are published."""
    gone: Mapping[str, str]
    """The files of the last publication that are no longer made; each with the item whose page it was, or empty."""
    reached: AbstractSet[str]
    """The files to which the pages link that were made anew."""
    attachments: Mapping[str, str]
    """The digest of each attachment, by the path that it is copied from."""


class Task(Struct, frozen=True, kw_only=True):
    """What a rendering works with; `texts` holds the HTML that is not in the state, by its digest."""

    inputs: Inputs
    templates: Mapping[str, Template]
    folder: ContentFolder
    output: OutputFiles
    state: State
    pool: Pool
    texts: Mapping[str, str]

    @property
    def publisher(self) -> Publisher:
        return self.output.publisher


def render_pages(plan: Plan, task: Task) -> Rendering:
    """Stage what must be made anew, also what someone damaged or removed; raise BuildFailed for a template's fault."""
    made_from = {asset.path: MadeFrom() for asset in task.inputs.assets}
    made_from |= {copy.path: MadeFrom(view=digest_of_copy(copy, task.folder)) for copy in plan.copies}
    made_from |= _made_from(plan.pages, task)
    if not all(map(stays_below, made_from)):
        # The paths of items come from the state, and whoever may write to .cache/ can name any file there.
        raise Damaged("paths")
    known = _known(plan, made_from.keys(), task)
    present = _present(plan, made_from.keys(), task)
    reasons = _reasons(made_from, known, present, task)
    removed = [] if plan.published else sorted(present.keys() - made_from.keys())
    if task.state.renditions is None:
        # A build that only checks makes no picture, so it cannot know which of them are published as AVIF too.
        removed = [path for path in removed if not path.endswith(".avif")]
    unchanged = [path for path in made_from if path not in reasons]
    others = plan.published - len(known) if plan.published else 0
    changes = Changes(unchanged=unchanged, removed=removed, others=others)
    digests = {path: _present_digest(known.get(path), found) for path in reasons if (found := present.get(path))}
    paths = _Paths(made_from.keys(), plan, task)
    leads = LinkCollector(paths)
    records: dict[str, PageRecord] = {}
    sources = {page.path: page.article.source for page in plan.pages if isinstance(page, ItemPage)}
    for file in _staged(plan, reasons, digests, task, leads):
        source = sources.get(file.path, "")
        records[file.path] = PageRecord(
            digest=file.digest, signature=None, made_from=made_from[file.path], source=source
        )
        changes.add(file)
    if removed or "template" in reasons.values():
        # A page that stays as it is may name one that goes, if a template says so and not its view.
        for page in plan.pages:
            if page.path.endswith(".html") and page.path not in reasons:
                leads.collect(page, task.publisher.read(page.path))
    if problems := (*leads.problems, *dead_links(leads.found, paths, task.publisher.read)):
        raise BuildFailed(problems)
    attachments = {
        copy.source: (records.get(copy.path) or known[copy.path]).digest
        for copy in plan.copies
        if isinstance(copy, AttachmentCopy)
    }
    gone = {path: known[path].source for path in known.keys() - made_from.keys()}
    return Rendering(
        changes=changes, reasons=reasons, records=records, gone=gone, reached=leads.reached, attachments=attachments
    )


def prepare(inputs: Inputs, state: State, pool: Pool, output: str, count: int) -> None:
    """Have processes load the templates while so many items are planned, if pages are made of others than before."""
    try:
        templates = inputs.templates(state)
    except BuildFailed:
        # It is told once the items are planned, unless one of these has an error.
        return
    home = path_of(HOME)
    record = state.pages_at(output, [home]).get(home)
    made_from = (record.made_from.template, record.made_from.settings) if record else ()
    if made_from != (templates["home.html"].digest, inputs.settings_digest):
        pool.prepare(partial(load_templates, _request(inputs, templates), state.bytecode), count)


def _known(plan: Plan, paths: Collection[str], task: Task) -> dict[str, PageRecord]:
    """Return how files were published last: those with these paths if others stay as they are, else all."""
    key = task.publisher.key
    return task.state.pages_at(key, paths) if plan.published else task.state.pages(key)


def _present(plan: Plan, paths: AbstractSet[str], task: Task) -> Mapping[str, Signature | None]:
    """Return what stands in output/: with these paths if others are known to stay as they are, else all."""
    if plan.published:
        return task.output.present_at(paths)
    task.output.match(paths)
    return task.output.present()


class _Paths(Container[str]):
    """The files of a site: those with these paths and, if they are not all, the others of the last publication."""

    def __init__(self, paths: AbstractSet[str], plan: Plan, task: Task) -> None:
        self._paths = paths
        self._is_part = bool(plan.published)
        self._was_published = cache(lambda path: bool(task.state.pages_at(task.publisher.key, [path])))

    def __contains__(self, path: object) -> bool:
        return path in self._paths or (self._is_part and self._was_published(path))


def keep(rendering: Rendering, task: Task) -> None:
    """Keep in the state what the published files were made from."""
    if rendering.records or rendering.gone:
        signatures = task.output.renew(rendering.records, rendering.changes.removed)
        records = {path: replace(record, signature=signatures[path]) for path, record in rendering.records.items()}
        task.state.save_pages(task.publisher.key, records, rendering.gone)


def _made_from(pages: Sequence[SitePage], task: Task) -> dict[str, MadeFrom]:
    """Return the digests of all that each page is made from."""
    made_from: dict[str, MadeFrom] = {}
    for page in pages:
        text, view = _digests_of(page)
        # A writer of data, such as that of the deals as CSV, is no template: its code is in the state's stamp.
        template = task.templates[page.template].digest if page.template in task.templates else ""
        made_from[page.path] = MadeFrom(template=template, settings=task.inputs.settings_digest, text=text, view=view)
    return made_from


def _digests_of(page: SitePage) -> tuple[str, str]:
    """Return the digests of a page's texts and of its view."""
    texts = [text.digest for text in page.texts]
    return texts[0] if len(texts) == 1 else digest_of(texts), page.digest


def digest_of_copy(copy: Copy, folder: ContentFolder) -> str:
    """Return the digest of what a copied file is made from."""
    if isinstance(copy, AttachmentCopy):
        found = folder.signatures[copy.source]
        # In doubt it is always another file: it is compared with output/ byte for byte.
        is_sure = folder.settled(copy.source) is not None
        return digest_of(copy.source, *(found or ()), is_sure or time.time_ns())
    return digest_of(copy.original, copy.rendition)


def _reasons(
    made_from: Mapping[str, MadeFrom],
    known: Mapping[str, PageRecord],
    present: Mapping[str, Signature | None],
    task: Task,
) -> dict[str, Reason]:
    """Return why which files must be made anew; keep the new signatures of those that were only touched."""
    seen = time.time_ns()
    reasons: dict[str, Reason] = {}
    touched: dict[str, PageRecord] = {}
    for path, parts in made_from.items():
        record = known.get(path)
        found = present.get(path)
        if record is None:
            reasons[path] = "code" if task.state.is_new and path in present else "new"
        elif reason := _difference(record.made_from, parts):
            reasons[path] = reason
        elif found is None:
            # Gone, a link, or behind a link: what reading finds there may be anybody's.
            reasons[path] = "damaged"
        elif found != record.signature:
            data = read_regular(task.publisher.output / path)
            if data is not None and digest_of_bytes(data) == record.digest:
                touched[path] = replace(record, signature=settled(found, seen))
            else:
                reasons[path] = "damaged"
    task.state.save_pages(task.publisher.key, touched, ())
    return reasons


def _difference(before: MadeFrom, after: MadeFrom) -> Reason | None:
    """Return the first of the parts in which two differ."""
    if before == after:
        return None
    return next((part for part in _PARTS if getattr(before, part) != getattr(after, part)), None)


def _present_digest(record: PageRecord | None, found: Signature) -> PresentDigest:
    """Return the digest of a file as it was published last; UNKNOWN if it may be another since."""
    return record.digest if record is not None and record.signature == found else UNKNOWN


def _staged(
    plan: Plan, reasons: Mapping[str, Reason], digests: Mapping[str, PresentDigest], task: Task, leads: LinkCollector
) -> Iterator[FinishedFile]:
    """Yield each file that must be made anew, staged unless output/ holds the same bytes."""
    for asset in task.inputs.assets:
        if asset.path in reasons:
            yield task.publisher.stage(asset.path, asset.data, present=digests.get(asset.path))
    for copy in plan.copies:
        if copy.path in reasons:
            yield _staged_copy(copy, digests.get(copy.path), task)
    if pages := [page for page in plan.pages if page.path in reasons]:
        yield from _rendered(pages, digests, task, leads)


def _staged_copy(copy: Copy, present: PresentDigest, task: Task) -> FinishedFile:
    if isinstance(copy, AttachmentCopy):
        return task.publisher.stage(copy.path, task.folder.read(copy.source), present=present)
    if task.state.renditions is None:
        # Of a build that only checks: whether it could be made is known, and nobody asks for the bytes.
        return FinishedFile(path=copy.path, digest="", status="added" if present is None else "unchanged")
    data = task.state.renditions.read(copy.original, copy.rendition)
    if data is None:
        raise Damaged(copy.path)
    return task.publisher.stage(copy.path, data, present=present)


def _rendered(
    pages: Sequence[SitePage], digests: Mapping[str, PresentDigest], task: Task, leads: LinkCollector
) -> Iterator[FinishedFile]:
    request = _request(task.inputs, task.templates)
    work = Work(
        here=partial(render_chunk, request, task.publisher, task.state.bytecode, task.state.file),
        take=partial(with_texts, task.state.texts),
        make=partial(render_texts, request),
        put=partial(stage_texts, task.publisher),
    )

    def pack(chunk: Sequence[SitePage]) -> bytes:
        packed = pack_jobs(
            [
                job(
                    page,
                    {text.digest: task.texts.get(text.digest) for text in page.texts},
                    present=digests.get(page.path),
                )
                for page in chunk
            ]
        )
        return packed if task.state.file else with_texts(task.state.texts, packed)

    faults: dict[str, tuple[Problem, ...]] = {}
    for chunk in task.pool.map("rendering", work, pages, pack, effort=_effort):
        faults = {**chunk.faults, **faults}
        leads.add(chunk.problems, chunk.leads)
        yield from chunk.files
    if faults:
        # And nothing else: which pages come with a faulty one, and are not looked into, is a matter of processes.
        raise BuildFailed(tuple({one: None for found in faults.values() for one in found}))


def _request(inputs: Inputs, templates: Mapping[str, Template]) -> RenderRequest:
    return RenderRequest(
        templates=tuple((name, template.text) for name, template in templates.items()),
        own=frozenset(name for name, template in templates.items() if template.is_own),
        settings=inputs.settings,
        assets=tuple((asset.name, f"/{asset.path}") for asset in inputs.assets),
    )


def _effort(page: SitePage) -> int:
    """Return how many pages are as much work as one: with the search's texts of a hundred months a chunk has no end."""
    return max(1, len(page.texts))
