"""Who is signed in: `.desk/sessions.json`. A browser holds a token; what is kept here is its digest."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from secrets import token_hex, token_urlsafe
from threading import Lock

import msgspec
from msgspec import Struct

from bulletin.desk.storage import DESK, write_over
from bulletin.desk.storage.disk import make_private
from bulletin.desk.team.users import User, Users
from bulletin.files import read_regular

DAY = 24 * 60 * 60
"""Seconds that a session lasts, however busy it is."""
FILE = "sessions.json"


class Session(Struct, frozen=True, kw_only=True):
    """Somebody signed in: by name and the stamp of the password then, at a time in seconds since 1970."""

    name: str
    stamp: str
    began: float


class _File(Struct, kw_only=True):
    secret: str
    """With it cookies are signed."""
    sessions: dict[str, Session] = {}


class Sessions:
    """The sessions of one site, which outlast the server. A token is never chosen by who signs in."""

    def __init__(self, root: Path, users: Users, clock: Callable[[], float] = time.time) -> None:
        self._path = root / DESK / FILE
        self._users = users
        self._clock = clock
        self._file = self._read()
        # Who signs out while another signs in must not be signed in again by that.
        self._turn = Lock()

    @property
    def secret(self) -> str:
        return self._file.secret

    def begin(self, user: User) -> str:
        """Return the token of a new session; raise OSError if the disk does not take it, which begins none."""
        token = token_urlsafe(32)
        now = self._clock()
        with self._turn:
            kept = {key: one for key, one in self._file.sessions.items() if self._user_of(one)}
            kept[_digest(token)] = Session(name=user.name, stamp=user.stamp, began=now)
            self._write(kept)
        return token

    def user(self, token: str) -> User | None:
        """Return who is signed in with this token: nobody after a day, or once the password is another."""
        session = self._file.sessions.get(_digest(token))
        return self._user_of(session) if session else None

    def end(self, token: str) -> None:
        """Sign out: this token is worth nothing from now on."""
        key = _digest(token)
        with self._turn:
            if key in self._file.sessions:
                self._write({other: one for other, one in self._file.sessions.items() if other != key})

    def _user_of(self, session: Session) -> User | None:
        user = self._users.get(session.name)
        is_good = user is not None and user.stamp == session.stamp and self._clock() - session.began < DAY
        return user if is_good else None

    def _read(self) -> _File:
        data = read_regular(self._path)
        try:
            return msgspec.json.decode(data or b"", type=_File)
        except msgspec.DecodeError:
            # There is none yet, or it is torn: everybody signs in once more.
            return _File(secret=token_hex(32))

    def _write(self, sessions: dict[str, Session]) -> None:
        file = _File(secret=self._file.secret, sessions=sessions)
        make_private(self._path.parent)
        write_over(self._path, msgspec.json.encode(file), mode=0o600)
        self._file = file


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
