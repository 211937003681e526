"""Keys and texts -> a header that reads as it was meant, whatever signs a text holds."""

from __future__ import annotations

from collections.abc import Mapping

from bulletin.items import frontmatter
from bulletin.items.frontmatter import Listing, Scalar
from bulletin.model import Source
from bulletin.problems import refuse


def header(keys: Mapping[str, str | list[str]]) -> str:
    """Return the header of an item without a text; raise Refused for what no header can hold."""
    lines = (f"{key}: {_listing(value) if isinstance(value, list) else _text(value)}" for key, value in keys.items())
    return "\n".join(["---", *lines, "---", "", ""])


def _listing(texts: list[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _text(text: str) -> str:
    """Return the plainest way of writing a text that our own reader takes for this very text, in a list too."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    doubled = text.replace("'", "''")
    for written in (text, f'"{text}"', f"'{doubled}'", f'"{escaped}"'):
        if _read(written) == text and _read(f"[{written}]") == text:
            return written
    return refuse("new-unwritable", found=text)


def _read(written: str) -> str | None:
    """Return what our reader takes a value for; None if it is not a text alone, or if anything is said against it."""
    document, problems = frontmatter.parse(Source(path="", text=f"---\nkey: {written}\n---\n"))
    if document is None or problems or len(document.header.entries) != 1:
        return None
    value = document.header.entries[0].value
    if isinstance(value, Listing) and len(value.items) == 1:
        value = value.items[0]
    return value.text if isinstance(value, Scalar) and not value.cut else None
