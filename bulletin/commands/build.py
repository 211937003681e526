"""`build` and `check`: all five verbs, or all but the last."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from msgspec.structs import replace

from bulletin.build import build
from bulletin.commands.calls import Answer, Call, request_of
from bulletin.commands.console import is_terminal
from bulletin.commands.progress import Progress
from bulletin.commands.report import answer_of
from bulletin.model import CONTENT
from bulletin.problems import BuildFailed, problem


def run(call: Call) -> Answer:
    """Build the site, or find every problem that a build would; raise Refused for words that make no sense."""
    options = call.options
    if not (call.root / CONTENT).is_dir():
        # A command typed in the wrong folder must leave no hidden folders there, so this comes first.
        raise BuildFailed((problem(CONTENT, 1, "no-content"),))
    request = request_of(call)
    is_shown = is_terminal(sys.stderr) and options.format == "text" and not options.quiet
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(call.language, is_shown=is_shown))
        elsewhere = None
        # What few ask for need not be loaded for all.
        if options.cluster:
            from bulletin.build.cluster import cluster  # noqa: PLC0415

            elsewhere = stack.enter_context(cluster(options.cluster))
        report = build(request, elsewhere, tell=progress.tell)
        if options.verify and report.published:
            from bulletin.commands.verify import verify  # noqa: PLC0415

            report = replace(report, problems=(*report.problems, *verify(request)))
        if options.leaks:
            from bulletin.commands.leaks import leaks  # noqa: PLC0415

            report = replace(report, problems=(*report.problems, *leaks(request)))
    return answer_of(report, options, call.language)
