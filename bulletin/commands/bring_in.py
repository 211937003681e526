"""`import`: what people have already becomes drafts in content/, and says what it was read from.

Of one file everything is made or nothing: first all its items are composed and checked, then they are written. What the
cells of a table were read as is shown before that; whoever sits at a terminal is asked.
"""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_ISREG

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bulletin.characters import visible
from bulletin.commands.calls import Answer, Call
from bulletin.commands.console import put
from bulletin.commands.new import parse_places
from bulletin.commands.placing import Places, shown_path
from bulletin.commands.prompts import Dialog, can_ask
from bulletin.commands.tables import table_lines
from bulletin.intake import (
    MAX_BYTES,
    Document,
    Found,
    Given,
    Proposal,
    Wishes,
    by_field,
    chosen,
    in_words,
    read,
    renamed,
)
from bulletin.intake.values import DEALS
from bulletin.items import compile_source, decode, edit_header
from bulletin.model import Source
from bulletin.problems import Language, Problem, Refused, errors, problem, problem_at, refuse, say, show
from bulletin.vietnamese import amounts, clean, dates

_NEEDED = ("title", "province", "date")
_ASKED = (*_NEEDED, "value")
"""Keys for which an option answers, and which nobody but people may choose among several proposals."""
_SHOWN_DEALS = 20


class _Draft(Struct, frozen=True, kw_only=True):
    """An item that can be written: its path and its text."""

    path: str
    text: str
    document: Document


class _Brought(Struct, frozen=True, kw_only=True):
    """What became of one file: its drafts, none if it has an error, in the order of its documents."""

    found: Found
    drafts: tuple[_Draft, ...]
    problems: tuple[Problem, ...]


def run(call: Call) -> Answer:
    """Write what the files hold as drafts; a file with an error is left out, and said."""
    answers = _answers(call)
    places = Places(call)
    brought = [_brought(file, call, answers, places) for file in call.options.files]
    problems = tuple(problem for one in brought for problem in one.problems)
    count = sum(len(one.drafts) for one in brought)
    is_shown = _shows_tables(brought, problems, call)
    if is_shown and can_ask() and not Dialog(call.language, is_open=True).agrees("ask-import", count=str(count)):
        return Answer(lines=(say("import-declined", call.language),), problems=problems, is_told=True)
    for one in brought:
        _write(call.root, one.drafts)
    lines = [line for one in brought for line in _lines(one, call)]
    lines.append(say("import-done", call.language, count=str(count)) if count else say("import-none", call.language))
    return Answer(
        data={
            "items": [item for one in brought for item in _data(one)],
            "cells": [msgspec.to_builtins(cell) for one in brought for cell in one.found.cells],
        },
        lines=tuple(lines),
        problems=problems,
        is_told=is_shown,
    )


def _shows_tables(brought: list[_Brought], problems: tuple[Problem, ...], call: Call) -> bool:
    """Show people what the cells of tables were read as, and all problems; tell whether there was a table to show."""
    lines = [line for one in brought for line in _table(one, call)]
    if not lines or call.options.format == "json" or call.options.quiet:
        return False
    put("\n".join(map(visible, lines)), sys.stdout)
    for found in problems:
        put(show(found, call.language), sys.stderr)
    return True


def _table(brought: _Brought, call: Call) -> Iterator[str]:
    cells = brought.found.cells if brought.drafts else ()
    yield from table_lines(cells)
    if cells and brought.found.total:
        yield say("import-total", call.language, total=brought.found.total)


def _answers(call: Call) -> dict[str, str | list[str]]:
    """Return what the options say themselves, as headers have it; raise Refused for what no item could have."""
    options = call.options
    given: dict[str, str | list[str]] = {}
    if options.title is not None:
        given["title"] = clean(options.title) or refuse("new-without-title")
    if options.date is not None:
        given["date"] = dates.parse(options.date).isoformat()
    if options.province is not None:
        places = parse_places(options.province, call.now.date())
        given["province"] = [place.name for place in places]
    if options.value is not None:
        if not amounts.is_undisclosed(clean(options.value)):
            amounts.parse(clean(options.value), call.settings.value_unit)
        given["value"] = clean(options.value)
    return given


def _brought(file: Path, call: Call, answers: Mapping[str, str | list[str]], places: Places) -> _Brought:
    name = shown_path(file)
    try:
        given = Given(name=file.name, data=_bytes(file))
        found = read(given, _wishes(call))
    except Refused as refused:
        return _Brought(found=Found(documents=()), drafts=(), problems=(problem_at(refused, name, 1),))
    problems = [replace(one, path=name) for one in found.problems]
    drafts: list[_Draft] = []
    if not any(errors(problems)):
        for document in found.documents:
            draft, faults = _draft(name, document, call, answers, places)
            problems += faults
            drafts += [draft] if draft else []
    is_whole = not any(errors(problems))
    return _Brought(found=found, drafts=tuple(drafts) if is_whole else (), problems=tuple(problems))


def _bytes(file: Path) -> bytes:
    """Return the bytes of a file; raise Refused for none: a pipe would be waited for, and a huge file not be read."""
    try:
        stat = file.stat()
        if not S_ISREG(stat.st_mode):
            refuse("import-no-file", found=str(file))
        if stat.st_size > MAX_BYTES:
            refuse("intake-too-large", found=str(stat.st_size >> 20), limit=str(MAX_BYTES >> 20))
        return file.read_bytes()
    except FileNotFoundError:
        refuse("import-no-file", found=str(file))
    except (OSError, ValueError) as fault:
        refuse("import-unreadable", reason=str(getattr(fault, "strerror", "") or fault))


def _wishes(call: Call) -> Wishes:
    options = call.options
    return Wishes(
        rules=call.settings.item_rules,
        today=call.now.date(),
        accept_changes=options.accept_changes,
        rows_as=options.rows_as or "deals",
    )


def _draft(
    name: str, document: Document, call: Call, answers: Mapping[str, str | list[str]], places: Places
) -> tuple[_Draft | None, list[Problem]]:
    """Return the draft that a document makes, or None with the errors that keep it from being one."""
    values = {**chosen(document.proposals), **answers}
    problems = list(_questions(name, document, values))
    if "date" not in values and "date" not in by_field(document.proposals):
        values["date"] = call.now.date().isoformat()
        problems.append(problem(name, 1, "import-date-assumed", "warning", found=f"{call.now:%d/%m/%Y}"))
    if any(errors(problems)):
        return None, problems
    header = edit_header("", "", {**values, "draft": "true"})
    if not isinstance(header, str):
        return None, [*problems, *header]
    path = places.path(dates.parse(str(values["date"])), str(values["title"]))
    text = header + document.body
    source = decode(path, text.encode(errors="surrogatepass"))
    faults = compile_source(source, call.settings.item_rules).problems if isinstance(source, Source) else source
    return _Draft(path=path, text=text, document=document), [*problems, *faults]


def _questions(name: str, document: Document, values: Mapping[str, object]) -> Iterator[Problem]:
    """Yield what people have to answer: keys without a value, and those for which several are proposed."""
    proposed = by_field(document.proposals)
    for key in _ASKED:
        if key in values or (key == "date" and key not in proposed):
            continue
        if key in proposed:
            listed = "; ".join(f"{in_words(one)} («{one.sentence}»)" for one in proposed[key])
            yield problem(name, 1, "import-question", "error" if key in _NEEDED else "warning", key=key, found=listed)
        elif key in _NEEDED:
            yield problem(name, 1, "import-nothing-found", key=key)


def _write(root: Path, drafts: tuple[_Draft, ...]) -> None:
    """Write items with their pictures; leave nothing of them if that fails."""
    made: list[Path] = []
    try:
        for draft in drafts:
            file = root / draft.path
            file.parent.mkdir(parents=True, exist_ok=True)
            text = _with_pictures(root, draft, made)
            # Mode «x» overwrites no file, not even one that another program has made since its path was found.
            with file.open("x", encoding="utf-8", newline="\n") as stream:
                made.append(file)
                stream.write(text)
    except BaseException:
        for file in made:
            file.unlink(missing_ok=True)
        raise


def _with_pictures(root: Path, draft: _Draft, made: list[Path]) -> str:
    """Put the pictures of an item beside it; return its text with the names that they got there."""
    if not draft.document.pictures:
        return draft.text
    from bulletin.desk import land  # noqa: PLC0415 - the desk takes 100 ms to load

    folder = posixpath.dirname(draft.path)
    names: dict[str, str] = {}
    for picture in draft.document.pictures:
        before = {entry.name for entry in (root / folder).iterdir()}
        names[picture.name] = land(root, folder, picture.name, picture.data).name
        if names[picture.name] not in before:
            made.append(root / folder / names[picture.name])
    return renamed(draft.text, names)


def _lines(brought: _Brought, call: Call) -> Iterator[str]:
    for draft in brought.drafts:
        yield shown_path(call.root / draft.path)
        for key, proposals in by_field(draft.document.proposals).items():
            # The table above has shown what each row was read as.
            if not brought.found.cells or (key != DEALS and len(brought.drafts) == 1):
                yield from _field_lines(key, proposals, call.language)


def _field_lines(key: str, proposals: list[Proposal], language: Language) -> Iterator[str]:
    name = say(f"field-{key}", language)
    for one in proposals[:_SHOWN_DEALS]:
        value = in_words(one)
        if value == one.sentence:
            yield f"  {name}: {value}"
        else:
            yield f"  {say('import-read', language, key=name, value=value, sentence=one.sentence)}"
    if len(proposals) > _SHOWN_DEALS:
        yield f"  … +{len(proposals) - _SHOWN_DEALS}"


def _data(brought: _Brought) -> Iterator[dict[str, object]]:
    for number, document in enumerate(brought.found.documents):
        path = brought.drafts[number].path if brought.drafts else None
        fields = {
            key: [{"value": one.value, "sentence": one.sentence, "place": one.place} for one in proposals]
            for key, proposals in by_field(document.proposals).items()
        }
        yield {"path": path, "fields": fields}
