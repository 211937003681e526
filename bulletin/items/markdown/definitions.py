"""Footnotes, references and abbreviations: which lines define something, what they define, and what is amiss."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bulletin.items.markdown.signs import Remarks

FOOTNOTE = re.compile(r" {0,3}\[\^([^\]\n]+)\]:[ ]*(?P<words>.*)")
_REFERENCE = re.compile(r""" {0,3}\[(?!\^)([^\[\]\n]+)\]:[ ]*(\S+)[ ]*+(?:"[^"]*"|'[^']*'|\([^()]*\))?[ ]*""")
_ABBREVIATION = re.compile(r"[ ]{0,3}\*\[([^\]\n]+)\][ ]?:[ ]*(.*)")
_WITHIN = r"(?: {0,3}(?:[-*+>]|[0-9]+[.)]))* {0,3}"
"""The signs of lists and quotations before what stands in them."""
# Python-Markdown looks for footnotes in items of lists, in quotations and in other footnotes too.
_NOTE = re.compile(_WITHIN + r"\[\^([^\]\n]+)\]:")
# References are text there.
_DEFINED = re.compile(_WITHIN + r"\[(?!\^)[^\[\]\n]+\] ?:")
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|\\.")
# Neither an abbreviation nor a reference is looked for in addresses, and a link with an address is no reference.
_ADDRESSED = re.compile(r"\[[^\[\]\n]*\]\([^()\n]*\)")
_ADDRESS = re.compile(r"\]\([^()\n]*\)|<[^<>\n]*>|(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"(?<!\S)[^\s@]++@\S+")
_BRACKETS = re.compile(r"\[([^\[\]]+)\]")
_NOTE_REFERENCE = re.compile(r"(?<!\\)\[\^([^\[\]\s]+)\](?!:)")
_PAIR = re.compile(r"(?<!\\)\[[^\[\]\n^][^\[\]\n]*\][ ]?\[([^\[\]\n^]+)\]")


def definition(line: str) -> str:
    """Return what a line defines as a reference (`[name]`) or an abbreviation (`*[name]`); empty for any other line."""
    if reference := _REFERENCE.fullmatch(line):
        return f"[{_plain(reference[1])}]"
    if abbreviation := _ABBREVIATION.fullmatch(line):
        return f"*[{abbreviation[1]}]"
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
    words_alone = _without_addresses(text)
    inside = {_plain(words) for words in _BRACKETS.findall(_without_addresses(_ADDRESSED.sub(" ", text)))}
    first_lines: dict[str, str] = {}
    for line, name in zip(lines, names, strict=True):
        if name and first_lines.setdefault(name, line.strip(" ")) != line.strip(" "):
            remarks.remark("definition-unused", line.strip(" "))
    used = frozenset(line for name, line in first_lines.items() if _is_used(name, words_alone, inside))
    for line in first_lines.values():
        if line not in used:
            remarks.remark("definition-unused", line)
    _check_footnotes(lines, text, remarks)
    for pair in _PAIR.finditer(text):
        if f"[{_plain(pair[1])}]" not in first_lines:
            remarks.remark("reference-missing", pair[0], name=f"[{pair[1]}]")
    return used


def _without_addresses(text: str) -> str:
    return _MAIL.sub(" ", _ADDRESS.sub(" ", text))


def _is_used(name: str, text: str, inside: set[str]) -> bool:
    if name.startswith("*"):
        return re.search(rf"(?<!\w){re.escape(name[2:-1])}(?!\w)", text) is not None
    return name[1:-1] in inside


def _check_footnotes(lines: list[str], text: str, remarks: Remarks) -> None:
    notes = [(name, line) for line in lines for name in _notes_in(line)]
    counts = Counter(name for name, _ in notes)
    seen: set[str] = set()
    for name, line in notes:
        if name in seen:
            remarks.remark("footnote-twice", f"[^{name}]", "error", typed=line.strip(), times=str(counts[name]))
        seen.add(name)
    for name in dict.fromkeys(_NOTE_REFERENCE.findall(text)):
        if name not in seen:
            remarks.remark("footnote-missing", f"[^{name}]")


def _notes_in(line: str) -> Iterator[str]:
    start = 0
    while match := _NOTE.match(line, start):
        yield match[1]
        start = match.end()


def _plain(name: str) -> str:
    return " ".join(name.lower().split())
