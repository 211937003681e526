"""Where the links of an item's text lead: other items by their files, files beside the item, pages of the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import partial
from typing import TypeVar
from urllib.parse import unquote

from msgspec import Struct, field

from bulletin.images import Original, Picture, Unusable, picture, published
from bulletin.model import CONTENT, Article, Item, Link
from bulletin.pages.views import AttachmentCopy, Copy, PictureCopy
from bulletin.problems import Problem, Refused, located, refuse
from bulletin.urls import is_device_name, path_of
from bulletin.vietnamese import nearest, nfc, slug

Found = TypeVar("Found")

_DOMAIN = re.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*\\.(com|edu|gov|info|net|org|vn)(/|$)", re.IGNORECASE)
_LONGEST_NAME = 60  # with the longest slug before it a path that Windows takes, in the workshop too: 260 in all
PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp")
# What cameras and programs also make, and browsers do not show. SVG is no picture here: opened by itself it is a page
# that may run scripts.
_FOREIGN = (".bmp", ".heic", ".heif", ".jp2", ".jxl", ".psd", ".raw", ".svg", ".tif", ".tiff")
ATTACHMENTS = (
    *PICTURES,
    *(".csv", ".doc", ".docx", ".mp3", ".mp4", ".odp", ".ods", ".odt", ".pdf", ".ppt", ".pptx", ".txt", ".xls"),
    *(".xlsx", ".zip"),
)


class Guesses:
    """How many names are still compared for «did you mean»: among 10,000 files one guess takes half a second."""

    def __init__(self, left: int = 100_000) -> None:
        self.left = left

    def among(self, name: str, candidates: Collection[str]) -> tuple[str, ...]:
        """Return the candidates that are like the name; none where they are too many for what is left."""
        if len(candidates) > self.left:
            return ()
        self.left -= len(candidates)
        return nearest(name, candidates)


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
    pictures: Mapping[str, Original | Unusable]
    """What became of those of them that are pictures and named by an item."""
    paths: AbstractSet[str]
    """Files of output/ that are pages of the site."""
    by_url: Mapping[str, Article]
    """Published items by their url."""
    guesses: Guesses = field(default_factory=Guesses)


class WantedFile(Struct, frozen=True, kw_only=True):
    """A file that must stand beside an item's page, with the first line that asks for it."""

    copy: Copy
    line: int


class Resolved(Struct, kw_only=True):
    """An item's links as urls and pictures, what these need by its file in content/, and the dead ones."""

    links: list[str | Picture] = field(default_factory=list)
    image: Picture | None = None
    files: dict[str, tuple[WantedFile, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def pictures_of(item: Item, files: AbstractSet[str]) -> Iterator[str]:
    """Yield the paths of the pictures that an item names, whatever else may be wrong with it."""
    return files_of(item, files, PICTURES)


def files_of(item: Item, files: AbstractSet[str], endings: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths of the files with these endings that an item names, whatever else may be wrong with it."""
    for link in (*item.body.links, *([item.image] if item.image else [])):
        path = _path_in(link)
        if path.lower().endswith(endings):
            with suppress(Refused):
                file = _beside(item, path, link)
                if file in files:
                    yield file


def resolve(item: Item, targets: Targets) -> Resolved:
    """Return where the links of an item lead."""
    resolved = Resolved()
    for link in item.body.links:
        if link.target[:1] == "#" and link.target[1:] in item.body.ids and not link.is_picture:
            # Most links are those of footnotes.
            resolved.links.append(_url_of(item) + link.target)
            continue
        follow = _picture if link.is_picture else _url
        resolved.links.append(_attempt(partial(follow, item, link, targets, resolved), item, link, resolved) or "")
    if item.image:
        show = partial(_picture, item, item.image, targets, resolved)
        resolved.image = _attempt(show, item, item.image, resolved)
    return resolved


def _attempt(follow: Callable[[], Found], item: Item, link: Link, resolved: Resolved) -> Found | None:
    try:
        return follow()
    except Refused as refused:
        resolved.problems.append(located(refused, item.source, link.line))
        return None


def _path_in(link: Link) -> str:
    """Return the path in a link; a picture's name may hold what would be a query or an anchor elsewhere."""
    return nfc(unquote(link.target if link.is_picture else link.target.partition("#")[0].partition("?")[0]))


def _picture(item: Item, link: Link, targets: Targets, resolved: Resolved) -> Picture:
    path = _path_in(link)
    if not path:
        refuse("link-empty")
    if path.lower().endswith(_FOREIGN):
        refuse("picture-format", found=link.target)
    if not path.lower().endswith(PICTURES):
        refuse("link-to-odd-file", found=link.target, known=" ".join(PICTURES))
    return _shown(item, _file(item, path, link, targets), link, targets, resolved)


def _url(item: Item, link: Link, targets: Targets, resolved: Resolved) -> str:
    target = link.target
    address, hash_sign, fragment = target.partition("#")
    _, question_mark, query = address.partition("?")
    path = _path_in(link)
    if not target:
        refuse("link-empty")
    if not path:
        return _with_fragment(item, fragment, target, targets.guesses)
    if path.lower().endswith(".md"):
        return _item_url(item, path, fragment, link, targets)
    if path.startswith("/"):
        return _page_url(path, question_mark + query, fragment, target, targets)
    if _DOMAIN.match(path) and not path.lower().endswith(ATTACHMENTS):
        refuse("address-without-scheme", found=target, bare=target)
    file = _file(item, path, link, targets)
    if file.lower().endswith(PICTURES):
        # Not the file itself: it tells where it was taken.
        return _shown(item, file, link, targets, resolved).url + hash_sign + fragment
    url = _url_of(item) + _public_name(file)
    copy = AttachmentCopy(path=path_of(url), source=file)
    resolved.files.setdefault(file, (WantedFile(copy=copy, line=link.line),))
    return url + hash_sign + fragment


def _page_url(url: str, query: str, fragment: str, target: str, targets: Targets) -> str:
    """Return the url of a page of the site; lists have no anchors, items have those of their texts."""
    if path_of(url) not in targets.paths:
        refuse("link-to-no-page", found=target, near=_near_page(url, targets))
    if not fragment:
        return url + query
    if url not in targets.by_url:
        refuse("link-to-no-anchor", found=target, near="")
    return _with_fragment(targets.by_url[url], fragment, target, targets.guesses)


def _file(item: Item, path: str, link: Link, targets: Targets) -> str:
    """Return the path in content/ of a file that may be published."""
    file = _beside(item, path, link)
    if file not in targets.files:
        refuse("link-to-no-file", found=link.target, near=_near(item, file, targets.files, targets.guesses))
    if not file.lower().endswith(ATTACHMENTS):
        refuse("link-to-odd-file", found=link.target, known=" ".join(ATTACHMENTS))
    return file


def _shown(item: Item, file: str, link: Link, targets: Targets, resolved: Resolved) -> Picture:
    """Return a picture as the item's page shows it, and ask for its renditions."""
    original = targets.pictures[file]
    if isinstance(original, Unusable):
        refuse(original.code, **dict(original.words))
    stem = _url_of(item) + _public_name(file).rpartition(".")[0]
    copies = (
        PictureCopy(path=path_of(url), original=original.digest, rendition=rendition)
        for url, rendition in published(original, stem)
    )
    resolved.files.setdefault(file, tuple(WantedFile(copy=copy, line=link.line) for copy in copies))
    return picture(original, stem)


def _item_url(item: Item, path: str, fragment: str, link: Link, targets: Targets) -> str:
    target = link.target
    source = CONTENT + path if path.startswith("/") else _beside(item, path, link)
    if source not in targets.sources:
        refuse("link-to-no-item", found=target, near=_near(item, source, targets.sources, targets.guesses))
    if source not in targets.compiled:
        refuse("link-to-broken", found=target)
    if source not in targets.articles:
        refuse("link-to-unpublished", found=target)
    other = targets.articles[source]
    return _with_fragment(other, fragment, target, targets.guesses)


def _with_fragment(item: Item, fragment: str, target: str, guesses: Guesses) -> str:
    if not fragment:
        return _url_of(item)
    name = unquote(fragment)
    if name not in item.body.ids:
        refuse("link-to-no-anchor", found=target, near=_quoted(guesses.among(name, sorted(item.body.ids))))
    return f"{_url_of(item)}#{fragment}"


def _url_of(item: Item) -> str:
    """Return an item's url; one with errors has none yet, and nothing will show it."""
    return item.card.url if isinstance(item, Article) else "/"


def _beside(item: Item, path: str, link: Link) -> str:
    """Return the path of a file named from beside an item; refuse to leave content/."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(item.source), path))
    if not joined.startswith(f"{CONTENT}/") or "\\" in path:
        refuse("link-outside", found=link.target)
    return joined


def _public_name(file: str) -> str:
    stem, ending = posixpath.splitext(posixpath.basename(file))
    name = slug(stem)[:_LONGEST_NAME].strip("-") or "tep"
    return (f"tep-{name}" if is_device_name(name) else name) + ending.lower()


def _near(item: Item, path: str, known: AbstractSet[str], guesses: Guesses) -> str:
    """Return the files of this name in other folders, or of a name like it in the same, as the item must name them."""
    folder, name = posixpath.split(path)
    found = sorted(other for other in known if posixpath.basename(other) == name and other != item.source)[:3]
    if not found:
        beside = sorted(other for other in known if posixpath.dirname(other) == folder and other != item.source)
        found = [f"{folder}/{other}" for other in guesses.among(name, list(map(posixpath.basename, beside)))]
    return _quoted([posixpath.relpath(other, posixpath.dirname(item.source)) for other in found])


def _near_page(path: str, targets: Targets) -> str:
    return f"«{path}/»" if path_of(f"{path}/") in targets.paths else ""


def _quoted(names: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)
