"""All forms of an edition, as files by their names; and these files in their folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from bulletin.build.reading import ReadSite
from bulletin.editions import memory
from bulletin.editions.edition import Edition
from bulletin.editions.mail import write_mail
from bulletin.editions.making import Making
from bulletin.editions.paper import Paper
from bulletin.editions.pdf import pdf
from bulletin.editions.sheet import sheet
from bulletin.files import refuse_links, write_anew
from bulletin.problems import Language, Problem, problem, say
from bulletin.settings import FILE, Settings

FOLDER = "editions"
"""Where editions are put, in the folder of the site."""


class MadeEdition(Struct, frozen=True, kw_only=True):
    """An edition with its files by their names, none if there is nothing to tell; what to look at, as warnings."""

    making: Making
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]


def stem(edition: Edition) -> str:
    """Return the beginning of all names of an edition's files."""
    return f"ban-tin-{edition.name}"


def made(making: Making, site: ReadSite, paper: Paper) -> MadeEdition:
    """Return every form of an edition; raise Refused if a package is missing that a form needs."""
    edition = making.edition
    if edition.is_empty:
        return MadeEdition(making=making, files={}, problems=making.problems)
    whole, notice = pdf(edition, site), sheet(edition, site, paper)
    mail = write_mail(edition, site.renderer.settings.edition, site.renderer, site.pictures.jpeg)
    begin = stem(edition)
    return MadeEdition(
        making=making,
        files={
            f"{begin}.eml": mail.body.draft(),
            f"{begin}.html": mail.html.encode(),
            f"{begin}.txt": mail.text.encode(),
            f"{begin}.pdf": whole.pdf,
            f"{begin}-{paper.lower()}.pdf": notice.pdf,
        },
        problems=(*making.problems, *_told(edition, tuple(dict.fromkeys((*whole.unseen, *notice.unseen))))),
    )


def write(root: Path, folder: Path, edition: MadeEdition) -> list[Path]:
    """Write all files anew, and only then put each in its place; remember what was told. Return where they are."""
    refuse_links(folder)
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {folder / name: folder / f".{name}.{os.getpid()}" for name in edition.files}
    try:
        for place, draft in drafts.items():
            write_anew(draft, edition.files[place.name])
        for place, draft in drafts.items():
            draft.replace(place)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    memory.remember(root, edition.making.edition, edition.making.told)
    return list(drafts)


def summary(edition: Edition, language: Language) -> str:
    """Return in a few words what an edition holds."""
    if edition.is_empty:
        return say("edition-nothing", language)
    return say(
        "edition-holds",
        language,
        items=str(len(edition.items)),
        deals=str(edition.total.count),
        corrections=str(len(edition.corrections)),
    )


def _told(edition: Edition, unseen: tuple[str, ...]) -> Iterator[Problem]:
    if unseen:
        yield problem(f"{stem(edition)}.pdf", 1, "edition-signs-not-shown", "warning", found=" ".join(unseen))
    if edition.base_url == Settings().base_url:
        yield problem(FILE, 1, "edition-without-address", "warning", found=edition.base_url)
