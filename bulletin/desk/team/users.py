"""The people who may be at the desk: `.desk/users.json`, which its owner alone may read."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from secrets import token_hex
from typing import Literal, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bulletin.desk.storage import DESK, write_over
from bulletin.desk.storage.disk import make_private
from bulletin.desk.team.passwords import Password, password_of
from bulletin.files import read_regular
from bulletin.problems import refuse
from bulletin.publishing import locked
from bulletin.vietnamese import nfc

Role = Literal["write", "publish"]
"""What somebody may do: write items; or that and publish them."""
ROLES: tuple[Role, ...] = get_args(Role)
FILE = "users.json"
_LONGEST = 64
"""Characters of a name."""


class User(Struct, frozen=True, kw_only=True):
    """Somebody who may be at the desk.

    Without a password only a proxy can tell that it is this user. `stamp` is another one after each change of the
    password, which ends the sessions that were begun with the old one.
    """

    name: str
    role: Role
    password: Password | None
    stamp: str


class _File(Struct, frozen=True, kw_only=True):
    users: tuple[User, ...] = ()


class Users:
    """The users of one site. The file is read again whenever it has changed, so no server need be started anew."""

    def __init__(self, root: Path) -> None:
        self.file = root / DESK / FILE
        self._known: tuple[object, tuple[User, ...]] | None = None

    def all(self) -> tuple[User, ...]:
        """Return all users; raise Refused if the file cannot be read: then nobody is anybody."""
        try:
            stat = self.file.stat()
        except FileNotFoundError:
            return ()
        seen = stat.st_mtime_ns, stat.st_size, stat.st_ino
        if self._known is None or self._known[0] != seen:
            self._known = seen, self._read()
        return self._known[1]

    def get(self, name: str) -> User | None:
        """Return the user of a name, however its capitals and accents are written."""
        key = _key(name)
        return next((user for user in self.all() if _key(user.name) == key), None)

    def add(self, name: str, role: Role, typed: str | None) -> User:
        """Add a user, without a password if None is given; raise Refused if there is one of this name."""
        with self._locked():
            if self.get(name):
                refuse("user-exists", found=name)
            password = None if typed is None else password_of(typed, name)
            user = User(name=name, role=role, password=password, stamp=token_hex(8))
            self._write((*self.all(), user))
        return user

    def remove(self, name: str) -> User:
        """Remove a user, whose sessions end with that; raise Refused if there is none of this name."""
        with self._locked():
            user = self.needed(name)
            self._write(tuple(other for other in self.all() if other != user))
        return user

    def change_password(self, name: str, typed: str) -> User:
        """Give a user another password; raise Refused if there is no such user, or for a simple password."""
        with self._locked():
            user = self.needed(name)
            changed = replace(user, password=password_of(typed, user.name), stamp=token_hex(8))
            self._write(tuple(changed if other == user else other for other in self.all()))
        return changed

    def needed(self, name: str) -> User:
        """Return the user of a name; raise Refused if there is none."""
        known = ", ".join(user.name for user in self.all())
        return self.get(name) or refuse("user-unknown", found=name, known=known)

    def _read(self) -> tuple[User, ...]:
        data = read_regular(self.file)
        try:
            return msgspec.json.decode(data or b"", type=_File).users
        except (msgspec.DecodeError, ValueError):
            refuse("users-unreadable", found=str(self.file))

    def _write(self, users: tuple[User, ...]) -> None:
        data = msgspec.json.format(msgspec.json.encode(_File(users=users)), indent=1)
        write_over(self.file, data + b"\n", mode=0o600)
        self._known = None

    def _locked(self) -> AbstractContextManager[None]:
        make_private(self.file.parent)
        return locked(self.file.with_name("users.lock"), lambda: None)


def name_of(text: str) -> str:
    """Return a user's name as it is kept; raise Refused for what cannot be one.

    A backslash stands between a domain and a name, and what is not printed cannot be told apart by colleagues.
    """
    name = nfc(" ".join(text.split()))
    if not 0 < len(name) <= _LONGEST or not name.isprintable() or set(name) & set('\\/:"<>|'):
        refuse("user-name", found=text, most=str(_LONGEST))
    return name


def _key(name: str) -> str:
    return nfc(name).casefold()


def may(role: Role | None, needed: Role) -> bool:
    """Tell whether a role allows what another one does: who may publish may also write."""
    return role is not None and ROLES.index(role) >= ROLES.index(needed)
