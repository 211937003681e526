"""What Outlook for Windows, whose engine is that of Word, cannot show of a mail: python -m tools.outlook FILE...

Word has no list of what it understands that is kept up to date. These are the rules that people who write mails agree
on; each is a function below, and tests have an input for each that it must refuse.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

WIDEST = 600
_WHOLE = re.compile("[1-9][0-9]*")
_TAGS = """
    article aside audio base button canvas details embed figcaption figure footer form frame header iframe input link
    main nav object picture script section select source summary svg textarea template video
"""
_PROPERTIES = """
    align-content align-items animation aspect-ratio background background-image background-position background-size
    bottom box-sizing clip-path column-count columns filter float gap grid inset justify-content left object-fit opacity
    order overflow position right top transform transition z-index
"""
_REFUSED_TAGS = frozenset(_TAGS.split())
_REFUSED_PROPERTIES = frozenset(_PROPERTIES.split())
_REFUSED_PREFIXES = ("grid-", "flex", "animation-", "transition-", "-webkit-", "-moz-")
_FUNCTIONS = ("calc", "clamp", "light-dark", "max", "min", "url", "var")
_CELLS = frozenset({"td", "th"})
_UNITS = re.compile(r"(?<![\w#.-])-?[0-9.]+(rem|vw|vh|vmin|vmax|ch|ex|fr|deg|s|ms)\b")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}|[a-z]+")
_CONDITION = re.compile(r"(?:!?mso|(?:gt|gte|lt|lte) mso (?:9|1[0-6])|!mso)")
_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def faults(html: str) -> list[str]:
    """Return all that is wrong with the HTML of a mail: «line: what»."""
    checker = _Checker()
    checker.feed(html)
    checker.close()
    checker.finish()
    return [*checker.found, *_of_styles(html), *_of_conditions(html)]


def html_of(data: bytes) -> str:
    """Return the HTML of a mail, or the text itself if it is HTML."""
    if data.lstrip()[:1] == b"<":
        return data.decode()
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


class _Checker(HTMLParser):
    """Looks at each tag as Word sees it; what stands in conditional comments is looked at apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[str] = []
        self._frames = 0
        self._names: set[str] = set()
        self._anchors: list[tuple[int, str]] = []

    def report(self, what: str) -> None:
        self.found.append(f"{self.getpos()[0]}: {what}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _REFUSED_TAGS:
            self.report(f"<{tag}> is no tag of mails")
        if "background" in attributes:
            self.report(f"<{tag}> has a background image")
        if tag == "table":
            self._table(attributes)
        elif tag == "img":
            self._image(attributes)
        elif tag == "a":
            self._link(attributes)
        elif tag in _CELLS and "width" in attributes and not _WHOLE.fullmatch(attributes["width"]):
            self.report(f"<{tag}> has the width «{attributes['width']}», which is no whole number")
        self._style(tag, attributes)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.report(f"</{tag}> closes nothing, or something else")
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def finish(self) -> None:
        """Report what the whole must have: one table of 600 pixels, every tag closed, every anchor there."""
        if self._frames != 1:
            self.found.append(f"1: {self._frames} tables are {WIDEST} pixels wide; one is the frame of a mail")
        if self._open:
            self.found.append(f"1: never closed: {', '.join(self._open)}")
        for line, anchor in self._anchors:
            if anchor not in self._names:
                self.found.append(f"{line}: no <a name> is called «{anchor}», and Word knows no ids")

    def _table(self, attributes: dict[str, str]) -> None:
        width = attributes.get("width", "")
        if not _WHOLE.fullmatch(width):
            self.report(f"<table> has the width «{width}», which is no whole number")
        elif int(width) > WIDEST:
            self.report(f"<table> is {width} pixels wide, more than {WIDEST}")
        elif int(width) == WIDEST:
            self._frames += 1
        for name in ("border", "cellpadding", "cellspacing"):
            if not attributes.get(name, "").isdigit():
                # Word's own are not those of browsers.
                self.report(f"<table> without {name}")

    def _image(self, attributes: dict[str, str]) -> None:
        for name in ("width", "height"):
            if not _WHOLE.fullmatch(attributes.get(name, "")):
                self.report(f"<img> has the {name} «{attributes.get(name, '')}», which is no whole number")
        if _WHOLE.fullmatch(attributes.get("width", "")) and int(attributes["width"]) > WIDEST:
            self.report(f"<img> is {attributes['width']} pixels wide, more than {WIDEST}")
        if "alt" not in attributes:
            self.report("<img> without alt: nothing stands there while pictures are blocked")
        source = attributes.get("src", "")
        if not re.match("cid:|https?://", source):
            self.report(f"<img> from «{source[:30]}», which Word does not load")
        elif re.search(r"\.(webp|avif|svg)$", source):
            self.report(f"<img> of a format that Word does not know: «{source}»")
        if "srcset" in attributes:
            self.report("<img> with srcset")

    def _link(self, attributes: dict[str, str]) -> None:
        if "name" in attributes:
            self._names.add(attributes["name"])
        target = attributes.get("href", "")
        if target.startswith("#"):
            self._anchors.append((self.getpos()[0], target[1:]))
        elif target and not re.match("https?://|mailto:|tel:", target):
            self.report(f"a link to «{target}», which leads nowhere from a mail")

    def _style(self, tag: str, attributes: dict[str, str]) -> None:
        declared = dict(_declarations(attributes.get("style", "")))
        for name, value in declared.items():
            if fault := _fault_of(name, value):
                self.report(f"<{tag}>: {fault}")
        if "max-width" in declared and "width" not in attributes:
            self.report(f"<{tag}> has a max-width alone: Word makes it as wide as it likes")
        if declared.keys() & {"width", "min-width", "height", "min-height"} and tag not in {"img", *_CELLS, "table"}:
            self.report(f"<{tag}> has a size, which Word gives to tables and pictures only")
        padded = [name for name, value in declared.items() if name.startswith("padding") and value.strip("0px ")]
        if padded and tag not in _CELLS:
            self.report(f"<{tag}> has {padded[0]}, which Word gives to cells only")
        if tag in _CELLS and "font-family" not in declared:
            self.report(f"<{tag}> without font-family: Word takes Times New Roman, whatever stands around it")


def _fault_of(name: str, value: str) -> str:
    """Return what Word makes of a property; empty if it knows it."""
    is_unknown = name in _REFUSED_PROPERTIES or name.startswith(_REFUSED_PREFIXES)
    is_colour = name in {"color", "background-color"}
    found = {
        "a property that Word does not know": is_unknown or any(f"{one}(" in value for one in _FUNCTIONS),
        "a way of display that Word does not know": name == "display" and value not in {"none", "block", "inline"},
        "a unit that Word does not know": _UNITS.search(value) is not None,
        "a negative margin": name.startswith("margin") and "-" in value,
        "no colour of six digits": is_colour and not _COLOUR.fullmatch(value),
    }
    return next((f"{name}: {value}, {what}" for what, is_so in found.items() if is_so), "")


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip().lower(), value.strip().lower()


def _of_styles(html: str) -> Iterator[str]:
    """Yield what stands in style sheets but behind @media: Word would read it, and Gmail drops it."""
    for sheet in re.finditer(r"<style[^>]*>(.*?)</style>", html, re.DOTALL):
        line = html.count("\n", 0, sheet.start()) + 1
        outside = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet[1], flags=re.DOTALL)
        if outside.strip():
            yield f"{line}: rules outside @media, which are not in the tags: {' '.join(outside.split())[:60]}"


def _of_conditions(html: str) -> Iterator[str]:
    """Yield conditional comments that are not closed, that ask what nobody understands, or that break the tags."""
    # What all programs but Word see is written so that they take the condition for two comments.
    html = re.sub(r"<!--\[if !mso\]><!-->(.*?)<!--<!\[endif\]-->", r"\1", html, flags=re.DOTALL)
    inside = ""
    position = 0
    for mark in re.finditer(r"<!--\[if ([^\]]*)\]>|<!\[endif\]-->|<!\[if ([^\]]*)\]>|<!\[endif\](?!-->)", html):
        line = html.count("\n", 0, mark.start()) + 1
        if mark[0].startswith("<!--[if"):
            if inside:
                yield f"{line}: a condition within another one"
            inside, position = mark[0], mark.end()
            if not _CONDITION.fullmatch(mark[1].strip("()")):
                yield f"{line}: the condition «{mark[1]}»"
        elif mark[0] == "<![endif]-->":
            if not inside:
                yield f"{line}: the end of a condition that has not begun"
            elif "-->" in html[position : mark.start()]:
                yield f"{line}: a comment ends within a condition"
            inside = ""
        else:
            yield f"{line}: «{mark[0]}» shows in other programs"
    if inside:
        yield f"1: never ended: {inside}"
    if problem := _unbalanced("".join(re.findall(r"<!--\[if [^\]]*\]>(.*?)<!\[endif\]-->", html, re.DOTALL))):
        yield f"1: tags in conditions: {problem}"


def _unbalanced(html: str) -> str:
    """Return what is wrong with the tags that stand in conditions, all of them together; empty if nothing is."""
    open_tags: list[str] = []
    for closing, tag, rest in re.findall(r"<(/?)([a-zA-Z:]+)([^>]*)>", html):
        if rest.endswith("/") or tag.lower() in _VOID:
            continue
        if not closing:
            open_tags.append(tag)
        elif not open_tags or open_tags.pop() != tag:
            return f"</{tag}>"
    return ", ".join(open_tags)


def main(files: list[str]) -> int:
    """Print the faults of mails; return 1 if there are any."""
    count = 0
    for file in files:
        for fault in faults(html_of(Path(file).read_bytes())):
            sys.stdout.write(f"{file}:{fault}\n")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
