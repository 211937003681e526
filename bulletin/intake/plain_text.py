"""A plain text -> an item to be confirmed."""

from __future__ import annotations

import codecs

from bulletin.intake.composing import Text, composed
from bulletin.intake.values import Found, Given, Wishes
from bulletin.problems import Problem, problem, refuse
from bulletin.richtext import plain_text

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(given: Given, wishes: Wishes) -> Found:
    """Return the item that a plain text holds, tidied; say what was changed."""
    found = plain_text.read(decoded(given.data))
    return composed(given, Text(blocks=found.blocks, problems=tuple(_changes(given.name, found))), wishes)


def decoded(data: bytes) -> str:
    """Return the text of some bytes; raise Refused if they are no text."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        refuse("intake-encoding")
    if "\0" in text:
        refuse("intake-unknown", kind="?")
    return text


def _changes(name: str, found: plain_text.Read) -> list[Problem]:
    if not found.is_changed:
        return []
    lists, tables, joined = str(found.lists), str(found.tables), str(found.joined)
    return [problem(name, 1, "intake-tidied", "warning", lists=lists, tables=tables, joined=joined)]
