"""The site as its editors see it: with drafts and what waits for its time, built anew whenever it is asked to be.

Builds run in one thread; the server answers browsers in another, from the last `PreviewState`, which is never changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin.build import Report, Request, Session, SourceRecord, Tell, build, read_settings
from bulletin.model import Article
from bulletin.preview.banner import Banner, banner, is_waiting, mark
from bulletin.problems import BuildFailed, Language, Problem, errors, hint, message, problem, say
from bulletin.publishing.changes import Changes
from bulletin.settings import Settings
from bulletin.urls import path_of

FOLDER = ".cache/preview"
EDITED_SHOWN, PROBLEMS_SHOWN = 3, 100
TRIES = 3
"""How often a build begins again because a file went away while it was read."""


class PreviewState(Struct, frozen=True, kw_only=True):
    """How the preview stands after a build: what it shows, and what kept the last build from being shown.

    Builds are numbered; `changed` tells in which one a file last became another, if that was not before the `first`.
    """

    first: int
    build: int
    changed: Mapping[str, int]
    failed: bool = False
    problems: tuple[Problem, ...] = ()
    language: Language
    articles: Mapping[str, Article]
    """By url."""
    edited: tuple[Article, ...] = ()
    """What the last change was about, as far as it has a page."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """When items that wait for their time come, by url."""
    now: datetime


class ShownProblem(Struct, frozen=True, kw_only=True):
    """A problem as a page shows it."""

    place: str
    severity: str
    message: str
    hint: str
    code: str


class Edited(Struct, frozen=True, kw_only=True):
    """An item that was edited last."""

    title: str
    url: str


class PageStatus(Struct, frozen=True, kw_only=True):
    """What a page of the preview must know: when it was last changed, what is wrong, what the banner says."""

    changed: int
    failed: bool
    language: Language
    problems: tuple[ShownProblem, ...]
    more: int
    """Problems that are not told here."""
    banner: Banner | None
    edited: tuple[Edited, ...]
    marks: Mapping[str, str]
    """Of items that readers do not see yet, by url."""
    words: Mapping[str, str]


class Preview:
    """The preview of one site. `clock` tells the time in a time zone."""

    def __init__(self, root: Path, clock: Callable[[timezone], datetime], *, language: Language, jobs: int) -> None:
        self.root = root
        self.output = root / FOLDER / "site"
        self._clock = clock
        self._jobs = jobs
        self._session = Session(root / FOLDER / "state.sqlite")
        first = time.time_ns() // 10**6
        # Numbers go on from the clock: a page that another preview served must not seem newer than it is.
        self.state = PreviewState(first=first, build=first, changed={}, language=language, articles={}, now=clock(UTC))

    def rebuild(self, tell: Tell) -> Report:
        """Build the site anew and return what was done; from then on `state` is how it stands."""
        before = self._session.sources()
        settings, report = self._built(tell)
        state = self.state
        if not report.published or settings is None:
            self.state = replace(state, failed=True, problems=report.problems)
            return report
        after = self._session.sources()
        number = state.build if report.changes.is_nothing else state.build + 1
        touched = (*report.changes.added, *report.changes.changed, *report.changes.removed)
        found = (record.compiled.article for record in after.values())
        articles = {article.card.url: article for article in found if article}
        edited = (_edited(before, after) or state.edited) if before else ()
        now = self._clock(settings.zone)
        self.state = PreviewState(
            first=state.first,
            build=number,
            changed={**state.changed, **dict.fromkeys(touched, number)},
            problems=report.problems,
            language=state.language,
            articles=articles,
            edited=tuple(article for article in edited if article.card.url in articles),
            marks={url: mark(one, now, state.language) for url, one in articles.items() if is_waiting(one, now)},
            now=now,
        )
        return report

    def request(self, settings: Settings) -> Request:
        """Return what to build by these settings: all items, at the root of an address."""
        base_url = urlsplit(settings.base_url)._replace(path="/").geturl()
        return Request(
            root=self.root,
            output=self.output,
            now=self._clock(settings.zone),
            settings=replace(settings, base_url=base_url),
            drafts=True,
            waiting=True,
            jobs=self._jobs,
        )

    def close(self) -> None:
        self._session.close()

    def _built(self, tell: Tell) -> tuple[Settings | None, Report]:
        settings: Settings | None = None
        for _ in range(TRIES):
            try:
                settings = read_settings(self.root)
                return settings, build(self.request(settings), tell=tell, session=self._session)
            except BuildFailed as failed:
                return settings, _failure(*failed.problems)
            except FileNotFoundError as fault:
                # A file was taken away or renamed while the build was looking.
                lost = fault
            except OSError as fault:
                return settings, _failure(_unwritable(fault, self.output))
        return settings, _failure(_unwritable(lost, self.output))


def page_status(state: PreviewState, page: str) -> PageStatus:
    """Return what the page of a url must know."""
    article = state.articles.get(page)
    if state.failed:
        told = sorted(state.problems, key=lambda one: one.severity)
    else:
        told = [one for one in state.problems if article and one.path == article.source]
    return PageStatus(
        changed=state.changed.get(path_of(page) if page.startswith("/") else page, state.first),
        failed=state.failed,
        language=state.language,
        problems=tuple(_shown(one, state.language) for one in told[:PROBLEMS_SHOWN]),
        more=max(0, len(told) - PROBLEMS_SHOWN),
        banner=banner(article, state.now, state.language) if article else None,
        edited=tuple(Edited(title=one.card.title, url=one.card.url) for one in state.edited),
        marks=state.marks,
        words=_words(state),
    )


def _words(state: PreviewState) -> dict[str, str]:
    """Return the words of the page's own parts."""
    language, wrong = state.language, sum(1 for _ in errors(state.problems))
    return {
        "panel": say("preview-panel", language),
        "failed": say("preview-failed", language, errors=str(wrong)),
        "kept": say("preview-kept", language),
        "show": say("preview-show", language),
        "close": say("preview-close", language),
        "edited": say("preview-edited", language),
        "lost": say("preview-lost", language),
        "more": say("preview-more", language),
    }


def _shown(found: Problem, language: Language) -> ShownProblem:
    return ShownProblem(
        place=f"{found.path}:{found.line}",
        severity=found.severity,
        message=message(found, language),
        hint=hint(found, language),
        code=found.code,
    )


def _edited(before: Mapping[str, SourceRecord], after: Mapping[str, SourceRecord]) -> tuple[Article, ...]:
    """Return the items whose files have other bytes than before, as many as may be named."""
    changed: Iterable[SourceRecord] = (
        record for path, record in after.items() if path not in before or before[path].digest != record.digest
    )
    articles = [record.compiled.article for record in changed if record.compiled.article]
    return tuple(articles[-EDITED_SHOWN:])


def _failure(*problems: Problem) -> Report:
    return Report(published=False, changes=Changes(), seconds=0, problems=problems)


def _unwritable(fault: OSError, folder: Path) -> Problem:
    return problem(str(fault.filename or folder), 1, "cannot-write", reason=fault.strerror or str(fault))
