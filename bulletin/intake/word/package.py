"""The package of a Word file, opened with care: it may be damaged, a bomb, or made to have other files opened."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from bulletin.problems import refuse

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/", b"http://schemas.openxmlformats.org/wordprocessingml/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
"""Names of the standard's strict variant, which few programs write, and those that all others use."""
MAX_FILES = 5000
MAX_TEXT = 16 << 20
"""Bytes of one part of XML, unpacked: the text of a novel has 5 MB."""
MAX_UNPACKED = 300 << 20
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)
"""What zipfile raises for garbage; RuntimeError for a part with a password."""

Element = ET.Element


class Relationship:
    """What a part refers to by an id: a part of the package, or an address outside of it."""

    def __init__(self, kind: str, target: str, *, is_outside: bool) -> None:
        self.kind = kind
        self.target = target
        self.is_outside = is_outside


class Package:
    """The parts of a Word file; every method raises Refused for what cannot or must not be read."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _DAMAGED:
            refuse("intake-damaged", kind="Word")
        if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            refuse("intake-bomb", limit=str(MAX_UNPACKED >> 20))
        self._entries = {entry.filename.lstrip("/"): entry for entry in entries}
        if not self.has(self.main):
            refuse("intake-damaged", kind="Word")

    @cached_property
    def main(self) -> str:
        """The path of the part that holds the text."""
        named = [one.target for one in self.relationships("").values() if one.kind == "officeDocument"]
        return next((target for target in named if self.has(target)), "word/document.xml")

    def has(self, path: str) -> bool:
        return path in self._entries

    def names(self) -> list[str]:
        return list(self._entries)

    def bytes_of(self, path: str, limit: int = MAX_UNPACKED) -> bytes:
        """Return the bytes of a part. Whatever its entry says of its size, not more is unpacked than the limit."""
        entry = self._entries[path]
        if entry.flag_bits & 1:
            refuse("intake-password", kind="Word")
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(limit + 1)
        except _DAMAGED:
            refuse("intake-damaged", kind="Word")
        if len(data) > limit:
            refuse("intake-bomb", limit=str(limit >> 20))
        return data

    def xml(self, path: str) -> Element | None:
        """Return the root of a part of XML; None if there is no such part."""
        return parsed(self.bytes_of(path, MAX_TEXT)) if self.has(path) else None

    def relationships(self, path: str) -> Mapping[str, Relationship]:
        """Return what a part refers to, by id; the path of the package itself is empty."""
        folder, name = posixpath.split(path)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relationship] = {}
        for one in root.iter(_RELATIONSHIP) if root is not None else ():
            target = one.get("Target", "")
            is_outside = one.get("TargetMode") == "External"
            found[one.get("Id", "")] = Relationship(
                one.get("Type", "").rpartition("/")[2],
                target if is_outside else _inside(folder, target),
                is_outside=is_outside,
            )
        return found

    def part(self, path: str, kind: str) -> str:
        """Return the path of the first part of this kind that a part refers to; empty if there is none."""
        targets = (one.target for one in self.relationships(path).values() if one.kind == kind and not one.is_outside)
        return next((target for target in targets if self.has(target)), "")


def _inside(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")


def parsed(data: bytes) -> Element:
    """Return the root of XML; refuse one with a declaration: entities grow without end, and fetch other files."""
    text = _text(data)
    if _DECLARATION.search(text):
        refuse("intake-damaged", kind="Word")
    try:
        # With no declaration there is no entity to resolve.
        return ET.fromstring(text)  # noqa: S314 - as said
    except (ET.ParseError, ValueError, RecursionError):
        refuse("intake-damaged", kind="Word")


def _text(data: bytes) -> str:
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        refuse("intake-damaged", kind="Word")
    # What the encoding was has been told by the bytes.
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
