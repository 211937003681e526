"""Who is let into the preview: those who ask for it by its own name, from a page of its own or from none."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_USUAL_PORT = 80


class Access:
    """The address that the preview listens at, and who is let in there."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port

    @property
    def address(self) -> str:
        """Where people find the preview."""
        name = socket.gethostname() if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - asked, not bound
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}/"

    @property
    def is_open(self) -> bool:
        """Tell whether other machines can see the preview."""
        return self.host not in LOOPBACK

    def admits(self, host: str, origin: str | None) -> bool:
        """Tell whether a request with these headers is let in.

        A page of a stranger's site, whose name he has lead to this machine, comes with that name as Host.
        """
        try:
            asked = urlsplit(f"//{host}")
            port = asked.port or _USUAL_PORT
        except ValueError:
            return False
        is_own = port == self.port and "@" not in host and self._knows(asked.hostname or "")
        return is_own and origin in {None, f"http://{host}"}

    def _knows(self, name: str) -> bool:
        if name in LOOPBACK:
            return True
        own = {self.host.lower(), socket.gethostname().lower()}
        return self.is_open and (name in own or _is_address(name))


def _is_address(name: str) -> bool:
    """Tell whether a name is a number, which nobody can lead elsewhere."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
