"""Temporary."""

from __future__ import annotations
import json, os, time
from pathlib import Path
from msgspec import Struct
import msgspec
from bulletin.digests import digest_of_bytes
from bulletin.vietnamese import slug


class Actor(Struct, frozen=True, kw_only=True):
    name: str


class Copy(Struct, frozen=True, kw_only=True):
    name: str
    path: str
    text: str
    digest: str
    who: str
    at: float = 0


class Saved(Struct, frozen=True, kw_only=True):
    digest: str


class Conflict(Struct, frozen=True, kw_only=True):
    theirs: str
    digest: str
    who: str = ""


class Store:
    def __init__(self, root):
        self.root = root
        self.folder = root / ".desk" / "copies"
        self.folder.mkdir(parents=True, exist_ok=True)

    def copies(self):
        return [msgspec.json.decode(f.read_bytes(), type=Copy) for f in self.folder.glob("*.json")]

    def keep(self, copy):
        (self.folder / f"{copy.name}.json").write_bytes(
            msgspec.json.encode(msgspec.structs.replace(copy, at=time.time()))
        )

    def discard(self, name):
        (self.folder / f"{name}.json").unlink(missing_ok=True)

    def read(self, path):
        f = self.root / path
        return f.read_bytes().decode() if f.is_file() else None

    def check(self, path):
        pass

    def save(self, path, text, digest, actor):
        now = self.read(path)
        if now is not None and digest_of_bytes(now.encode()) != digest:
            return Conflict(theirs=now, digest=digest_of_bytes(now.encode()))
        f = self.root / path
        f.parent.mkdir(parents=True, exist_ok=True)
        f.write_bytes(text.encode())
        return Saved(digest=digest_of_bytes(text.encode()))

    def remove(self, path, digest, actor):
        (self.root / path).unlink()
        return Saved(digest="")

    def free_path(self, folder, title, day):
        return f"{folder}/{day or 'x'}-{slug(title) or 'tin'}.md"
