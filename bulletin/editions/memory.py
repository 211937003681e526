"""What editions have told: which version of each item one carried, so that the next one can say what was corrected.

One small file for each edition, in `.desk/editions/` of the site: `.desk/` is what has to be backed up anyhow, is in no
git and is never served, and `.cache/` may be deleted at any time.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import DecodeError, Struct, json

from bulletin.editions.edition import Change, CorrectedItem, Edition
from bulletin.editions.period import EditionPeriod
from bulletin.files import read_regular, refuse_links, write_anew
from bulletin.model import Article, Correction
from bulletin.problems import BuildFailed, problem
from bulletin.vietnamese import amounts, dates

_FOLDER = ".desk/editions"


class Version(Struct, frozen=True, kw_only=True):
    """An item as an edition has told it: the facts as readers saw them, the digest of its text, its corrections."""

    title: str
    date: str
    province: str
    value: str
    text: str
    updated: tuple[tuple[dt.date, str], ...]


class Told(Struct, frozen=True, kw_only=True):
    """What one edition has told: versions of items, by the paths of their files."""

    period: EditionPeriod
    province: str
    """The id of the province that it is about; empty for all."""
    sent: bool
    items: dict[str, Version]


_TOLD = json.Decoder(Told)


def version_of(article: Article) -> Version:
    """Return an item as readers see it now."""
    card = article.card
    told = [amounts.show(mention.amount) if mention.amount else "chưa công bố" for mention in article.mentions]
    return Version(
        title=card.title,
        date=dates.short(card.day),
        province=", ".join(place.name for place in card.places),
        value=", ".join(told),
        text=article.body.text.digest,
        updated=tuple((correction.day, correction.note) for correction in article.corrections),
    )


def folder(root: Path) -> Path:
    """Return the folder of the site in which editions are remembered; make it if there is none."""
    made = root / _FOLDER
    refuse_links(made.parent, made)
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = made.parent / ".gitignore"
    if not ignore.exists():
        write_anew(ignore, b"*\n")
    return made


def told_before(root: Path, period: EditionPeriod, province: str) -> dict[str, Version]:
    """Return the version of each item that readers of this series were told last, before this period.

    Raise BuildFailed for a file that is damaged: whom it was sent to, nobody would be told what was corrected.
    """
    versions: dict[str, Version] = {}
    for told in sorted(_all(root), key=lambda one: (one.period.first, one.period.last)):
        is_of_series = told.period.series == period.series and told.province == province
        if is_of_series and (told.period.first, told.period.last) < (period.first, period.last):
            versions |= told.items
    return versions


def remember(
    root: Path, edition: Edition, articles: Iterable[Article], *, sent: bool = False, again: bool = False
) -> None:
    """Keep what an edition tells. What was sent is told, and nothing later changes that, unless it is sent `again`."""
    file = folder(root) / f"{edition.name}.json"
    if not again and (known := _read(file)) is not None and known.sent:
        return
    province = edition.province.id if edition.province else ""
    versions = {article.source: version_of(article) for article in articles}
    told = Told(period=edition.period, province=province, sent=sent, items=versions)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    write_anew(draft, json.format(json.encode(told), indent=1) + b"\n")
    draft.replace(file)


def corrected(before: Mapping[str, Version], articles: Iterable[Article]) -> tuple[CorrectedItem, ...]:
    """Return the items that were told before and are corrected since, newest first: by a note or in a fact."""
    found: list[CorrectedItem] = []
    for article in articles:
        known = before.get(article.source)
        if known is None:
            continue
        notes = _new_notes(known, article)
        changes = _changes(known, version_of(article))
        if notes or changes:
            card = article.card
            found.append(CorrectedItem(title=card.title, url=card.url, day=card.day, notes=notes, changes=changes))
    return tuple(found)


def changed_silently(before: Mapping[str, Version], articles: Iterable[Article]) -> tuple[Article, ...]:
    """Return the items whose text is another than was told, though neither a note nor a fact says so."""
    return tuple(
        article
        for article in articles
        if (known := before.get(article.source)) is not None
        and known.text != article.body.text.digest
        and not _new_notes(known, article)
        and not _changes(known, version_of(article))
    )


def _new_notes(known: Version, article: Article) -> tuple[Correction, ...]:
    return tuple(one for one in article.corrections if (one.day, one.note) not in known.updated)


def _changes(before: Version, after: Version) -> tuple[Change, ...]:
    return tuple(
        Change(what=what, before=getattr(before, what), after=getattr(after, what))
        for what in ("title", "date", "province", "value")
        if getattr(before, what) != getattr(after, what)
    )


def _all(root: Path) -> list[Told]:
    names = sorted((root / _FOLDER).glob("*.json"))
    return [told for file in names if (told := _read(file)) is not None]


def _read(file: Path) -> Told | None:
    data = read_regular(file)
    if data is None:
        return None
    try:
        return _TOLD.decode(data)
    except DecodeError as fault:
        raise BuildFailed((problem(f"{_FOLDER}/{file.name}", 1, "edition-memory-damaged"),)) from fault
