"""Everybody at one desk: who they are, how they come in, and what they did."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from pathlib import Path

from bulletin.desk.storage.changes import Actor
from bulletin.desk.team.gate import Gate, Person
from bulletin.desk.team.log import Log
from bulletin.desk.team.passwords import NOBODY
from bulletin.desk.team.sessions import Sessions
from bulletin.desk.team.throttle import Throttle
from bulletin.desk.team.users import Users
from bulletin.preview import Access
from bulletin.problems import refuse
from bulletin.settings import Settings


class Team:
    """The people of one site; `on_refusal` hears of a disk that refuses an entry of the log."""

    def __init__(self, root: Path, access: Access, settings: Settings, on_refusal: Callable[[OSError], None]) -> None:
        self.users = Users(root)
        self.sessions = Sessions(root, self.users)
        self.gate = Gate(access, self.users, self.sessions, settings.desk.user_header, settings.language)
        self.log = Log(root, settings.zone, on_refusal)
        self._throttle = Throttle()
        # One try after the other: a flood of them costs the builds and the pages nothing.
        self._tries = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sign-in")

    async def sign_in(self, name: str, typed: str, sender: str) -> str:
        """Return the token of a new session; raise Refused for a wrong name or password, or a try that comes too soon.

        `sender` is the address of the machine where somebody sits.
        """
        self._refuse_haste(name, sender)
        return await get_running_loop().run_in_executor(self._tries, lambda: self._signed_in(name, typed, sender))

    def sign_out(self, token: str, person: Person | None) -> None:
        """End a session, if there is one."""
        if person and person.is_signed_in:
            self.sessions.end(token)
            self.log.did(Actor(person.name), "signed-out")

    def _signed_in(self, name: str, typed: str, sender: str) -> str:
        # Again: tries that came at the same time have waited for each other.
        self._refuse_haste(name, sender)
        user = self.users.get(name)
        password = (user and user.password) or NOBODY
        fits = password.fits(typed)
        if user is None or not fits:
            self._throttle.failed(name, sender)
            # For a name that nobody has as well: an entry takes time, by which names could be told apart.
            self.log.did(Actor(user.name if user else ""), "sign-in-failed")
            refuse("sign-in-wrong")
        self._throttle.succeeded(name, sender)
        token = self.sessions.begin(user)
        self.log.did(Actor(user.name), "signed-in")
        return token

    def _refuse_haste(self, name: str, sender: str) -> None:
        if wait := self._throttle.wait(name, sender):
            refuse("sign-in-wait", seconds=str(ceil(wait)))
