"""An item whose url changes keeps the one that readers have: as an old address that leads to the new one. Pure."""

from __future__ import annotations

from bulletin.items import edit_header, read_item
from bulletin.model import Article
from bulletin.problems import Problem


def with_old_url(path: str, text: str, old: Article, new: Article) -> str | tuple[Problem, ...]:
    """Return the text of an item that becomes `new`, with the url of `old` among its aliases if that was another.

    A draft had no readers. An item that goes back to an old url of its own has it as an alias no longer.
    """
    if old.card.url == new.card.url:
        return text
    found = read_item(path, text)
    if isinstance(found, tuple):
        return found
    written = found.values.get("aliases", [])
    aliases = [str(alias) for alias in ([written] if isinstance(written, str) else written)]
    kept = [alias for alias in aliases if _url(alias) != new.card.url]
    if not old.card.draft and old.card.url not in map(_url, kept):
        kept.append(old.card.url)
    return edit_header(path, text, {"aliases": kept})


def _url(alias: str) -> str:
    """Return the url of an alias of an item, however its slashes are written."""
    return f"/{alias.strip('/')}/".lower()
