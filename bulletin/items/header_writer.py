"""Keys and texts -> front matter that is read back unchanged, whatever characters a text holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bulletin.items import frontmatter
from bulletin.items.frontmatter import Listing, Scalar
from bulletin.model import Source
from bulletin.problems import refuse


def header(keys: Mapping[str, str | list[str]]) -> str:
    """Return the front matter of an item; raise Refused for a text that no front matter can hold."""
    lines = (f"{key}: {listing(value) if isinstance(value, list) else scalar(value)}" for key, value in keys.items())
    return "\n".join(["---", *lines, "---", "", ""])


def listing(texts: Iterable[str]) -> str:
    """Return texts as a list on one line; raise Refused as `scalar` does."""
    return f"[{', '.join(scalar(text, 'key: [', ']') for text in texts)}]"


def scalar(text: str, before: str = "key: ", after: str = "") -> str:
    """Return the plainest YAML that our own reader reads back as this text; raise Refused if there is none.

    What is plain depends on what stands `before` it in the header and `after` it on the line.
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    doubled = text.replace("'", "''")
    for written in (text, f'"{text}"', f"'{doubled}'", f'"{escaped}"'):
        if _read(f"{before}{written}{after}") == text:
            return written
    return refuse("new-unwritable", found=text)


def _read(yaml: str) -> str | None:
    """Return the text that our reader finds in a key or in its list of one; None if it finds another thing."""
    document, problems = frontmatter.parse(Source(path="", text=f"---\n{yaml}\n---\n"))
    if document is None or problems or len(document.header.entries) != 1:
        return None
    value = document.header.entries[0].value
    if isinstance(value, Listing) and len(value.items) == 1:
        value = value.items[0]
    return value.text if isinstance(value, Scalar) and not value.cut else None
