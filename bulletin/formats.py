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
