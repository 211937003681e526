"""Where the links of an item's text lead: other items by their files, files beside the item, pages of the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeAlias
from urllib.parse import unquote

from msgspec import Struct, field

from bulletin.model import Article, Link, Unfinished, path_of
from bulletin.problems import Problem, Refused, located, refuse
from bulletin.text import nearest, nfc, slug

Item: TypeAlias = Article | Unfinished

CONTENT = "content"
_DOMAIN = re.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*\\.(com|edu|gov|info|net|org|vn)(/|$)", re.IGNORECASE)
_DEVICE = re.compile("(con|aux|nul|prn|com[0-9]|lpt[0-9])")
PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp")
# SVG is no picture here: opened by itself it is a page that may run scripts.
ATTACHMENTS = (
    *PICTURES,
    *(".csv", ".doc", ".docx", ".mp3", ".mp4", ".odp", ".ods", ".odt", ".pdf", ".ppt", ".pptx", ".txt", ".xls"),
    *(".xlsx", ".zip"),
)


class Targets(Struct, frozen=True, kw_only=True):
    """All that a link can lead to."""

    articles: Mapping[str, Article]
    """Published items by the path of their file."""
    sources: AbstractSet[str]
    """Every Markdown file, published or not."""
    compiled: AbstractSet[str]
    """Those that have no errors."""
    files: AbstractSet[str]
    """Every other file below content/."""
    paths: AbstractSet[str]
    """Files of output/ that are pages of the site."""
    by_url: Mapping[str, Article]
    """Published items by their url."""


class Resolved(Struct, kw_only=True):
    """An item's links as urls, the files that must be copied for them (from path to url), and the dead ones."""

    urls: list[str] = field(default_factory=list)
    image: str = ""
    files: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def resolve(item: Item, targets: Targets) -> Resolved:
    """Return where the links of an item lead."""
    resolved = Resolved()
    for link in item.body.links:
        resolved.urls.append(_attempt(item, link, targets, resolved))
    if item.image:
        resolved.image = _attempt(item, item.image, targets, resolved)
    return resolved


def _attempt(item: Item, link: Link, targets: Targets, resolved: Resolved) -> str:
    try:
        follow = _picture_url if link.is_picture else _url
        return follow(item, link.target, targets, resolved)
    except Refused as refused:
        resolved.problems.append(located(refused, item.source, link.line))
        return ""


def _picture_url(item: Item, target: str, targets: Targets, resolved: Resolved) -> str:
    path = nfc(unquote(target))
    if not path:
        refuse("link-empty")
    if not path.lower().endswith(PICTURES):
        refuse("link-to-odd-file", found=target, known=" ".join(PICTURES))
    return _file_url(item, path, target, targets, resolved)


def _url(item: Item, target: str, targets: Targets, resolved: Resolved) -> str:
    address, hash_sign, fragment = target.partition("#")
    before, question_mark, query = address.partition("?")
    path = nfc(unquote(before))
    if not target:
        refuse("link-empty")
    if not path:
        return _with_fragment(item, fragment, target)
    if path.lower().endswith(".md"):
        return _item_url(item, path, fragment, target, targets)
    if path.startswith("/"):
        return _page_url(path, question_mark + query, fragment, target, targets)
    if _DOMAIN.match(path) and not path.lower().endswith(ATTACHMENTS):
        refuse("address-without-scheme", found=target, bare=target)
    return _file_url(item, path, target, targets, resolved) + hash_sign + fragment


def _page_url(url: str, query: str, fragment: str, target: str, targets: Targets) -> str:
    """Return the url of a page of the site; lists have no anchors, items have those of their texts."""
    if path_of(url) not in targets.paths:
        refuse("link-to-no-page", found=target, near=_near_page(url, targets))
    if not fragment:
        return url + query
    if url not in targets.by_url:
        refuse("link-to-no-anchor", found=target, near="")
    return _with_fragment(targets.by_url[url], fragment, target)


def _file_url(item: Item, path: str, target: str, targets: Targets, resolved: Resolved) -> str:
    file = _beside(item, path, target)
    if file not in targets.files:
        refuse("link-to-no-file", found=target, near=_near(item, file, targets.files))
    if not file.lower().endswith(ATTACHMENTS):
        refuse("link-to-odd-file", found=target, known=" ".join(ATTACHMENTS))
    resolved.files[file] = _url_of(item) + _public_name(file)
    return resolved.files[file]


def _item_url(item: Item, path: str, fragment: str, target: str, targets: Targets) -> str:
    source = CONTENT + path if path.startswith("/") else _beside(item, path, target)
    if source not in targets.sources:
        refuse("link-to-no-item", found=target, near=_near(item, source, targets.sources))
    if source not in targets.compiled:
        refuse("link-to-broken", found=target)
    if source not in targets.articles:
        refuse("link-to-unpublished", found=target)
    other = targets.articles[source]
    return _with_fragment(other, fragment, target)


def _with_fragment(item: Item, fragment: str, target: str) -> str:
    if not fragment:
        return _url_of(item)
    name = unquote(fragment)
    if name not in item.body.ids:
        refuse("link-to-no-anchor", found=target, near=_quoted(nearest(name, sorted(item.body.ids))))
    return f"{_url_of(item)}#{fragment}"


def _url_of(item: Item) -> str:
    """Return an item's url; one with errors has none yet, and nothing will show it."""
    return item.card.url if isinstance(item, Article) else "/"


def _beside(item: Item, path: str, target: str) -> str:
    """Return the path of a file named from beside an item; refuse to leave content/."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(item.source), path))
    if not joined.startswith(f"{CONTENT}/") or "\\" in path:
        refuse("link-outside", found=target)
    return joined


def _public_name(file: str) -> str:
    stem, ending = posixpath.splitext(posixpath.basename(file))
    name = slug(stem) or "tep"
    # Windows opens a device instead of a file of such a name.
    return (f"tep-{name}" if _DEVICE.fullmatch(name) else name) + ending.lower()


def _near(item: Item, path: str, known: AbstractSet[str]) -> str:
    """Return the files of this name in other folders, or of a name like it in the same, as the item must name them."""
    folder, name = posixpath.split(path)
    found = sorted(other for other in known if posixpath.basename(other) == name and other != item.source)[:3]
    if not found:
        beside = sorted(other for other in known if posixpath.dirname(other) == folder and other != item.source)
        found = [f"{folder}/{other}" for other in nearest(name, map(posixpath.basename, beside))]
    return _quoted([posixpath.relpath(other, posixpath.dirname(item.source)) for other in found])


def _near_page(path: str, targets: Targets) -> str:
    return f"«{path}/»" if path_of(f"{path}/") in targets.paths else ""


def _quoted(names: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)
