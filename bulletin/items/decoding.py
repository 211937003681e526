r"""Bytes of a file -> text that every later stage may trust, or the reasons why not.

The text is NFC, its lines end in `\n`, and it holds no character that YAML, HTML or XML cannot carry. Text in an old
encoding is never converted: a wrong guess would publish wrong names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bulletin.model import Source
from bulletin.problems import Problem, problem

MAX_BYTES = 256 << 10
"""Of a text of forty thousand words, no news; `limits` bounds the time that such a file can take."""

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")
"""Characters that XML or HTML cannot carry, or that stand for one that was lost (U+FFFD)."""

# Letters and signs by their kind, blanks on the screen.
_LIKE_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
# U+2028, U+2029 and U+0085 end a line for YAML and str.splitlines, but for nobody's editor.
_LINE_SEPARATOR = re.compile("[\u2028\u2029\x85]")
_QUOTED = re.compile("«([^«»]*)»")
# UTF-8 read as Windows-1252 and saved again: «Thái» becomes «ThÃ¡i», «Huế» becomes «Huáº¿».
_DOUBLE_ENCODED = re.compile("Ã[\xa1-\xbf]|á[»º][\xa0-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ä[‘ƒ©]|Å[¨©]|Æ[°¡]")
# Of all that is looked for here something is among these: one pass instead of four over a text that has none.
_SUSPECT = re.compile(f"{FORBIDDEN.pattern[:-1]}\u2028\u2029\x85»ºÃÄÅÆ¸µ¶·¹¨©ª«¬®]")
_TCVN3 = re.compile("[¸µ¶·¹¨©ª«¬®](?<=[A-Za-z].)(?=[A-Za-z])")


def decode(path: str, data: bytes) -> Source | tuple[Problem, ...]:
    """Return the text of a file, or every reason why it cannot be read as Vietnamese text in UTF-8."""
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


def is_unseen(text: str) -> bool:
    """Tell whether nothing of a text can be seen, though it may hold characters."""
    return all(sign in _LIKE_BLANKS or unicodedata.category(sign) in {"Cc", "Cf", "Me", "Mn", "Zs"} for sign in text)


def _character_problems(path: str, text: str) -> Iterator[Problem]:
    if match := _LINE_SEPARATOR.search(text):
        yield problem(path, _line(text, match), "line-separator", found=f"U+{ord(match[0]):04X}")
    if match := FORBIDDEN.search(text):
        yield problem(path, _line(text, match), "forbidden-character", found=f"U+{ord(match[0]):04X}")
    # «giá» is Vietnamese in quotation marks, not a broken letter.
    if _DOUBLE_ENCODED.search(text) and (match := _DOUBLE_ENCODED.search(_QUOTED.sub(r"\1 ", text))):
        yield problem(path, _line(match.string, match), "file-double-encoded", found=match[0])
    # One such sign is a unit («kW·h») or a mark; several kinds of them are letters.
    if (match := _TCVN3.search(text)) and len(set(_TCVN3.findall(text))) > 1:
        yield problem(path, _line(text, match), "file-tcvn3", found=text[match.start() - 1 : match.end() + 1])


def _line(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1
