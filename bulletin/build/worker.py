"""The work that is done in chunks, in this process or in others: compile sources, render pages.

It is imported only if there is work, since jinja2 and markdown take longer to load than a build with nothing to do may
last. Values travel between processes as JSON, read back by their types: pickling takes three times as long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Raw, Struct
from msgspec.json import Decoder, encode

from bulletin.digests import digest_of_bytes
from bulletin.files import read_file
from bulletin.items import compile_source, decode
from bulletin.model import Compiled, Source
from bulletin.pages import SitePage
from bulletin.pages.views import VIEWS, Page
from bulletin.problems import BuildFailed, Problem
from bulletin.publishing import Publisher
from bulletin.publishing.changes import FinishedFile, PresentDigest
from bulletin.render import LinkCollector, Renderer, SiteLink
from bulletin.settings import ItemRules, Settings


class RenderRequest(Struct, frozen=True, kw_only=True):
    """Everything that rendering needs besides pages: templates, settings, assets, and where to stage."""

    publisher: Publisher
    templates: tuple[tuple[str, str], ...]
    """Each template's name and text."""
    own: frozenset[str]
    """The names of those that are the site's own."""
    settings: Settings
    assets: tuple[tuple[str, str], ...]
    bytecode: Path | None
    """Where compiled templates are kept."""


class RenderedChunk(Struct, frozen=True, kw_only=True):
    """Staged files, the faults of their templates, and the links in them."""

    files: tuple[FinishedFile, ...]
    problems: tuple[Problem, ...]
    leads: tuple[SiteLink, ...]


class Job(Struct, frozen=True, kw_only=True, array_like=True):
    """A page to render, with the HTML it shows by digest, and the digest of the file that output/ has of it."""

    path: str
    template: str
    kind: str
    view: Raw
    texts: dict[str, str]
    present: PresentDigest


COMPILED = Decoder(list[tuple[str, Compiled]])
"""Decodes the result of `compile_chunk`."""
_JOBS = Decoder(list[Job])
_VIEWS = {kind.__name__: Decoder(kind) for kind in VIEWS}


def compile_chunk(root: Path, written: Mapping[str, str], rules: ItemRules, paths: Sequence[str]) -> bytes:
    """Return for each source the digest of its bytes and what it compiles to, as JSON that COMPILED decodes."""
    return encode([_compile(root, written, rules, path) for path in paths])


def _compile(root: Path, written: Mapping[str, str], rules: ItemRules, path: str) -> tuple[str, Compiled]:
    try:
        data = read_file(root, path, written)
    except BuildFailed as failed:
        return "", Compiled(article=None, unfinished=None, problems=failed.problems, html="")
    source = decode(path, data)
    if not isinstance(source, Source):
        return digest_of_bytes(data), Compiled(article=None, unfinished=None, problems=source, html="")
    return digest_of_bytes(data), compile_source(source, rules)


def job(page: SitePage, texts: Mapping[str, str], *, present: PresentDigest) -> Job:
    view = page.view
    return Job(
        path=page.path,
        template=page.template,
        kind=type(view).__name__,
        view=Raw(encode(view)),
        texts=dict(texts),
        present=present,
    )


def pack_jobs(jobs: Sequence[Job]) -> bytes:
    """Return jobs as the JSON that `render_chunk` takes."""
    return encode(jobs)


def render_chunk(request: RenderRequest, packed: bytes) -> RenderedChunk:
    """Render the pages of packed jobs, and stage those that differ from output/.

    Stop at the first fault of a template, which would be found again in every page.
    """
    renderer = _renderer(request.templates, request.own, request.settings, request.assets, request.bytecode)
    leads = LinkCollector()
    files: list[FinishedFile] = []
    for one in _JOBS.decode(packed):
        page = Page(path=one.path, template=one.template, view=_VIEWS[one.kind].decode(one.view))
        try:
            text = renderer.render(page, one.texts)
        except BuildFailed as failed:
            return RenderedChunk(files=(), problems=failed.problems, leads=())
        if page.path.endswith(".html"):
            leads.collect(page, text)
        files.append(request.publisher.stage(page.path, text.encode(), present=one.present))
    return RenderedChunk(files=tuple(files), problems=tuple(leads.problems), leads=leads.found)


@lru_cache(maxsize=1)
def _renderer(
    templates: tuple[tuple[str, str], ...],
    own: frozenset[str],
    settings: Settings,
    assets: tuple[tuple[str, str], ...],
    bytecode: Path | None,
) -> Renderer:
    return Renderer(dict(templates), own, settings, dict(assets), bytecode)
