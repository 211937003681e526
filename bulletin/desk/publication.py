"""Publishing from the desk: what it would change, who has approved it, the publication itself, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from bulletin.build import Report, Request, cores
from bulletin.build.reviewing import review as reviewed
from bulletin.desk import form, listing
from bulletin.desk.approvals import Approvals, Writers
from bulletin.desk.exchange import Outcome, Published, ReviewedProblem
from bulletin.desk.review_page import ReviewPage, review_page
from bulletin.desk.storage import Actor, Store
from bulletin.desk.team import Log, shown_entry
from bulletin.desk.team.log import ShownEntry
from bulletin.files import read_file, unwritable
from bulletin.model import CONTENT
from bulletin.preview import Preview
from bulletin.problems import BuildFailed, Language, Problem, Refused, errors, problem, problem_at, say
from bulletin.publishing import KeptSources, Publisher, Unreadable
from bulletin.review import Review
from bulletin.targets import Target, history, prepare, put, standing, target_of, undo

_NOTED = 20
"""How many publications are listed."""


class PublishingPage(Struct, frozen=True, kw_only=True):
    """What the page of publishing shows; `page` is None if nobody can tell what would change, which `problems` say."""

    target: str
    targets: tuple[str, ...]
    """Their names; none if output/ is where readers are."""
    page: ReviewPage | None
    problems: list[ReviewedProblem]
    unsaved: list[str]
    """What is typed and not saved, so that it is not published."""
    copies: int
    can_undo: bool
    noted: list[ShownEntry]
    needs_approval: bool = False
    approved_by: str = ""
    is_writer: bool = False
    """Whether who looks at the page has written a part of it."""
    writers: str = ""
    unknown: tuple[str, ...] = ()
    """The files that another program has written."""

    @property
    def code(self) -> str:
        return self.page.review.code if self.page else ""

    @property
    def is_first(self) -> bool:
        """Tell whether nothing was published yet, so that even a bulletin without items can be."""
        return self.page is not None and self.page.review.is_first

    @property
    def is_empty(self) -> bool:
        return self.page is None or self.page.review.is_empty


class Publishing:
    """Publishes the bulletin of one site. `says` is how far a publication has come, in words; empty if none goes on."""

    def __init__(self, preview: Preview, store: Store, log: Log, language: Language) -> None:
        self.says = ""
        self._root = preview.root
        self._preview = preview
        self._store = store
        self._log = log
        self._language = language
        self._approvals = Approvals(preview.root)

    # What readers have

    def published(self, digests: Mapping[str, str]) -> dict[str, bool]:
        """Return, for each item that readers have, whether they have it as it stands in content/.

        `digests` are those of the sources, by path.
        """
        try:
            kept = self._kept().items()
        except Unreadable:
            # The next publication keeps them anew, and says so.
            return {}
        return {path: digests.get(path) == item.source for path, item in kept.items()}

    def number(self) -> int:
        """Return the number of the publication that readers have; 0 if there was none, or if nobody can tell."""
        try:
            return self._kept().standing()
        except Unreadable:
            return 0

    def _kept(self) -> KeptSources:
        """Return what is kept of the first target; if that is on another machine, what was built for it last."""
        target = self._target("")
        return Publisher.beside(target.staging if target.ssh else target.folder).sources

    def _target(self, name: str) -> Target:
        names = [one.name for one in self._preview.state.settings.targets]
        return target_of(self._preview.state.settings, self._root, name or next(iter(names), ""))

    # The page

    def page(self, name: str, by: Actor) -> PublishingPage:
        """Return what publishing to a target would change for readers; raise Refused if there is none of this name."""
        state, target = self._preview.state, self._target(name)
        copies = self._copies()
        known: dict[str, Any] = {
            "target": target.name,
            "targets": tuple(one.name for one in state.settings.targets),
            "unsaved": [form.told(one, self._language) for one in unsaved(self._root)],
            "copies": len(copies),
            "noted": self._noted(),
        }
        try:
            sources = standing(target, self._tell).sources
            report = self._reviewed(target, sources)
            review = report.review
            assert review is not None
            can_undo = bool(history(target, self._tell))
        except (BuildFailed, OSError) as fault:
            found = fault.problems if isinstance(fault, BuildFailed) else (unwritable(fault, self._root),)
            problems = self._shown((*found, *errors(state.problems)))
            return PublishingPage(page=None, problems=problems, can_undo=False, **known)
        finally:
            self.says = ""
        return PublishingPage(
            page=review_page(review, sources, self._root, self._language),
            problems=self._shown((*errors(report.problems), *errors(state.problems))),
            can_undo=can_undo,
            **known,
            **self._approval(review, by),
        )

    def _approval(self, review: Review, by: Actor) -> dict[str, Any]:
        writers = self._approvals.writers(review) if review.all_items else Writers(names=frozenset(), unknown=())
        approval = self._approvals.valid(review)
        return {
            "needs_approval": self._preview.state.settings.approval and not review.is_by_clock_alone,
            "approved_by": approval.by if approval else "",
            "is_writer": writers.have(by.name),
            "writers": ", ".join(sorted(writers.names)),
            "unknown": writers.unknown,
        }

    def _reviewed(self, target: Target, sources: KeptSources) -> Report:
        # The preview has read all of it at the last save.
        return reviewed(self._request(target, sources), self._tell, self._preview.kept_state)

    def _request(self, target: Target, sources: KeptSources) -> Request:
        return Request(
            root=self._root,
            output=target.staging,
            now=self._preview.now(),
            settings=target.settings(self._preview.state.settings),
            keep_going=True,
            jobs=cores(),
            against=sources,
        )

    def _noted(self) -> list[ShownEntry]:
        """Return the last publications, what was taken back and what was approved."""
        found = (one for one in self._log.newest(_NOTED * 50) if one.what in {"published", "taken-back", "approved"})
        return [shown_entry(entry, {}, self._language) for entry, _ in zip(found, range(_NOTED), strict=False)]

    def _copies(self) -> Sequence[object]:
        try:
            return self._store.copies()
        except OSError:
            return ()

    # What is done

    def publish(self, asked: Published, actor: Actor) -> Outcome:
        """Build the bulletin and put it where readers are; an item with an error stays as it was published last.

        Only what has the code that was looked at is published, where one is named.
        """
        return self._done(asked, lambda target: self._published(target, asked, actor))

    def _published(self, target: Target, asked: Published, actor: Actor) -> Outcome:
        sources = standing(target, self._tell).sources
        prepared = prepare(target, self._request(target, sources), self._tell)
        review = prepared.report.review
        assert review is not None
        problems = self._shown(errors(prepared.report.problems))
        if asked.code and asked.code != review.code:
            return self._outcome("desk-review-moved-on", target, problems)
        self._approve_if_needed(review, asked, actor)
        done = put(prepared, self._tell, by=actor.name, code=review.code, allow_removals=asked.allow_removals)
        if not done.changes.is_empty:
            self._log.did(actor, "published", code=review.code, to=target.name)
        told = say(
            "desk-published",
            self._language,
            items=str(prepared.report.items),
            added=str(len(done.changes.added)),
            changed=str(len(done.changes.changed)),
            removed=str(len(done.changes.removed)),
        )
        lines = [form.spoken(told), *(form.told(one, self._language) for one in done.problems)]
        return Outcome(lines=lines, problems=problems, can_undo=bool(history(target, self._tell)), is_done=True)

    def _approve_if_needed(self, review: Review, asked: Published, actor: Actor) -> None:
        """Let who has looked at it, and wrote none of it, approve it by publishing it; else raise BuildFailed."""
        settings = self._preview.state.settings
        is_open = settings.approval and not review.is_by_clock_alone and not self._approvals.valid(review)
        if is_open and asked.code and not self._approvals.writers(review).have(actor.name):
            self._approve(review, actor)
        self._approvals.required(settings, review)

    def approve(self, asked: Published, actor: Actor) -> Outcome:
        """Keep somebody's yes to what has the code that was looked at."""
        return self._done(asked, lambda target: self._approved(target, asked, actor))

    def _approved(self, target: Target, asked: Published, actor: Actor) -> Outcome:
        report = self._reviewed(target, standing(target, self._tell).sources)
        assert report.review is not None
        if asked.code != report.review.code:
            return self._outcome("desk-review-moved-on", target)
        self._approve(report.review, actor)
        return self._outcome("desk-approved", target)

    def _approve(self, review: Review, actor: Actor) -> None:
        self._approvals.approve(review, actor)
        self._log.did(actor, "approved", code=review.code)

    def undo(self, asked: Published, actor: Actor) -> Outcome:
        """Bring back what readers had before the last publication."""
        return self._done(asked, lambda target: self._undone(target, actor))

    def _undone(self, target: Target, actor: Actor) -> Outcome:
        undo(target, self._tell)
        self._log.did(actor, "taken-back", to=target.name)
        return self._outcome("desk-undone", target)

    def _done(self, asked: Published, work: Callable[[Target], Outcome]) -> Outcome:
        """Return what came of some work; what kept it from being done is told."""
        target = self._target(asked.target)
        try:
            return work(target)
        except (BuildFailed, Refused) as fault:
            found = fault.problems if isinstance(fault, BuildFailed) else (problem_at(fault, target.to, 1),)
        except OSError as fault:
            found = (unwritable(fault, self._root),)
        finally:
            self.says = ""
        return self._outcome("desk-not-published", target, self._shown(found))

    def _outcome(self, code: str, target: Target, problems: Sequence[ReviewedProblem] = ()) -> Outcome:
        can_undo = False
        with suppress(BuildFailed, OSError):
            can_undo = bool(history(target, self._tell))
        line = form.spoken(say(code, self._language))
        return Outcome(lines=[line], problems=list(problems), can_undo=can_undo, is_done=False, is_told=code)

    def _tell(self, phase: str, done: int, total: int) -> None:
        if phase == "waiting":
            self.says = form.spoken(say("waiting", self._language))
        else:
            self.says = f"{form.spoken(say(f'phase-{phase}', self._language))}: {done}/{total}"

    def _shown(self, problems: Sequence[Problem] | Iterator[Problem]) -> list[ReviewedProblem]:
        return [shown_problem(one, self._language) for one in dict.fromkeys(problems)]


def unsaved(root: Path) -> tuple[Problem, ...]:
    """Return a warning for each item of which somebody has typed another text than stands in content/."""
    store = Store(root)
    try:
        copies = store.copies()
    except OSError:
        # The desk's own page tells it.
        return ()
    found: dict[Problem, None] = {}
    for copy in copies:
        with suppress(BuildFailed, Refused, OSError):
            if copy.path and read_file(root, copy.path, {}) != copy.text.encode():
                found[problem(copy.path, 1, "copy-not-published", "warning", who=copy.by.name)] = None
    return tuple(found)


def shown_problem(one: Problem, language: Language) -> ReviewedProblem:
    """Return a problem as a page shows it, with the address of its item."""
    (shown,) = form.shown_on_list([one], language)
    return ReviewedProblem(
        field="",
        row=-1,
        severity=shown.severity,
        code=shown.code,
        message=shown.message,
        hint=shown.hint,
        path=one.path,
        address=listing.address_of(one.path) if one.path.startswith(f"{CONTENT}/") else "",
    )
