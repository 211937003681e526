"""A file is what its first bytes say, whatever its name is."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from bulletin.formats import format_of
from tests.builders import item

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)


def packed(*names: str, first: tuple[str, str] | None = None) -> bytes:
    """Return a ZIP file that holds files of these names, as office programs write it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if first:
            archive.writestr(*first)
        for name in names:
            archive.writestr(name, "<x/>" * 100)
    return file.getvalue()


WORD = packed("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (WORD, "Word"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "Excel"),
        (packed("[Content_Types].xml", "ppt/presentation.xml"), "PowerPoint"),
        (packed("content.xml", first=("mimetype", "application/vnd.oasis.opendocument.text")), "OpenDocument (Writer)"),
        (
            packed("content.xml", first=("mimetype", "application/vnd.oasis.opendocument.spreadsheet")),
            "OpenDocument (Calc)",
        ),
        (packed("anh/1.jpg"), "ZIP"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word"),
        (OLE + "Workbook".encode("utf-16-le"), "Excel"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "PowerPoint"),
        (OLE, "Microsoft Office"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\0\0\0\x18ftypmif1", "HEIC"),
        (b"\0\0\0\x18ftypisom", "MP4"),
        (b"8BPS\0\1", "PSD"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- v\xe1\xba\xbd -->\n<svg>", "SVG"),
        (b"<!DOCTYPE html>\n<title>x</title>", "HTML"),
        (b"\r\n<HTML lang=vi>", "HTML"),
    ],
)
def test_a_file_is_recognised(data: bytes, name: str) -> None:
    assert format_of(data) == name


@pytest.mark.parametrize("kind", ["AVIF", "BMP", "GIF", "ICO", "JPEG", "PNG", "TIFF", "WebP", "JPEG2000"])
def test_what_a_program_saves_as_a_picture_is_recognised(kind: str) -> None:
    assert format_of(picture(kind)).replace(" ", "") == kind


@pytest.mark.parametrize(
    "text",
    [
        *("", "Tin", "BMW và Viettel", "BM", "PK", "PKI của Viettel", "II* là gì", "MM", "GIF87", "RIFF", "<b>Tin</b>"),
        *("<div><svg/></div>", "8B", "{rtf}", "% PDF", item(), item("<svg></svg>"), "ID 3", "\ufeffTin"),
    ],
)
def test_no_text_is_taken_for_anything_else(text: str) -> None:
    assert format_of(text.encode()) == ""
