"""The desk's addresses, below `/_soan/`: pages for people, and what their scripts ask for.

All work with files is done where the builds are done, one thing after the other, so no save meets a build half-way.
"""

from __future__ import annotations

import re
from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup
from tornado import web

from bulletin.desk import editor_library, exchange, form, listing
from bulletin.desk.answering import Handler
from bulletin.desk.desk import Desk
from bulletin.desk.edition_pages import EditionFileHandler, EditionsHandler
from bulletin.desk.exchange import (
    Added,
    Brought,
    EditionWanted,
    Left,
    Merged,
    Pasted,
    Present,
    Published,
    Removal,
    Returned,
)
from bulletin.desk.form import COPY_NAME, Typed, Unfit
from bulletin.desk.storage import Actor
from bulletin.desk.team import COOKIE, SIGN_IN, Role, Team, shown_entry
from bulletin.intake import Given
from bulletin.intake.values import RowsAs
from bulletin.model import CONTENT
from bulletin.preview import MAX_SENT, UploadHandler
from bulletin.problems import BuildFailed, Refused, problem_at, sentence
from bulletin.urls import DESK

STATIC = Path(__file__).parent / "static"


def routes(desk: Desk, team: Team, builds: Executor) -> list[tuple[str, type[web.RequestHandler], dict[str, Any]]]:
    """Return the desk's handlers with the patterns of their addresses."""
    shared = {"desk": desk, "team": team, "builds": builds}
    return [
        (SIGN_IN, _SignInHandler, shared),
        (f"{DESK}dang-xuat", _SignOutHandler, shared),
        (f"{DESK}nhat-ky", _LogHandler, shared),
        (DESK, _ListHandler, shared),
        (f"{DESK}moi", _FormHandler, shared),
        (f"{DESK}bai/(.+)", _FormHandler, shared),
        (f"{DESK}ban/(.+)", _VersionsHandler, shared),
        (f"{DESK}da-xoa", _DeletedHandler, shared),
        (f"{DESK}xuat-ban", _PublishingHandler, shared),
        (f"{DESK}an-pham", EditionsHandler, shared),
        (f"{DESK}an-pham/([0-9a-f]{{16}})/([^/]+)", EditionFileHandler, shared),
        (f"{DESK}nhap", _BringInHandler, shared),
        (f"{DESK}xem/([0-9a-f-]+)/", _ProofHandler, shared),
        (f"{DESK}tep/(.+)", _FileHandler, shared),
        (f"{DESK}_/anh", _PictureHandler, shared),
        (f"{DESK}_/tep", _GivenFileHandler, shared),
        (f"{DESK}_/bai", _ItemsHandler, shared),
        (f"{DESK}_/tien-do", _ProgressHandler, shared),
        (f"{DESK}_/([a-z]+)", _WorkHandler, shared),
        (f"{DESK}static/(.+)", _StaticHandler, shared),
    ]


class _ListHandler(Handler):
    async def get(self) -> None:
        asked = self.get_query_argument
        page = asked("trang", "1")
        query = listing.Query(
            words=asked("q", ""),
            state=asked("trang-thai", ""),
            province=asked("tinh", ""),
            month=asked("thang", ""),
            page=int(page) if page.isdecimal() and len(page) < 7 else 1,  # noqa: PLR2004 - a million pages
        )
        rows = await self.done(self.desk.rows)
        found = await self.done(lambda: self.desk.with_last_saves(listing.find(rows, query)))
        if self.request.headers.get("X-Part") == "rows":
            self.show("rows.html", found=found, states=listing.STATES, own=self.actor.name)
            return
        self.show(
            "list.html",
            found=found,
            own=self.actor.name,
            query=query,
            states=listing.STATES,
            places=exchange.places({one for row in rows for one in row.place_ids}, self.desk.settings.nationwide_name),
            troubles=await self.done(self.desk.troubles),
            months=sorted({f"{row.order:%Y-%m}" for row in rows if row.day}, reverse=True),
            is_building=self.desk.is_building,
        )


class _FormHandler(Handler):
    async def get(self, path: str = "") -> None:
        copy = self.get_query_argument("ban", "")
        try:
            form = await self.done(lambda: self.desk.open(_content_path(path) if path else "", copy, self.actor))
        except (Refused, BuildFailed, OSError) as fault:
            self.set_status(404)
            self.show("missing.html", problems=self.desk.failure(fault).problems)
            return
        # The sign `<` could end the element that holds the data.
        data = msgspec.json.encode(form).decode().replace("<", "\\u003c")
        categories = self.desk.settings.categories
        self.show("form.html", form=form, data=Markup(data), categories=categories)  # noqa: S704 - as said


class Work(NamedTuple):
    """Something that a script of a page may ask for: the kind of value that it sends, and who may have it done."""

    kind: type[Any]
    does: Callable[[Any, Actor], object]
    role: Role


def works(desk: Desk) -> dict[str, Work]:
    """Return every kind of work by its name: the one place that says which role each needs."""
    return {
        "giu": Work(Typed, desk.keep, "write"),
        "luu": Work(Typed, desk.save, "write"),
        "gop": Work(Merged, desk.merge, "write"),
        "doi": Work(Typed, desk.turn, "write"),
        "dan": Work(Pasted, desk.clean, "write"),
        "xoa": Work(Removal, desk.remove, "write"),
        "bo": Work(Left, desk.discard, "write"),
        "day": Work(Present, desk.present, "write"),
        "lai": Work(Returned, desk.bring_back, "write"),
        "xuatban": Work(Published, desk.publishing.publish, "publish"),
        "duyet": Work(Published, desk.publishing.approve, "publish"),
        "lui": Work(Published, desk.publishing.undo, "publish"),
        "anpham": Work(EditionWanted, desk.write_edition, "write"),
    }


class _WorkHandler(Handler):
    """Has the work done that a page asks for, if who asks may."""

    async def post(self, name: str) -> None:
        work = works(self.desk).get(name)
        if work is None:
            raise web.HTTPError(404)
        if not self.current_user.may(work.role):
            self._turn_away("desk-may-not-publish")
            return
        sent = self.typed(work.kind)
        try:
            self.answer(await self.done(lambda: work.does(sent, self.actor)))
        except Unfit as fault:
            raise web.HTTPError(400) from fault
        except (Refused, BuildFailed, OSError) as fault:
            # Such as a full disk, or a file that was deleted meanwhile: what was typed stays in the page.
            self.answer(self.desk.failure(fault))


class _PictureHandler(UploadHandler, Handler):
    async def post(self) -> None:
        path, copy, name = (self.get_query_argument(part, "") for part in ("path", "copy", "name"))
        data = self.sent
        if not re.fullmatch(COPY_NAME, copy):
            raise web.HTTPError(400)
        try:
            self.answer(await self.done(lambda: self.desk.add_file(path, copy, name, data)))
        except OSError as fault:
            # Such as a full disk: the picture's dialog says so.
            self.answer(Added(problem=self.desk.failure(fault).problems[0].message))


class _BringInHandler(Handler):
    """The page that takes a file which somebody has already."""

    async def get(self) -> None:
        self.show("bring_in.html", limit=MAX_SENT >> 20)


class _GivenFileHandler(UploadHandler, Handler):
    async def post(self) -> None:
        asked, arrivals = self.get_query_argument, self.desk.arrivals
        given = Given(name=asked("name", "") or "tep", data=self.sent)
        accept_changes = asked("chap-nhan", "") == "1"
        rows_as: RowsAs = "items" if asked("dong", "") == "items" else "deals"
        # Not where the builds are: a long text takes seconds, and others go on writing meanwhile.
        found = await get_running_loop().run_in_executor(
            None, lambda: arrivals.read(given, accept_changes=accept_changes, rows_as=rows_as)
        )
        if isinstance(found, Brought):
            self.answer(found)
            return
        try:
            is_confirmed = asked("xac-nhan", "") == "1"
            bring_in = partial(arrivals.bring_in, given.name, found, self.actor, is_confirmed=is_confirmed)
            self.answer(await self.done(bring_in))
        except (Refused, OSError) as fault:
            # Such as a full disk: nothing of the file is to be seen, and the page says so.
            self.answer(Brought(problems=self.desk.failure(fault).problems))


class _ItemsHandler(Handler):
    async def get(self) -> None:
        words, start = self.get_query_argument("q", ""), self.get_query_argument("from", "")
        self.answer({"items": await self.done(lambda: self.desk.linkable(words, start))})


class _VersionsHandler(Handler):
    async def get(self, path: str) -> None:
        try:
            found = await self.done(lambda: self.desk.versions(_content_path(path)))
        except Refused:
            # No item can have such a path.
            found = None
        if found is None:
            raise web.HTTPError(404)
        self.show(
            "versions.html", path=_content_path(path), address=listing.address_of(_content_path(path)), found=found
        )


class _DeletedHandler(Handler):
    async def get(self) -> None:
        self.show("deleted.html", found=await self.done(self.desk.deleted))


class _PublishingHandler(Handler):
    async def get(self) -> None:
        name = self.get_query_argument("noi", "")
        try:
            shown = await self.done(lambda: self.desk.publishing.page(name, self.actor))
        except Refused as refused:
            raise web.HTTPError(404) from refused
        self.show("publishing.html", shown=shown)


class _ProgressHandler(Handler):
    """How far a publication has come. It is answered while that goes on."""

    def get(self) -> None:
        self.answer({"says": self.desk.publishing.says})


class _ProofHandler(Handler):
    """The page of a working copy as readers would see it. Only the desk frames it."""

    def get(self, copy: str) -> None:
        page = self.desk.page(copy)
        if not page:
            raise web.HTTPError(404)
        self.clear_header("Content-Security-Policy")
        self.set_header("X-Frame-Options", "SAMEORIGIN")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page)


class _FileHandler(Handler):
    """A picture of content/, or one that waits for an item: no other kind of file is shown, whatever its name says."""

    async def get(self, path: str) -> None:
        copy = self.get_query_argument("ban", "")
        found = await self.done(lambda: self.desk.picture(path, copy))
        if found is None:
            raise web.HTTPError(404)
        data, kind = found
        self.set_header("Content-Type", kind)
        self.finish(data)


class _SignInHandler(Handler):
    """Asks for a name and its password. Whoever knocks is somebody else than before: a session is always a new one."""

    is_for_all = True

    def get(self) -> None:
        self._ask(self.get_query_argument("tiep", DESK), "")

    async def post(self) -> None:
        name, typed = (
            self.get_body_argument("name", "", strip=True),
            self.get_body_argument("password", "", strip=False),
        )
        target = self.get_body_argument("tiep", DESK)
        try:
            token = await self.team.sign_in(
                name, typed, self.access.sender(self.request.remote_ip, self.request.headers)
            )
        except Refused as refused:
            self.set_status(401)
            self._ask(target, sentence(problem_at(refused, "", 0), self.desk.language), name)
            return
        self.team.sign_out(self.team.gate.token(self), self.person)
        self.team.gate.remember(self, token)
        self.redirect(_own_address(target))

    def _ask(self, target: str, problem: str, name: str = "") -> None:
        self.show("sign_in.html", target=_own_address(target), problem=form.spoken(problem), name=name)


class _SignOutHandler(Handler):
    def post(self) -> None:
        self.team.sign_out(self.team.gate.token(self), self.person)
        self.clear_cookie(COOKIE)
        self.redirect(SIGN_IN)


class _LogHandler(Handler):
    """What was done at the desk, newest first."""

    async def get(self) -> None:
        page = self.get_query_argument("trang", "1")
        number = int(page) if page.isdecimal() and len(page) < 7 else 1  # noqa: PLR2004 - a million pages
        start = max(0, number - 1) * _ENTRIES
        found = await self.done(lambda: self.team.log.newest(_ENTRIES + 1, start))
        titles = {row.path: row.title for row in await self.done(self.desk.rows) if row.path}
        entries = [shown_entry(entry, titles, self.desk.language) for entry in found[:_ENTRIES]]
        days = [(day, list(of_day)) for day, of_day in groupby(entries, key=lambda entry: entry.day)]
        self.show("log.html", days=days, page=number, has_more=len(found) > _ENTRIES)


_ENTRIES = 100


class _StaticHandler(Handler):
    """The desk's own scripts and style sheet, which the page for signing in needs too."""

    is_for_all = True

    def get(self, name: str) -> None:
        file = editor_library.FILE if name == editor_library.NAME else STATIC / name
        if file.suffix not in _KINDS_OF_STATIC or (file.parent != STATIC and name != editor_library.NAME):
            raise web.HTTPError(404)
        try:
            data = file.read_bytes()
        except (OSError, ValueError) as fault:
            raise web.HTTPError(404) from fault
        self.set_header("Content-Type", _KINDS_OF_STATIC[file.suffix])
        self.finish(data)


_KINDS_OF_STATIC = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


def _content_path(path: str) -> str:
    """Return the path of a file from the site's root; `path` is that below content/, as an address has it."""
    return f"{CONTENT}/{path}"


def _own_address(target: str) -> str:
    """Return where to go on after signing in: an address of this server, whatever a link has asked for."""
    is_own = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if is_own else DESK
