"""A planned site, and what readers have -> what would change for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.json import decode
from msgspec.structs import replace

from bulletin.build import content_folder
from bulletin.build.cache import State
from bulletin.build.inputs import program_digest, read_inputs
from bulletin.build.keeping import ToKeep, to_keep
from bulletin.build.planning import Found, PlannedSite, judged, places_of, plan_site
from bulletin.build.pool import Pool, Tell
from bulletin.build.requests import STATE, Report, Request, hear_nothing, state_stamp
from bulletin.build.seals import Damaged
from bulletin.build.stand_ins import compiled_from
from bulletin.digests import digest_of
from bulletin.items import decode as decoded
from bulletin.model import Article, Source
from bulletin.pages import ItemPage
from bulletin.pages.views import AttachmentCopy
from bulletin.problems import BuildFailed, Problem, problem
from bulletin.publishing import KeptItem, KeptSources, Publisher, Unreadable, kept
from bulletin.publishing.changes import Changes
from bulletin.review import Readers, Review, Shown, Texts, compare

CODE_LENGTH = 16
"""Hexadecimal digits: short enough to be typed, and nobody finds other content with the same."""
Rows = Mapping[str, KeptItem]


def review(request: Request, tell: Tell = hear_nothing, kept_state: Path | None = None) -> Report:
    """Report what a build would change for readers who have `request.against`. Nothing is rendered or written.

    An item with errors counts as it was published last: `keep_going` is taken for granted. `kept_state` is the state
    file of whoever has read the content last, if that is not an ordinary build.
    """
    started = time.monotonic()
    request = replace(request, keep_going=True, publish=False)
    stamp = state_stamp(program_digest(), request.settings)
    pool = Pool(request.jobs, None, tell)
    try:
        with closing(State.look(kept_state or request.root / STATE, stamp)) as state:
            report = _review(request, state, pool)
    except Damaged:
        with closing(State.in_memory(None)) as state:
            report = _review(request, state, pool)
    finally:
        pool.close()
    return replace(report, seconds=time.monotonic() - started, peak_of_workers=pool.peak)


def reviewed(report: Report, site: PlannedSite, wanted: ToKeep, state: State) -> Report:
    """Return the report with what changes for readers, if that was asked for."""
    if site.request.against is None:
        return report

    def html(digests: Collection[str]) -> dict[str, str]:
        texts = site.stand_ins.texts
        known = {digest: texts[digest] for digest in digests if digest in texts}
        return known | state.texts(set(digests) - known.keys())

    found, problems = _Reviewing(site=site, wanted=wanted, standing=site.request.against, html=html).review()
    return replace(report, review=found, problems=judged((*report.problems, *problems), site.request))


def _review(request: Request, state: State, pool: Pool) -> Report:
    folder, misplaced = content_folder.look(request.root)
    inputs = read_inputs(request.root, request.settings)
    places = places_of(request, Publisher.beside(request.output))
    site = plan_site(request, Found(folder=folder, misplaced=misplaced, places=places), state, pool)
    report = Report(
        published=False,
        items=site.plan.items,
        changes=Changes(),
        seconds=0,
        next_due=site.plan.next_due,
        problems=site.problems,
        stand_ins=site.stand_ins.shown(site.plan),
    )
    known = _attachments(site, state, Publisher.beside(request.output).key)
    return reviewed(report, site, to_keep(site, inputs, known), state)


def _attachments(site: PlannedSite, state: State, output: str) -> dict[str, str]:
    """Return the digests of the attachments that are as they were built last, which need not be read again."""
    copies = [copy for copy in site.plan.copies if isinstance(copy, AttachmentCopy)]
    if not copies:
        return {}
    from bulletin.build.render_pages import digest_of_copy  # noqa: PLC0415 - jinja2 takes 0.1 s to load

    known = state.pages(output)
    records = ((copy, known.get(copy.path)) for copy in copies)
    return {
        copy.source: record.digest
        for copy, record in records
        if record and record.made_from.view == digest_of_copy(copy, site.stand_ins.folder)
    }


class _Reviewing(Struct, frozen=True, kw_only=True):
    """What a review is made from: `wanted` is what would be kept, `html` returns the HTML of texts, by digest."""

    site: PlannedSite
    wanted: ToKeep
    standing: KeptSources
    html: Callable[[Collection[str]], Mapping[str, str]]

    def review(self) -> tuple[Review, tuple[Problem, ...]]:
        """Return what would change, and a warning if nobody can tell any more what readers have."""
        problems: tuple[Problem, ...] = ()
        try:
            rows = self.standing.carried()
        except Unreadable:
            place = self.standing.folder
            name = f"{place.parent.name}/{place.name}/{self.standing.database.name}"
            rows, problems = {}, (problem(name, 1, "kept-unreadable", "warning"),)
        code = digest_of(self.wanted.items, rows)[:CODE_LENGTH]
        different = {path for path, row in self.wanted.items.items() if rows.get(path) != row}
        different |= rows.keys() - self.wanted.items.keys()
        after = self._after(different)
        return compare(self._before(rows, different, after), after, code), problems

    def _after(self, different: Collection[str]) -> Readers:
        published = (page.article for page in self.site.plan.pages if isinstance(page, ItemPage))
        articles = {one.source: one for one in (*published, *self.site.waiting)}
        wanted = {path: articles[path].body.text.digest for path in different if path in articles}
        html = self.html(set(wanted.values()))
        compiled = (one for one in self.site.compiled.items if isinstance(one, Article))
        return _readers(
            self.wanted.items,
            {path: _shown(self.wanted.items[path], one) for path, one in articles.items()},
            {path: Texts(source=self._text(path), html=html[digest]) for path, digest in wanted.items()},
            self.wanted.texts,
            drafts=frozenset(one.source for one in compiled if one.card.draft),
            now=self.site.request.now,
        )

    def _before(self, rows: Rows, different: Collection[str], after: Readers) -> Readers:
        """Return what readers have, compiled by today's program; what is the same is taken from `after`."""
        known = {**after.items, **after.waiting}
        shown = {path: one for path, one in known.items() if path in rows and path not in different}
        lacking = {path: rows[path] for path in different if path in rows}
        digests = {digest for row in lacking.values() for digest in (row.source, row.rules)}
        digests |= {row.source for path, row in rows.items() if path in {kept.SETTINGS, kept.PROGRAM}}
        given = self.standing.texts(digests) if rows else {}
        rules = self.site.request.settings.item_rules
        texts: dict[str, Texts] = {}
        for path, row in lacking.items():
            compiled = compiled_from(path, row, given, rules) if path.lower().endswith(".md") else None
            if compiled and compiled.article:
                shown[path] = _shown(row, compiled.article)
                texts[path] = Texts(source=_decoded(path, given[row.source]), html=compiled.html)
        return _readers(rows, shown, texts, given)

    def _text(self, path: str) -> str:
        row = self.wanted.items[path]
        try:
            return _decoded(path, self.wanted.bytes_of(self.site.stand_ins.folder.read)(path, row.source))
        except BuildFailed:
            # It was deleted since it was compiled.
            return ""


def _shown(row: KeptItem, article: Article) -> Shown:
    return Shown(article=article, source=row.source, rules=row.rules, files=row.files, past=row.past)


def _readers(
    rows: Rows, shown: Mapping[str, Shown], texts: Mapping[str, Texts], given: Mapping[str, bytes], **others: Any
) -> Readers:
    """Return what readers have, or are to have, by its rows; `given` are texts by digest."""
    settings = rows.get(kept.SETTINGS)
    program = rows.get(kept.PROGRAM)
    return Readers(
        items={path: one for path, one in shown.items() if not rows[path].waits},
        waiting={path: one for path, one in shown.items() if rows[path].waits},
        texts=texts,
        settings=decode(given[settings.source]) if settings and settings.source in given else None,
        templates=_templates(rows),
        program=program.source if program else "",
        **others,
    )


def _templates(rows: Rows) -> dict[str, str]:
    return {path: row.source for path, row in rows.items() if path.startswith(kept.TEMPLATES)}


def _decoded(path: str, data: bytes) -> str:
    found = decoded(path, data)
    return found.text if isinstance(found, Source) else ""
