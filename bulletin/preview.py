"""The site as its editors see it: with drafts and what waits for its time, built anew whenever it is asked to be.

Builds run in one thread; the server answers browsers in another, from the last `Stand`, which is never changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin import site
from bulletin.banner import Banner, banner, is_waiting, mark
from bulletin.changes import Changes
from bulletin.memory import Memory
from bulletin.model import Article, path_of
from bulletin.pipeline import Report, Request, build
from bulletin.pool import Tell
from bulletin.problems import BuildFailed, Language, Problem, errors, hint, message, problem, say
from bulletin.settings import Settings
from bulletin.state import SourceRecord

FOLDER = ".cache/preview"
EDITED_SHOWN, PROBLEMS_SHOWN = 3, 100
TRIES = 3
"""How often a build begins again because a file went away while it was read."""


class Stand(Struct, frozen=True, kw_only=True):
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


class Found(Struct, frozen=True, kw_only=True):
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


class Answer(Struct, frozen=True, kw_only=True):
    """What a page of the preview must know: when it was last changed, what is wrong, what the banner says."""

    changed: int
    failed: bool
    language: Language
    problems: tuple[Found, ...]
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
        self._memory = Memory(root / FOLDER / "state.sqlite", site.stamp())
        first = time.time_ns() // 10**6
        # Numbers go on from the clock: a page that another preview served must not seem newer than it is.
        self.stand = Stand(first=first, build=first, changed={}, language=language, articles={}, now=clock(UTC))

    def rebuild(self, tell: Tell) -> Report:
        """Build the site anew and return what was done; from then on `stand` is how it stands."""
        before = self._memory.sources()
        settings, report = self._built(tell)
        stand = self.stand
        if not report.published or settings is None:
            self.stand = replace(stand, failed=True, problems=report.problems)
            return report
        after = self._memory.sources()
        number = stand.build if report.changes.is_nothing else stand.build + 1
        touched = (*report.changes.added, *report.changes.changed, *report.changes.removed)
        found = (record.compiled.article for record in after.values())
        articles = {article.card.url: article for article in found if article}
        edited = (_edited(before, after) or stand.edited) if before else ()
        now = self._clock(settings.zone)
        self.stand = Stand(
            first=stand.first,
            build=number,
            changed={**stand.changed, **dict.fromkeys(touched, number)},
            problems=report.problems,
            language=stand.language,
            articles=articles,
            edited=tuple(article for article in edited if article.card.url in articles),
            marks={url: mark(one, now, stand.language) for url, one in articles.items() if is_waiting(one, now)},
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
        self._memory.close()

    def _built(self, tell: Tell) -> tuple[Settings | None, Report]:
        settings: Settings | None = None
        for _ in range(TRIES):
            try:
                settings = site.read_settings(self.root)
                return settings, build(self.request(settings), tell=tell, memory=self._memory)
            except BuildFailed as failed:
                return settings, _failure(*failed.problems)
            except FileNotFoundError as fault:
                # A file was taken away or renamed while the build was looking.
                lost = fault
            except OSError as fault:
                return settings, _failure(_unwritable(fault, self.output))
        return settings, _failure(_unwritable(lost, self.output))


def answer(stand: Stand, page: str) -> Answer:
    """Return what the page of a url must know."""
    article = stand.articles.get(page)
    if stand.failed:
        told = sorted(stand.problems, key=lambda one: one.severity)
    else:
        told = [one for one in stand.problems if article and one.path == article.source]
    return Answer(
        changed=stand.changed.get(path_of(page) if page.startswith("/") else page, stand.first),
        failed=stand.failed,
        language=stand.language,
        problems=tuple(_found(one, stand.language) for one in told[:PROBLEMS_SHOWN]),
        more=max(0, len(told) - PROBLEMS_SHOWN),
        banner=banner(article, stand.now, stand.language) if article else None,
        edited=tuple(Edited(title=one.card.title, url=one.card.url) for one in stand.edited),
        marks=stand.marks,
        words=_words(stand),
    )


def _words(stand: Stand) -> dict[str, str]:
    """Return the words of the page's own parts."""
    language, wrong = stand.language, sum(1 for _ in errors(stand.problems))
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


def _found(found: Problem, language: Language) -> Found:
    return Found(
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
