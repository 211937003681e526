"""Who acts at the desk, and what a change is: every change carries its actor."""

from __future__ import annotations

import getpass
from typing import Literal

from msgspec import Struct

What = Literal["created", "saved", "brought-back", "deleted"]


class Actor(Struct, frozen=True):
    """Who acts, by the name that colleagues know."""

    name: str


class Change(Struct, frozen=True, kw_only=True):
    """One change of content/: when (seconds since 1970), who, what, and the digests of the file before and after.

    A digest is empty where there is no file.
    """

    at: float
    by: Actor
    what: What
    path: str
    before: str
    after: str


def somebody_here() -> Actor:
    """Return who acts where nobody logs in: the person whom the system knows."""
    try:
        return Actor(getpass.getuser())
    except (OSError, KeyError, ImportError):
        # Windows without USERNAME, or a container whose user has no name.
        return Actor("máy này")
