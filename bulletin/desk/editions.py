"""Editions at the desk: made to be looked at, then written as they were seen."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from functools import partial
from pathlib import Path
from threading import Lock

from bulletin.build import Request, cores
from bulletin.build.reading import ReadSite, read_site
from bulletin.desk import publication
from bulletin.desk.exchange import EditionFile, EditionWanted, ShownEdition
from bulletin.editions import EditionPeriod, Paper, forms, make, parse_period, readers
from bulletin.preview import Preview
from bulletin.problems import Language, gathered, refuse

_KEPT = 4
"""Editions that are kept to be looked at, in the memory of the server: those of a few people at once."""
_TITLES = {
    ".html": "E-mail",
    ".txt": "E-mail, chỉ có chữ",
    ".eml": "E-mail để mở trong Outlook",
    ".pdf": "Bản PDF",
}
_ORDER = tuple(_TITLES)


class Editions:
    """The editions that somebody looks at; nothing is remembered of one that was not written."""

    def __init__(self, preview: Preview, language: Language) -> None:
        self._preview = preview
        self._language = language
        self._made: OrderedDict[str, forms.MadeEdition] = OrderedDict()
        self._turn = Lock()

    def make(self, period: str, province: str, paper: Paper) -> ShownEdition:
        """Make an edition; raise Refused, or BuildFailed if content/ has errors."""
        root = self._preview.root
        settings = readers.with_their_address(self._preview.state.settings, root)
        request = Request(root=root, output=root / "output", now=self._preview.now(), settings=settings, jobs=cores())
        work = partial(_made, root=root, period=parse_period(period), province=province, paper=paper)
        # Two at once would want twice the memory, and write to one state.
        with self._turn:
            made = read_site(request, work)
            token = secrets.token_hex(8)
            self._made[token] = made
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return self._shown(token, made)

    def file(self, token: str, name: str) -> bytes | None:
        """Return a file of an edition that was made; None if there is none, or if it was made long ago."""
        made = self._made.get(token)
        return made.files.get(name) if made else None

    def write(self, wanted: EditionWanted) -> ShownEdition:
        """Write an edition as it was looked at into editions/; raise Refused if it is kept no longer."""
        made = self._made.get(wanted.token)
        if made is None or not made.files:
            refuse("edition-gone")
        forms.write(self._preview.root, self._preview.root / forms.FOLDER, made)
        return self._shown(wanted.token, made)

    def _shown(self, token: str, made: forms.MadeEdition) -> ShownEdition:
        begin = forms.stem(made.making.edition)
        names = sorted(made.files, key=lambda name: (_ORDER.index(Path(name).suffix), name != f"{begin}.pdf"))
        return ShownEdition(
            token=token,
            title=made.making.edition.title,
            summary=forms.summary(made.making.edition, self._language),
            folder=forms.FOLDER,
            files=[EditionFile(name=name, title=_title(name, begin)) for name in names],
            problems=[publication.shown_problem(one, self._language) for one in gathered(made.problems)],
        )


def _title(name: str, begin: str) -> str:
    is_notice = name.endswith(".pdf") and name != f"{begin}.pdf"
    return f"Tờ dán bảng tin, {name.removesuffix('.pdf')[-2:].upper()}" if is_notice else _TITLES[Path(name).suffix]


def _made(site: ReadSite, root: Path, period: EditionPeriod, province: str, paper: Paper) -> forms.MadeEdition:
    return forms.made(make(site, root, period, province), site, paper)
