"""`build` and `check`: all five verbs, or all but the last."""

from __future__ import annotations

import sys

from msgspec.structs import replace

from bulletin import pipeline, telling
from bulletin.calls import Answer, Call, request_of
from bulletin.progress import Progress


def run(call: Call) -> Answer:
    """Build the site, or find every problem that a build would; raise Refused for words that make no sense."""
    options = call.options
    request = request_of(call)
    is_shown = sys.stderr.isatty() and options.format == "text" and not options.quiet
    with Progress(call.language, is_shown=is_shown) as progress:
        report = pipeline.build(request, tell=progress.tell)
        # What few ask for need not be loaded for all.
        if options.verify and report.published:
            from bulletin.verifying import verify  # noqa: PLC0415

            report = replace(report, problems=(*report.problems, *verify(request)))
        if options.leaks:
            from bulletin import leaks  # noqa: PLC0415

            report = replace(report, problems=(*report.problems, *leaks.leaks(request)))
    return telling.answer(report, options, call.language)
