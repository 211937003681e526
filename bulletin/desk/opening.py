"""Opens the form of an item: as its file stands, or as somebody has written on in a working copy.

One goes on with a working copy of one's own. That of a colleague is looked at, and written on in a copy of it, so that
what the colleague has typed stays as it is.
"""

from __future__ import annotations

import posixpath
import secrets
from datetime import datetime

from bulletin.desk import exchange, form, history, pictures, troubles
from bulletin.desk.checking import Checker
from bulletin.desk.incoming import Arrivals
from bulletin.desk.presence import Presence
from bulletin.desk.storage import Actor, Opened, Store, WorkingCopy
from bulletin.model import CONTENT
from bulletin.preview import Preview
from bulletin.problems import BuildFailed, Language, Refused
from bulletin.richtext import split
from bulletin.settings import Settings


class Opener:
    """Opens the forms of one site; `arrivals` knows what was read of files for new items."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a form tells comes from all of these
        self,
        preview: Preview,
        store: Store,
        presence: Presence,
        checker: Checker,
        arrivals: Arrivals,
        language: Language,
    ) -> None:
        self._preview = preview
        self._store = store
        self._presence = presence
        self._checker = checker
        self._arrivals = arrivals
        self._language = language

    @property
    def _settings(self) -> Settings:
        return self._preview.state.settings

    def form(self, path: str, name: str, by: Actor) -> exchange.OpenForm:
        """Return the form of an item, or of a new one if no path is given; see Desk.open."""
        standing = self.standing(path) if path else None
        copies = [copy for copy in self.copies() if copy.path == path and (path or copy.key == name)]
        copy = self._chosen(copies, name, by)
        if path and standing is None and copy is None:
            standing = self._store.open(path)
        whose = copy if copy and copy.by != by else None
        own = None if whose else copy
        named = own.key if own else secrets.token_hex(8)
        if whose:
            self._store.waiting.follow(whose.key, named)
            self._arrivals.follow(whose.key, named)
        base = copy.text if copy else standing.text if standing else ""
        folder = self.folder_of(path)
        checked = self._checker.check(path or f"{folder}/moi.md", base, named)
        values = form.values(base) if base else {}
        body = form.body_of(base)
        return exchange.OpenForm(
            path=path,
            copy=named,
            digest=copy.opened if copy else standing.digest if standing else "",
            after=own.state if own else "",
            base=base,
            title=str((values or {}).get("title", "")),
            values=values,
            body=base if values is None else body,
            blocks=self.blocks(body),
            stand="kept" if copy else "saved" if path else "new",
            problems=checked.problems if base else [],
            says=checked.says,
            says_of_desk=list(form.shown_on_list(troubles.all_of(self._store, name or named), self._language)),
            returns_to=self.returns_to(path, standing, by),
            saved=self.saved(path, standing),
            page=checked.page,
            day=f"{self._preview.now():%Y-%m-%d}",
            folder=f"/{folder}/",
            places=form.choices(self._settings.nationwide_label),
            pictures=pictures.names(self._preview.root, folder),
            versions=history.address(path),
            has_copy=own is not None,
            whose=self._shown(whose, by) if whose else None,
            others=[self._shown(other, by) for other in copies if other is not copy],
            seat=secrets.token_hex(8),
            incoming=self._arrivals.shown(copy.key if copy else named),
        )

    def _chosen(self, copies: list[WorkingCopy], name: str, by: Actor) -> WorkingCopy | None:
        """Return the working copy of this name; else one's own that no window shows."""
        if name:
            return next((copy for copy in copies if copy.key == name), None)
        return next((copy for copy in copies if copy.by == by and not self._is_open(copy)), None)

    def _is_open(self, copy: WorkingCopy) -> bool:
        """Tell whether a window shows this working copy."""
        return bool(self._presence.others(copy.key, ""))

    def _shown(self, copy: WorkingCopy, by: Actor) -> exchange.OtherCopy:
        return exchange.OtherCopy(
            key=copy.key,
            who="" if copy.by == by else copy.by.name,
            when=f"{datetime.fromtimestamp(copy.at, self._settings.zone):%H:%M %d/%m}",
            is_open=self._is_open(copy),
        )

    def copies(self) -> tuple[WorkingCopy, ...]:
        """Return all working copies; none while their folder cannot be read, which `troubles` tells."""
        try:
            return self._store.copies()
        except OSError:
            return ()

    def standing(self, path: str) -> Opened | None:
        """Return an item's file as it stands; None if there is none, or if it holds no text."""
        try:
            return self._store.open(path)
        except (BuildFailed, Refused, OSError):
            return None

    def folder_of(self, path: str) -> str:
        """Return the folder of an item; a new one, whose day may still change, goes into that of this year."""
        return posixpath.dirname(path) if path else f"{CONTENT}/{self._preview.now():%Y}"

    def blocks(self, body: str) -> list[exchange.ShownBlock]:
        """Return a text as the editor gets it."""
        found = split(body, self._settings.line_breaks)
        return [exchange.ShownBlock(html=block.html, source=block.source) for block in found]

    def returns_to(self, path: str, standing: Opened | None, by: Actor) -> str:
        """Return in words what discarding a working copy returns to."""
        saved = self._store.saved(path, standing.digest) if standing else None
        return history.returns_to(saved, by, self._settings, self._language)

    def saved(self, path: str, standing: Opened | None) -> str:
        """Return in words who has saved what stands, and when; empty if nothing stands."""
        if standing is None:
            return ""
        return history.saved(self._store.saved(path, standing.digest), self._settings, self._language)
