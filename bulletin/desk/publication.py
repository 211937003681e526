"""Publishing from the desk: what it would change, the publication itself, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bulletin.build import Request, build, cores, rollback
from bulletin.desk import form, listing
from bulletin.desk.exchange import Outcome, Review, Reviewed, ReviewedProblem
from bulletin.preview import PreviewState
from bulletin.problems import Language, Problem, Refused, errors, problem_at, say
from bulletin.publishing import KeptSources, Publisher, Unreadable, check_destination
from bulletin.settings import Settings

OUTPUT = "output"


def published(root: Path, digests: Mapping[str, str]) -> dict[str, bool]:
    """Return, for each item that readers have, whether they have it as it stands in content/.

    `digests` are those of the sources, by path.
    """
    try:
        kept = _kept(root).items()
    except Unreadable:
        # The next publication keeps them anew, and says so.
        return {}
    return {path: digests.get(path) == item.source for path, item in kept.items()}


def number(root: Path) -> int:
    """Return the number of the publication that readers have; 0 if there was none, or if nobody can tell."""
    try:
        return _kept(root).standing()
    except Unreadable:
        return 0


def _kept(root: Path) -> KeptSources:
    return Publisher.beside(root / OUTPUT).sources


def review(root: Path, state: PreviewState, rows: Sequence[listing.Row], copies: int, language: Language) -> Review:
    """Return what publishing would change for readers."""
    kept = published(root, state.digests)
    shown = {row.path: row for row in rows if row.path}
    appear = [row for row in rows if row.state == "new"]
    change = [row for row in rows if row.state == "changed"]
    vanish = [path for path in kept if path not in shown or shown[path].state in {"draft", "waiting"}]
    return Review(
        groups=[
            ("Sẽ xuất hiện", [_reviewed(row) for row in appear]),
            ("Sẽ thay đổi", [_reviewed(row) for row in change]),
            (
                "Sẽ rời bản tin",
                [_reviewed(shown[path]) if path in shown else Reviewed(title=path, address="") for path in vanish],
            ),
        ],
        problems=[shown_problem(one, language) for one in errors(state.problems)],
        copies=copies,
        can_undo=_can_undo(root),
        is_first=number(root) == 0,
    )


def _can_undo(root: Path) -> bool:
    return bool(Publisher.beside(root / OUTPUT).undo.history())


def _reviewed(row: listing.Row) -> Reviewed:
    return Reviewed(title=row.title, address=row.address)


def shown_problem(one: Problem, language: Language) -> ReviewedProblem:
    (shown,) = form.shown_on_list([one], language)
    return ReviewedProblem(
        field="",
        row=-1,
        severity=shown.severity,
        code=shown.code,
        message=shown.message,
        hint=shown.hint,
        path=one.path,
        address=listing.address_of(one.path),
    )


def publish(root: Path, settings: Settings, now: datetime, language: Language) -> Outcome:
    """Build the bulletin for its readers, as `build --keep-going` does."""
    output = root / OUTPUT
    try:
        check_destination(output, root)
    except Refused as refused:
        return Outcome(
            lines=[form.told(problem_at(refused, OUTPUT, 1), language)],
            problems=[],
            can_undo=_can_undo(root),
            is_done=False,
        )
    request = Request(root=root, output=output, now=now, settings=settings, keep_going=True, jobs=cores())
    report = build(request)
    problems = [shown_problem(one, language) for one in errors(report.problems)]
    if not report.published:
        return Outcome(
            lines=[form.spoken(say("desk-not-published", language))],
            problems=problems,
            can_undo=_can_undo(root),
            is_done=False,
        )
    changes = report.changes
    told = say(
        "desk-published",
        language,
        items=str(report.items),
        added=str(len(changes.added)),
        changed=str(len(changes.changed)),
        removed=str(len(changes.removed)),
    )
    return Outcome(lines=[form.spoken(told)], problems=problems, can_undo=_can_undo(root), is_done=True)


def undo(root: Path, language: Language) -> Outcome:
    """Bring back what readers had before the last publication."""
    try:
        rollback(root / OUTPUT)
    except Refused as refused:
        return Outcome(
            lines=[form.told(problem_at(refused, OUTPUT, 1), language)],
            problems=[],
            can_undo=_can_undo(root),
            is_done=False,
        )
    return Outcome(
        lines=[form.spoken(say("desk-undone", language))], problems=[], can_undo=_can_undo(root), is_done=False
    )
