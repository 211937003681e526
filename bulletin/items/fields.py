"""The keys of the front matter, read one by one: each has a value, or a problem at its line.

A `Fields` reads one front matter, or one entry of its `deals` or `updated`; all for one item share a list of problems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from bulletin.items.frontmatter import Entry, Listing, Mapping, Node, Scalar
from bulletin.problems import CURLY_QUOTES, Problem, Refused, Severity, named_signs, problem, problem_at, refuse
from bulletin.vietnamese import dates, fold, nearest

Value = TypeVar("Value")

# Wrong keys that editors write, folded, and the keys that they mean.
_WRONG_KEYS = {
    "tieu de": "title",
    "tinh": "province",
    "tinh thanh": "province",
    "dia phuong": "province",
    "ngay": "date",
    "gia tri": "value",
    "so tien": "value",
    "thoa thuan": "deals",
    "tom tat": "summary",
    "chuyen muc": "category",
    "the": "tags",
    "tu khoa": "tags",
    "tac gia": "author",
    "anh": "image",
    "hinh": "image",
    "su kien": "event",
    "thoi gian": "event",
    "dien ra": "event",
    "dia diem": "place",
    "noi to chuc": "place",
    "location": "place",
    "ghim": "pinned",
    "nhap": "draft",
    "dang": "publish",
    "het han": "expires",
    "cap nhat": "updated",
    "dinh chinh": "updated",
    "provinces": "province",
    "authors": "author",
    "categories": "category",
    "tag": "tags",
    "name": "title",
    "picture": "image",
}

MAX_LISTED = 200
"""Maximum texts in a list; there are fewer provinces. Each unknown name takes the time of a suggestion."""


class Fields:
    """The values of one mapping; every problem with them is added to `problems`."""

    def __init__(self, path: str, mapping: Mapping, known: tuple[str, ...], problems: list[Problem]) -> None:
        self.path = path
        self.line = mapping.line
        self.unread = mapping.unread
        self.problems = problems
        self.entries: dict[str, Entry] = {}
        self.meant: set[str] = set()
        for entry in mapping.entries:
            if (bare := entry.key.strip(CURLY_QUOTES)) != entry.key and bare in known:
                self.meant.add(bare)
                self.report("curly-quotes", entry.line, found=entry.key, odd=named_signs(_quotes_around(entry.key)))
            elif entry.key not in known:
                near = key_meant(entry.key, known)
                self.meant.add(near)
                self.report("unknown-key", entry.line, found=entry.key, near=near, known=", ".join(known))
            elif (first := self.entries.setdefault(entry.key, entry)) is not entry:
                self.report("duplicate-key", entry.line, found=entry.key, first=str(first.line))
            elif entry.value is None and entry.cut:
                self.report("value-is-comment", entry.line, "warning", key=entry.key)

    def report(self, code: str, line: int, severity: Severity = "error", **words: str) -> None:
        self.problems.append(problem(self.path, line, code, severity, **words))

    def line_of(self, key: str) -> int:
        """Return the line of a key, or of its mapping if the key is missing."""
        return self.entries[key].line if key in self.entries else self.line

    def is_unread(self, key: str) -> bool:
        """Tell whether the key was written but could not be read: it was reported as that, so it is not missing."""
        return key in self.unread or key in self.meant

    def has(self, key: str) -> bool:
        return self.node(key) is not None

    def node(self, key: str) -> Node | None:
        return self.entries[key].value if key in self.entries else None

    def require(self, *keys: str) -> None:
        """Report each of the keys that is missing or empty."""
        for key in keys:
            if not self.has(key) and not self.is_unread(key):
                self.report(f"missing-{key}", self.line_of(key), key=key)

    def parsed(self, key: str, parse: Callable[[str], Value]) -> Value | None:
        """Return the parsed value of a key; None if the key is missing, or was refused and reported."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.report("not-a-text", node.line, key=key)
            return None
        return self.attempt(lambda: parse(node.text), node.line)

    def attempt(self, read: Callable[[], Value], line: int) -> Value | None:
        """Return what `read` returns; a refusal becomes a problem at this line."""
        try:
            return read()
        except Refused as refused:
            text = refused.words.get("found", "")
            if "odd" not in refused.words and (quotes := _quotes_around(text)):
                # «“true”» looks like a right value to whoever reads only that it is not taken.
                self.report("curly-quotes", line, found=text, odd=named_signs(quotes))
            else:
                self.problems.append(problem_at(refused, self.path, line))
            return None

    def text(self, key: str) -> str:
        """Return the text of a key; empty if it is missing."""
        self.warn_of_cut(key, [self.node(key)])
        return self.parsed(key, str) or ""

    def texts(self, key: str, *, single: bool) -> tuple[Scalar, ...]:
        """Return the texts of a list; if `single`, a text alone is a list of one."""
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node, Scalar) and not single:
            self.report("not-a-list", node.line, key=key, found=node.text)
            return ()
        items = node.items if isinstance(node, Listing) else (node,)
        if len(items) > MAX_LISTED:
            self.report("list-too-long", node.line, key=key, limit=str(MAX_LISTED))
            return ()
        self.warn_of_cut(key, items)
        for item in items:
            if not isinstance(item, Scalar) or not item.text:
                self.report("not-a-list-of-texts", item.line, key=key)
        return tuple(item for item in items if isinstance(item, Scalar) and item.text)

    def flag(self, key: str) -> bool:
        return self.parsed(key, lambda text: _flag(text, key)) or False

    def day(self, key: str) -> date | None:
        return self.parsed(key, dates.parse)

    def mappings(self, key: str, known: tuple[str, ...]) -> tuple[Fields, ...]:
        """Return each entry of a list of mappings as `Fields` of its own."""
        node = self.node(key)
        if node is None:
            return ()
        items = node.items if isinstance(node, Listing) else (node,)
        if not items or not all(isinstance(item, Mapping) for item in items) or not isinstance(node, Listing):
            self.report(f"not-a-list-of-{key}", node.line, key=key)
            return ()
        return tuple(Fields(self.path, item, known, self.problems) for item in items if isinstance(item, Mapping))

    def warn_of_cut(self, key: str, nodes: Iterable[Node | None]) -> None:
        """Warn if YAML took the end of a text for a comment."""
        for node in nodes:
            if isinstance(node, Scalar) and node.cut:
                self.report("text-cut-at-comment", node.line, "warning", key=key, found=node.text)


def key_meant(key: str, known: tuple[str, ...]) -> str:
    """Return the known key that is written, or that a wrong one seems to mean; empty if none is like it."""
    if key in known:
        return key
    return _WRONG_KEYS.get(fold(key).replace("_", " ")) or next(iter(nearest(key, known, n=1)), "")


def _quotes_around(text: str) -> str:
    """Return the signs at both ends of a text that look like straight quotation marks."""
    return "".join(sign for sign in (text[:1], text[-1:]) if sign in CURLY_QUOTES)


def _flag(text: str, key: str) -> bool:
    if text.lower() not in {"true", "false"}:
        refuse("not-a-flag", found=text, key=key)
    return text.lower() == "true"
