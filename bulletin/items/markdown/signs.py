"""Signs within a paragraph that its writer meant as text -> Markdown that says so; near-misses are told."""

from __future__ import annotations

import re

from msgspec import Struct

from bulletin.items.markdown.html_tags import ATTRIBUTES, IN_BRACKETS, is_tag
from bulletin.problems import Severity


class Remark(Struct, frozen=True, kw_only=True):
    """A problem of a text, before its line is known.

    `typed` is the form to look for in the text, behind so many `earlier` ones and those that are remarked on already.
    """

    code: str
    typed: str
    earlier: int
    severity: Severity
    words: dict[str, str]


class Remarks:
    """What is to be said of one text."""

    def __init__(self) -> None:
        self.all: list[Remark] = []

    def remark(self, code: str, found: str, **words: str) -> None:
        """Add a warning of what was found, which is the form to look for."""
        self.all.append(Remark(code=code, typed=found, earlier=0, severity="warning", words={**words, "found": found}))

    def refuse(self, code: str, found: str, typed: str, earlier: int) -> None:
        """Add an error of what was found in the form that was typed, which so many earlier ones hold as well."""
        self.all.append(Remark(code=code, typed=typed, earlier=earlier, severity="error", words={"found": found}))


_CODE = r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
_ESCAPE = r"\\[\\`*_{}\[\]()>#+.!-]"
_ADDRESS = r"(?:https?://|www\.)[^\s<>]+"
_TARGET = r"\((?:[^()\n]|\([^()\n]*\))*\)"
# What is kept as it stands: code, escapes, comments, addresses, references and definitions.
_KEPT = rf"{_CODE}|{_ESCAPE}|<!--.*?-->|<(?:https?|ftp|mailto):[^<>]*>|<[^<>\s!]+@[^@<>\s]+>|(?<=\])\(<[^<>\n]*>"
_PIECE = re.compile(
    rf"(?P<kept>{_KEPT})"
    rf"|(?P<picture>!\[[^\]]*(?P<within>\[[^\[\]]*\]{_TARGET}))"
    rf"|(?P<mark>!?\[[^\[\]]*\]{_TARGET})"
    r"|(?P<apart>!?\[(?P<label>[^\[\]\n]+)\][ ]+\((?P<to>[^()\s]+)\))"
    r"""|(?P<tag></?(?P<name>[A-Za-z][A-Za-z0-9:-]*+)(?P<attributes>(?:[\s/](?>(?:[^"'<>]++|"[^"]*+"|'[^']*+')*))?)>)"""
    rf"|(?P<address>{_ADDRESS})"
    r"|(?P<angle></?[^\W\d_])"
    r"|(?P<braces>\{(?P<colon>:?)[ ]*+(?P<list>[^{}\n]*+)\})",
    re.DOTALL,
)
_STAR = re.compile(
    rf"(?P<kept>{_KEPT}|!?\[[^\[\]]*\]{_TARGET}|{_ADDRESS}|<[^<>]*>|\\.)"
    r"|(?P<figures>(?<=\d)\*{1,3}(?=\d))"
    r"|(?P<alone>(?<=[(\[])[*_]{1,3}(?=[)\]])|(?<=\s)[*_]{1,3}(?=\s))"
    r"|(?P<strong>(?<!\*)\*\*(?![\s*])[^*\n]+(?<!\s)\*\*(?!\*))"
    r"|(?P<loose>(?<!\*)\*\*(?=[^*\n]*\w)[^*\n]+\*\*(?!\*))"
    r"|(?P<em>(?<![\w*])\*(?![\s*])[^*\n]*[^*\s]\*(?!\*))"
    r"|(?P<between>(?<=\w)\*(?=\w))",
    re.DOTALL,
)
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)(?=[\s/>]|$)")
_FILE = re.compile(r"https?://.|/|#.|.+\.[A-Za-z0-9]{2,5}$")
_ATTRIBUTE = re.compile(r"""[#][^\s.#{}=]+$|([A-Za-z-]+)=("[^"]*"|'[^']*'|[^\s"']+)$""")
_ATTRIBUTES_IN = re.compile(r"""[^\s=]+=(?:"[^"]*"|'[^']*'|[^\s"']+)|\S+""")
_KNOWN_ATTRIBUTES = {name for names in ATTRIBUTES.values() for name in names}
_KNOWN_CLASSES = {".center", ".left", ".number", ".right"}
_NOTHING_MORE = re.compile(r"[ |]*+(?:\n|\Z)")
_HARD_END = "  \n"


def meant(text: str, remarks: Remarks, *, swallows_at_end: bool = False) -> str:
    """Return a paragraph, heading or row of a table as Markdown that shows every sign that was meant as text.

    `swallows_at_end`: Markdown takes braces at the end of this text for attributes.
    """
    if any(sign in text for sign in "<[{"):
        text = _PIECE.sub(lambda piece: _piece(piece, remarks, swallows_at_end=swallows_at_end), text)
    if "*" in text or "_" in text:
        text = _STAR.sub(lambda piece: _stars(piece, remarks), text)
    return text


def _piece(piece: re.Match[str], remarks: Remarks, *, swallows_at_end: bool) -> str:
    whole = piece[0]
    if piece["mark"]:
        # A break has no place in the words of a picture, and would part an address.
        return whole.replace(_HARD_END, "\n").replace("\n", " ") if whole[0] == "!" else whole.replace(_HARD_END, "\n")
    if piece["picture"]:
        remarks.remark("link-in-description", piece["within"])
    if piece["apart"] and _FILE.match(piece["to"]):
        mended = whole.replace(f"{piece['label']}] ", f"{piece['label']}]").replace("] ", "]")
        remarks.remark("mark-apart", whole, near=mended)
    if piece["tag"] and not is_tag(piece["name"]):
        remarks.remark("not-a-tag", whole)
        return "&lt;" + whole[1:]
    if piece["angle"]:
        return _angle(piece, remarks)
    if piece["braces"] and not _is_attribute_list(piece["list"], has_colon=bool(piece["colon"])):
        if _swallows(piece, swallows_at_end=swallows_at_end):
            remarks.remark("braces-as-text", whole)
        return "\\" + whole
    return whole


def _angle(piece: re.Match[str], remarks: Remarks) -> str:
    """Return an angle bracket and the letter behind it as text, unless a tag begins there."""
    rest = piece.string[piece.start() :]
    name = _NAME.match(rest)
    if name and is_tag(name[1]):
        return piece[0]
    if closed := IN_BRACKETS.match(rest):
        remarks.remark("not-a-tag", closed[0])
    return "&lt;" + piece[0][1:]


def _is_attribute_list(text: str, *, has_colon: bool) -> bool:
    """Say whether braces hold attributes that the bulletin knows, each once.

    After `{:` any class is one, and any `name=value`.
    """
    parts = _ATTRIBUTES_IN.findall(text)
    if not all(_is_attribute(part, has_colon=has_colon) for part in parts):
        return False
    names = ["id" if part[0] == "#" else part.partition("=")[0] for part in parts if part[0] != "."]
    # The second one would take the place of the first, a class that of all before it.
    is_lost = len(set(names)) < len(names) or any(part.startswith("class=") for part in parts[1:])
    return bool(parts) and not is_lost


def _is_attribute(part: str, *, has_colon: bool) -> bool:
    if part.startswith("."):
        return part in _KNOWN_CLASSES or has_colon
    match = _ATTRIBUTE.match(part)
    return match is not None and (has_colon or not match[1] or match[1] in _KNOWN_ATTRIBUTES)


def _swallows(piece: re.Match[str], *, swallows_at_end: bool) -> bool:
    text, start, end = piece.string, piece.start(), piece.end()
    if start > 0 and text[start - 1] in "*_`)]>":
        return True
    # The line before is read only for the last braces of a line: read for each, a long line would take for ever.
    return _NOTHING_MORE.match(text, end) is not None and (
        swallows_at_end or not text[text.rfind("\n", 0, start) + 1 : start].strip()
    )


def _stars(piece: re.Match[str], remarks: Remarks) -> str:
    whole = piece[0]
    if piece["figures"] or piece["alone"] or piece["between"]:
        return "".join("\\" + sign for sign in whole)
    if piece["loose"]:
        remarks.remark("mark-apart", whole, near=f"**{whole[2:-2].strip()}**")
    return whole
