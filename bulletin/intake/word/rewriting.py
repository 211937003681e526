"""The text of a Word file, written anew as mammoth reads it: with what it passes over in silence taken out or kept.

mammoth accepts tracked changes, shows hidden words, and drops text boxes, drawings, the signs of lists and what styles
say. Here each of them is looked for; what is lost is counted, everything else is put into the text so that it stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from msgspec import Struct, field

from bulletin.digests import digest_of_bytes
from bulletin.formats import format_by_ending, format_of
from bulletin.images import MAX_BYTES
from bulletin.intake.old_encodings import Converted, Run, convert
from bulletin.intake.word.package import Element, Package, R, W
from bulletin.intake.word.styles import Numbering, Styles, switch, value
from bulletin.problems import Refused, refuse

OPEN, CLOSE = "\ue000", "\ue001"
"""Around what the text of a run stands for: the sign of a list, the number of a picture."""
SHOWN = {"AVIF": ".avif", "GIF": ".gif", "JPEG": ".jpg", "PNG": ".png", "WebP": ".webp"}
"""Pictures that a page can show, with the endings of their names."""
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_V = "{urn:schemas-microsoft-com:vml}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_CHANGES = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")}
_GONE = {f"{W}{name}" for name in ("del", "moveFrom", "commentRangeStart", "commentRangeEnd")}
_WRAPPERS = {f"{W}{name}" for name in ("ins", "moveTo", "smartTag", "customXml")}
_DRAWN = {f"{W}{name}" for name in ("drawing", "pict", "object")}
_MARKS_OF_RUNS = ("b", "i", "strike", "dstrike")
_MARKS = re.compile(f"[{OPEN}{CLOSE}]")
# What Word and the folder of a picture have written for nobody to read.
_NO_WORDS = re.compile(
    r"(?:[A-Za-z]:)?[\\/].*|.*\.\w{3,4}|.*(?:generated|nội dung do AI tạo).*", re.IGNORECASE | re.DOTALL
)


class Drawn(Struct, frozen=True, kw_only=True):
    """A picture of the text: its bytes, what it is, and the words that stand for it."""

    data: bytes
    kind: str
    alt: str


class Lost(Struct, frozen=True, kw_only=True):
    """What was not taken, or not as it was; with words by which it is found again."""

    hidden: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    drawings: Counter[str] = field(default_factory=Counter)
    pictures: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)


class Part:
    """One part of XML with text, the main one or one of notes, rewritten in place."""

    def __init__(self, package: Package, path: str, styles: Styles, numbering: Numbering, lost: Lost) -> None:
        root = package.xml(path)
        if root is None:
            refuse("intake-damaged", kind="Word")
        self.path = path
        self.root = root
        for element in root.iter():
            # Signs of ours in a text would be read as what they stand for.
            element.text = _MARKS.sub("", element.text) if element.text else element.text
        self.pictures: list[Drawn] = []
        self._package = package
        self._relationships = package.relationships(path)
        self._styles = styles
        self._numbering = numbering
        self._lost = lost
        self._boxes: list[Element] = []
        self._writers: dict[str, Callable[[Element], Iterable[Element]]] = {
            f"{W}p": self._paragraph,
            f"{W}r": self._run,
            f"{W}sdt": self._control,
            f"{_M}oMath": self._formula,
            f"{_M}oMathPara": self._formula,
        }

    def rewrite(self, first_picture: int) -> None:
        """Take out what is lost, put into the text what mammoth would lose; pictures are numbered from the first."""
        self._first = first_picture
        self._clean(self.root)
        for paragraph in self.root.iter(f"{W}p"):
            self._restyle(paragraph)

    # What is taken out, or kept by other means

    def _clean(self, parent: Element) -> None:
        children = list(chain.from_iterable(map(self._cleaned, list(parent))))
        for child in list(parent):
            parent.remove(child)
        parent.extend(children)

    def _cleaned(self, element: Element) -> Iterable[Element]:
        """Return what stands in the place of an element."""
        if element.tag in _GONE or self._is_deleted_row(element):
            return ()
        if element.tag in self._writers:
            return self._writers[element.tag](element)
        inner = _chosen(element)
        if inner is not None:
            return chain.from_iterable(map(self._cleaned, inner))
        self._clean(element)
        return (element,)

    @staticmethod
    def _is_deleted_row(element: Element) -> bool:
        return element.tag == f"{W}tr" and element.find(f"{W}trPr/{W}del") is not None

    def _paragraph(self, element: Element) -> Iterable[Element]:
        """Return a paragraph, and behind it what stood in its text boxes."""
        above, self._boxes = self._boxes, []
        self._clean(element)
        boxes, self._boxes = self._boxes, above
        inner = [part for box in boxes for child in list(box) for part in self._cleaned(child)]
        words = " ".join("".join(one.itertext()).strip() for one in inner).strip()
        if words:
            self._lost.boxes.append(words)
        return (element, *(inner if words or any(map(_has_picture, inner)) else ()))

    def _run(self, run: Element) -> Iterable[Element]:
        properties = run.find(f"{W}rPr")
        if switch(properties, "vanish") or switch(properties, "webHidden"):
            self._lost.hidden.append("".join(run.itertext()))
            return ()
        children: list[Element] = []
        for child in chain.from_iterable(_parts(one) for one in list(run)):
            if child.tag in _DRAWN:
                children += self._drawn(child)
            elif child.tag != f"{W}commentReference":
                children.append(child)
        for child in list(run):
            run.remove(child)
        run.extend(children)
        return (run,)

    def _control(self, control: Element) -> Iterable[Element]:
        """Return what a content control holds; a table of contents is left out, for its page numbers mean nothing."""
        gallery = value(control, "sdtPr/docPartObj/docPartGallery") or ""
        content = control.find(f"{W}sdtContent")
        if "table of contents" in gallery.lower():
            self._lost.contents.append("")
            return ()
        return chain.from_iterable(map(self._cleaned, list(content))) if content is not None else ()

    def _formula(self, formula: Element) -> Iterable[Element]:
        self._lost.drawings["equation"] += 1
        return (_text_run("".join(part.text or "" for part in formula.iter(f"{_M}t"))),)

    def _drawn(self, drawing: Element) -> Iterator[Element]:
        """Yield the pictures of a drawing; note its text boxes, and what it is else."""
        boxes = list(_outermost(drawing, f"{W}txbxContent"))
        self._boxes += boxes
        in_boxes = {id(part) for box in boxes for part in box.iter()}
        names = [
            name
            for part in drawing.iter()
            if id(part) not in in_boxes
            for name in (part.get(f"{R}embed" if part.tag == f"{_A}blip" else f"{R}id"), part.get(f"{R}link"))
            if name and part.tag in {f"{_A}blip", f"{_V}imagedata"}
        ]
        for name in dict.fromkeys(names):
            yield from self._picture(name, _alt(drawing))
        if not boxes and not names:
            self._lost.drawings[_kind_of(drawing)] += 1

    def _picture(self, name: str, alt: str) -> Iterator[Element]:
        found = self._relationships.get(name)
        if found is None or found.is_outside or not self._package.has(found.target):
            self._lost.linked.append(found.target if found else name)
            return
        data = self._package.bytes_of(found.target)
        kind = format_of(data)
        if kind not in SHOWN or not _can_be_shown(found.target, data):
            self._lost.pictures.append(kind or format_by_ending(f".{found.target.rpartition('.')[2]}"))
            return
        self.pictures.append(Drawn(data=data, kind=kind, alt=alt))
        yield _text(f"{OPEN}p{self._first + len(self.pictures) - 1}{CLOSE}")

    # What styles and lists say

    def _restyle(self, paragraph: Element) -> None:
        properties = paragraph.find(f"{W}pPr")
        style = value(properties, "pStyle")
        names = self._styles.names(style)
        heading = self._styles.heading(properties)
        if names and names[0].startswith("toc "):
            self._lost.contents.append("")
            paragraph.clear()
            return
        kind = "Title" if "title" in names else f"H{heading}" if heading else ""
        kind = kind or ("Quote" if {"quote", "intense quote", "block text"} & set(names) else "")
        # A caption is bold by its style alone; whether its words are, its runs say.
        self._mark(paragraph, style, is_styled=bool(kind) or "caption" in names)
        numbered = self._styles.numbered(properties)
        sign = self._numbering.sign(numbered.number, numbered.level) if numbered else ""
        is_deleted = properties is not None and properties.find(f"{W}rPr/{W}del") is not None
        if properties is not None:
            paragraph.remove(properties)
        if sign and numbered:
            mark = f"{sign} " if heading else f"{OPEN}L{numbered.depth + 1}|{_as_item(sign)}{CLOSE}"
            paragraph.insert(0, _text_run(mark))
        paragraph.insert(0, _properties(kind, is_deleted=is_deleted))

    def _mark(self, paragraph: Element, style: str | None, *, is_styled: bool) -> None:
        """Give each run itself the marks that it has by its style, of headings and quotations by itself alone."""
        for run in paragraph.iter(f"{W}r"):
            properties = run.find(f"{W}rPr")
            new = Element(f"{W}rPr")
            marks = {name: self._is_on(name, style, properties, is_styled) for name in _MARKS_OF_RUNS}
            marks["strike"] = marks["strike"] or marks.pop("dstrike")
            new.extend(Element(f"{W}{name}") for name, is_on in marks.items() if is_on)
            raised = value(properties, "vertAlign")
            if raised:
                new.append(Element(f"{W}vertAlign", {f"{W}val": raised}))
            if properties is not None:
                run.remove(properties)
            # The font is looked at once more, when all texts are read together.
            run.set("font", self._styles.font(style, properties))
            run.insert(0, new)

    def _is_on(self, name: str, style: str | None, properties: Element | None, is_styled: bool) -> bool:  # noqa: FBT001
        return bool(switch(properties, name)) if is_styled else self._styles.run(name, style, properties)


def read_encodings(parts: Iterable[Part]) -> Converted:
    """Turn the texts of old encodings into Unicode, run by run, by their fonts."""
    paragraphs = [
        [(text, run.get("font", "")) for run in paragraph.iter(f"{W}r") for text in run.iter(f"{W}t")]
        for part in parts
        for paragraph in part.root.iter(f"{W}p")
    ]
    found = convert([[Run(text=text.text or "", font=font) for text, font in texts] for texts in paragraphs])
    for texts, converted in zip(paragraphs, found.paragraphs, strict=True):
        for (element, _), new in zip(texts, converted, strict=True):
            element.text = new
    for part in parts:
        for run in part.root.iter(f"{W}r"):
            run.attrib.pop("font", None)
    return found


def tracked(root: Element) -> list[str]:
    """Return who has changed something that was neither accepted nor rejected, once for each change."""
    author = f"{W}author"
    return [element.get(author, "?") for element in root.iter() if element.tag in _CHANGES and element.get(author)]


def _chosen(element: Element) -> list[Element] | None:
    """Return what stands in a wrapper, of two ways to draw the newer; None for an element that is none."""
    if element.tag == f"{_MC}AlternateContent":
        found = element.find(f"{_MC}Choice")
        found = found if found is not None else element.find(f"{_MC}Fallback")
        return list(found) if found is not None else []
    return list(element) if element.tag in _WRAPPERS else None


def _parts(element: Element) -> list[Element]:
    inner = _chosen(element)
    return [element] if inner is None else inner


def _outermost(element: Element, tag: str) -> Iterator[Element]:
    inner = _chosen(element)
    for child in list(element) if inner is None else inner:
        if child.tag == tag:
            yield child
        else:
            yield from _outermost(child, tag)


def _can_be_shown(name: str, data: bytes) -> bool:
    """Tell whether a picture is whole and no larger than one may be."""
    from bulletin.images.pillow import make_renditions  # noqa: PLC0415 - Pillow takes 40 ms to load

    try:
        make_renditions(name, data, digest_of_bytes(data), None)
    except Refused:
        return False
    return len(data) <= MAX_BYTES


def _alt(drawing: Element) -> str:
    """Return the words that stand for a picture; empty for those of a program."""
    named = next(drawing.iter(f"{_WP}docPr"), None)
    words = (named.get("descr") or named.get("title") or "").strip() if named is not None else ""
    return "" if _NO_WORDS.fullmatch(words) else " ".join(words.split())


def _kind_of(drawing: Element) -> str:
    kinds = " ".join(part.get("uri", "") for part in drawing.iter(f"{_A}graphicData"))
    if drawing.tag == f"{W}object":
        return "object"
    return "chart" if "chart" in kinds else "diagram" if "diagram" in kinds else "shape"


def _has_picture(element: Element) -> bool:
    return any(f"{OPEN}p" in (text.text or "") for text in element.iter(f"{W}t"))


def _as_item(sign: str) -> str:
    """Return the sign of a list as the reader of lists knows it: «1)» and «(1)» count as «1.»."""
    number = re.fullmatch(r"\(?([0-9]{1,3})\)", sign)
    return f"{number[1]}." if number else sign


def _properties(kind: str, *, is_deleted: bool) -> Element:
    properties = Element(f"{W}pPr")
    if kind:
        properties.append(Element(f"{W}pStyle", {f"{W}val": kind}))
    if is_deleted:
        # mammoth joins the paragraph with the next one, as Word does when the deletion of its end is accepted.
        mark = Element(f"{W}rPr")
        mark.append(Element(f"{W}del"))
        properties.append(mark)
    return properties


def _text(text: str) -> Element:
    element = Element(f"{W}t")
    element.text = text
    return element


def _text_run(text: str) -> Element:
    run = Element(f"{W}r")
    run.append(_text(text))
    return run
