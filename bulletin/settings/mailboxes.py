"""Mailboxes as people write them: an address, or a name with its address. No header of a mail can be broken by one."""

from __future__ import annotations

import re

_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAILBOX = re.compile(
    rf"(?:(?P<name>[^<>\0-\x1f]*)<)?(?P<address>(?P<local>{_ATOM}(?:\.{_ATOM})*)@{_HOST})(?(name)>)", re.ASCII
)
_MAX_LOCAL_PART = 64
_MAX_ADDRESS = 254


def read(text: str) -> str:
    """Return «Tên <địa chỉ>» or the address alone, as it is kept; empty if the text is no mailbox, or several.

    An address has ASCII letters: few servers take others. What is returned has no line ends.
    """
    found = _MAILBOX.fullmatch(text.strip())
    if not found or len(found["local"]) > _MAX_LOCAL_PART or len(found["address"]) > _MAX_ADDRESS:
        return ""
    name = (found["name"] or "").strip().strip('"').strip()
    return f"{name} <{found['address']}>" if name else found["address"]


def name_of(mailbox: str) -> str:
    """Return the name in a mailbox; empty if it has none."""
    return mailbox.rpartition("<")[0].strip()


def address_of(mailbox: str) -> str:
    """Return the address in a mailbox."""
    return mailbox.rpartition("<")[2].rstrip(">")


def is_host(text: str) -> bool:
    """Tell whether a text is the name of a host."""
    return re.fullmatch(_HOST, text) is not None
