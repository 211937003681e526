r"""Bytes of a file -> text that every later stage may trust, or the reasons why the file is refused.

The text is NFC, its lines end in `\n`, and it holds no character that YAML, HTML or XML cannot carry. Text in an old
encoding is never converted: a wrong guess would publish wrong names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bulletin.characters import FORBIDDEN
from bulletin.formats import format_of
from bulletin.model import Source
from bulletin.problems import Problem, problem

MAX_BYTES = 256 << 10
"""The size of forty thousand words, more than any news has. `limits` bounds the time that such a text can take."""

# YAML and str.splitlines end a line at U+2028, U+2029 and U+0085, but text editors do not: line numbers would differ.
_LINE_SEPARATOR = re.compile("[\u2028\u2029\x85]")
_QUOTED = re.compile("«([^«»]*)»")
# UTF-8 read as Windows-1252 and saved again: «Thái» becomes «ThÃ¡i», «Huế» becomes «Huáº¿».
_DOUBLE_ENCODED = re.compile("Ã[\xa1-\xbf]|á[»º][\xa0-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ä[‘ƒ©]|Å[¨©]|Æ[°¡]")
# Each fault in a text involves one of these characters. A text without them is searched once instead of four times.
_SUSPECT = re.compile(f"{FORBIDDEN.pattern[:-1]}\u2028\u2029\x85»ºÃÄÅÆ¸µ¶·¹¨©ª«¬®]")
_TCVN3 = re.compile("[¸µ¶·¹¨©ª«¬®](?<=[A-Za-z].)(?=[A-Za-z])")


def decode(path: str, data: bytes) -> Source | tuple[Problem, ...]:
    """Return the text of a file, or every problem that keeps it from being read as Vietnamese text in UTF-8."""
    if kind := format_of(data):
        return (problem(path, 1, "file-is-other", kind=kind, ending=".md"),)
    if len(data) > MAX_BYTES:
        return (problem(path, 1, "file-too-big", found=str(-(-len(data) // 1024)), limit=str(MAX_BYTES // 1024)),)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return (problem(path, 1, "file-utf16"),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return (problem(path, data.count(b"\n", 0, fault.start) + 1, "file-not-utf8"),)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    problems = tuple(_character_problems(path, text)) if _SUSPECT.search(text) else ()
    return problems or Source(path=path, text=text)


def _character_problems(path: str, text: str) -> Iterator[Problem]:
    if match := _LINE_SEPARATOR.search(text):
        yield problem(path, _line(text, match), "line-separator", found=f"U+{ord(match[0]):04X}")
    if match := FORBIDDEN.search(text):
        yield problem(path, _line(text, match), "forbidden-character", found=f"U+{ord(match[0]):04X}")
    # The «á»» of «giá» is a letter before a quotation mark, not a broken letter: quotation marks are taken out first.
    if _DOUBLE_ENCODED.search(text) and (match := _DOUBLE_ENCODED.search(_QUOTED.sub(r"\1 ", text))):
        yield problem(path, _line(match.string, match), "file-double-encoded", found=match[0])
    # One kind of these characters may be a unit («kW·h») or a symbol; several kinds are letters.
    if (match := _TCVN3.search(text)) and len(set(_TCVN3.findall(text))) > 1:
        yield problem(path, _line(text, match), "file-tcvn3", found=text[match.start() - 1 : match.end() + 1])


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1
