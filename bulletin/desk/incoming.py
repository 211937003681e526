"""Files that people have already, at the desk: read as working copies, whose pictures wait until the item is saved.

What was proposed, and what is to be said, lies beside the working copies in `.desk/` for as long as there is one.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from msgspec import DecodeError, Struct
from msgspec.json import decode, encode
from msgspec.structs import replace

from bulletin import urls
from bulletin.desk import form, pictures
from bulletin.desk.exchange import Brought, NewItem, ShownIncoming, ShownProposal
from bulletin.desk.storage import DESK, Actor, Store, WorkingCopy, write_new
from bulletin.files import read_regular
from bulletin.intake import Document, Found, Given, Proposal, Wishes, by_field, chosen, in_words, read, renamed
from bulletin.intake.values import RowsAs
from bulletin.items import edit_header
from bulletin.preview import Preview
from bulletin.problems import Language, Problem, Refused, errors, problem_at

_COPY = re.compile("[0-9a-f]{16}")


class Record(Struct, frozen=True, kw_only=True):
    """What stands beside the form of an item that was read of a file: proposals, and what is to be said."""

    name: str
    """The file's own."""
    proposals: tuple[Proposal, ...]
    problems: tuple[Problem, ...]


def text_of(document: Document) -> str:
    """Return the item that a document makes: under each key what alone is proposed for it, nothing where people choose.

    A value that no header can hold is left to people as well.
    """
    text = "---\n---\n\n"
    for key, value in chosen(document.proposals).items():
        edited = edit_header("", text, {key: value})
        text = edited if isinstance(edited, str) else text
    return text + document.body


class Arrivals:
    """The files that come to the desk of a site, and what is known of those whose items are not saved yet."""

    def __init__(self, preview: Preview, store: Store, language: Language) -> None:
        self._preview = preview
        self._store = store
        self._language = language
        self._folder = preview.root / DESK / "incoming"

    def read(self, given: Given, *, accept_changes: bool, rows_as: RowsAs) -> Found | Brought:
        """Return what a file holds, or why it cannot be read. It may take long, and touches nothing."""
        today, rules = self._preview.now().date(), self._preview.state.settings.item_rules
        wishes = Wishes(rules=rules, today=today, accept_changes=accept_changes, rows_as=rows_as)
        try:
            return read(given, wishes)
        except Refused as refused:
            found = problem_at(refused, given.name, 1)
            return Brought(problems=list(form.shown_on_list([found], self._language)))

    def bring_in(self, name: str, found: Found, actor: Actor, *, is_confirmed: bool = False) -> Brought:
        """Keep what a file holds as working copies, or none of it if there is an error. Nothing goes into content/.

        The cells of a spreadsheet are shown first: until somebody has confirmed them nothing is kept.
        """
        problems = list(form.shown_on_list(found.problems, self._language))
        brought = Brought(problems=problems, cells=list(found.cells), total=found.total)
        if any(errors(found.problems)):
            return brought
        if found.cells and not is_confirmed:
            return replace(brought, waiting=len(found.documents))
        self._tidy()
        return replace(brought, items=[self._item(name, one, found.problems, actor) for one in found.documents])

    def _item(self, name: str, document: Document, problems: tuple[Problem, ...], actor: Actor) -> NewItem:
        key = secrets.token_hex(8)
        names: dict[str, str] = {}
        for picture in document.pictures:
            taken = pictures.taken(picture.name, picture.data)
            names[picture.name] = self._store.waiting.take(key, "", taken.words, taken.ending, picture.data)
        self._folder.mkdir(parents=True, exist_ok=True)
        write_new(self._file(key), encode(Record(name=name, proposals=document.proposals, problems=problems)))
        text = renamed(text_of(document), names)
        # Last: until it is there nothing of the file is to be seen.
        self._store.keep(WorkingCopy(key=key, path="", text=text, opened="", by=actor), "")
        title = str((form.values(text) or {}).get("title") or name)
        return NewItem(title=title, address=f"{urls.NEW_FORM}?ban={key}")

    def shown(self, copy: str) -> ShownIncoming | None:
        """Return what stands beside the form of a working copy; None if it was read of no file."""
        record = self._record(copy)
        if record is None:
            return None
        settled, fields = chosen(record.proposals), by_field(record.proposals)
        return ShownIncoming(
            name=record.name,
            fields={
                key: [ShownProposal(value=one.value, words=in_words(one), sentence=one.sentence) for one in proposals]
                for key, proposals in fields.items()
            },
            asked=[key for key in fields if key not in settled],
            problems=list(form.shown_on_list(record.problems, self._language)),
        )

    def follow(self, copy: str, to: str) -> None:
        """Have what stands beside the form of a working copy stand beside that of another one too."""
        if (record := self._record(copy)) is not None:
            write_new(self._file(to), encode(record))

    def _record(self, copy: str) -> Record | None:
        data = read_regular(self._file(copy)) if _COPY.fullmatch(copy) else None
        try:
            return decode(data, type=Record) if data else None
        except (DecodeError, UnicodeDecodeError):
            # Garbled by a disk or a person: the text is there all the same.
            return None

    def _tidy(self) -> None:
        """Remove what belongs to no working copy any more."""
        copies = {copy.key for copy in self._store.copies()}
        for file in self._folder.glob("*.json"):
            if file.stem not in copies:
                file.unlink(missing_ok=True)

    def _file(self, copy: str) -> Path:
        return self._folder / f"{copy}.json"
