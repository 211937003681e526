"""A Word file -> blocks, footnotes and pictures. mammoth reads the text once `rewriting` has prepared it."""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.etree import ElementTree as ET

from bulletin.intake.composing import Text, check_length, composed
from bulletin.intake.old_encodings import Converted
from bulletin.intake.values import Found, Given, Picture, Wishes, quoted
from bulletin.intake.word.package import Package, R, W
from bulletin.intake.word.rewriting import CLOSE, OPEN, SHOWN, Drawn, Lost, Part, read_encodings, tracked
from bulletin.intake.word.styles import Numbering, Styles
from bulletin.problems import Problem, problem, refuse
from bulletin.richtext import pasted
from bulletin.richtext.document import Blocks
from bulletin.vietnamese import slug

_STYLES = """
p.Title => h1:fresh
p.H1 => h2:fresh
p.H2 => h3:fresh
p.H3 => h4:fresh
p.H4 => h5:fresh
p.H5 => h6:fresh
p.H6 => h6:fresh
p.H7 => h6:fresh
p.H8 => h6:fresh
p.H9 => h6:fresh
p.Quote => blockquote > p:fresh
"""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NOTES = ("footnotes", "endnotes")
_LISTED = re.compile(f"<p>{OPEN}L([0-9])\\|([^{CLOSE}]*){CLOSE}")
_DRAWN = re.compile(f"{OPEN}p([0-9]+){CLOSE}")
_REFERENCE = re.compile(r'<sup><a href="#(?:foot|end)note-[^"]*" id="[^"]*">\[([0-9]+)\]</a></sup>')
_NOTE = re.compile(r'<li id="(?:foot|end)note-[^"]*">(.*?)</li>(?=<li id="|</ol>)', re.DOTALL)
_BACK = re.compile(r' ?<a href="#(?:foot|end)note-ref-[^"]*">↑</a>')
_LINK = re.compile(r'<a href="((?!https?:|mailto:|tel:|#)[^"]*)"[^>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE)
_MAX_LETTERS = 40
_NOTHING = re.compile(r"[\W\d_]*(?:trang|page)?[\W\d_]*", re.IGNORECASE)
"""A header or footer that says nothing: a page number."""


def read(given: Given, wishes: Wishes) -> Found:
    """Return the item that a Word file holds. Raise Refused for tracked changes that nobody has decided on."""
    package = Package(given.data)
    lost = Lost()
    try:
        parts = _parts(package, lost)
        _check_changes(parts, wishes)
        check_length(sum(len(text.text or "") for part in parts for text in part.root.iter(f"{W}t")))
        pictures: list[Drawn] = []
        for part in parts:
            part.rewrite(len(pictures))
            pictures += part.pictures
        encodings = read_encodings(parts)
        text = _html(_rebuilt(package, parts))
    except RecursionError:
        # Nobody's text has elements a thousand deep in each other.
        refuse("intake-damaged", kind="Word")
    names = _names(given.name, pictures)
    body, notes = _split(_LINK.sub(r"\2", _with_pictures(text, names, pictures)))
    problems = (
        *_losses(given.name, package, lost),
        *_decoded(given.name, encodings),
        *_told(given.name, "intake-links-elsewhere", _lost_links(text)),
    )
    found = Text(
        blocks=_blocks(body),
        notes={str(number): _blocks(note) for number, note in enumerate(notes, 1)},
        pictures=tuple(
            Picture(name=name, data=data) for name, data in {names[one.data]: one.data for one in pictures}.items()
        ),
        problems=problems,
    )
    return composed(given, found, wishes)


def _parts(package: Package, lost: Lost) -> list[Part]:
    """Return the parts with text: the main one, then the notes."""
    styles = Styles(package.xml(package.part(package.main, "styles")))
    numbering = Numbering(package.xml(package.part(package.main, "numbering")))
    notes = [path for kind in _NOTES if (path := package.part(package.main, kind))]
    return [Part(package, path, styles, numbering, lost) for path in (package.main, *notes)]


def _check_changes(parts: Iterable[Part], wishes: Wishes) -> None:
    found = [author for part in parts for author in tracked(part.root)]
    if found and not wishes.accept_changes:
        refuse("intake-tracked-changes", count=str(len(found)), who=", ".join(dict.fromkeys(found)))


# The text


def _rebuilt(package: Package, parts: list[Part]) -> bytes:
    """Return a package of the rewritten parts alone, with the addresses that their links lead to."""
    kinds = {package.part(package.main, kind): kind for kind in _NOTES}
    kinds.pop("", None)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("_rels/.rels", _relationships({"d": ("officeDocument", "word/document.xml", "Internal")}))
        for part in parts:
            kind = kinds.get(part.path, "document")
            links = {
                name: ("hyperlink", one.target, "External")
                for name, one in package.relationships(part.path).items()
                if one.kind == "hyperlink"
            }
            others = {kind: (kind, f"{kind}.xml", "Internal") for kind in kinds.values()} if kind == "document" else {}
            # A link to a place in the text has no address; mammoth looks for that of each id.
            for link in part.root.iter(f"{W}hyperlink"):
                if (name := link.get(f"{R}id")) and name not in links:
                    del link.attrib[f"{R}id"]
            made.writestr(f"word/{kind}.xml", ET.tostring(part.root, encoding="utf-8"))
            made.writestr(f"word/_rels/{kind}.xml.rels", _relationships(links | others))
    return stream.getvalue()


def _relationships(found: dict[str, tuple[str, str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="{html.escape(name)}" Type="{_OFFICE}/{kind}" Target="{html.escape(target)}" '
        f'TargetMode="{mode}"/>'
        for name, (kind, target, mode) in found.items()
    )
    return f'<Relationships xmlns="{_RELATIONSHIPS}">{rows}</Relationships>'


def _html(data: bytes) -> str:
    import mammoth  # noqa: PLC0415 - it takes 60 ms to load

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, include_default_style_map=False, include_embedded_style_map=False
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        # It takes for granted that a number is one, and that what a part refers to is there.
        refuse("intake-damaged", kind="Word")
    return str(result.value)


def _with_pictures(text: str, names: dict[bytes, str], pictures: list[Drawn]) -> str:
    def tag(found: re.Match[str]) -> str:
        drawn = pictures[int(found[1])]
        return f'<img src="{names[drawn.data]}" alt="{html.escape(drawn.alt)}">'

    return _DRAWN.sub(tag, text)


def _split(text: str) -> tuple[str, list[str]]:
    """Return the HTML of the text with references to footnotes as the editor has them, and that of each footnote."""
    body, _, below = text.rpartition("<ol>") if _NOTE.search(text) else (text, "", "")
    listed = _LISTED.sub(
        r'<p style="mso-list:l0 level\1 lfo1"><span style="mso-list:Ignore">\2</span>',
        _REFERENCE.sub(r'<sup data-note="\1">\1</sup>', body),
    )
    return listed, [_BACK.sub("", note) for note in _NOTE.findall(below)]


def _blocks(text: str) -> Blocks:
    return pasted.cleaned(text).blocks


def _names(file: str, pictures: Iterable[Drawn]) -> dict[bytes, str]:
    """Return the name of each picture: the file's and a number; of one that stands twice the same."""
    stem = slug(posixpath.splitext(file)[0])[:_MAX_LETTERS].strip("-") or "anh"
    names: dict[bytes, str] = {}
    for picture in pictures:
        if picture.data not in names:
            names[picture.data] = f"{stem}-{len(names) + 1}{SHOWN[picture.kind]}"
    return names


# What is said of it


def _losses(name: str, package: Package, lost: Lost) -> Iterator[Problem]:
    """Yield what was not taken, or not as it was."""
    relationships = package.relationships(package.main).values()
    comments = [_words(package, one.target, f"{W}comment") for one in relationships if one.kind == "comments"]
    edges = [_words(package, one.target, f"{W}p") for one in relationships if one.kind in {"header", "footer"}]
    edge_words = [words for found in edges for words in found if not _NOTHING.fullmatch(words)]
    yield from _told(name, "intake-comments", [words for found in comments for words in found])
    yield from _told(name, "intake-text-boxes", lost.boxes)
    yield from _told(name, "intake-hidden", lost.hidden)
    yield from _told(name, "intake-header-footer", edge_words)
    yield from _told(name, "intake-pictures-linked", [posixpath.basename(name) for name in lost.linked])
    if lost.pictures:
        kinds = ", ".join(dict.fromkeys(lost.pictures))
        yield problem(name, 1, "intake-pictures-kind", "warning", count=str(len(lost.pictures)), kind=kinds)
    if lost.drawings:
        yield problem(name, 1, "intake-drawings", "warning", count=str(lost.drawings.total()))
    if lost.contents:
        yield problem(name, 1, "intake-contents", "warning")
    if any(part.endswith("vbaProject.bin") for part in package.names()):
        yield problem(name, 1, "intake-macros", "warning")


def _told(name: str, code: str, texts: Sequence[str]) -> Iterator[Problem]:
    if texts:
        yield problem(name, 1, code, "warning", count=str(len(texts)), found=quoted(texts))


def _words(package: Package, path: str, tag: str) -> list[str]:
    root = package.xml(path)
    texts = ("".join(one.itertext()).strip() for one in root.iter(tag)) if root is not None else ()
    return [text for text in texts if text]


def _decoded(name: str, texts: Converted) -> Iterator[Problem]:
    for encoding in texts.encodings:
        yield problem(name, 1, "intake-old-encoding", "warning", found=encoding)
    yield from _told(name, "intake-doubtful-words", texts.doubtful)


def _lost_links(text: str) -> list[str]:
    return [html.unescape(link[1]) for link in _LINK.finditer(text)]
