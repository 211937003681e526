"""A file -> what it holds: which reader it needs is decided by its bytes, and that reader alone is loaded."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from importlib import import_module

from bulletin.formats import format_by_ending, format_of
from bulletin.intake.values import Found, Given, Wishes
from bulletin.problems import refuse

MAX_BYTES = 100 << 20
"""Of a file; one with many pictures of a camera has 50 MB."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_READERS = {
    "": "plain_text",
    "HTML": "web_page",
    "Word": "word",
    "RTF": "office",
    "OpenDocument (Writer)": "office",
    "Excel": "spreadsheets",
    "OpenDocument (Calc)": "spreadsheets",
}
_TABLES = {".csv", ".tsv"}
"""Endings of texts that are tables of values: nothing but the name tells them from others."""


def read(given: Given, wishes: Wishes) -> Found:
    """Return what a file holds; raise Refused with what it is and what to do if it cannot be read."""
    if len(given.data) > MAX_BYTES:
        refuse("intake-too-large", found=str(len(given.data) >> 20), limit=str(MAX_BYTES >> 20))
    if not given.data.strip():
        refuse("intake-empty")
    kind = format_of(given.data)
    if kind == "Microsoft Office" and _ENCRYPTED in given.data:
        refuse("intake-password", kind=format_by_ending(posixpath.splitext(given.name)[1]))
    if kind not in _READERS:
        refuse("intake-unknown", kind=kind)
    ending = posixpath.splitext(given.name)[1].lower()
    is_old = kind == "Word" and not given.data.startswith(b"PK")
    is_table = not kind and ending in _TABLES
    name = "office" if is_old else "spreadsheets" if is_table else _READERS[kind]
    reader: Callable[[Given, Wishes], Found] = import_module(f"bulletin.intake.{name}").read
    return reader(given, wishes)
