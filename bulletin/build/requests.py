"""What a build is asked for, and what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from bulletin.build.content_folder import Survey
from bulletin.build.inputs import Inputs
from bulletin.digests import digest_of
from bulletin.model import Article, Card
from bulletin.pages import deals
from bulletin.problems import Problem
from bulletin.publishing import KeptSources
from bulletin.publishing.changes import Changes
from bulletin.settings import Settings

if TYPE_CHECKING:
    from bulletin.review import Review
else:
    # Markdown, which it loads, takes 0.1 s: a build that nobody reviews does without.
    Review = Any

STATE = ".cache/state.sqlite"


class Request(Struct, frozen=True, kw_only=True):
    """What to build, the moment to build it for, and what to do about problems."""

    root: Path
    output: Path
    now: datetime
    settings: Settings
    drafts: bool = False
    waiting: bool = False
    """Items whose time has not come are shown too, as in the preview."""
    strict: bool = False
    keep_going: bool = False
    publish: bool = True
    fresh: bool = False
    keep_state: bool = True
    jobs: int = 1
    last_published: Path | None = None
    """The output folder of the publication that items with errors are shown from, if it is another one."""
    against: KeptSources | None = None
    """What readers have, if the report is to say what changes for them; items with errors are shown from there."""


class Report(Struct, frozen=True, kw_only=True):
    """What a build did. `published` is False if errors forbade it; `new` are the items that were never published."""

    published: bool
    items: int = 0
    pages: int = 0
    changes: Changes
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why which files were made anew, by path."""
    seconds: float
    next_due: datetime | None = None
    problems: tuple[Problem, ...]
    new: tuple[Card, ...] = ()
    stand_ins: tuple[Article, ...] = ()
    """The items that have errors and are shown as they were last published."""
    shared_deals: tuple[deals.SharedDeal, ...] = ()
    """The deals that several items tell of; looked for by a build that only checks."""
    peak_of_workers: int = 0
    """Memory in bytes."""
    review: Review | None = None
    """What changes for readers, if that was asked for and no error forbids it."""


class LastBuild(Struct, frozen=True, kw_only=True):
    """The last build, as far as the next one may repeat it: its time and its report.

    `looks` is the digest of the names, sizes and times of everything that it was made from; empty for a build of a
    session, of which nobody asks whether it is due.
    """

    looks: str
    at: datetime
    report: Report


def hear_nothing(_phase: str, _done: int, _total: int) -> None:
    """Ignore how far a build has come."""


def state_stamp(program: str, settings: Settings) -> str:
    """Return the digest of what kept items depend on: the program, and the settings that decide how they are read."""
    return digest_of(program, settings.item_rules)


def looks(inputs: Inputs, found: Survey) -> str:
    """Return the digest of a site's names, sizes and times; it misses other bytes with the same times and sizes.

    That is enough to say that a build is due, even on Windows, where no signature proves anything.
    """
    return digest_of(found.digest(), inputs.digest)
