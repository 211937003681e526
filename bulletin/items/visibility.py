"""When readers may see an item that has errors, as far as that can be read: an error must not keep it public.

The header is read line by line, whatever else is wrong with it, since one bad line can make YAML refuse all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

from msgspec.structs import replace

from bulletin.digests import digest_of
from bulletin.items import frontmatter
from bulletin.items.article import KEYS
from bulletin.items.decoding import MAX_BYTES
from bulletin.items.fields import key_meant
from bulletin.items.frontmatter import Scalar
from bulletin.model import Article, Source, Visibility
from bulletin.problems import CURLY_QUOTES, Refused
from bulletin.settings import ItemRules
from bulletin.vietnamese import dates

Value = TypeVar("Value")

_KEYS = Visibility.__struct_fields__
_QUOTES = f"\"'{CURLY_QUOTES} \t"
_BOUNDARY = re.compile(r"[-\u2010-\u2015\u2212]{2,}\s*")
_ENTRY = re.compile(r"[ \t]*([^:#]{1,40}?)[ \t]*:(?:[ \t]+(.*))?")
_COMMENT = re.compile(r"(^|\s)#.*")


def read_visibility(source: str, data: bytes, rules: ItemRules) -> Visibility:
    """Return what the bytes of an item say. What is said twice, or by a wrong key, counts if it withdraws the item."""
    text = _decoded(data)
    document, _ = frontmatter.parse(Source(path=source, text=text))
    entries = document.header.entries if document else ()
    values_of_yaml = [(entry.key, entry.value.text) for entry in entries if isinstance(entry.value, Scalar)]
    said = [(key_meant(key, KEYS), value.strip(_QUOTES)) for key, value in (*values_of_yaml, *_lines(text))]
    values = {name: [value for key, value in said if key == name] for name in _KEYS}
    return Visibility(
        draft=any(value.lower() == "true" for value in values["draft"]),
        publish=max(_parsed(values["publish"], lambda text: dates.parse_moment(text, rules.zone)), default=None),
        expires=min(_parsed(values["expires"], dates.parse), default=None),
    )


def with_visibility(article: Article, today: Visibility) -> Article:
    """Return the article with what is said today of when readers may see it; the rest stays as it is."""
    changed = replace(
        article,
        card=replace(article.card, draft=article.card.draft or today.draft),
        publish=today.publish or article.publish,
        expires=today.expires or article.expires,
        digest="",
    )
    changed = replace(changed, brief_digest=digest_of(changed.card.brief))
    return replace(changed, digest=digest_of(changed))


def written_visibility(visibility: Visibility) -> str:
    """Return a header that says this and nothing else; as an item it has errors."""
    said = {name: getattr(visibility, name) for name in _KEYS}
    lines = [f"{name}: {str(value).lower()[:16]}\n" for name, value in said.items() if value]
    return "".join(("---\n", *lines, "---\n"))


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return data[:MAX_BYTES].decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield key and value of each line of the header, and of the lines like it with which the text behind it begins."""
    boundaries = 0
    for line in text.strip().splitlines():
        if _BOUNDARY.fullmatch(line):
            boundaries += 1
        elif match := _ENTRY.fullmatch(line):
            yield match[1].strip(_QUOTES), _COMMENT.sub("", match[2] or "")
        elif boundaries > 1 and line.strip() and not line.startswith((" ", "\t", "-")):
            break


def _parsed(values: list[str], parse: Callable[[str], Value]) -> Iterator[Value]:
    for value in values:
        with suppress(Refused):
            yield parse(value)
