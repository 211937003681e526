"""A saved web page, or HTML of another program -> an item to be confirmed."""

from __future__ import annotations

import html
import re

from bulletin.intake.composing import Text, composed
from bulletin.intake.old_encodings import Decoded
from bulletin.intake.plain_text import decoded, said
from bulletin.intake.values import Found, Given, Wishes
from bulletin.problems import problem, refuse
from bulletin.richtext import pasted, tidy
from bulletin.richtext.document import Inlines, Picture, mapped, words_in

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]*)</title", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_OPEN = "area base br col dd dt hr img input li link meta option p param source td th tr wbr"
_CLOSED_BY_OTHERS = frozenset(_OPEN.split())
"""Elements that need no end of their own."""
_DEEPEST = 1000
_LOOKED_AT = 4096
_MAIN = (
    re.compile(r"<article[\s>].*</article>", re.IGNORECASE | re.DOTALL),
    re.compile(r"<main[\s>].*</main>", re.IGNORECASE | re.DOTALL),
)
# Encodings that browsers know and that Vietnamese pages are saved in; a page that names another is read as UTF-8.
_ENCODINGS = {"utf-16": "utf-16", "windows-1258": "cp1258", "windows-1252": "cp1252", "iso-8859-1": "cp1252"}


def read(given: Given, wishes: Wishes) -> Found:
    """Return the item that a page holds. Pictures lie outside of it, so they are lost, and said to be."""
    text = _decoded(given.data)
    page = text.text
    _check_depth(page)
    content = _main(page)
    found = pasted.cleaned(content)
    title = _TITLE.search(page)
    lost = found.pictures_lost + sum(isinstance(word, Picture) for block in found.blocks for word in words_in(block))
    problems = list(said(given.name, text))
    if content != page:
        problems.append(problem(given.name, 1, "intake-page-frame", "warning"))
    if lost:
        problems.append(problem(given.name, 1, "intake-pictures-elsewhere", "warning", count=str(lost)))
    whole = Text(
        blocks=tuple(filter(words_in, (mapped(block, _without_pictures) for block in found.blocks))),
        title=" ".join(html.unescape(title[1]).split()) if title else "",
        problems=tuple(problems),
    )
    return composed(given, whole, wishes)


def _check_depth(page: str) -> None:
    """Raise Refused for elements that nobody has closed, thousands in each other: sorting them out takes minutes."""
    depth = 0
    for found in _TAG.finditer(page):
        if found[2].lower() not in _CLOSED_BY_OTHERS:
            depth += -1 if found[1] else 1
            if depth > _DEEPEST:
                refuse("intake-damaged", kind="HTML")


def _main(page: str) -> str:
    """Return the part of a page that is its article, with its title; the whole page if none says that it is."""
    for pattern, tag in zip(_MAIN, ("<article", "<main"), strict=True):
        found = pattern.search(page)
        if found and page.lower().count(tag) == 1 and ("<h1" not in page.lower() or "<h1" in found[0].lower()):
            return found[0]
    return page


def _without_pictures(words: Inlines) -> Inlines:
    return tidy(word for word in words if not isinstance(word, Picture))


def _decoded(data: bytes) -> Decoded:
    charset = _CHARSET.search(data[:_LOOKED_AT])
    encoding = _ENCODINGS.get(charset[1].decode("ascii").lower(), "") if charset else ""
    return Decoded(text=data.decode(encoding, errors="replace"), encoding="UTF-8") if encoding else decoded(data)
