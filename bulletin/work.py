"""What is done to many items, in this process or in others: compile a chunk of sources, render a chunk of pages.

Imported only when there is work: jinja2 and markdown take longer to load than a build with nothing to do may last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from bulletin import site
from bulletin.articles import compile_source
from bulletin.fingerprint import digest_of_bytes
from bulletin.linkcheck import Lead, Leads
from bulletin.model import Compiled, Page, Source
from bulletin.problems import BuildFailed, Problem
from bulletin.publish import Staged, Workshop
from bulletin.render import Renderer
from bulletin.settings import House, Settings
from bulletin.source import decode


class Desk(Struct, frozen=True, kw_only=True):
    """All that rendering needs besides pages: templates, settings, assets, and where to stage."""

    workshop: Workshop
    templates: tuple[Path, ...]
    version: str
    """Of the templates' texts: a renderer that outlives a build must not go on with those of before."""
    settings: Settings
    assets: tuple[tuple[str, str], ...]


class RenderedChunk(Struct, frozen=True, kw_only=True):
    """Finished files, the faults of their templates, and where they lead."""

    files: tuple[Staged, ...]
    problems: tuple[Problem, ...]
    leads: tuple[Lead, ...]


def compile_chunk(
    root: Path, written: Mapping[str, str], house: House, paths: Sequence[str]
) -> list[tuple[str, Compiled]]:
    """Return for each source the digest of its bytes and what becomes of it."""
    return [_compile(root, written, house, path) for path in paths]


def _compile(root: Path, written: Mapping[str, str], house: House, path: str) -> tuple[str, Compiled]:
    try:
        data = site.read_file(root, path, written)
    except BuildFailed as failed:
        return "", Compiled(article=None, unfinished=None, problems=failed.problems, html="")
    source = decode(path, data)
    if not isinstance(source, Source):
        return digest_of_bytes(data), Compiled(article=None, unfinished=None, problems=source, html="")
    return digest_of_bytes(data), compile_source(source, house)


def render_chunk(desk: Desk, jobs: Sequence[tuple[Page, Mapping[str, str], bool]]) -> RenderedChunk:
    """Render pages, each with the HTML it shows and whether output/ has it, and stage those that differ from there.

    Stop at the first fault of a template: it stands in every page.
    """
    renderer = _renderer(desk.templates, desk.version, desk.settings, desk.assets)
    leads = Leads()
    files: list[Staged] = []
    for page, texts, stands in jobs:
        try:
            text = renderer.render(page, texts)
        except BuildFailed as failed:
            return RenderedChunk(files=(), problems=failed.problems, leads=())
        if page.path.endswith(".html"):
            leads.look_at(page, text)
        files.append(desk.workshop.stage(page.path, text.encode(), stands=stands))
    return RenderedChunk(files=tuple(files), problems=tuple(leads.problems), leads=leads.found)


@lru_cache(maxsize=1)
def _renderer(
    templates: tuple[Path, ...], _version: str, settings: Settings, assets: tuple[tuple[str, str], ...]
) -> Renderer:
    return Renderer(templates, settings, dict(assets))
