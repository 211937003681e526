"""Words -> calls -> words and exit codes. The one place that prints, and that turns failures into exit codes."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timezone
from pathlib import Path

from msgspec.structs import replace

from bulletin import arguments, dates, money, publish, settings, site
from bulletin.arguments import Options
from bulletin.destination import check_place
from bulletin.model import Card
from bulletin.pipeline import Report, Request, build, rollback, verify
from bulletin.pool import cores
from bulletin.problems import (
    BuildFailed,
    Language,
    Problem,
    Refused,
    errors,
    hint,
    located,
    message,
    problem,
    refuse,
    say,
    show,
)
from bulletin.progress import Progress

DONE, NEEDS_MENDING, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
NEW_ITEMS_SHOWN = 20


def main(words: Sequence[str], root: Path) -> int:
    """Run a command and return its exit code; `root` is the site that is meant where no `--root` is given."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows pipe in cp1252 cannot carry Vietnamese: an escape is better than a crash.
            stream.reconfigure(errors="backslashreplace")
    # What a build makes lives until its end: to look for garbage among it takes time and finds none.
    gc.disable()
    language = arguments.language(words)
    try:
        options = arguments.parse(words)
        return _run(options, options.root or root, language)
    except Refused as refused:
        spoken = language or _language_of(arguments.root(words) or root)
        print(_sentence(located(refused, "", 0), spoken), file=sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        print(say("interrupted", language or "vi"), file=sys.stderr)
        return INTERRUPTED


def _run(options: Options, root: Path, asked: Language | None) -> int:
    if options.help:
        print(arguments.help_text(options.command, asked or "vi"))
        return DONE
    if not root.is_dir():
        refuse("usage-root", found=str(root))
    try:
        request = _request(options, root)
    except BuildFailed as failed:
        report = Report(published=False, changes=publish.Changes(), seconds=0.0, problems=failed.problems)
        return _tell(report, options, asked or "vi")
    language = asked or request.settings.language
    try:
        if options.command == "rollback":
            return _roll_back(request, options, language)
        with Progress(language, is_shown=_is_progress_wanted(options)) as progress:
            report = build(request, tell=progress.tell)
            if options.verify and report.published:
                report = replace(report, problems=(*report.problems, *verify(request)))
        return _tell(report, options, language)
    except OSError as fault:
        # A full disk or a folder without rights: output/ is whole, and a traceback helps nobody to mend it.
        found = problem(str(fault.filename or request.output), 1, "cannot-write", reason=fault.strerror or str(fault))
        report = Report(published=False, changes=publish.Changes(), seconds=0.0, problems=(found,))
        return _tell(report, options, language)


def _language_of(root: Path) -> Language:
    """Return the language of a site's settings; Vietnamese where they cannot be read."""
    try:
        return site.read_settings(root).language
    except BuildFailed:
        return "vi"


def _is_progress_wanted(options: Options) -> bool:
    return sys.stderr.isatty() and options.format == "text" and not options.quiet


def _roll_back(request: Request, options: Options, language: Language) -> int:
    changes = rollback(request.output, Progress(language, is_shown=False).tell)
    if not options.quiet:
        put = _count(len(changes.added) + len(changes.changed), language)
        print(say("summary-rolled-back", language, put=put, removed=_count(len(changes.removed), language)))
    return DONE


def _request(options: Options, root: Path) -> Request:
    found = site.read_settings(root)
    if options.base_url is not None:
        found = replace(found, base_url=settings.base_url(options.base_url))
    output = options.output or root / "output"
    check_place(output, root)
    return Request(
        root=root,
        output=output,
        now=_now(options, found.zone),
        settings=found,
        drafts=options.drafts,
        strict=options.strict,
        keep_going=options.keep_going,
        publish=options.command == "build",
        fresh=options.fresh,
        jobs=options.jobs or cores(),
    )


def _now(options: Options, zone: timezone) -> datetime:
    if options.as_of is not None:
        return arguments.parse_moment(options.as_of, "--as-of", zone)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return arguments.parse_epoch(epoch, zone) if epoch else datetime.now(UTC).astimezone(zone)


def _tell(report: Report, options: Options, language: Language) -> int:
    """Print what a build did and return its exit code."""
    if options.format == "json":
        print(json.dumps(_as_json(report, language), indent=1))
    else:
        for found in report.problems:
            print(show(found, language), file=sys.stderr)
        if not options.quiet:
            print("\n".join(_summary(report, options.command, language, explain=options.explain)))
    return NEEDS_MENDING if any(errors(report.problems)) else DONE


def _as_json(report: Report, language: Language) -> dict[str, object]:
    changes = report.changes
    return {
        "items": report.items,
        "pages": report.pages,
        "written": len(changes.added) + len(changes.changed),
        "unchanged": len(changes.unchanged),
        "removed": len(changes.removed),
        "rendered": len(report.reasons),
        "seconds": round(report.seconds, 3),
        "peak_mib": _peak_mib(),
        "next_due": report.next_due.isoformat() if report.next_due else None,
        "problems": [_problem_as_json(found, language) for found in report.problems],
    }


def _problem_as_json(found: Problem, language: Language) -> dict[str, object]:
    return {
        "path": found.path,
        "line": found.line,
        "severity": found.severity,
        "code": found.code,
        "message": message(found, language),
        "hint": hint(found, language),
    }


def _summary(report: Report, command: str, language: Language, *, explain: bool) -> Iterator[str]:
    """Yield what a person wants to know: what is new as it was understood, how much was done, what is wrong."""
    if explain:
        yield from (f"{path}: {say(f'reason-{reason}', language)}" for path, reason in sorted(report.reasons.items()))
    if report.published:
        yield from _new_items(report.new, language)
    wrong = sum(1 for _ in errors(report.problems))
    warnings = len(report.problems) - wrong
    if wrong or warnings:
        yield say("summary-problems", language, errors=_count(wrong, language), warnings=_count(warnings, language))
    if report.published:
        yield say(
            "summary-build",
            language,
            items=_count(report.items, language),
            pages=_count(report.pages, language),
            written=_count(len(report.changes.added) + len(report.changes.changed), language),
            unchanged=_count(len(report.changes.unchanged), language),
            removed=_count(len(report.changes.removed), language),
            seconds=_number(f"{report.seconds:,.1f}", language),
        )
        if report.next_due:
            yield say("summary-due", language, due=f"{report.next_due:%H:%M %d/%m/%Y}")
    elif command == "build":
        yield say("summary-untouched", language)
    elif not wrong:
        yield say(
            "summary-checked", language, items=_count(report.items, language), pages=_count(report.pages, language)
        )


def _new_items(cards: Sequence[Card], language: Language) -> Iterator[str]:
    """Yield each new item with its date in words: only so it shows that 08/12 was read as 8 December."""
    for card in cards[:NEW_ITEMS_SHOWN]:
        places = ", ".join(place.name for place in card.places)
        parts = (f"+ {card.url}", dates.long(card.day), places, money.show(card.amount) if card.amount else "")
        yield " · ".join(part for part in parts if part)
    if len(cards) > NEW_ITEMS_SHOWN:
        yield say("summary-more-new", language, count=_count(len(cards) - NEW_ITEMS_SHOWN, language))


def _count(number: int, language: Language) -> str:
    return _number(f"{number:,}", language)


def _number(english: str, language: Language) -> str:
    """Return a number as the language writes it: «1.234,5» in Vietnamese."""
    return english.translate(str.maketrans(",.", ".,")) if language == "vi" else english


def _sentence(found: Problem, language: Language) -> str:
    return "; ".join(part for part in (message(found, language), hint(found, language)) if part)


def _peak_mib() -> float | None:
    """Return the most memory this process and its workers held; None on Windows, which does not tell."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return None
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    # Linux counts in KiB, macOS in bytes.
    return round(sum(peaks) / (2**20 if sys.platform == "darwin" else 2**10), 1)
