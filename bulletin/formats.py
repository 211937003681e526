"""What a file is by its first bytes, whatever its name says: people rename files, and so do mail programs."""

from __future__ import annotations

import re

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"%PDF-", "PDF"),
    (rb"\{\\rtf", "RTF"),
    (rb"\xff\xd8\xff", "JPEG"),
    (rb"\x89PNG\r\n\x1a\n", "PNG"),
    (rb"GIF8[79]a", "GIF"),
    (rb"RIFF....WEBP", "WebP"),
    (rb"II\*\0|MM\0\*", "TIFF"),
    # Two letters may begin a text as well («BMW»): the four zeros that must follow the size decide.
    (rb"BM....\0\0\0\0", "BMP"),
    (rb"8BPS", "PSD"),
    (rb"....ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", "HEIC"),
    (rb"....ftypavi[fs]", "AVIF"),
    (rb"....ftyp", "MP4"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000"),
    (rb"\0\0\0\x0cJXL |\xff\x0a", "JPEG XL"),
    (rb"\0\0\x01\0[\x01-\xff]\0", "ICO"),
    (rb"ID3|OggS", "MP3"),
    (rb"Rar!\x1a|7z\xbc\xaf\x27\x1c|\x1f\x8b\x08", "ZIP"),
    (rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]", "SVG"),
    (rb"(?i:(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html[\s>]))", "HTML"),
)
_KINDS = re.compile(b"|".join(b"(%b)" % pattern for pattern, _ in _SIGNATURES), re.DOTALL)
_NAMES = tuple(name for _, name in _SIGNATURES)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_ZIP = (
    (b"word/", "Word"),
    (b"xl/", "Excel"),
    (b"ppt/", "PowerPoint"),
    (b"opendocument.text", "OpenDocument (Writer)"),
    (b"opendocument.spreadsheet", "OpenDocument (Calc)"),
    (b"opendocument.presentation", "OpenDocument (Impress)"),
)
_IN_OLE = (("WordDocument", "Word"), ("Workbook", "Excel"), ("Book", "Excel"), ("PowerPoint Document", "PowerPoint"))
_FIRST = 4096
# What a file with such an ending may be; the first of them is what it is called. Word and Excel put a file with a
# password into OLE whatever its ending, and open RTF and HTML under their own.
_OF_ENDINGS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((".doc", ".docm", ".docx"), ("Word", "ZIP", "Microsoft Office", "RTF", "HTML")),
    **dict.fromkeys((".xls", ".xlsm", ".xlsx"), ("Excel", "ZIP", "Microsoft Office", "HTML")),
    **dict.fromkeys((".ppt", ".pptx"), ("PowerPoint", "ZIP", "Microsoft Office")),
    ".odt": ("OpenDocument (Writer)", "ZIP"),
    ".ods": ("OpenDocument (Calc)", "ZIP"),
    ".odp": ("OpenDocument (Impress)", "ZIP"),
    **dict.fromkeys((".htm", ".html", ".mht", ".mhtml"), ("HTML",)),
    ".pdf": ("PDF",),
    ".mp3": ("MP3",),
    ".mp4": ("MP4",),
    # All of these are packed in the same way.
    ".zip": ("ZIP", *(name for _, name in _IN_ZIP)),
    ".csv": (),
    ".txt": (),
}


def format_of(data: bytes) -> str:
    """Return what a file is by its bytes, at best all of them: «Word», «PDF», «HEIC»; empty for text and the unknown.

    The names are the same in every language. What is packed (ZIP, OLE) is looked into for what the program put there.
    """
    if data.startswith(_ZIP):
        return next((name for part, name in _IN_ZIP if part in data), "ZIP")
    if data.startswith(_OLE):
        return next((name for part, name in _IN_OLE if part.encode("utf-16-le") in data), "Microsoft Office")
    match = _KINDS.match(data[:_FIRST])
    return _NAMES[(match.lastindex or 0) - 1] if match else ""


def format_by_ending(ending: str) -> str:
    """Return what a file should be by the end of its name: «Word» for `.docx`; the ending where none is known."""
    return next(iter(_OF_ENDINGS.get(ending.lower(), ())), ending[1:].upper())


def belies(kind: str, ending: str) -> bool:
    """Tell whether bytes of this format are certainly not what the end of the file's name says."""
    known = _OF_ENDINGS.get(ending.lower())
    return bool(kind) and known is not None and kind not in known
