"""Everything that is done at the desk of one site. All of it runs in the thread that builds, one thing after the other.

Files in content/ are the truth. What one types is a working copy, beside them in .desk/; only saving writes into
content/, and only an item without errors.
"""

from __future__ import annotations

import posixpath
import secrets

from msgspec.structs import replace

from bulletin.desk import exchange, form, history, linking, listing, merging, pasting, pictures, troubles
from bulletin.desk.checking import Checker
from bulletin.desk.editions import Editions
from bulletin.desk.exchange import Answer, OpenForm
from bulletin.desk.fates import BLOCKING, Fate, Found, fate_of
from bulletin.desk.form import ShownProblem, Typed
from bulletin.desk.incoming import Arrivals
from bulletin.desk.opening import Opener
from bulletin.desk.presence import Presence
from bulletin.desk.publication import Publishing
from bulletin.desk.storage import Actor, Conflict, Elsewhere, Opened, Saved, Store, WorkingCopy, item_file
from bulletin.desk.team import Log
from bulletin.items import new_path
from bulletin.model import CONTENT
from bulletin.preview import Preview
from bulletin.problems import BuildFailed, Language, Problem, Refused, problem_at, refuse, say
from bulletin.settings import Settings

SHOWN_LINKS = 8


class Desk:
    """The desk of a site; `preview` knows its items as they stand in content/."""

    def __init__(self, preview: Preview, log: Log, language: Language) -> None:
        self.root = preview.root
        self.language = language
        self._preview = preview
        self._log = log
        self._store = Store(preview.root, on_change=log.changed)
        self._presence = Presence()
        self._checker = Checker(preview, self._store.waiting.paths, language)
        self.arrivals = Arrivals(preview, self._store, language)
        self.editions = Editions(preview, language)
        self._opener = Opener(preview, self._store, self._presence, self._checker, self.arrivals, language)
        self.publishing = Publishing(preview, self._store, log, language)
        self._rows: tuple[object, int, list[listing.Row]] | None = None

    @property
    def settings(self) -> Settings:
        return self._preview.state.settings

    @property
    def is_building(self) -> bool:
        """Tell whether the first build of the preview is still under way."""
        return not self._preview.state.sources

    # The desk itself

    def trouble(self) -> Problem | None:
        """Return what keeps the desk from keeping anything; None if nothing does."""
        return troubles.of_folder(self._store)

    def troubles(self, copy: str = "") -> list[ShownProblem]:
        """Return what people at the desk must know of it; with the name of a working copy, whether it is garbled."""
        return list(form.shown_on_list(troubles.all_of(self._store, copy), self.language))

    def tidy(self, days: int) -> None:
        """Remove files that waited for items which nobody saved, and old versions: see Store.forget_versions."""
        self._store.waiting.tidy()
        self._store.forget_versions(days)

    # The list

    def rows(self) -> list[listing.Row]:
        """Return the list of all items, those that have only a working copy first."""
        state, number = self._preview.state, self.publishing.number()
        if self._rows is None or self._rows[0] is not state.sources or self._rows[1] != number:
            published = self.publishing.published(state.digests)
            made = listing.rows(state.sources, published, self._preview.now(), self.language)
            self._rows = state.sources, number, made
        copies = self._opener.copies()
        writers: dict[str, list[str]] = {}
        for copy in copies:
            writers.setdefault(copy.path, []).append(copy.by.name)
        # An item that is gone, deleted while somebody wrote, lives on in its working copy.
        alone = [copy for copy in copies if copy.path not in state.sources and not self.is_building]
        new = [listing.row_of_copy(copy.key, copy.path, copy.by.name, form.values(copy.text) or {}) for copy in alone]
        return [
            *new,
            *(
                replace(
                    row,
                    writers=tuple(dict.fromkeys(writers.get(row.path, ()))),
                    holders=tuple(by.name for by in self._presence.others(row.path, "")),
                )
                for row in self._rows[2]
            ),
        ]

    def with_last_saves(self, found: listing.Found) -> listing.Found:
        """Return a page of the list with who has saved each item last, and when, if it was at the desk."""
        return replace(found, rows=[replace(row, saved=self._last_save(row.path)) for row in found.rows])

    def _last_save(self, path: str) -> str:
        digest = self._preview.state.digests.get(path, "")
        return history.saved_at_desk(self._store, path, digest, self.settings, self.language) if digest else ""

    # One item

    def open(self, path: str, name: str, by: Actor) -> OpenForm:
        """Return the form of an item, or of a new one if no path is given, for somebody.

        The form goes on with the working copy of this name; else with one of their own that no window shows. What is
        written on in that of somebody else becomes a copy of one's own.
        Without one raise Refused, BuildFailed or OSError for a file that cannot be opened.
        """
        return self._opener.form(path, name, by)

    def keep(self, typed: Typed, actor: Actor) -> Answer:
        """Keep what was typed as a working copy, and say what is wrong with it; a copy that says nothing new goes."""
        text = form.text_of(typed, self.settings.line_breaks)
        if not isinstance(text, str):
            return self._refused(typed, text)
        checked = self._checker.check(self._path_of(typed, text), text, typed.copy)
        standing = self._opener.standing(typed.path) if typed.path else None
        if form.is_blank(text) if not typed.path else standing and text == standing.text:
            # Not what another window has kept under the same name since.
            self._store.throw_away(typed.copy, typed.after)
            return replace(checked, stand="saved" if standing else "new", digest=standing.digest if standing else "")
        copy = WorkingCopy(key=typed.copy, path=typed.path, text=text, opened=typed.digest, by=actor)
        kept = self._store.keep(copy, typed.after)
        if isinstance(kept, Elsewhere):
            # Another window goes on with the same copy: this one goes on with a copy of its own.
            kept = self._store.keep(replace(copy, key=secrets.token_hex(8)), "")
            assert isinstance(kept, WorkingCopy)
            self._store.waiting.follow(copy.key, kept.key)
            self.arrivals.follow(copy.key, kept.key)
        fate = self.fate(typed.path, typed.digest, was_draft=bool((form.values(typed.base) or {}).get("draft")))
        return replace(checked, stand="kept", copy=kept.key, after=kept.state, digest=typed.digest, fate=fate)

    def save(self, typed: Typed, actor: Actor) -> Answer:
        """Write an item into content/, unless it has errors or its file is another than was opened."""
        kept = self.keep(typed, actor)
        text = form.text_of(typed, self.settings.line_breaks)
        if not isinstance(text, str) or kept.stand == "saved":
            return kept
        if kept.fate and kept.fate.kind in BLOCKING:
            return replace(kept, stand="error", problems=[*kept.problems, kept.fate.problem])
        typed = replace(typed, copy=kept.copy, after=kept.after)
        return self._saved(typed, self._path_of(typed, text), text, actor)

    def _saved(self, typed: Typed, path: str, made: str, actor: Actor) -> Answer:
        """Write the text that was made of an item, with its old url among its aliases if it gets another one."""
        text = self._checker.with_old_url(path, made, typed.copy)
        fields = {} if text == made else {"aliases": (form.values(text) or {}).get("aliases")}
        checked = self._checker.check(path, text, typed.copy)
        if any(problem.severity == "error" for problem in checked.problems):
            return replace(checked, stand="error", after=typed.after)
        try:
            result = self._written(typed, path, text, actor)
        except (Refused, OSError) as fault:
            # The working copy is left.
            problems = [*checked.problems, *self.failure(fault).problems]
            return replace(checked, stand="error", after=typed.after, problems=problems)
        if isinstance(result, Conflict):
            return replace(checked, stand="conflict", after=typed.after, conflict=self._conflict(result, made))
        self._store.throw_away(typed.copy, typed.after)
        standing = self._opener.standing(path)
        return replace(
            checked,
            stand="saved",
            digest=result.digest,
            fields=fields,
            address=listing.address_of(path),
            returns_to=self._opener.returns_to(path, standing, actor),
            saved=self._opener.saved(path, standing),
        )

    def _written(self, typed: Typed, path: str, text: str, actor: Actor) -> Saved | Conflict:
        """Write an item, and the files that wait for it."""
        with self._store.waiting.landed(typed.copy, posixpath.dirname(path), text) as stay:
            if typed.path and typed.digest:
                result = self._store.save(path, text, typed.digest, actor)
            else:
                result = self._store.create(path, text, actor)
            if isinstance(result, Saved):
                stay()
        return result

    def merge(self, merged: exchange.Merged, actor: Actor) -> Answer:
        """Save an item part by part as it was chosen, over the file that was shown beside it."""
        mine = form.text_of(merged, self.settings.line_breaks)
        if not isinstance(mine, str):
            return self._refused(merged, mine)
        standing = self._opener.standing(merged.path)
        if standing is None and not merged.against:
            # It was deleted meanwhile, and its writer has been told so.
            return self._saved(replace(merged, digest=""), merged.path, mine, actor)
        if standing is None or standing.digest != merged.against:
            return self._saved(merged, merged.path, mine, actor)
        parts = merging.merge(
            merged.path, history.text_with(self._store, merged.path, merged.digest), mine, standing.text
        )
        text = merging.merged(parts, *exchange.choices(parts, merged.chosen))
        if not isinstance(text, str):
            return self._refused(merged, text)
        return self._saved(replace(merged, digest=merged.against), merged.path, text, actor)

    def turn(self, typed: Typed, _actor: Actor) -> exchange.Turned | Answer:
        """Return the body as Markdown, and the form of the text as it is now: for the other way of writing it."""
        text = form.text_of(typed, self.settings.line_breaks)
        if not isinstance(text, str):
            return self._refused(typed, text)
        body = form.body_of(text)
        return exchange.Turned(base=text, body=body, values=form.values(text), blocks=self._opener.blocks(body))

    def clean(self, what: exchange.Pasted, _actor: Actor) -> exchange.Cleaned:
        """Return what was pasted from another program, as the editor may take it."""
        return pasting.cleaned(what, self.language)

    def discard(self, left: exchange.Left, actor: Actor) -> Answer:
        """Throw a working copy away, with the files that waited for it; that of somebody else is noted in the log."""
        if copy := self._store.copy(left.copy):
            is_gone = self._store.throw_away(copy.key, copy.state)
            if is_gone and copy.by != actor:
                self._log.did(actor, "discarded", path=copy.path, of=copy.by.name)
        self._store.waiting.drop(left.copy)
        return Answer(stand="saved")

    def present(self, present: exchange.Present, actor: Actor) -> exchange.Others:
        """Note that a page is open, or is being left; return who else has the item open."""
        for place in (present.path, present.copy):
            if present.leaves:
                self._presence.closed(place, present.seat)
            elif place:
                self._presence.opened(place, present.seat, actor)
        others = self._presence.others(present.path, present.seat) if present.path else ()
        return exchange.Others(
            others=[other.name for other in others if other != actor],
            is_own=actor in others,
            fate=None if present.leaves else self.fate(present.path, present.digest, was_draft=present.is_draft),
        )

    def fate(self, path: str, digest: str, *, was_draft: bool) -> Fate | None:
        """Return what has befallen the file of an item since it was opened with this digest, if anything."""
        if not path or not digest:
            return None
        found: Found
        try:
            found = self._store.open(path)
        except (BuildFailed, Refused, OSError) as fault:
            found = fault
        now = found.digest if isinstance(found, Opened) else ""
        if now == digest:
            return None
        who = history.changer(self._store, path, now) or say("desk-another-program", self.language)
        return fate_of(found, path, digest, self._preview.state.digests, who, self.language, was_draft=was_draft)

    # Deleting

    def remove(self, removal: exchange.Removal, actor: Actor) -> Answer:
        """Delete an item. Refuse while others link to it, unless their links are to be taken out first."""
        linked = list(linking.linking_to(removal.path, self._preview.state.sources))
        if linked and removal.unlink:
            for path in linked:
                opened = self._store.open(path)
                typed = Typed(copy=secrets.token_hex(8), path=path, digest=opened.digest)
                without = linking.without_links(path, opened.text, removal.path)
                answer = self._saved(typed, path, without, actor)
                if answer.stand != "saved":
                    return answer
        elif linked:
            shown = [self._linkable(path, removal.path) for path in linked]
            return Answer(stand="error", linked=shown)
        result = self._store.delete(removal.path, removal.digest, actor)
        if isinstance(result, Conflict):
            return Answer(stand="conflict", conflict=self._conflict(result))
        return Answer(stand="saved")

    # Links, pictures, pages

    def linkable(self, words: str, start: str) -> list[exchange.Linkable]:
        """Return the newest items that have these words, each with its link from the item `start`."""
        if not words.strip():
            return []
        found = listing.find(self.rows(), listing.Query(words=words))
        return [self._linkable(row.path, start) for row in found.rows if row.path and row.path != start][:SHOWN_LINKS]

    def _linkable(self, path: str, start: str) -> exchange.Linkable:
        return linking.linkable(path, self._opener.folder_of(start), self._preview.state.sources)

    def add_file(self, path: str, copy: str, name: str, data: bytes) -> exchange.Added:
        """Have a file wait until its item is saved, or say why not."""
        folder = self._opener.folder_of(path)
        try:
            item_file(self.root, f"{folder}/x.md")
            found = pictures.taken(name, data)
            landed = self._store.waiting.take(copy, folder if path else "", found.words, found.ending, data)
        except Refused as refused:
            return exchange.Added(problem=form.told(problem_at(refused, folder, 1), self.language))
        return exchange.Added(landed=pictures.Landed(name=landed, title=name, is_picture=found.is_picture))

    def picture(self, path: str, copy: str) -> tuple[bytes, str] | None:
        """Return a picture of content/, or one that waits for a working copy to be saved there, with its type."""
        waiting = self._store.waiting.paths(copy, posixpath.dirname(path)).get(path, "")
        return pictures.shown(self.root, path, waiting)

    def page(self, name: str) -> str:
        """Return the page of a working copy as it was checked last; empty if it has none."""
        return self._checker.page(name)

    # Editions

    def write_edition(self, wanted: exchange.EditionWanted, actor: Actor) -> exchange.ShownEdition:
        """Write the files of an edition as somebody has looked at it."""
        written = self.editions.write(wanted)
        self._log.did(actor, "edition-made", of=written.title)
        return written

    # Versions

    def versions(self, path: str) -> list[exchange.ShownVersion] | None:
        """Return the saved versions of an item, newest first; None if there is neither a version nor a file."""
        return history.versions(self._store, path, self._opener.standing(path), self.settings, self.language)

    def deleted(self) -> list[exchange.Deleted]:
        """Return the items that are gone, those that were saved or deleted last first."""
        return history.deleted(self._store)

    def bring_back(self, returned: exchange.Returned, actor: Actor) -> Answer:
        """Save a former version of an item again; a deleted item comes back."""
        standing = self._opener.standing(returned.path)
        try:
            result = self._store.bring_back(returned.path, returned.version, standing.digest if standing else "", actor)
        except FileNotFoundError:
            refuse("desk-item-gone", found=returned.path)
        if isinstance(result, Conflict):
            return Answer(stand="conflict", conflict=self._conflict(result))
        return Answer(stand="saved", digest=result.digest, address=listing.address_of(returned.path))

    # Reading what was typed

    def _path_of(self, typed: Typed, text: str) -> str:
        """Return the path of an item's file; of a new item the one that it will get."""
        if typed.path:
            return typed.path
        values = (form.values(typed.base) if typed.base else {}) or {}
        title, day = (str(typed.fields.get(key, values.get(key)) or "") for key in ("title", "date"))
        names = {posixpath.basename(source).lower() for source in self._preview.state.sources}
        here = self._opener.folder_of("")
        while True:
            path = new_path(
                form.day_of(day) or self._preview.now().date(), title, names, self._preview.state.articles.keys()
            )
            # Files that were dropped into the text stand where it was begun; its day may be of another year.
            path = f"{here}/{posixpath.basename(path)}" if pictures.are_named(self.root, here, text) else path
            if not (self.root / path).exists():
                return path
            # A colleague has saved an item of the same title a moment ago, which the preview has not seen yet.
            names.add(posixpath.basename(path).lower())

    def _conflict(self, conflict: Conflict, mine: str = "") -> exchange.ShownConflict:
        """Return what there is to choose from; `mine` is the text as the form makes it again for the choice."""
        return history.conflict(self._store, replace(conflict, mine=mine), self.language)

    def failure(self, fault: Refused | BuildFailed | OSError) -> Answer:
        """Return what kept some work from being done, as the page shows it."""
        found: tuple[Problem, ...]
        if isinstance(fault, OSError):
            found = (troubles.trouble(fault, self.root),)
        else:
            found = fault.problems if isinstance(fault, BuildFailed) else (problem_at(fault, CONTENT, 1),)
        return Answer(stand="error", is_lost=True, problems=list(form.shown_on_list(found, self.language)))

    def _refused(self, typed: Typed, problems: tuple[Problem, ...]) -> Answer:
        return Answer(
            stand="error", is_lost=True, copy=typed.copy, problems=form.shown(problems, typed.base, self.language)
        )
