"""Keys and texts -> front matter that is read back unchanged, whatever characters a text holds."""

from __future__ import annotations

from collections.abc import Mapping

from bulletin.items import frontmatter
from bulletin.items.frontmatter import Listing, Scalar
from bulletin.model import Source
from bulletin.problems import refuse


def header(keys: Mapping[str, str | list[str]]) -> str:
    """Return the front matter of an item; raise Refused for a text that no front matter can hold."""
    lines = (f"{key}: {_listing(value) if isinstance(value, list) else _text(value)}" for key, value in keys.items())
    return "\n".join(["---", *lines, "---", "", ""])


def _listing(texts: list[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _text(text: str) -> str:
    """Return the plainest YAML that our own reader reads back as this text, alone and in a list."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    doubled = text.replace("'", "''")
    for scalar in (text, f'"{text}"', f"'{doubled}'", f'"{escaped}"'):
        if _read(scalar) == text and _read(f"[{scalar}]") == text:
            return scalar
    return refuse("new-unwritable", found=text)


def _read(yaml: str) -> str | None:
    """Return the text that our reader makes of a value; None if it is no single text or has problems."""
    document, problems = frontmatter.parse(Source(path="", text=f"---\nkey: {yaml}\n---\n"))
    if document is None or problems or len(document.header.entries) != 1:
        return None
    value = document.header.entries[0].value
    if isinstance(value, Listing) and len(value.items) == 1:
        value = value.items[0]
    return value.text if isinstance(value, Scalar) and not value.cut else None
