"""All forms of an edition, as files by their names. Whoever wants one of them alone asks its module."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bulletin.build.reading import ReadSite
from bulletin.editions.edition import Edition
from bulletin.editions.mail import write_mail
from bulletin.editions.pdf import pdf
from bulletin.editions.sheet import Paper, sheet


class Files(Struct, frozen=True, kw_only=True):
    """The files of an edition by their names; the signs that the PDFs cannot show."""

    files: Mapping[str, bytes]
    unseen: tuple[str, ...]


def stem(edition: Edition) -> str:
    """Return the beginning of all names of an edition's files."""
    return f"ban-tin-{edition.name}"


def files(edition: Edition, site: ReadSite, paper: Paper) -> Files:
    """Return every form of an edition; raise Refused if a package is missing that a form needs."""
    whole, notice = pdf(edition, site), sheet(edition, site, paper)
    mail = write_mail(edition, site.renderer.settings.edition, site.renderer, site.pictures.jpeg)
    begin = stem(edition)
    return Files(
        files={
            f"{begin}.eml": mail.body.draft(),
            f"{begin}.html": mail.html.encode(),
            f"{begin}.txt": mail.text.encode(),
            f"{begin}.pdf": whole.pdf,
            f"{begin}-{paper.lower()}.pdf": notice.pdf,
        },
        unseen=tuple(dict.fromkeys((*whole.unseen, *notice.unseen))),
    )
