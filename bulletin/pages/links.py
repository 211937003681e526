"""Resolves the links of items: to other items (by their files), to files beside the item, to pages of the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import cached_property, partial
from typing import TypeVar
from urllib.parse import unquote

from msgspec import Struct, field
from msgspec.structs import replace

from bulletin.images import Original, Picture, Rendition, Unusable, picture, published
from bulletin.model import CONTENT, Article, Item, Link
from bulletin.pages.public_names import attachment_name, picture_stem
from bulletin.pages.views import AttachmentCopy, Copy, PictureCopy
from bulletin.problems import CAUSE, Problem, Refused, problem, refuse
from bulletin.urls import ALL, ascii_address, kind_of, path_of
from bulletin.vietnamese import nearest, nfc

Result = TypeVar("Result")

_WEB = re.compile("https?://", re.IGNORECASE)
_QUERY_OR_FRAGMENT = re.compile("[?#]")
# The machine that an address names is the reader's own: it was copied from a preview.
_PREVIEW = re.compile(
    r"https?://(?:[^/@]*@)?(?:localhost|127(?:\.[0-9]+){3}|0\.0\.0\.0|\[::1\])(?=[:/?#]|$)", re.IGNORECASE
)
_DOMAIN = re.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*\\.(com|edu|gov|info|net|org|vn)(/|$)", re.IGNORECASE)
PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp")
# Formats that cameras and programs write, but browsers do not show. SVG is refused as well: opened by itself, an SVG is
# a page that may run scripts.
REFUSED_PICTURES = (".bmp", ".heic", ".heif", ".jp2", ".jxl", ".psd", ".raw", ".svg", ".tif", ".tiff")
ATTACHMENTS = (
    *PICTURES,
    *(".csv", ".doc", ".docx", ".mp3", ".mp4", ".odp", ".ods", ".odt", ".pdf", ".ppt", ".pptx", ".txt", ".xls"),
    *(".xlsx", ".zip"),
)

FILE_KINDS = {"attachment", "versioned"}
"""The kinds of files that are published beside items: attachments, pictures in all their sizes."""


class GuessBudget:
    """The number of names that may still be compared for «did you mean»: one guess among 10,000 takes half a second."""

    def __init__(self, left: int = 100_000) -> None:
        self.left = left

    def among(self, name: str, candidates: Collection[str]) -> tuple[str, ...]:
        """Return the candidates that resemble the name; none if there are more candidates than comparisons left."""
        if len(candidates) > self.left:
            return ()
        self.left -= len(candidates)
        return nearest(name, candidates)


class Targets(Struct, frozen=True, kw_only=True, dict=True):
    """Everything that a link can lead to."""

    articles: Mapping[str, Article]
    """Published items by the paths of their files."""
    sources: AbstractSet[str]
    """Every Markdown file, published or not."""
    compiled: AbstractSet[str]
    """The Markdown files that have no errors."""
    files: AbstractSet[str]
    """Every other file below content/."""
    pictures: Mapping[str, Original | Unusable]
    """Each picture among `files` that an item names, by path: readable or unusable."""
    paths: AbstractSet[str]
    """The files of output/ that a link may name by their urls: pages, old urls, feeds, data, files beside items."""
    by_url: Mapping[str, Article]
    """Published items by their urls."""
    base_url: str
    """The address of the site: what begins with it is a page of the site."""
    kept: Mapping[str, str] | None = None
    """For a stand-in, which nobody can mend: where the bytes of its files are. A link that leads nowhere is let go."""
    guesses: GuessBudget = field(default_factory=GuessBudget)

    @cached_property
    def folders(self) -> AbstractSet[str]:
        """Every folder below content/ that holds something. Only dead links ask for it."""
        folders: set[str] = set()
        for path in (*self.files, *self.sources):
            folder = posixpath.dirname(path)
            while folder not in folders and folder != CONTENT:
                folders.add(folder)
                folder = posixpath.dirname(folder)
        return folders


class WantedFile(Struct, frozen=True, kw_only=True):
    """A file to publish beside an item's page, with the item's first line that asks for it."""

    copy: Copy
    line: int


class ResolvedLinks(Struct, kw_only=True):
    """An item's links as urls and pictures, the files to publish for them by path in content/, and the problems."""

    links: list[str | Picture] = field(default_factory=list)
    image: Picture | None = None
    files: dict[str, tuple[WantedFile, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def is_like_file_of_page(path: str) -> bool:
    """Tell whether a link may mean either this file of content/ or one that is published beside an item's page."""
    return path.startswith(CONTENT + ALL)


def named_files(item: Item, files: AbstractSet[str], endings: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths of the files with these endings that an item names, even if the item has errors."""
    return (file for file in wanted_files(item, endings) if file in files)


def wanted_files(item: Item, endings: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths of the files with these endings that an item names, whether there are such files or not."""
    for link in (*item.body.links, *([item.image] if item.image else [])):
        if link.target[:1] == "#" and not link.is_picture:
            # Most links are those of footnotes.
            continue
        path = _path_in(link)
        if path.lower().endswith(endings):
            with suppress(Refused):
                yield _beside(item, path, link)


def image_file(item: Item) -> str:
    """Return the path in content/ of the picture at an item's head, whether there is such a file; empty without one."""
    if item.image:
        with suppress(Refused):
            return _beside(item, _path_in(item.image), item.image)
    return ""


def image_stem(item: Item, file: str) -> str:
    """Return the url of a picture beside an item's page, without what tells its sizes apart."""
    return _url_of(item) + picture_stem(item.source, file)


def resolve(item: Item, targets: Targets) -> ResolvedLinks:
    """Return where the links of an item lead."""
    resolved = ResolvedLinks()
    for link in item.body.links:
        if link.target[:1] == "#" and link.target[1:] in item.body.ids and not link.is_picture:
            # A short cut: most links lead to footnotes.
            resolved.links.append(_url_of(item) + link.target)
            continue
        follow = _picture if link.is_picture else _url
        resolved.links.append(
            _attempt(partial(follow, item, link, targets, resolved), item, link, targets, resolved) or ""
        )
    if item.image:
        show = partial(_picture, item, item.image, targets, resolved)
        resolved.image = _attempt(show, item, item.image, targets, resolved)
        if resolved.image and isinstance(item, Article):
            _add_crops(item, item.image, targets, resolved)
    return resolved


def _add_crops(item: Article, image: Link, targets: Targets, resolved: ResolvedLinks) -> None:
    """Add to `resolved.files` the crops of the picture at an item's head, which cards show."""
    file = image_file(item)
    original = targets.pictures[file]
    assert isinstance(original, Original)
    crops = published(original, image_stem(item, file), item.image_focus)
    resolved.files[file] += tuple(_wanted(url, original, rendition, image.line) for url, rendition in crops)


def with_files(targets: Targets, resolved: Iterable[ResolvedLinks]) -> Targets:
    """Return the targets together with the files that are published for these links."""
    files = {file.copy.path for each in resolved for wanted in each.files.values() for file in wanted}
    return replace(targets, paths=targets.paths | files)


def with_articles(targets: Targets, changed: Iterable[Article], paths: AbstractSet[str]) -> Targets:
    """Return the targets with new versions of items, and with new items, and with the `paths` of their pages."""
    articles = {article.source: article for article in changed}
    is_new = not articles.keys() <= targets.articles.keys() or not paths <= targets.paths
    known = replace(
        targets,
        articles={**targets.articles, **articles},
        by_url={**targets.by_url, **{article.card.url: article for article in articles.values()}},
        guesses=GuessBudget(),
    )
    if not is_new:
        return known
    sources = articles.keys() | ()
    return replace(known, sources=known.sources | sources, compiled=known.compiled | sources, paths=known.paths | paths)


def _attempt(
    follow: Callable[[], Result], item: Item, link: Link, targets: Targets, resolved: ResolvedLinks
) -> Result | None:
    try:
        return follow()
    except Refused as refused:
        words = {**refused.words, CAUSE: _cause(refused.code, item, link, targets)}
        if targets.kept is None or link.is_picture:
            resolved.problems.append(problem(item.source, link.line, refused.code, **words))
        return None


def _cause(code: str, item: Item, link: Link, targets: Targets) -> str:
    """Return what is to blame for a dead link: the file or page that it names or, if its folder is missing, that."""
    try:
        file = _beside(item, _path_in(link), link)
    except Refused:
        return ""
    if code not in {"link-to-no-file", "link-to-no-item"}:
        return f"{file}#{link.target.partition('#')[2]}" if code == "link-to-no-anchor" else file
    folder = posixpath.dirname(file)
    while folder not in targets.folders and folder != CONTENT:
        file, folder = folder, posixpath.dirname(folder)
    return file


def _path_in(link: Link) -> str:
    """Return the decoded path of a link, without query and anchor; a picture's name may hold `?` and `#` itself."""
    return nfc(unquote(link.target if link.is_picture else link.target.partition("#")[0].partition("?")[0]))


def _picture(item: Item, link: Link, targets: Targets, resolved: ResolvedLinks) -> Picture:
    path = _path_in(link)
    if not path:
        refuse("link-empty")
    if path.lower().endswith(REFUSED_PICTURES):
        refuse("picture-format", found=link.target, kind=posixpath.splitext(path)[1][1:].upper())
    if not path.lower().endswith(PICTURES) and _beside(item, path, link) not in targets.folders:
        refuse("link-to-odd-file", found=link.target, known=" ".join(PICTURES))
    return _published_picture(item, _file(item, path, link, targets), link, targets, resolved)


def _url(item: Item, link: Link, targets: Targets, resolved: ResolvedLinks) -> str:
    target = link.target
    address, hash_sign, fragment = target.partition("#")
    _, question_mark, query = address.partition("?")
    path = _path_in(link)
    if _WEB.match(target):
        return _web_address(target, targets)
    if not target:
        refuse("link-empty")
    if not path:
        return _with_fragment(item, fragment, target, targets.guesses)
    if path.lower().endswith(".md"):
        return _item_url(item, path, fragment, link, targets)
    if path.startswith("/") and not _is_in_content(item, path, link, targets):
        return _page_url(path, question_mark + query, fragment, target, targets)
    if _DOMAIN.match(path) and not path.lower().endswith(ATTACHMENTS):
        refuse("address-without-scheme", found=target, bare=target)
    file = _file(item, path, link, targets)
    if file.lower().endswith(PICTURES):
        # Link to the rendition: the metadata of the original says where the picture was taken.
        return _published_picture(item, file, link, targets, resolved).url + hash_sign + fragment
    url = attachment_url(item, file)
    copy = AttachmentCopy(path=path_of(url), source=(targets.kept or {}).get(file, file))
    resolved.files.setdefault(file, (WantedFile(copy=copy, line=link.line),))
    return url + hash_sign + fragment


def attachment_url(item: Item, file: str) -> str:
    return _url_of(item) + attachment_name(item.source, file)


def _is_in_content(item: Item, path: str, link: Link, targets: Targets) -> bool:
    """Tell whether a path after a `/` is that of a file or a folder of content/; a page of the site goes first."""
    if path_of(path) in targets.paths:
        return False
    with suppress(Refused):
        file = _beside(item, path, link)
        return file in targets.files or file in targets.folders
    return False


def _web_address(target: str, targets: Targets) -> str:
    """Return an address of the web as it is, or as the url of a page if it is the site's own; refuse a preview's."""
    own, address = (_WEB.sub("", text, count=1) for text in (targets.base_url, _in_ascii(target)))
    rest = address[len(own) :] if address.lower().startswith(own.lower()) else None
    if f"{address}/".lower() == own.lower():
        rest = ""
    if rest is not None:
        path, _, fragment = rest.partition("#")
        path, question_mark, query = path.partition("?")
        return _page_url("/" + path.removesuffix("index.html"), question_mark + query, fragment, target, targets)
    if _PREVIEW.match(target):
        refuse("link-to-preview", found=target)
    return target


def _in_ascii(target: str) -> str:
    """Return an address spelt as `base_url` is: one site may be written «https://báo.vn/» and «https://xn--bo-mia.vn/»."""
    place = _QUERY_OR_FRAGMENT.split(target, maxsplit=1)[0]
    if place.isascii() or "@" in place:
        return target
    try:
        return ascii_address(place) + target[len(place) :]
    except ValueError:
        return target


def _page_url(url: str, query: str, fragment: str, target: str, targets: Targets) -> str:
    """Return the url of a page or file of the site; refuse an anchor that is in the text of no item's page."""
    path = path_of(url)
    if path not in targets.paths:
        refuse("link-to-no-page", found=target, near=_near_page(url, targets))
    if not fragment:
        return url + query
    if kind_of(path).name in FILE_KINDS:
        return f"{url}{query}#{fragment}"  # what it means, such as `page=3`, the reader's program decides
    if url not in targets.by_url:
        refuse("link-to-no-anchor", found=target, near="")
    return _with_fragment(targets.by_url[url], fragment, target, targets.guesses)


def _file(item: Item, path: str, link: Link, targets: Targets) -> str:
    """Return the path in content/ of a file that may be published; refuse any other."""
    file = _beside(item, path, link)
    if file in targets.folders:
        refuse("link-to-folder", found=link.target)
    if file not in targets.files:
        refuse("link-to-no-file", found=link.target, near=_near(item, file, targets.files, targets.guesses))
    if not file.lower().endswith(ATTACHMENTS):
        refuse("link-to-odd-file", found=link.target, known=" ".join(ATTACHMENTS))
    return file


def _published_picture(item: Item, file: str, link: Link, targets: Targets, resolved: ResolvedLinks) -> Picture:
    """Return a picture as the item's page shows it, and add its renditions to `resolved.files`."""
    original = targets.pictures[file]
    if isinstance(original, Unusable):
        refuse(original.code, **dict(original.words))
    stem = image_stem(item, file)
    files = (_wanted(url, original, rendition, link.line) for url, rendition in published(original, stem))
    resolved.files.setdefault(file, tuple(files))
    return picture(original, stem)


def _wanted(url: str, original: Original, rendition: Rendition, line: int) -> WantedFile:
    return WantedFile(copy=PictureCopy(path=path_of(url), original=original.digest, rendition=rendition), line=line)


def _item_url(item: Item, path: str, fragment: str, link: Link, targets: Targets) -> str:
    target = link.target
    source = _beside(item, path, link)
    if source not in targets.sources:
        refuse("link-to-no-item", found=target, near=_near(item, source, targets.sources, targets.guesses))
    if source not in targets.compiled:
        refuse("link-to-broken", found=target)
    if source not in targets.articles:
        refuse("link-to-unpublished", found=target)
    return _with_fragment(targets.articles[source], fragment, target, targets.guesses)


def _with_fragment(item: Item, fragment: str, target: str, guesses: GuessBudget) -> str:
    if not fragment:
        return _url_of(item)
    name = unquote(fragment)
    if name not in item.body.ids:
        refuse("link-to-no-anchor", found=target, near=_quoted(guesses.among(name, sorted(item.body.ids))))
    return f"{_url_of(item)}#{fragment}"


def _url_of(item: Item) -> str:
    """Return an item's url; `/` for an item with errors, whose links are checked but never shown."""
    return item.card.url if isinstance(item, Article) else "/"


def _beside(item: Item, path: str, link: Link) -> str:
    """Return the path in content/ of a file named from an item or, after a `/`, from content/; refuse one outside."""
    start = CONTENT if path.startswith("/") else posixpath.dirname(item.source)
    joined = posixpath.normpath(f"{start}/{path}")
    if not joined.startswith(f"{CONTENT}/") or "\\" in path:
        refuse("link-outside", found=link.target)
    return joined


def _near(item: Item, path: str, known: AbstractSet[str], guesses: GuessBudget) -> str:
    """Return up to three files of this name, or else similar names in its folder, quoted and relative to the item."""
    folder, name = posixpath.split(path)
    suggested = sorted(other for other in known if posixpath.basename(other) == name and other != item.source)[:3]
    if not suggested:
        siblings = sorted(other for other in known if posixpath.dirname(other) == folder and other != item.source)
        suggested = [f"{folder}/{other}" for other in guesses.among(name, list(map(posixpath.basename, siblings)))]
    return _quoted([posixpath.relpath(other, posixpath.dirname(item.source)) for other in suggested])


def _near_page(url: str, targets: Targets) -> str:
    return f"«{url}/»" if path_of(f"{url}/") in targets.paths else ""


def _quoted(names: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)
