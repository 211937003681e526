"""Who sends a request, and whether that is anybody: nothing of the preview or of the desk is shown to others."""

from __future__ import annotations

from contextlib import suppress

from msgspec import Struct
from tornado import web
from tornado.httputil import HTTPServerRequest, url_concat

from bulletin.desk.storage.changes import somebody_here
from bulletin.desk.team.sessions import DAY, Sessions
from bulletin.desk.team.users import Role, Users, may
from bulletin.preview import Access
from bulletin.problems import Language, Refused, problem_at, say, sentence
from bulletin.urls import DESK

COOKIE = "phien"
SIGN_IN = f"{DESK}dang-nhap"


class Person(Struct, frozen=True, kw_only=True):
    """Somebody at the desk. A name that is not among the users has no role."""

    name: str
    role: Role | None
    is_signed_in: bool = False
    """Whether there is a session that can be ended."""

    def may(self, needed: Role) -> bool:
        return may(self.role, needed)


class Gate:
    """Lets in whoever is at this machine while there are neither users nor a proxy; from then on users alone."""

    def __init__(self, access: Access, users: Users, sessions: Sessions, user_header: str, language: Language) -> None:
        self.access = access
        self.users = users
        self.sessions = sessions
        self._user_header = user_header
        self._language = language

    def needs_names(self) -> bool:
        """Tell whether nobody is let in without a name; raise Refused if the users cannot be read."""
        return self.access.is_open or self.access.proxy is not None or bool(self.users.all())

    def admits(self, handler: web.RequestHandler) -> bool:
        """Note who sends a request as the handler's `current_user`; answer it, and return False, if that is nobody."""
        try:
            person = self._person(handler)
        except Refused as refused:
            _turn_away(handler, 503, sentence(problem_at(refused, "", 0), self._language))
            return False
        handler.current_user = person
        if getattr(handler, "is_for_all", False) or (person and person.role):
            return True
        if person:
            _turn_away(handler, 403, say("desk-no-role", self._language, name=person.name))
        elif (
            handler.request.method == "GET" and handler.request.headers.get("Sec-Fetch-Dest", "document") == "document"
        ):
            handler.redirect(url_concat(SIGN_IN, {"tiep": handler.request.uri or DESK}))
        else:
            _turn_away(handler, 401, say("desk-sign-in", self._language))
        return False

    def remember(self, handler: web.RequestHandler, token: str) -> None:
        """Give a browser the token of its session."""
        is_safe = self.access.origin(handler.request.remote_ip, handler.request.headers).startswith("https:")
        handler.set_signed_cookie(
            COOKIE, token, expires_days=None, max_age=DAY, httponly=True, samesite="Strict", secure=is_safe
        )

    @staticmethod
    def token(handler: web.RequestHandler) -> str:
        """Return the token that a browser was given; empty if none, or if the cookie is not ours."""
        return (handler.get_signed_cookie(COOKIE, max_age_days=1) or b"").decode(errors="replace")

    def _person(self, handler: web.RequestHandler) -> Person | None:
        if not self.needs_names():
            return Person(name=somebody_here().name, role="publish")
        if told := self._told(handler.request):
            user = self.users.get(told)
            return Person(name=user.name if user else told, role=user.role if user else None)
        user = self.sessions.user(self.token(handler))
        return Person(name=user.name, role=user.role, is_signed_in=True) if user else None

    def _told(self, request: HTTPServerRequest) -> str:
        """Return the name that the proxy tells; empty from anybody else, whatever the headers say."""
        if not self._user_header or not self.access.is_proxied(request.remote_ip, request.headers):
            return ""
        told = request.headers.get(self._user_header, "")
        with suppress(UnicodeError):
            # Headers travel as bytes; names with accents come as UTF-8.
            told = told.encode("latin-1").decode()
        return told.rpartition("\\")[2].strip()


def _turn_away(handler: web.RequestHandler, status: int, words: str) -> None:
    handler.set_status(status)
    handler.set_header("Content-Type", "text/plain; charset=utf-8")
    handler.finish(words)
