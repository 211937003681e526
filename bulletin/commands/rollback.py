"""`rollback`: the publication before the last one comes back; with `--list`, what there is to come back to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bulletin.build import rollback
from bulletin.commands.calls import Answer, Call, output_of
from bulletin.commands.progress import Progress
from bulletin.commands.report import count
from bulletin.files import printable
from bulletin.problems import Language, say
from bulletin.publishing import Publication, Publisher

_SHOWN = 10


def run(call: Call) -> Answer:
    """Put the publication before the last one back, or list what could be; raise Refused if none is kept."""
    output = output_of(call)
    if call.options.list:
        return _listed(Publisher.beside(output).history(), call)
    changes = rollback(output, Progress(call.language, is_shown=False).tell)
    put = count(len(changes.added) + len(changes.changed), call.language)
    removed = count(len(changes.removed), call.language)
    summary = say("summary-rolled-back", call.language, put=put, removed=removed)
    files = _files(changes.added, changes.changed, changes.removed)
    return Answer(data=files, lines=(*_lines(files, call.language), summary))


def _listed(history: Sequence[Publication], call: Call) -> Answer:
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
    named = {"added": added, "changed": changed, "removed": removed}
    return {name: sorted(map(printable, paths)) for name, paths in named.items()}


def _lines(files: Mapping[str, Sequence[str]], language: Language) -> Iterator[str]:
    """Yield the files with a sign for what became of each, and of many only some: pages that came or went first."""
    signs = {"added": "+", "changed": "~", "removed": "-"}
    signed = [f"{signs[name]} {path}" for name, paths in files.items() for path in paths]
    ordered = sorted(signed, key=_rank)
    yield from ordered[:_SHOWN]
    if len(ordered) > _SHOWN:
        yield say("history-more", language, count=count(len(ordered) - _SHOWN, language))


def _rank(line: str) -> tuple[bool, bool, bool]:
    return not line.endswith(".html"), line.startswith("~"), not line[2:].startswith("tin/")
