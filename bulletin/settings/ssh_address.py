"""Where a bulletin lies on another machine: `ssh://user@host:port/folder`, as people write it in the settings."""

from __future__ import annotations

import re
from ipaddress import IPv6Address

from msgspec import Struct

SCHEME = "ssh://"
# A name that began with «-» would be an option of ssh.
_ADDRESS = re.compile(
    r"ssh://(?:(?P<user>[A-Za-z0-9_][A-Za-z0-9._+-]*)@)?"
    r"(?P<host>[A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?(?P<folder>/.*)",
    re.DOTALL,
)
_MAX_PORT = 65_535


class SshAddress(Struct, frozen=True, kw_only=True):
    """A folder of another machine; `host` may be a name that only ssh's own settings know."""

    user: str
    """Empty for the one that ssh takes by itself."""
    host: str
    """A name, or an IP address without brackets."""
    port: int
    """0 for the one that ssh takes by itself."""
    folder: str
    """Absolute, without `/` at its end."""

    @property
    def login(self) -> str:
        """What ssh is told to go to."""
        return f"{self.user}@{self.host}" if self.user else self.host

    @property
    def login_of_copies(self) -> str:
        """What rsync is told to go to, which takes the first colon for the end of a host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}@{host}" if self.user else host


def read(text: str) -> SshAddress:
    """Return the address in a text; raise ValueError if it is none."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    host, port, folder = match["host"], int(match["port"] or 0), match["folder"].rstrip("/")
    if host.startswith("["):
        host = str(IPv6Address(host[1:-1]))
    steps = folder.split("/")[1:]
    if port > _MAX_PORT or not steps or {"", ".", ".."} & {*steps} or not folder.isprintable():
        raise ValueError(text)
    return SshAddress(user=match["user"] or "", host=host, port=port, folder=folder)
