"""`publish`: builds for a target, shows what readers would see change, asks, and only then puts it there."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Mapping

from bulletin.build import Request, cores
from bulletin.commands.calls import Answer, Call
from bulletin.commands.console import is_terminal
from bulletin.commands.progress import Progress
from bulletin.commands.prompts import Dialog, can_ask
from bulletin.commands.report import count
from bulletin.model import CONTENT
from bulletin.problems import BuildFailed, gathered, problem, refuse, say
from bulletin.publishing.changes import Changes
from bulletin.targets import Prepared, Target, check_removals, prepare, put, target_of, undo


def run(call: Call) -> Answer:
    """Publish, or bring the release before back; raise Refused for words that make no sense."""
    target = target_of(call.settings, call.root, call.options.name)
    with _progress(call) as progress:
        if call.options.undo:
            return _undone(target, call, progress)
        if not (call.root / CONTENT).is_dir():
            raise BuildFailed((problem(CONTENT, 1, "no-content"),))
        is_asked = not (call.options.yes or call.options.approved)
        if is_asked and not can_ask():
            refuse("publish-unasked")
        prepared = prepare(target, _request(call), progress.tell)
        if not call.options.allow_removals:
            check_removals(prepared)
        if is_asked and not Dialog(call.language, is_open=True).agrees("ask-publish"):
            return Answer(data=_data(target, None), lines=(say("publish-declined", call.language),))
        return _published(prepared, call, progress)


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


def _published(prepared: Prepared, call: Call, progress: Progress) -> Answer:
    done = put(prepared, progress.tell, by=_user(), allow_removals=call.options.allow_removals)
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
    problems = gathered((*prepared.report.problems, *done.problems))
    return Answer(data=_data(prepared.target, changes), lines=(summary,), problems=problems)


def _undone(target: Target, call: Call, progress: Progress) -> Answer:
    done = undo(target, progress.tell)
    put_back = count(len(done.changes.added) + len(done.changes.changed), call.language)
    removed = count(len(done.changes.removed), call.language)
    summary = say("summary-rolled-back", call.language, put=put_back, removed=removed)
    return Answer(data=_data(target, done.changes), lines=(summary,), problems=done.problems)


def _data(target: Target, changes: Changes | None) -> Mapping[str, object]:
    """Return what programs are told; without changes nothing was published."""
    files = changes or Changes()
    return {
        "target": target.name,
        "to": target.to,
        "published": changes is not None,
        "written": len(files.added) + len(files.changed),
        "removed": len(files.removed),
    }


def _user() -> str:
    """Return the name by which the system knows who publishes; empty if it knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
