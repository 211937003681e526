"""`edition`: makes the e-mail, the PDF and the notice of a month, a week or some days."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct

from bulletin.build.reading import ReadSite, read_site
from bulletin.commands.calls import Answer, Call, request_of
from bulletin.commands.console import is_terminal
from bulletin.commands.progress import Progress
from bulletin.commands.report import count
from bulletin.editions import Edition, EditionPeriod, Making, forms, make, memory, parse_period
from bulletin.files import refuse_links, write_anew
from bulletin.model import CONTENT
from bulletin.problems import BuildFailed, Problem, gathered, problem, refuse, say
from bulletin.settings import FILE, Settings

FOLDER = "editions"
"""Where editions are put, in the folder of the site."""


class _Made(Struct, frozen=True, kw_only=True):
    """An edition with its files by their names; none if there is nothing to tell."""

    making: Making
    files: Mapping[str, bytes]
    unseen: tuple[str, ...]


def run(call: Call) -> Answer:
    """Make the edition and write its files, all or none; raise Refused for a period or a province that there is not."""
    if not (call.root / CONTENT).is_dir():
        raise BuildFailed((problem(CONTENT, 1, "no-content"),))
    period = parse_period(call.options.period or refuse("edition-without-period", example=f"{call.now:%Y-%m}"))
    if call.options.again and not call.options.send:
        refuse("mail-again-alone")
    folder = call.options.to or call.root / FOLDER
    is_shown = is_terminal(sys.stderr) and call.options.format == "text" and not call.options.quiet
    if call.options.send or call.options.test:
        # 30 ms of smtplib and TLS that making files does without.
        from bulletin.commands.sending import send_edition  # noqa: PLC0415

        return send_edition(call, period)
    with Progress(call.language, is_shown=is_shown) as progress:
        made = read_site(request_of(call), partial(_made, call=call, period=period), progress.tell)
    edition = made.making.edition
    if made.files:
        _write(folder, made.files)
        memory.remember(call.root, edition, made.making.told)
    paths = [str(folder / name) for name in made.files]
    return Answer(
        data={
            "period": edition.name,
            "title": edition.title,
            "items": len(edition.items),
            "deals": edition.total.count,
            "corrections": len(edition.corrections),
            "files": paths,
        },
        lines=(*paths, _summary(edition, call)),
        problems=gathered((*made.making.problems, *_problems(made))),
    )


def _made(site: ReadSite, call: Call, period: EditionPeriod) -> _Made:
    making = make(site, call.root, period, call.options.province or "")
    if making.edition.is_empty:
        return _Made(making=making, files={}, unseen=())
    made = forms.files(making.edition, site, call.options.sheet)
    return _Made(making=making, files=made.files, unseen=made.unseen)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files anew, and only then put each in its place: an edition is never half this one, half the last."""
    refuse_links(folder)
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {folder / name: folder / f".{name}.{os.getpid()}" for name in files}
    try:
        for place, draft in drafts.items():
            write_anew(draft, files[place.name])
        for place, draft in drafts.items():
            draft.replace(place)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _problems(made: _Made) -> Iterator[Problem]:
    if made.unseen:
        yield problem(
            f"{forms.stem(made.making.edition)}.pdf",
            1,
            "edition-signs-not-shown",
            "warning",
            found=" ".join(made.unseen),
        )
    address = made.making.edition.base_url
    if made.files and address == Settings().base_url:
        yield problem(FILE, 1, "edition-without-address", "warning", found=address)


def _summary(edition: Edition, call: Call) -> str:
    title = edition.title[0].lower() + edition.title[1:]
    if edition.is_empty:
        return say("edition-nothing", call.language, title=title)
    return say(
        "edition-made",
        call.language,
        title=title,
        items=count(len(edition.items), call.language),
        deals=count(edition.total.count, call.language),
        corrections=count(len(edition.corrections), call.language),
    )
