"""The site as its editors see it, with drafts and with items that wait for their time; rebuilt on request.

Builds run in one thread; the server answers browsers in another, from the last `PreviewState`, which is never changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin import urls
from bulletin.build import Report, Request, Session, Tell, build, read_settings
from bulletin.files import refuse_links, unwritable
from bulletin.model import CONTENT, Article, Compiled
from bulletin.preview.banner import Banner, banner, is_waiting, waiting_label
from bulletin.problems import BuildFailed, Language, Problem, errors, gathered, hint, message, place, say
from bulletin.publishing.changes import Changes
from bulletin.settings import Settings

if TYPE_CHECKING:
    from bulletin.build.proof import Proofs

Value = TypeVar("Value")

FOLDER = ".cache/preview"
EDITED_SHOWN, PROBLEMS_SHOWN = 3, 100
TRIES = 3
"""How often a build is tried, since a file may disappear while it is read."""


class PreviewState(Struct, frozen=True, kw_only=True):
    """The state of the preview after a build: what it shows, and what kept the last build from being shown.

    Builds are numbered. `changed` holds, by path in output/, the number of the build that last changed a file; a file
    that is not in it has not changed since the `first` build.
    """

    first: int
    build: int
    changed: Mapping[str, int]
    failed: bool = False
    """Whether there are errors."""
    stays: bool = False
    """Whether they kept the site from being built; else the items with errors alone are shown as they were before."""
    problems: tuple[Problem, ...] = ()
    language: Language
    articles: Mapping[str, Article]
    """By url."""
    settings: Settings = Settings()
    sources: Mapping[str, Compiled] = field(default_factory=dict)
    """What the last build read of every source, by path."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """The digest of the bytes of every source, by path."""
    edited: tuple[Article, ...] = ()
    """The items that were edited last and have a page."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Texts that say when waiting items will appear, by url."""
    now: datetime


class ShownProblem(Struct, frozen=True, kw_only=True):
    """A problem as a page of the preview shows it."""

    place: str
    severity: str
    message: str
    hint: str
    code: str


class Edited(Struct, frozen=True, kw_only=True):
    """One of the items that were edited last."""

    title: str
    url: str


class PageStatus(Struct, frozen=True, kw_only=True):
    """The status that a page of the preview asks for: the build that last changed it, its problems, and its banner."""

    changed: int
    failed: bool
    language: Language
    problems: tuple[ShownProblem, ...]
    more: int
    """How many problems are left out of `problems`."""
    banner: Banner | None
    edited: tuple[Edited, ...]
    marks: Mapping[str, str]
    """As in `PreviewState`."""
    desk: str
    """The url at the desk of a new item; empty if the desk is closed."""
    form: str
    """The url of the item's form at the desk; empty for other pages."""
    words: Mapping[str, str]


class _Read(Struct, frozen=True, kw_only=True):
    """What a build read, and the items that differ from what the build before it read, as they were and as they are."""

    sources: Mapping[str, Compiled]
    digests: Mapping[str, str]
    old: tuple[Article, ...]
    new: tuple[Article, ...]
    edited: tuple[Article, ...]
    """The new ones whose files have other bytes."""


class Preview:
    """The preview of one site. `clock` returns the time in a time zone."""

    def __init__(self, root: Path, clock: Callable[[timezone], datetime], *, language: Language, jobs: int) -> None:
        self.root = root
        self.output = root / FOLDER / "site"
        self._clock = clock
        self._jobs = jobs
        self.kept_state = root / FOLDER / "state.sqlite"
        """What the last build has read, for whoever wants to know it too."""
        self._session = Session(self.kept_state)
        self._seen = self._session.sources()
        """The records that `state` tells of."""
        first = time.time_ns() // 10**6
        # Numbers begin at the clock (ms): a page left open from an earlier preview must not count as newer than ours.
        self.state = PreviewState(first=first, build=first, changed={}, language=language, articles={}, now=clock(UTC))

    def rebuild(self, tell: Tell, changed: Collection[str] | None = None) -> Report:
        """Rebuild the site, update `state`, and return the report of the build.

        `changed` are the files that were seen to change since the last call, by their full paths; None if any may have.
        """
        self._session.tell_changed(changed)
        settings, report = self._build(tell)
        state, read = self.state, self._read()
        if not report.published or settings is None:
            self.state = replace(
                state,
                failed=True,
                stays=True,
                problems=report.problems,
                settings=settings or state.settings,
                sources=read.sources,
                digests=read.digests,
            )
            return report
        number = state.build if report.changes.is_empty else state.build + 1
        touched = (*report.changes.added, *report.changes.changed, *report.changes.removed)
        now = self._clock(settings.zone)
        if not state.sources or state.failed or report.stand_ins or now < state.now:
            compiled = (source.article for source in read.sources.values())
            articles: Mapping[str, Article]
            articles = {article.card.url: article for article in (*compiled, *report.stand_ins) if article}
            waiting: Iterable[str] = articles
        else:
            new = {article.card.url: article for article in read.new}
            articles = _changed(state.articles, new, {article.card.url for article in read.old} - new.keys())
            waiting = [url for url in {**state.marks, **new} if url in articles]
        self.state = PreviewState(
            first=state.first,
            build=number,
            changed={**state.changed, **dict.fromkeys(touched, number)},
            failed=any(errors(report.problems)),
            problems=report.problems,
            language=state.language,
            articles=articles,
            settings=settings,
            sources=read.sources,
            digests=read.digests,
            edited=tuple(one for one in read.edited[-EDITED_SHOWN:] or state.edited if one.card.url in articles),
            marks={
                url: waiting_label(articles[url], now, state.language)
                for url in waiting
                if is_waiting(articles[url], now)
            },
            now=now,
        )
        return report

    def request(self, settings: Settings) -> Request:
        """Return what to build: all items, with drafts and waiting ones, and `base_url` with «/» as its path.

        An item with errors is shown as readers see it or, if they do not, as the preview has shown it last.
        """
        base_url = urlsplit(settings.base_url)._replace(path="/").geturl()
        return Request(
            root=self.root,
            output=self.output,
            now=self._clock(settings.zone),
            settings=replace(settings, base_url=base_url),
            drafts=True,
            waiting=True,
            keep_going=True,
            last_published=self.root / "output",
            jobs=self._jobs,
        )

    def proofs(self) -> Proofs | None:
        """Return what makes proofs of single pages against the last build; None before the first build."""
        return self._session.proofs()

    def now(self) -> datetime:
        """Return the time at the site."""
        return self._clock(self.state.settings.zone)

    def close(self) -> None:
        self._session.close()

    def _read(self) -> _Read:
        """Return what the last build read, and how it differs from what the build before it did."""
        state, before, after = self.state, self._seen, self._session.sources()
        self._seen = after
        changed = {path: record for path, record in after.items() if before.get(path) is not record}
        gone = {path for path in before if path not in after}
        old = (before[path].compiled.article for path in (*changed, *gone) if path in before)
        others = (one for path, one in changed.items() if path not in before or before[path].digest != one.digest)
        edited = (one.compiled.article for one in others)
        return _Read(
            sources=_changed(state.sources, {path: one.compiled for path, one in changed.items()}, gone),
            digests=_changed(state.digests, {path: one.digest for path, one in changed.items()}, gone),
            old=tuple(one for one in old if one),
            new=tuple(one.compiled.article for one in changed.values() if one.compiled.article),
            edited=tuple(one for one in edited if one) if before else (),
        )

    def _build(self, tell: Tell) -> tuple[Settings | None, Report]:
        settings: Settings | None = None
        for _ in range(TRIES):
            try:
                # What they lead to would be emptied.
                refuse_links(self.output.parent, self.output)
                settings = read_settings(self.root)
                return settings, build(self.request(settings), tell=tell, session=self._session)
            except BuildFailed as failed:
                return settings, _failure(*failed.problems)
            except FileNotFoundError as fault:
                # A file was deleted or renamed while the build read it: try again.
                self._session.tell_changed(None)
                missing = fault
            except OSError as fault:
                return settings, _failure(unwritable(fault, self.output))
        return settings, _failure(unwritable(missing, self.output))


def _changed(known: Mapping[str, Value], new: Mapping[str, Value], gone: AbstractSet[str]) -> Mapping[str, Value]:
    """Return a mapping with some values changed; the same one if none are: the desk asks by that whether any are."""
    if not new and not gone:
        return known
    left = known if not gone else {key: value for key, value in known.items() if key not in gone}
    return {**left, **new}


def page_status(state: PreviewState, page: str) -> PageStatus:
    """Return the status of the page with this url; as long as there are errors every page shows all problems."""
    article = state.articles.get(page)
    if state.failed:
        problems = sorted(gathered(state.problems), key=lambda one: one.severity)
    else:
        problems = [one for one in state.problems if article and one.path == article.source]
    return PageStatus(
        changed=state.changed.get(urls.path_of(page) if page.startswith("/") else page, state.first),
        failed=state.failed,
        language=state.language,
        problems=tuple(_shown_problem(one, state.language) for one in problems[:PROBLEMS_SHOWN]),
        more=max(0, len(problems) - PROBLEMS_SHOWN),
        banner=banner(article, state.now, state.language) if article else None,
        edited=tuple(Edited(title=one.card.title, url=one.card.url) for one in state.edited),
        marks=state.marks,
        desk=urls.NEW_FORM,
        form=urls.form(article.source.removeprefix(f"{CONTENT}/")) if article else "",
        words=_words(state),
    )


def _words(state: PreviewState) -> dict[str, str]:
    """Return the texts of the overlay, by the names that overlay.js uses."""
    language, error_count = state.language, sum(1 for _ in errors(gathered(state.problems)))
    return {
        "panel": say("preview-panel", language),
        "form": say("preview-form", language),
        "new": say("preview-new", language),
        "failed": say("preview-failed", language, errors=str(error_count)),
        "kept": say("preview-kept" if state.stays else "preview-kept-items", language),
        "show": say("preview-show", language),
        "close": say("preview-close", language),
        "edited": say("preview-edited", language),
        "lost": say("preview-lost", language),
        "more": say("preview-more", language),
    }


def _shown_problem(reported: Problem, language: Language) -> ShownProblem:
    return ShownProblem(
        place=place(reported),
        severity=reported.severity,
        message=message(reported, language),
        hint=hint(reported, language),
        code=reported.code,
    )


def _failure(*problems: Problem) -> Report:
    return Report(published=False, changes=Changes(), seconds=0, problems=problems)
