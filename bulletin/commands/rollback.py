"""`rollback`: rolls the last publication back; with `--list`, lists the publications that can be rolled back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bulletin.build import rollback
from bulletin.commands.calls import Answer, Call, output_of
from bulletin.commands.progress import Progress
from bulletin.commands.report import count
from bulletin.problems import Language, say
from bulletin.publishing import Publication, Publisher
from bulletin.urls import kind_of

_FILES_SHOWN = 10


def run(call: Call) -> Answer:
    """Roll the last publication back, or list those that can be; raise Refused if none is kept."""
    output = output_of(call)
    if call.options.list:
        return _list(Publisher.beside(output).undo.history(), call)
    changes, problems = rollback(output, Progress(call.language, is_shown=False).tell)
    restored = count(len(changes.added) + len(changes.changed), call.language)
    removed = count(len(changes.removed), call.language)
    summary = say("summary-rolled-back", call.language, put=restored, removed=removed)
    files = _files(changes.added, changes.changed, changes.removed)
    return Answer(data=files, lines=(*_lines(files, call.language), summary), problems=problems)


def _list(history: Sequence[Publication], call: Call) -> Answer:
    language = call.language
    zone = call.settings.zone
    data = []
    lines = []
    for publication in history:
        at = datetime.fromtimestamp(publication.at, zone)
        files = _files(publication.added, publication.changed, publication.removed)
        data.append({"at": at.isoformat(timespec="seconds"), **files})
        lines += [
            say(
                "history-publication",
                language,
                at=f"{at:%H:%M %d/%m/%Y}",
                added=count(len(files["added"]), language),
                changed=count(len(files["changed"]), language),
                removed=count(len(files["removed"]), language),
            ),
            *(f"  {line}" for line in _lines(files, language)),
        ]
    lines.append(say("history-end" if history else "history-empty", language))
    return Answer(data={"publications": data}, lines=tuple(lines))


def _files(added: Sequence[str], changed: Sequence[str], removed: Sequence[str]) -> Mapping[str, Sequence[str]]:
    files = {"added": added, "changed": changed, "removed": removed}
    return {status: sorted(paths) for status, paths in files.items()}


def _lines(files: Mapping[str, Sequence[str]], language: Language) -> Iterator[str]:
    """Yield the files, at most _FILES_SHOWN, each with a sign for its change: first the pages that came or went."""
    signs = {"added": "+", "changed": "~", "removed": "-"}
    signed = [f"{signs[status]} {path}" for status, paths in files.items() for path in paths]
    ordered = sorted(signed, key=_rank)
    yield from ordered[:_FILES_SHOWN]
    if len(ordered) > _FILES_SHOWN:
        yield say("history-more", language, count=count(len(ordered) - _FILES_SHOWN, language))


def _rank(line: str) -> tuple[bool, bool, bool]:
    return not line.endswith(".html"), line.startswith("~"), kind_of(line[2:]).name != "item"
