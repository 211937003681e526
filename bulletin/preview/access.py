"""Decides which requests the preview answers: those sent to its own name, from a page of its own or from none."""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

PROOF = "X-Ban-Tin-Proxy"
"""The header with which the proxy in front proves that it is the one."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HTTP_PORT = 80


class Proxy(Struct, frozen=True):
    """A server in front of this one: the address that it sends from, and the secret that it alone knows."""

    address: str
    secret: str


class Access:
    """The address at which the preview listens, and the check of the requests that come there."""

    def __init__(self, host: str, port: int, proxy: Proxy | None = None) -> None:
        self.host = host
        self.port = port
        self.proxy = proxy

    @property
    def address(self) -> str:
        """The url at which people find the preview."""
        name = socket.gethostname() if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}/"

    @property
    def is_open(self) -> bool:
        """Tell whether other machines can reach the preview."""
        return self.host not in LOOPBACK

    def is_proxied(self, sender: str | None, headers: Mapping[str, str]) -> bool:
        """Tell whether the proxy has sent a request: its address alone is no proof, others use this machine too."""
        if self.proxy is None or _plain(sender or "") != _plain(self.proxy.address):
            return False
        return hmac.compare_digest(headers.get(PROOF, "").encode(), self.proxy.secret.encode())

    def origin(self, sender: str | None, headers: Mapping[str, str]) -> str:
        """Return the origin of our pages as the browser names it that has sent a request."""
        is_safe = self.is_proxied(sender, headers) and headers.get("X-Forwarded-Proto") == "https"
        return f"{'https' if is_safe else 'http'}://{headers.get('Host', '')}"

    def sender(self, sender: str | None, headers: Mapping[str, str]) -> str:
        """Return the address of the machine where somebody sits: of a request of the proxy the one that it tells."""
        if self.is_proxied(sender, headers):
            # The proxy adds the last one; those before it come from who knows where.
            return _without_port(headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())
        return sender or ""

    def lets_in(self, sender: str | None, headers: Mapping[str, str]) -> bool:
        """Tell whether to answer a request; `sender` is the address that it comes from."""
        host, origin, site = headers.get("Host", ""), headers.get("Origin"), headers.get("Sec-Fetch-Site")
        if self.is_proxied(sender, headers):
            # Which names lead here is the proxy's matter.
            return site != "cross-site" and origin in {None, self.origin(sender, headers)}
        return self.admits(host, origin, site)

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


def _without_port(address: str) -> str:
    """Return an address as a proxy tells it: IIS adds the port, which is another one for each connection."""
    host, _, port = address.rpartition(":")
    is_with_port = port.isdecimal() and (host.count(".") == 3 or host.endswith("]"))  # noqa: PLR2004 - of IPv4
    return (host if is_with_port else address).strip("[]")


def _plain(address: str) -> str:
    """Return an address in one way of writing it: a socket for both kinds writes `::ffff:127.0.0.1`."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
