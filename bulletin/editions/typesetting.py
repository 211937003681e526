"""Data and pictures -> a PDF, by Typst: the only module that uses it. It takes 34 MB to load, so `edition` alone does.

Typst sees a folder that holds our template, the data and the pictures, and nothing else: no package, no font and no
file of this machine. So the bytes are the same everywhere, and what is not in that folder cannot be read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from pkgutil import get_data
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct, json

from bulletin.problems import refuse

_STANDARD = "ua-1"
"""PDF/UA-1 (ISO 14289-1): tagged, with a title, a language and words for every picture."""
_NOT_SHOWN = "could not be displayed with font"
_UNSEEN = re.compile(rf'the text `"((?:[^"\\]|\\.)*)"` {_NOT_SHOWN}')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")
_ODD = re.compile(
    "[^\t\n\r -~\u00a0-\u017f\u01a0\u01a1\u01af\u01b0\u0300-\u0303\u0309\u0323\u1ea0-\u1ef9–—‘’“”…\u200b]"
)
"""Signs that are not among those of Vietnamese and of its neighbours, which the fonts have."""
_IN_ITS_PLACE = "□"
_PROBE = """#set document(title: "x")
#set text(font: ("Libertinus Serif", "New Computer Modern Math", "DejaVu Sans Mono"))
#for sign in sys.inputs.signs.split(" ") [#sign \\ ]"""


class Typeset(Struct, frozen=True, kw_only=True):
    """A PDF, and the signs that are not in it: the fonts within Typst have nothing to show them by."""

    pdf: bytes
    unseen: tuple[str, ...]


def typeset(template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], at: datetime) -> Typeset:
    """Return what a template makes of data and of pictures, by their names; `at` is the day that the PDF says it is of.

    Raise Refused if Typst is not installed.
    """
    with TemporaryDirectory(prefix="ban-tin-") as folder:
        root = Path(folder)
        for name, one in {**pictures, "main.typ": _template(template)}.items():
            (root / name).write_bytes(one)
        written = json.encode(data).decode()
        for shown in _attempts(written):
            (root / "data.json").write_bytes(json.encode(_mapped(data, shown)))
            if (pdf := _compiled(root, at)) is not None:
                unseen = (sign for sign in dict.fromkeys(_ODD.findall(written)) if shown(sign) != sign)
                return Typeset(pdf=pdf, unseen=tuple(unseen))
    raise AssertionError("the fonts have every sign of the last attempt")


def _compiled(root: Path, at: datetime) -> bytes | None:
    """Return the PDF; None if it holds a sign that no font can show, which PDF/UA forbids."""
    typst = _typst()
    try:
        return bytes(
            typst.compile(
                str(root / "main.typ"),
                root=str(root),
                font_paths=_fonts(),
                pdf_standards=[_STANDARD],
                timestamp=int(at.timestamp()),
            )
        )
    except typst.TypstError as fault:
        if _NOT_SHOWN not in fault.message:
            raise
        return None


def _attempts(written: str) -> Iterator[Callable[[str], str]]:
    """Yield what makes of a text one that can be shown, the most faithful first.

    A font may have a letter, and another one the mark above it: together neither can show them. So the second attempt
    leaves out all odd marks, and the third one shows no odd sign at all.
    """
    if not _ODD.search(written):
        yield str
        return
    unseen = frozenset(_unseen_in(" ".join(sorted({*_ODD.findall(written)}))))
    yield partial(_ODD.sub, lambda sign: _in_place(sign[0]) if sign[0] in unseen else sign[0])
    yield partial(_ODD.sub, lambda sign: _in_place(sign[0]) if sign[0] in unseen or _is_mark(sign[0]) else sign[0])
    yield partial(_ODD.sub, lambda sign: _in_place(sign[0]))


def _in_place(sign: str) -> str:
    """Return what stands in place of a sign: a box, which readers ask about; nothing for what has no place itself."""
    return "" if _is_mark(sign) else _IN_ITS_PLACE


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Me", "Mc", "Cf"}


def _unseen_in(signs: str) -> Iterator[str]:
    """Yield those of the signs, with blanks between them, that no font has."""
    typst = _typst()
    try:
        typst.compile(_PROBE.encode(), font_paths=_fonts(), sys_inputs={"signs": signs}, pdf_standards=[_STANDARD])
    except typst.TypstError as fault:
        if _NOT_SHOWN not in fault.message:
            raise
        for found in _UNSEEN.findall(f"{fault.message}\n{fault.diagnostic}"):
            yield _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[2], found)


def _mapped(data: Any, shown: Callable[[str], str]) -> Any:
    """Return data with each text as it can be shown."""
    if isinstance(data, str):
        return shown(data)
    if isinstance(data, Mapping):
        return {key: _mapped(value, shown) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_mapped(value, shown) for value in data]
    return data


def _template(name: str) -> bytes:
    data = get_data("bulletin", f"editions/{name}")
    assert data is not None
    return data


def _typst() -> Any:
    try:
        import typst  # noqa: PLC0415 - as said
    except ImportError:
        refuse("edition-without-typst")
    return typst


@cache
def _fonts() -> Any:
    """Return the fonts within Typst alone: those of the machine would make other bytes, and other pages."""
    return _typst().Fonts(include_system_fonts=False, include_embedded_fonts=True)
