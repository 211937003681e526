"""One session with a mail server: connect, secure, sign in, hand over mails, each to one address.

smtplib raises a dozen exceptions for what are three facts: the server is not to be had (`NoServer`), it does not take
this mail (`Kept`), or it went away before it said whether it has taken it (`Doubtful`).
"""

from __future__ import annotations

import smtplib
import ssl
from ipaddress import ip_address
from types import TracebackType
from typing import Literal, Self

from msgspec import Struct

from bulletin.settings import Security

TIMEOUT = 60
"""Seconds that the server may be silent; one that looks for viruses in 10 MB takes some."""
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}

_READY = 354
_TAKEN = range(200, 300)
_FOR_NOW = range(400, 500)
_CLOSING = 421
_TOO_LARGE = 552

Trouble = Literal[
    "mail-server-unreachable",
    "mail-server-speaks-no-smtp",
    "mail-certificate",
    "mail-tls",
    "mail-no-starttls",
    "mail-no-login",
    "mail-login-refused",
    "mail-sender-refused",
    "mail-too-large",
    "mail-server-gone",
]
"""The codes of the messages that say why a server is not to be had."""


class Account(Struct, frozen=True, kw_only=True):
    """Where and as whom mail is handed over; `host` and `port` are what people see of it."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    sender: str
    """The address to which the server reports what could not be delivered."""

    @property
    def place(self) -> tuple[str, int]:
        return self.host, self.port or PORTS[self.security]


class NoServer(Exception):  # noqa: N818 - as Refused
    """Nothing can be handed over: the code of a message, and the server's or the system's own words."""

    def __init__(self, code: Trouble, said: str) -> None:
        super().__init__(code, said)
        self.code = code
        self.said = said


class Kept(Exception):  # noqa: N818 - as Refused
    """The server has not taken the mail for an address, for now or for good, with its own words."""

    def __init__(self, said: str, *, for_now: bool) -> None:
        super().__init__(said)
        self.said = said
        self.for_now = for_now


class Doubtful(Exception):  # noqa: N818 - as Refused
    """The server had the whole mail, and went away before it said whether it takes it."""


class Session:
    """A session with the server, for as long as the context lasts; raise NoServer if there is none to be had."""

    def __init__(self, account: Account, context: ssl.SSLContext | None = None) -> None:
        self.account = account
        self._context = context or ssl.create_default_context()
        self._smtp = self._connected()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, fault: BaseException | None, __: TracebackType | None) -> None:
        try:
            # After a fault nobody listens any more, and a word of farewell would wait for an answer.
            if fault is None:
                self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            pass
        finally:
            self._smtp.close()

    def hand_over(self, address: str, mail: bytes) -> None:
        """Give the server a mail (lines end with CRLF) for one address.

        Raise Kept, Doubtful, or NoServer; unless it is Doubtful, the mail is not with the server.
        """
        try:
            self._open_envelope(address, len(mail))
            self._check(*self._smtp.docmd("DATA"), {_READY})
            # Up to here, and as long as not all is sent, no server can have taken it: its last line is missing.
            self._smtp.send(_quoted(mail))
        except (smtplib.SMTPException, OSError) as fault:
            raise NoServer("mail-server-gone", _words(fault)) from fault
        try:
            reply = self._smtp.getreply()
        except (smtplib.SMTPException, OSError) as fault:
            raise Doubtful from fault
        self._check(*reply, _TAKEN)

    def _open_envelope(self, address: str, size: int) -> None:
        # What is left of an envelope that the server has not taken.
        self._smtp.rset()
        options = [f"size={size}"] if self._smtp.has_extn("size") else []
        status, words = self._smtp.mail(self.account.sender, options)
        if status not in _TAKEN and status not in _FOR_NOW:
            # No mail of ours will be taken, whoever it is for.
            raise NoServer("mail-too-large" if status == _TOO_LARGE else "mail-sender-refused", _reply(status, words))
        self._check(status, words, _TAKEN)
        self._check(*self._smtp.rcpt(address), _TAKEN)

    def _check(self, status: int, words: bytes, good: range | set[int]) -> None:
        if status == _CLOSING:
            raise NoServer("mail-server-gone", _reply(status, words))
        if status not in good:
            raise Kept(_reply(status, words), for_now=status in _FOR_NOW)

    def _connected(self) -> smtplib.SMTP:
        account = self.account
        host, port = account.place
        # The own name that smtplib would look up may take a minute to find, and tells of this machine.
        name = account.sender.rpartition("@")[2]
        try:
            if account.security == "tls":
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, local_hostname=name, timeout=TIMEOUT, context=self._context
                )
            else:
                smtp = smtplib.SMTP(host, port, local_hostname=name, timeout=TIMEOUT)
        except smtplib.SMTPException as fault:
            raise NoServer("mail-server-speaks-no-smtp", _words(fault)) from fault
        except ssl.SSLError as fault:
            raise NoServer(_code_of(fault), _words(fault)) from fault
        except OSError as fault:
            raise NoServer("mail-server-unreachable", _words(fault)) from fault
        try:
            self._secure(smtp)
            self._sign_in(smtp)
        except (smtplib.SMTPException, OSError) as fault:
            smtp.close()
            raise NoServer(_code_of(fault), _words(fault)) from fault
        except NoServer:
            smtp.close()
            raise
        return smtp

    def _secure(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self.account.security == "starttls":
            # A server that does not offer it, or somebody between who takes the offer out, gets no word of ours.
            if not smtp.has_extn("starttls"):
                raise NoServer("mail-no-starttls", "")
            smtp.starttls(context=self._context)
            smtp.ehlo_or_helo_if_needed()

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        if self.account.user:
            if not smtp.has_extn("auth"):
                raise NoServer("mail-no-login", "")
            smtp.login(self.account.user, self.account.password)


def is_own_machine(host: str) -> bool:
    """Tell whether a host is this machine: then nobody on the way can read what it is told."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _code_of(fault: Exception) -> Trouble:
    """Return the code for a fault on the way from the first greeting to the login."""
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return "mail-login-refused"
    if isinstance(fault, ssl.SSLCertVerificationError):
        return "mail-certificate"
    if isinstance(fault, ssl.SSLError | smtplib.SMTPResponseException):
        return "mail-tls"
    # What smtplib raises is an OSError as well.
    if isinstance(fault, smtplib.SMTPServerDisconnected) or not isinstance(fault, smtplib.SMTPException):
        return "mail-server-gone"
    return "mail-no-login"


def _quoted(mail: bytes) -> bytes:
    """Return a mail as it is sent: a dot that begins a line is doubled, or it would end the mail."""
    dotted = mail.replace(b"\r\n.", b"\r\n..")
    dotted = b"." + dotted if dotted.startswith(b".") else dotted
    return dotted + (b"" if dotted.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _reply(status: int, words: bytes) -> str:
    return f"{status} {words.decode(errors='replace')}".replace("\n", " ").strip()


def _words(fault: Exception) -> str:
    """Return what the server or the system says of a fault."""
    if isinstance(fault, smtplib.SMTPResponseException):
        words = fault.smtp_error
        return _reply(fault.smtp_code, words if isinstance(words, bytes) else str(words).encode())
    if isinstance(fault, ssl.SSLCertVerificationError):
        return fault.verify_message
    if isinstance(fault, OSError) and fault.strerror:
        return fault.strerror
    return str(fault) or type(fault).__name__
