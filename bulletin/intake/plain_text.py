"""A plain text -> an item to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.intake.composing import Text, composed
from bulletin.intake.old_encodings import Decoded, decode
from bulletin.intake.values import Found, Given, Wishes, quoted
from bulletin.problems import Problem, problem, refuse
from bulletin.richtext import plain_text

MAX_BYTES = 4 << 20
"""Of a text: sixteen times what one item may hold; each encoding is tried on all of it."""


def read(given: Given, wishes: Wishes) -> Found:
    """Return the item that a plain text holds, tidied; say what was changed."""
    text = decoded(given.data)
    found = plain_text.read(text.text)
    problems = (*said(given.name, text), *_changes(given.name, found))
    return composed(given, Text(blocks=found.blocks, problems=problems), wishes)


def decoded(data: bytes) -> Decoded:
    """Return the text of some bytes in Unicode; raise Refused if they are no text, or in no known encoding."""
    if len(data) > MAX_BYTES:
        refuse("intake-too-large", found=str(len(data) >> 20), limit=str(MAX_BYTES >> 20))
    text = decode(data) or refuse("intake-encoding")
    if b"\0" in data and not text.encoding.startswith("UTF-16"):
        refuse("intake-unknown", kind="?")
    return text


def said(name: str, text: Decoded) -> Iterator[Problem]:
    """Yield what is to be said of a text that was not in Unicode."""
    if not text.encoding.startswith("UTF"):
        yield problem(name, 1, "intake-old-encoding", "warning", found=text.encoding)
    if text.doubtful:
        count = str(len(text.doubtful))
        yield problem(name, 1, "intake-doubtful-words", "warning", count=count, found=quoted(text.doubtful))


def _changes(name: str, found: plain_text.Read) -> Iterator[Problem]:
    if found.is_changed:
        lists, tables, joined = str(found.lists), str(found.tables), str(found.joined)
        yield problem(name, 1, "intake-tidied", "warning", lists=lists, tables=tables, joined=joined)
