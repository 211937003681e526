"""A real mail server on this machine, as well or as badly behaved as a test wants it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from threading import Event, Thread
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "ban.tin", "mat-khau-rat-dai"


@dataclass(kw_only=True)
class Inbox:
    """What a server was given: sender, recipients and bytes of each mail; and what it answers to whom.

    `replies` are the answers to RCPT by address, `after_data` those to the whole mail. An answer «gone» breaks the
    connection, «gone after» does so when the whole mail is there. Each is given once, or always if it begins with `!`.
    """

    port: int = 0
    mails: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    after_data: dict[str, str] = field(default_factory=dict)
    sessions: int = 0
    most_of_session: int = 10**6
    signed_in: list[str] = field(default_factory=list)
    seen: Callable[[str], None] = lambda _address: None

    @property
    def addresses(self) -> list[str]:
        return [address for _, addresses, _ in self.mails for address in addresses]

    def letter(self, at: int = 0) -> EmailMessage:
        mail = message_from_bytes(self.mails[at][2], policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return mail

    # What aiosmtpd calls.

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = _taken(self.replies, address)
        if answer == "gone":
            _cut(server)
            return "421 gone"
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        self.seen(address)
        answer = _taken(self.after_data, address)
        if answer == "gone":
            _cut(server)
            return "421 gone"
        if answer and answer != "gone after":
            return answer
        data = envelope.content
        assert isinstance(data, bytes)
        self.mails.append((envelope.mail_from or "", tuple(envelope.rcpt_tos), data))
        if answer == "gone after":
            _cut(server)
        return "250 taken"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
        if good:
            self.signed_in.append(USER)
        return AuthResult(success=good, handled=False)


class _Server(SMTP):
    """aiosmtpd with an end to its patience: many servers close a session after so many mails."""

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802
        inbox = self.event_handler
        self.begun = getattr(self, "begun", 0) + 1
        if self.begun > inbox.most_of_session:
            await self.push("421 4.7.0 too many mails in one session")
            _cut(self)
            return
        await super().smtp_MAIL(arg)


def _cut(server: SMTP) -> None:
    """Break the connection off, as a server does that is switched off."""
    transport = server.transport
    assert isinstance(transport, asyncio.Transport)
    transport.abort()


def _taken(answers: dict[str, str], address: str) -> str:
    answer = answers.get(address, "")
    if answer.startswith("!"):
        return answer[1:]
    answers.pop(address, None)
    return answer


@contextmanager
def mail_server(
    *, starttls: bool = False, tls: bool = False, login: bool = False, name: str = "localhost", size: int = 20_000_000
) -> Iterator[Inbox]:
    """Run a server for as long as the context lasts; `name` is that in its certificate."""
    inbox = Inbox()
    certificate = context_of(name) if starttls or tls else None
    options: dict[str, Any] = {"data_size_limit": size, "hostname": "thu.example", "timeout": 20}
    if starttls:
        options |= {"tls_context": certificate, "require_starttls": True}
    if login:
        options |= {"authenticator": inbox.authenticate, "auth_required": True, "auth_require_tls": True}

    def connection() -> SMTP:
        inbox.sessions += 1
        return _Server(inbox, loop=loop, **options)

    loop = asyncio.new_event_loop()
    ready = Event()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(
            loop.create_server(connection, "127.0.0.1", 0, ssl=certificate if tls else None)
        )
        inbox.port = server.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = Thread(target=serve)
    thread.start()
    assert ready.wait(10)
    try:
        yield inbox
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


@cache
def authority() -> trustme.CA:
    """The authority that signs the certificates of these servers."""
    return trustme.CA()


@cache
def context_of(name: str) -> ssl.SSLContext:
    """Return what a server of this name proves itself with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(name).configure_cert(context)
    return context


@cache
def trusting() -> ssl.SSLContext:
    """Return what a machine trusts on which the authority is installed."""
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context
