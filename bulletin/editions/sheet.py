"""An edition -> a notice: one page for a noticeboard, with the newest items in large type and a QR code for each."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from bulletin.build.reading import ReadSite
from bulletin.editions import shown
from bulletin.editions.edition import Edition, EditionItem
from bulletin.editions.paper import Paper
from bulletin.editions.printed import breakable
from bulletin.editions.tree import Address
from bulletin.editions.typesetting import Typeset, typeset
from bulletin.problems import refuse
from bulletin.vietnamese import clip

_MOST = 6
_LONGEST_TITLE, _LONGEST_SUMMARY = 240, 160
"""Characters: what a whole page has room for in small type, so that any item fits."""
_LONGEST_NAME = 60


def sheet(edition: Edition, site: ReadSite, paper: Paper) -> Typeset:
    """Return the notice as PDF, always of one page; raise Refused if Typst or segno is not installed."""
    address = site.renderer.absolute
    newest = edition.newest[:_MOST]
    day = datetime.combine(edition.period.last, time(), site.renderer.settings.zone)
    codes = {f"{number}.svg": code(address(one.article.card.url)) for number, one in enumerate(newest)}
    return typeset("sheet.typ", _data(edition, newest, paper, address), codes, day)


def code(address: str) -> bytes:
    """Return the QR code of an address as SVG, with the quiet zone that readers of codes need."""
    try:
        import segno  # noqa: PLC0415 - of the extra that a build does without
    except ImportError:
        refuse("edition-without-segno")
    file = io.BytesIO()
    # Nothing stains a notice behind glass, and large squares can be read from farther away.
    segno.make(address, error="l", micro=False).save(file, kind="svg", border=4, xmldecl=False, light="white")
    return file.getvalue()


def _data(edition: Edition, newest: tuple[EditionItem, ...], paper: Paper, address: Address) -> Mapping[str, Any]:
    site = breakable(address("/").partition("://")[2].rstrip("/"))
    return {
        "paper": paper.lower(),
        "title": edition.title,
        "bulletin": clip(edition.bulletin, _LONGEST_NAME),
        "organisation": clip(edition.organisation, _LONGEST_NAME),
        "description": f"{edition.bulletin}, {edition.title}",
        "more": f"Cả {shown.grouped(len(edition.items))} tin của kỳ này: {site}" if newest else site,
        "nothing": "Kỳ này chưa có tin.",
        "items": [_item(one, f"{number}.svg") for number, one in enumerate(newest)],
    }


def _item(item: EditionItem, name: str) -> Mapping[str, str]:
    card = item.article.card
    return {
        "title": breakable(clip(card.title, _LONGEST_TITLE)),
        "meta": breakable(clip(shown.meta(card), _LONGEST_SUMMARY)),
        "summary": breakable(clip(card.summary, _LONGEST_SUMMARY)),
        "code": name,
        "code-alt": f"Mã QR dẫn tới bài «{card.title}»",
    }
