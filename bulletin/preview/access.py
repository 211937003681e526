"""Decides which requests the preview answers: those sent to its own name, from a page of its own or from none."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HTTP_PORT = 80


class Access:
    """The address at which the preview listens, and the check of the requests that come there."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port

    @property
    def address(self) -> str:
        """The url at which people find the preview."""
        name = socket.gethostname() if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}/"

    @property
    def is_open(self) -> bool:
        """Tell whether other machines can reach the preview."""
        return self.host not in LOOPBACK

    def admits(self, host: str, origin: str | None, site: str | None = None) -> bool:
        """Tell whether to answer a request with these headers: Host, Origin and Sec-Fetch-Site.

        Checking Host stops DNS rebinding: a stranger's page whose name he points at this machine sends that name.
        A picture that a stranger's page asks for has no Origin, but browsers say that it comes from another site.
        """
        if site == "cross-site":
            return False
        try:
            url = urlsplit(f"//{host}")
            port = url.port or _HTTP_PORT
        except ValueError:
            return False
        is_own = port == self.port and "@" not in host and self._is_own_name(url.hostname or "")
        return is_own and origin in {None, f"http://{host}"}

    def _is_own_name(self, name: str) -> bool:
        if name in LOOPBACK:
            return True
        own = {self.host.lower(), socket.gethostname().lower()}
        return self.is_open and (name in own or _is_address(name))


def _is_address(name: str) -> bool:
    """Tell whether a name is an IP address, which nobody can point elsewhere."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
