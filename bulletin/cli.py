"""Words -> a command's answer -> words and exit codes. The one place that prints answers, and that makes exit codes."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timezone
from importlib import import_module
from pathlib import Path

from msgspec.structs import replace

from bulletin.build import Report, read_settings
from bulletin.characters import encodable, visible
from bulletin.commands import Answer, Call, Options, answer_of, arguments, put
from bulletin.files import unwritable
from bulletin.problems import (
    PROGRAM_NAME,
    BuildFailed,
    Language,
    Problem,
    Refused,
    Unreachable,
    errors,
    hint,
    message,
    problem_at,
    refuse,
    say,
    sentence,
    set_program_name,
    show,
)
from bulletin.publishing.changes import Changes

DONE, NEEDS_MENDING, WRONG_USAGE, BUILD_IS_DUE, UNREACHABLE, INTERRUPTED = 0, 1, 2, 3, 4, 130

COMMANDS = {
    "build": "build",
    "init": "init",
    "serve": "serve",
    "import": "bring_in",
    "new": "new",
    "check": "build",
    "status": "status",
    "review": "review",
    "publish": "publish",
    "edition": "edition",
    "rollback": "rollback",
    "user": "user",
}
"""The module whose `run` answers a command; loaded when it is asked for, since a server takes 10 ms to load."""


def main(words: Sequence[str], root: Path, program: str = PROGRAM_NAME) -> int:
    """Run a command and return its exit code.

    `root` is the site that is meant where no `--root` is given, `program` is what the person typed to get here.
    """
    set_program_name(program)
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
        put(sentence(problem_at(refused, "", 0), spoken), sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        put(say("interrupted", language or "vi"), sys.stderr)
        return INTERRUPTED


def _run(options: Options, root: Path, asked: Language | None) -> int:
    if options.help:
        put(arguments.help_text(options.command, asked or "vi"), sys.stdout)
        return DONE
    if options.command != "init" and not root.is_dir():
        refuse("usage-root", found=str(root))
    language = asked or "vi"
    try:
        found = read_settings(root)
        language = asked or found.language
        call = Call(options=options, root=root, settings=found, now=_now(options.as_of, found.zone), language=language)
        run: Callable[[Call], Answer] = import_module(f"bulletin.commands.{COMMANDS[options.command]}").run
        answer = run(call)
    except BuildFailed as failed:
        answer = _failed(_placed(failed.problems, options, root), options, language)
        answer = replace(answer, is_unreachable=isinstance(failed, Unreachable))
    except OSError as fault:
        # A full disk or a folder without rights: output/ is whole, and a traceback helps nobody to mend it.
        answer = _failed((unwritable(fault, options.output or root),), options, language)
    return _tell(answer, options, language)


def _placed(problems: tuple[Problem, ...], options: Options, root: Path) -> tuple[Problem, ...]:
    """Return problems with whole paths where the site is another folder's than the one we stand in: that of `init`."""
    if options.command != "init":
        return problems
    return tuple(replace(one, path=encodable(str(root / one.path))) for one in problems)


def _failed(problems: tuple[Problem, ...], options: Options, language: Language) -> Answer:
    """Return the answer of a command that came to nothing; that of a build has all its keys all the same."""
    if COMMANDS[options.command] != "build":
        return Answer(problems=problems)
    report = Report(published=False, changes=Changes(), seconds=0.0, problems=problems)
    return answer_of(report, options, language)


def _tell(answer: Answer, options: Options, language: Language) -> int:
    """Print an answer and return its exit code."""
    _print(answer, options, language)
    if answer.is_unreachable:
        return UNREACHABLE
    if any(errors(answer.problems)):
        return NEEDS_MENDING
    return BUILD_IS_DUE if answer.is_due else DONE


def _print(answer: Answer, options: Options, language: Language) -> None:
    if options.format == "json":
        problems = [_problem_as_json(found, language) for found in answer.problems]
        put(json.dumps(_with_names({**answer.data, "problems": problems}), indent=1), sys.stdout)
        return
    for found in () if answer.is_told else answer.problems:
        put(show(found, language), sys.stderr)
    if answer.lines and not options.quiet:
        # A file's name may hold what a terminal obeys; a line that sentences make has been seen to already.
        put("\n".join(map(visible, answer.lines)), sys.stdout)


def _language_of(root: Path) -> Language:
    """Return the language of a site's settings; Vietnamese where they cannot be read."""
    try:
        return read_settings(root).language
    except BuildFailed:
        return "vi"


def _now(as_of: str | None, zone: timezone) -> datetime:
    if as_of is not None:
        return arguments.parse_moment(as_of, "--as-of", zone)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return arguments.parse_epoch(epoch, zone) if epoch else datetime.now(UTC).astimezone(zone)


def _with_names(value: object) -> object:
    """Return a value with all names of files in it encodable: JSON is UTF-8."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, Mapping):
        return {key: _with_names(one) for key, one in value.items()}
    return [_with_names(one) for one in value] if isinstance(value, list | tuple) else value


def _problem_as_json(found: Problem, language: Language) -> dict[str, object]:
    return {
        "path": found.path,
        "line": found.line,
        "severity": found.severity,
        "code": found.code,
        "message": message(found, language),
        "hint": hint(found, language),
    }
