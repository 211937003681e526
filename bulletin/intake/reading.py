"""A file -> what it holds: which reader it needs is decided by its bytes, and that reader alone is loaded."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from bulletin.formats import format_of
from bulletin.intake.values import Found, Given, Wishes
from bulletin.problems import refuse

MAX_BYTES = 100 << 20
"""Of a file; one with many pictures of a camera has 50 MB."""
_READERS = {
    "": "plain_text",
    "HTML": "web_page",
}


def read(given: Given, wishes: Wishes) -> Found:
    """Return what a file holds; raise Refused with what it is and what to do if it cannot be read."""
    if len(given.data) > MAX_BYTES:
        refuse("intake-too-large", found=str(len(given.data) >> 20), limit=str(MAX_BYTES >> 20))
    if not given.data.strip():
        refuse("intake-empty")
    kind = format_of(given.data)
    if kind not in _READERS:
        refuse("intake-unknown", kind=kind)
    reader: Callable[[Given, Wishes], Found] = import_module(f"bulletin.intake.{_READERS[kind]}").read
    return reader(given, wishes)
