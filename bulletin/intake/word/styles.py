"""What the styles and the numbering of a Word file make of its paragraphs: headings, bold words, numbers of lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bulletin.intake.word.package import Element, W

_HEADING = re.compile(r"(?:heading|tiêu đề|đề mục)\s*([1-9])", re.IGNORECASE)
_LIST = re.compile(r"list (?:bullet|number)(?: ([2-5]))?", re.IGNORECASE)
_OFF = {"0", "false", "none", "off"}
_LEVELS = 9
_MOST_LETTERED = 26 * 30
"""Word letters no more items: a number of millions would be a word of a million letters."""
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def value(element: Element | None, path: str) -> str | None:
    """Return the `w:val` of the element at a path of names below another; None if there is none."""
    if element is None:
        return None
    found = element.find("/".join(f"{W}{name}" for name in path.split("/")))
    return found.get(f"{W}val", "") if found is not None else None


def switch(properties: Element | None, name: str) -> bool | None:
    """Return whether a property is on or off; None if nothing is said of it."""
    found = value(properties, name)
    return None if found is None else found not in _OFF


def font_of(properties: Element | None) -> str:
    """Return the font that the properties of a run name; empty if they name none."""
    fonts = properties.find(f"{W}rFonts") if properties is not None else None
    if fonts is None:
        return ""
    return next((name for key in ("ascii", "hAnsi", "cs") if (name := fonts.get(f"{W}{key}"))), "")


class Numbered(NamedTuple):
    """Where an item of a list stands: in which list, at which of its levels, and how deep it is shown; from 0."""

    number: str
    level: int
    depth: int


class Styles:
    """The styles of a file: what one says, or else what the one says that it is based on."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default = ""
        self._usual: Element | None = None
        if root is None:
            return
        self._usual = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        for style in root.iter(f"{W}style"):
            name = style.get(f"{W}styleId", "")
            self._styles[name] = style
            is_default = style.get(f"{W}default") not in {None, *_OFF}
            if is_default and style.get(f"{W}type") == "paragraph":
                self._default = name

    def chain(self, name: str | None) -> Iterator[Element]:
        """Yield a style and those that it is based on, the nearest first."""
        seen: set[str] = set()
        here = name if name in self._styles else self._default
        while here in self._styles and here not in seen:
            seen.add(here)
            yield self._styles[here]
            here = value(self._styles[here], "basedOn") or ""

    def names(self, name: str | None) -> list[str]:
        """Return the names of a style and of those that it is based on, in small letters."""
        return [(value(style, "name") or "").lower() for style in self.chain(name)]

    def heading(self, paragraph: Element | None) -> int:
        """Return the level of a paragraph that is a heading, by its properties: 1 to 9; 0 for any other."""
        style = value(paragraph, "pStyle")
        for name in self.names(style):
            if found := _HEADING.fullmatch(name):
                return int(found[1])
        levels = (value(one, "pPr/outlineLvl") for one in self.chain(style))
        outline = value(paragraph, "outlineLvl") or next((level for level in levels if level is not None), "")
        return int(outline) + 1 if outline.isdecimal() and int(outline) < _LEVELS else 0

    def run(self, name: str, style: str | None, properties: Element | None) -> bool:
        """Tell whether a property of a run is on: by itself, by its own style, by that of its paragraph."""
        own = switch(properties, name)
        if own is not None:
            return own
        of_run = value(properties, "rStyle")
        said = [switch(one.find(f"{W}rPr"), name) for one in self.chain(of_run)] if of_run in self._styles else []
        said += [switch(one.find(f"{W}rPr"), name) for one in self.chain(style)]
        return next((found for found in [*said, switch(self._usual, name)] if found is not None), False)

    def font(self, style: str | None, properties: Element | None) -> str:
        """Return the font of a run, found as `run` finds its properties."""
        of_run = value(properties, "rStyle")
        chains = [*(self.chain(of_run) if of_run in self._styles else ()), *self.chain(style)]
        fonts = (font_of(one.find(f"{W}rPr")) for one in chains)
        return font_of(properties) or next(filter(None, fonts), font_of(self._usual))

    def numbered(self, paragraph: Element | None) -> Numbered | None:
        """Return the place in a list of a paragraph that is an item of one; None for any other."""
        style = value(paragraph, "pStyle")
        places = [paragraph, *(one.find(f"{W}pPr") for one in self.chain(style))]
        number = next((found for place in places if (found := value(place, "numPr/numId")) is not None), None)
        if number in {None, "", "0"}:
            return None
        level = next((found for place in places if (found := value(place, "numPr/ilvl")) is not None), "0")
        level_of_list = depth = min(int(level), _LEVELS - 1) if re.fullmatch("[0-9]{1,3}", level) else 0
        for name in self.names(style):
            # «List Bullet 2» is a list of its own, whose indent alone says that it stands in another.
            if depth == 0 and (named := _LIST.fullmatch(name)) and named[1]:
                depth = int(named[1]) - 1
        return Numbered(str(number), level_of_list, depth)


class _Level(NamedTuple):
    start: int
    kind: str
    text: str


class Numbering:
    """The lists of a file; gives each item the sign that Word shows before it, if asked in their order."""

    def __init__(self, root: Element | None) -> None:
        self._kinds: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        links = {value(kind, "styleLink"): kind for kind in root.iter(f"{W}abstractNum")}
        for kind in root.iter(f"{W}abstractNum"):
            source = links.get(value(kind, "numStyleLink"), kind) if value(kind, "numStyleLink") else kind
            self._kinds[kind.get(f"{W}abstractNumId", "")] = dict(map(_level, source.iter(f"{W}lvl")))
        for one in root.iter(f"{W}num"):
            overrides = ((_depth(over), value(over, "startOverride") or "") for over in one.iter(f"{W}lvlOverride"))
            starts = {depth: int(start) for depth, start in overrides if start.isdecimal()}
            self._lists[one.get(f"{W}numId", "")] = value(one, "abstractNumId") or "", starts

    def sign(self, number: str, depth: int) -> str:
        """Return what stands before the next item of a list at this depth: «3.», «b)», «•»; empty for nothing."""
        kind, starts = self._lists.get(number, ("", {}))
        levels = self._kinds.get(kind, {})
        # The lists of one kind count on, but for one that says where it begins.
        counts = self._counts.setdefault(kind, [None] * _LEVELS)
        if number not in self._begun:
            self._begun.add(number)
            for begun in starts:
                counts[begun] = None
        level = levels.get(depth, _Level(1, "bullet", ""))
        start = starts.get(depth, level.start)
        now = counts[depth]
        counts[depth] = start if now is None else now + 1
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        if level.kind == "bullet":
            return "•"
        if level.kind == "none":
            return ""
        return re.sub(r"%([1-9])", lambda found: self._shown(levels, counts, int(found[1]) - 1), level.text).strip()

    @staticmethod
    def _shown(levels: dict[int, _Level], counts: list[int | None], depth: int) -> str:
        level = levels.get(depth, _Level(1, "decimal", ""))
        count = counts[depth]
        return shown_number(level.start if count is None else count, level.kind)


def _level(element: Element) -> tuple[int, _Level]:
    start = value(element, "start") or ""
    level = _Level(
        int(start) if start.isdecimal() else 1, value(element, "numFmt") or "decimal", value(element, "lvlText") or ""
    )
    return _depth(element), level


def _depth(element: Element) -> int:
    """Return the level that an element is about, from 0."""
    depth = element.get(f"{W}ilvl", "")
    return min(int(depth), _LEVELS - 1) if re.fullmatch("[0-9]{1,3}", depth) else 0


def shown_number(number: int, kind: str) -> str:
    """Return a number as a list of this kind shows it."""
    text = str(number)
    if kind == "decimalZero":
        text = f"{number:02}"
    elif kind.endswith("Roman"):
        text, left = "", min(number, 4999)
        for worth, sign in _ROMAN:
            text += sign * (left // worth)
            left %= worth
    elif kind.endswith("Letter") and 0 < number <= _MOST_LETTERED:
        # Word goes on with aa, bb, cc.
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    return text.upper() if kind.startswith("upper") else text
