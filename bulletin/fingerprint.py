"""The one hash: equal values have equal digests, and a type it does not know is refused.

A fallback such as repr() would give different things one digest, or one thing another digest in the next process.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from bulletin.model import Text

SIZE = 16


def digest_of(*values: Any) -> str:
    """Return the digest of values made of texts, numbers, dates, tuples and dataclasses of these."""
    return fingerprint(values)[0]


def digest_of_bytes(data: bytes) -> str:
    return blake2b(data, digest_size=SIZE).hexdigest()


def fingerprint(value: Any) -> tuple[str, str]:
    """Return the digest of a value apart from the texts it refers to, and the digest of these."""
    parts: list[bytes] = []
    texts: list[bytes] = []
    _add(value, parts, texts)
    return digest_of_bytes(b"".join(parts)), digest_of_bytes(b"".join(texts))


def _add(value: Any, parts: list[bytes], texts: list[bytes]) -> None:
    kind = type(value)
    if kind is str:
        # A file's name need not be text: what stands for its odd bytes is digested like them.
        data = value.encode(errors="surrogatepass")
        parts += (b"s%d:" % len(data), data)
    elif kind is tuple:
        parts.append(b"(%d:" % len(value))
        for part in value:
            _add(part, parts, texts)
    elif value is None or kind is bool or kind is int:
        parts.append(b"%s;" % str(value).encode())
    elif kind is date or kind is datetime:
        parts.append(b"d%s;" % value.isoformat().encode())
    elif kind is Text:
        texts.append(value.digest.encode())
        parts.append(b"t")
    elif is_dataclass(kind):
        _add_fields(value, kind, parts, texts)
    else:
        raise TypeError(f"no digest for {kind.__name__}")


def _add_fields(value: Any, kind: type, parts: list[bytes], texts: list[bytes]) -> None:
    name, names = _shape(kind)
    # A card was digested when it was compiled: it stands in many views.
    if known := getattr(value, "digest", ""):
        parts += (b"<%s:" % name, known.encode())
        return
    parts.append(b"{%s:" % name)
    for field in names:
        _add(getattr(value, field), parts, texts)


@cache
def _shape(kind: type) -> tuple[bytes, tuple[str, ...]]:
    return kind.__name__.encode(), tuple(field.name for field in fields(kind))
