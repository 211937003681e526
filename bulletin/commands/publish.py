"""`publish`: builds for a target, shows what readers would see change, asks, and only then puts it there."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from bulletin.build import Request, cores
from bulletin.characters import visible
from bulletin.commands import review
from bulletin.commands.calls import Answer, Call
from bulletin.commands.console import is_terminal
from bulletin.commands.console import put as put_words
from bulletin.commands.progress import Progress
from bulletin.commands.prompts import Dialog, can_ask
from bulletin.commands.report import count
from bulletin.desk import Approvals, Did, Log, somebody_here, unsaved
from bulletin.files import unwritable
from bulletin.model import CONTENT
from bulletin.problems import BuildFailed, Problem, errors, gathered, problem, refuse, say
from bulletin.publishing.changes import Changes
from bulletin.review import Review
from bulletin.targets import Prepared, Target, check_removals, prepare, prepare_due, put, target_of, undo


def run(call: Call) -> Answer:
    """Publish, or bring the release before back; raise Refused for words that make no sense."""
    options = call.options
    target = target_of(call.settings, call.root, options.name)
    if options.undo:
        return _undone(target, call)
    if not (call.root / CONTENT).is_dir():
        raise BuildFailed((problem(CONTENT, 1, "no-content"),))
    is_asked = not (options.yes or options.approved)
    if is_asked and not can_ask():
        refuse("publish-unasked")
    with _progress(call) as progress:
        prepared = (prepare_due if options.due else prepare)(target, _request(call), progress.tell)
    if prepared is None:
        return Answer(data=_data(target), lines=(say("publish-nothing-due", call.language),))
    _check(prepared, call)
    shown = _shown(prepared, call)
    if is_asked and not _review(prepared).is_empty:
        put_words("\n".join(map(visible, shown)), sys.stdout)
        shown = ()
        if not Dialog(call.language, is_open=True).agrees("ask-publish"):
            return Answer(data=_data(target, prepared), lines=(say("publish-declined", call.language),))
    return _published(prepared, shown, call)


def _review(prepared: Prepared) -> Review:
    found = prepared.report.review
    assert found is not None, "the build was asked for it"
    return found


def _shown(prepared: Prepared, call: Call) -> tuple[str, ...]:
    has_errors = any(errors(prepared.report.problems))
    return (*review.lines(_review(prepared), call.language, has_errors=has_errors), "")


def _check(prepared: Prepared, call: Call) -> None:
    """Raise BuildFailed if this is not what was reviewed or approved, or if more would go than may."""
    code = _review(prepared).code
    if call.options.approved and call.options.approved != code:
        told = problem(prepared.target.to, 1, "publish-other-code", now=code, found=call.options.approved)
        raise BuildFailed((told,))
    if not call.options.allow_removals:
        check_removals(prepared)
    if not call.options.due:
        # What the clock does to content that was published or approved before was approved with that.
        Approvals(call.root).required(call.settings, _review(prepared))


def _progress(call: Call) -> Progress:
    options = call.options
    return Progress(call.language, is_shown=is_terminal(sys.stderr) and options.format == "text" and not options.quiet)


def _request(call: Call) -> Request:
    options = call.options
    return Request(
        root=call.root,
        output=call.root,
        now=call.now,
        settings=call.settings,
        strict=options.strict,
        keep_going=options.keep_going,
        fresh=options.fresh,
        jobs=options.jobs or cores(),
    )


def _published(prepared: Prepared, shown: tuple[str, ...], call: Call) -> Answer:
    code = _review(prepared).code
    by = somebody_here().name
    with _progress(call) as progress:
        done = put(prepared, progress.tell, by=by, code=code, allow_removals=call.options.allow_removals)
    changes = done.changes
    summary = say(
        "summary-published",
        call.language,
        to=prepared.target.to,
        items=count(prepared.report.items, call.language),
        pages=count(prepared.report.pages, call.language),
        written=count(len(changes.added) + len(changes.changed), call.language),
        removed=count(len(changes.removed), call.language),
    )
    noted = _noted("published", prepared.target, code, call)
    typed = () if call.options.due else unsaved(call.root)
    problems = gathered((*prepared.report.problems, *done.problems, *typed, *noted))
    return Answer(data=_data(prepared.target, prepared, changes), lines=(*shown, summary), problems=problems)


def _undone(target: Target, call: Call) -> Answer:
    with _progress(call) as progress:
        done = undo(target, progress.tell)
    put_back = count(len(done.changes.added) + len(done.changes.changed), call.language)
    removed = count(len(done.changes.removed), call.language)
    summary = say("summary-rolled-back", call.language, put=put_back, removed=removed)
    noted = _noted("taken-back", target, "", call)
    return Answer(data=_data(target, changes=done.changes), lines=(summary,), problems=(*done.problems, *noted))


def _noted(what: Did, target: Target, looked_at: str, call: Call) -> tuple[Problem, ...]:
    """Note in the log of the desk what was done; return a problem if the disk takes no entry, since it is done."""
    faults: list[OSError] = []
    Log(call.root, call.settings.zone, faults.append).did(somebody_here(), what, code=looked_at, to=target.name)
    return tuple(unwritable(fault, call.root) for fault in faults)


def _data(target: Target, prepared: Prepared | None = None, changes: Changes | None = None) -> Mapping[str, object]:
    """Return what programs are told; without changes nothing was published."""
    files = changes or Changes()
    return {
        "target": target.name,
        "to": target.to,
        "published": changes is not None,
        "written": len(files.added) + len(files.changed),
        "removed": len(files.removed),
        **({"review": review.data(_review(prepared))} if prepared else {}),
    }
