"""An edition -> the mailboxes of its recipients: each an envelope of its own, each once."""

from __future__ import annotations

import ssl
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from bulletin.editions.mail.message import Body
from bulletin.editions.mail.sent import Entry, Record, Standing, State
from bulletin.editions.mail.smtp import Account, Doubtful, Kept, NoServer, Session
from bulletin.settings import mailboxes

LOT = 50
"""Mails in one session: many servers end a longer one, or slow it down."""

Tell = Callable[[str, int, int], None]
Fate = Literal["sent", "refused", "postponed"]
_HAS_IT: frozenset[State | None] = frozenset({"sent", "sending"})


class Delivery(Struct, frozen=True, kw_only=True):
    """What the server said to the mail for an address."""

    address: str
    fate: Fate
    said: str = ""


class Sending(Struct, frozen=True, kw_only=True):
    """What became of an edition: deliveries of this run in order, addresses that had it before, and those in doubt.

    `trouble` is what ended the run before its time; `left` are the addresses that it did not come to.
    """

    deliveries: tuple[Delivery, ...] = ()
    before: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    trouble: NoServer | None = None

    def of(self, fate: Fate) -> tuple[Delivery, ...]:
        return tuple(one for one in self.deliveries if one.fate == fate)

    @property
    def is_complete(self) -> bool:
        """Whether everybody has it."""
        return not (self.trouble or self.doubtful or self.left or self.of("refused") or self.of("postponed"))


class Post(Struct, frozen=True, kw_only=True):
    """What is sent, by which account, when, and how a server proves who it is; `tell` hears how far it has come."""

    edition: str
    body: Body
    account: Account
    clock: Callable[[], datetime]
    context: ssl.SSLContext | None = None
    tell: Tell = lambda _phase, _done, _total: None


def send(post: Post, recipients: Sequence[str], record: Record, *, again: bool = False) -> Sending:
    """Send an edition to the mailboxes that have not had it; with `again` to all, which begins another round.

    A mail is in doubt if the process, or the server, ended while it was under way. It is not sent again by itself.
    """
    if again:
        record.add(Entry(edition=post.edition, at=post.clock()))
    standing = record.standing(post.edition)
    had = [box for box in recipients if standing.of(mailboxes.address_of(box)) == "sent"]
    doubtful = [box for box in recipients if standing.of(mailboxes.address_of(box)) == "sending"]
    run = _Run(post, record, standing.rounds)
    run.work(owed(recipients, standing))
    return Sending(
        deliveries=tuple(run.deliveries),
        before=tuple(map(mailboxes.address_of, had)),
        doubtful=tuple(map(mailboxes.address_of, [*doubtful, *run.doubtful])),
        left=tuple(map(mailboxes.address_of, run.owed)),
        trouble=run.trouble,
    )


def owed(recipients: Sequence[str], standing: Standing) -> list[str]:
    """Return the mailboxes that an edition is still to be sent to: all but those that have it, or may have it."""
    return [box for box in recipients if standing.of(mailboxes.address_of(box)) not in _HAS_IT]


def send_test(post: Post, mailbox: str, record: Record) -> Sending:
    """Send an edition to one mailbox, whoever has had it: exactly what its recipients get.

    It counts for nobody as the edition, but for an address in doubt, which has it now.
    """
    standing = record.standing(post.edition)
    address = mailboxes.address_of(mailbox)
    run = _Run(post, None, standing.rounds)
    run.work([mailbox])
    if standing.of(address) == "sending" and any(one.fate == "sent" for one in run.deliveries):
        record.add(Entry(edition=post.edition, at=post.clock(), address=address, state="sent"))
    doubtful = tuple(map(mailboxes.address_of, run.doubtful))
    left = tuple(map(mailboxes.address_of, run.owed))
    return Sending(deliveries=tuple(run.deliveries), doubtful=doubtful, left=left, trouble=run.trouble)


class _Run:
    """The work of one run; without a record nothing is kept of it."""

    def __init__(self, post: Post, record: Record | None, round_number: int) -> None:
        self.owed: deque[str] = deque()
        self.deliveries: list[Delivery] = []
        self.doubtful: list[str] = []
        self.trouble: NoServer | None = None
        self._post = post
        self._record = record
        self._round = round_number

    def work(self, owed: Sequence[str]) -> None:
        """Send to all mailboxes, as far as the server lets us."""
        self.owed.extend(owed)
        total = len(owed)
        try:
            while self.owed:
                with Session(self._post.account, self._post.context) as session:
                    self._lot(session, total)
        except NoServer as fault:
            self.trouble = fault

    def _lot(self, session: Session, total: int) -> None:
        """Send until the lot or the session is at its end; raise NoServer if this session has not answered for one."""
        for done in range(min(LOT, len(self.owed))):
            self._post.tell("sending", total - len(self.owed), total)
            try:
                self._one(session, self.owed[0])
            except NoServer:
                # It may have had enough of this session; in the next it must answer for at least one mail.
                if not done:
                    raise
                return
            except Doubtful as fault:
                self.doubtful.append(self.owed.popleft())
                if not done:
                    raise NoServer("mail-server-gone", "") from fault
                return
            self.owed.popleft()

    def _one(self, session: Session, box: str) -> None:
        address = mailboxes.address_of(box)
        at = self._post.clock()
        letter = self._post.body.letter(box, at, self._round)
        self._note(address, "sending")
        try:
            session.hand_over(address, letter)
        except Kept as kept:
            fate: Fate = "postponed" if kept.for_now else "refused"
            self._note(address, fate, kept.said)
            self.deliveries.append(Delivery(address=address, fate=fate, said=kept.said))
        except NoServer as fault:
            self._note(address, "kept", fault.said)
            raise
        else:
            self._note(address, "sent")
            self.deliveries.append(Delivery(address=address, fate="sent"))

    def _note(self, address: str, state: State, said: str = "") -> None:
        if self._record is not None:
            entry = Entry(edition=self._post.edition, at=self._post.clock(), address=address, state=state, said=said)
            self._record.add(entry)
