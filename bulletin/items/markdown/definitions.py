"""Footnotes, references and abbreviations: which lines define something, what they define, and what is amiss."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bulletin.items.markdown.signs import Remarks

FOOTNOTE = re.compile(r" {0,3}\[\^([^\]\n]+)\]:[ ]*(?P<words>.*)")
_REFERENCE = re.compile(r""" {0,3}\[(?!\^)([^\[\]\n]+)\]:[ ]*(\S+)[ ]*+(?:"[^"]*"|'[^']*'|\([^()]*\))?[ ]*""")
_ABBREVIATION = re.compile(r"[ ]{0,3}\*\[([^\]\n]+)\][ ]?:[ ]*(.*)")
_WITHIN = r"(?: {0,3}(?:[-*+>]|[0-9]+[.)]))* {0,3}"
"""The signs of lists and quotations before what stands in them."""
# Footnotes may stand in items of lists, in quotations and, indented, in other footnotes too.
_NOTE = re.compile(" *" + _WITHIN + r"\[\^([^\]\n]+)\]:")
# References are text there.
_DEFINED = re.compile(_WITHIN + r"\[(?!\^)[^\[\]\n]+\] ?:")
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|\\.")
_TARGET = re.compile(r"\]\([^()\n]*\)")
# Neither an abbreviation nor a reference is looked for in addresses.
_ADDRESS = re.compile(r"<[^<>\n]*>|(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"(?<!\S)[^\s@]++@\S+")
# Nor is an abbreviation in what describes a picture, nor among attributes.
_DESCRIPTION = re.compile(r"!\[[^\[\]]*\]|\{[^{}\n]*\}")
_BRACKET = re.compile(r"[\[\]]")
_NAME_BEHIND = re.compile(r"\s?(\[)([^\[\]]*)\]")
_BLANK_LINES = re.compile(r"\n[ ]*\n")
_NOTE_REFERENCE = re.compile(r"(?<!\\)\[\^([^\[\]\s]+)\](?!:)")
_PAIR = re.compile(r"(?<!\\)\[[^\[\]\n^][^\[\]\n]*\][ ]?\[([^\[\]\n^]+)\]")


def definition(line: str) -> str:
    """Return what a line defines as a reference (`[name]`) or an abbreviation (`*[name]`); empty for any other line."""
    if reference := _REFERENCE.fullmatch(line):
        return f"[{reference[1].strip().lower()}]"
    if abbreviation := _ABBREVIATION.fullmatch(line):
        return f"*[{abbreviation[1].strip()}]"
    return ""


def used_definitions(lines: list[str], remarks: Remarks) -> frozenset[str]:
    """Return the lines that define what the text uses; remark on definitions and references without a counterpart.

    Of a name that is defined twice the first line counts, and the other one is text.
    """
    names = [definition(line) for line in lines]
    others = (
        _DEFINED.sub("", line, count=1) if _DEFINED.match(line) else line
        for line, name in zip(lines, names, strict=True)
        if not name
    )
    text = _CODE.sub(" ", "\n".join(others))
    first_lines: dict[str, str] = {}
    for line, name in zip(lines, names, strict=True):
        if name and first_lines.setdefault(name, line.strip(" ")) != line.strip(" "):
            remarks.remark("definition-unused", line.strip(" "))
    used_names = _used_names(first_lines.keys(), text)
    used = frozenset(line for name, line in first_lines.items() if name in used_names)
    for line in first_lines.values():
        if line not in used:
            remarks.remark("definition-unused", line)
    _check_footnotes(lines, text, remarks)
    for pair in _PAIR.finditer(text):
        if f"[{_plain(pair[1])}]" not in first_lines:
            remarks.remark("reference-missing", pair[0], name=f"[{pair[1]}]")
    return used


def _used_names(defined: AbstractSet[str], text: str) -> set[str]:
    """Return the names, as `definition` writes them, that a text uses by the rules of Python-Markdown."""
    abbreviations = [name[2:-1] for name in defined if name.startswith("*")]
    references = {name[1:-1] for name in defined if not name.startswith("*")}
    used: set[str] = set()
    bare = _MAIL.sub(" ", _ADDRESS.sub(" ", _TARGET.sub("]()", text))) if defined else ""
    if abbreviations:
        # The longest first: «UBND» is not used where «UBND tỉnh» is.
        longest_first = "|".join(map(re.escape, sorted(abbreviations, key=len, reverse=True)))
        used |= {f"*[{name}]" for name in re.findall(rf"\b(?:{longest_first})\b", _DESCRIPTION.sub(" ", bare))}
    for block in _BLANK_LINES.split(bare) if references else ():
        used |= {f"[{name}]" for name in _references(block, references)}
    return used


def _references(block: str, defined: AbstractSet[str]) -> Iterator[str]:
    """Yield the names among the defined ones that the links of a block use: `[words][name]`, `[name][]`, `[name]`."""
    partners = _partners(block)
    consumed: set[int] = set()
    at = inside = 0
    for start, end in sorted(partners.items()):
        if start < at or start in consumed:
            continue
        label = _plain(block[start + 1 : end])
        behind = _NAME_BEHIND.match(block, end + 1)
        name = (_plain(behind[2]) or label) if behind else ""
        if behind and name in defined:
            yield name
            consumed.add(behind.start(1))
        elif not block.startswith("(", end + 1):
            if start >= inside and label in defined:
                yield label
            # Python-Markdown looks for no `[name]` within brackets that are no link.
            inside = max(inside, end)
        if block[start - 1 : start] == "!":
            at = end


def _partners(block: str) -> dict[int, int]:
    """Return where each bracket that is closed opens and closes."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for bracket in _BRACKET.finditer(block):
        if bracket[0] == "[":
            opened.append(bracket.start())
        elif opened:
            partners[opened.pop()] = bracket.start()
    return partners


def _check_footnotes(lines: list[str], text: str, remarks: Remarks) -> None:
    notes = {name for line, below in zip(lines, [*lines[1:], ""], strict=True) for name in _notes_in(line, below)}
    for name in dict.fromkeys(_NOTE_REFERENCE.findall(text)):
        if name not in notes:
            remarks.remark("footnote-missing", f"[^{name}]")


def _notes_in(line: str, below: str) -> Iterator[str]:
    """Yield the names of the footnotes that begin on a line, unless one has no words there nor on the line below."""
    start = 0
    while match := _NOTE.match(line, start):
        start = match.end()
        if line[start:].strip() or below.strip():
            yield match[1]


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", name.lower())
