"""What all handlers of the desk have in common: who asks, work where the builds are, pages and answers."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar

import msgspec
from tornado import web

from bulletin.desk.desk import Desk
from bulletin.desk.storage import Actor
from bulletin.desk.team import Person, Team
from bulletin.desk.templating import templates
from bulletin.preview import GuardedHandler
from bulletin.problems import say
from bulletin.urls import DESK

Result = TypeVar("Result")

MAX_TYPED = 2 << 20
"""Bytes of a form: eight times the greatest text."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Handler(GuardedHandler):
    """Answers the people at the desk alone; every change also needs the page's token and its own origin."""

    desk: Desk
    team: Team

    def initialize(self, desk: Desk, team: Team, builds: Executor) -> None:
        self.desk = desk
        self.team = team
        self._builds = builds

    def prepare(self) -> None:
        super().prepare()
        if self._finished:
            return
        own = self.access.origin(self.request.remote_ip, self.request.headers)
        if self.request.method != "GET" and self.request.headers.get("Origin") != own:
            self._turn_away("preview-stranger")

    @property
    def person(self) -> Person | None:
        """Who has sent this request; nobody only on the pages that are for all."""
        found: Person | None = self.current_user
        return found

    @property
    def actor(self) -> Actor:
        """Who acts, on a page that the gate has let somebody in to."""
        assert self.person is not None
        return Actor(self.person.name)

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("Referrer-Policy", "same-origin")

    async def done(self, work: Callable[[], Result]) -> Result:
        """Return the result of work that is done where the builds are."""
        return await get_running_loop().run_in_executor(self._builds, work)

    def show(self, template: str, **parts: Any) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        page = templates.get_template(template)
        shared = {
            "site": self.desk.settings,
            "xsrf": self.xsrf_token.decode(),
            "static": _static,
            "person": self.person,
        }
        self.finish(page.render(**shared, **parts))

    def answer(self, value: object) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(msgspec.json.encode(value))

    def typed(self, kind: type[Result]) -> Result:
        """Return what the page sent, as a value of this kind; refuse the request if it is no such value."""
        if len(self.request.body) > MAX_TYPED:
            raise web.HTTPError(413)
        try:
            return msgspec.json.decode(self.request.body, type=kind)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
            raise web.HTTPError(400) from fault

    def _turn_away(self, code: str) -> None:
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(say(code, self.desk.language, address=self.access.address))


def _static(name: str) -> str:
    return f"{DESK}static/{name}"
