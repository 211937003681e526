"""Files that no build can publish as they are: Word files by other names, strays, copies, notes about the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.build.file_names import copies, is_about_the_folder
from bulletin.formats import belies
from bulletin.pages import links
from tests.builders import item
from tests.pictures import photo
from tests.sites import Ran, build, run, snapshot, write
from tests.test_formats import OLE, WORD, packed, picture

Told = tuple[str, str, str]


def told(ran: Ran) -> list[Told]:
    """Return path, severity and code of each problem."""
    return [(found["path"], found["severity"], found["code"]) for found in ran.json["problems"]]


def check(root: Path, language: str = "vi") -> Ran:
    return run(root, "check", "--format", "json", "--lang", language)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {"content/a.md": item()})


# By another name


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (WORD, "Word"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "Excel"),
        (WORD + bytes(300_000), "Word"),
        (b"%PDF-1.4\n" + bytes(99), "PDF"),
        (photo(1, kind="JPEG"), "JPEG"),
        (b"{\\rtf1\\ansi Tin}", "RTF"),
        (b"<!DOCTYPE html><title>Tin</title>", "HTML"),
    ],
)
def test_an_item_that_is_another_kind_of_file_is_called_that(root: Path, data: bytes, kind: str) -> None:
    ran = check(write(root, {"content/b.md": data}))
    assert told(ran) == [("content/b.md", "error", "file-is-other")]
    assert kind in ran.json["problems"][0]["message"]


@pytest.mark.parametrize("name", ["b.txt", "b.csv", "B.TXT"])
def test_a_text_to_download_that_is_a_word_file_is_called_that(root: Path, name: str) -> None:
    write(root, {"content/a.md": item(f"[Công văn]({name})"), f"content/{name}": WORD})
    ran = check(root)
    assert told(ran) == [(f"content/{name}", "warning", "file-is-other")]
    assert "Word" in ran.json["problems"][0]["message"]


EXCEL = packed("[Content_Types].xml", "xl/workbook.xml")
PASSWORD = OLE + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("b.pdf", WORD, "Word"),
        ("B.PDF", WORD + bytes(300_000), "Word"),
        ("b.pdf", b"<!doctype html><title>404</title>", "HTML"),
        ("b.pdf", photo(1, kind="JPEG"), "JPEG"),
        ("b.docx", b"%PDF-1.7\n", "PDF"),
        ("b.docx", EXCEL, "Excel"),
        ("b.xls", OLE + "WordDocument".encode("utf-16-le"), "Word"),
        ("b.pptx", WORD, "Word"),
        ("b.odt", b"{\\rtf1}", "RTF"),
        ("b.zip", b"%PDF-1.7\n", "PDF"),
        ("b.mp4", b"ID3\x03", "MP3"),
        ("b.mp3", b"\0\0\0\x18ftypisom", "MP4"),
        ("b.ods", photo(2, kind="PNG"), "PNG"),
    ],
)
def test_an_attachment_that_is_another_kind_of_file_is_called_that(
    root: Path, name: str, data: bytes, kind: str
) -> None:
    write(root, {"content/a.md": item(f"[Công văn]({name})"), f"content/{name}": data})
    ran = build(root)
    assert (ran.code, told(ran)) == (0, [(f"content/{name}", "warning", "attachment-is-other")])
    assert kind in ran.json["problems"][0]["message"]
    assert told(build(root)) == told(ran), "every build says it"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        *(
            ("b.pdf", b"%PDF-1.4\n"),
            ("b.pdf", b"\r\n%PDF-1.4\n"),
            ("b.docx", WORD),
            ("b.doc", WORD),
            ("b.docx", PASSWORD),
        ),
        *(("b.doc", b"{\\rtf1}"), ("b.doc", b"<html>"), ("b.xls", b"<html>"), ("b.xlsx", EXCEL), ("b.xlsx", PASSWORD)),
        *(
            ("b.docx", packed("a/b.xml")),
            ("b.zip", WORD),
            ("b.zip", b"7z\xbc\xaf\x27\x1c"),
            ("b.mp3", b"\xff\xfb\x90d"),
        ),
        *(("b.mp4", b"\0\0\0\x18ftypisom"), ("b.odt", b""), ("b.pdf", b"x"), ("b.ppt", OLE)),
    ],
)
def test_an_attachment_that_may_be_what_it_is_called_is_not_told(root: Path, name: str, data: bytes) -> None:
    write(root, {"content/a.md": item(f"[Công văn]({name})"), f"content/{name}": data})
    assert told(build(root)) == []


def test_every_kind_of_attachment_has_its_formats() -> None:
    for ending in set(links.ATTACHMENTS) - set(links.PICTURES):
        assert belies("SVG", ending), ending


# Strays


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("b.docx", WORD, "Word"),
        ("b.xlsx", b"", "Excel"),
        ("b.txt", b"Tin", "TXT"),
        ("b.txt", WORD, "Word"),
        ("b.html", b"<p>Tin", "HTML"),
        ("b.odt", b"", "OpenDocument (Writer)"),
        ("B.DOC", b"", "Word"),
        ("b.md.docx", WORD, "Word"),
        ("b.rtf", b"{\\rtf1}", "RTF"),
        ("sub/b.ods", b"", "OpenDocument (Calc)"),
    ],
)
def test_a_document_that_no_item_links_to_is_told_with_what_it_is(
    root: Path, name: str, data: bytes, kind: str
) -> None:
    ran = build(write(root, {f"content/{name}": data}))
    assert told(ran) == [(f"content/{name}", "warning", "file-unlinked")]
    assert f"({kind})" in ran.json["problems"][0]["message"]
    assert told(build(root)) == told(ran), "every build says it"
    (root / "content" / name).unlink()
    assert told(build(root)) == []


def test_a_document_that_an_item_links_to_is_not_told(root: Path) -> None:
    files = ("b.docx", "sub/c.xlsx", "d.txt")
    write(root, {f"content/{name}": b"" for name in files})
    write(root, {"content/a.md": item(" ".join(f"[x]({name})" for name in files[:2]))})
    write(root, {"content/nhap.md": item("[x](/d.txt)", title="Nháp", draft="true")})
    assert told(build(root)) == []


@pytest.mark.parametrize("name", ["b.jpg", "b.pdf", "b.zip", ".b.docx", "~$b.docx", "b.mp4"])
def test_what_nobody_takes_for_an_item_may_lie_there(root: Path, name: str) -> None:
    assert told(build(write(root, {f"content/{name}": b""}))) == []


@pytest.mark.parametrize("name", ["b.md.txt", "b.markdown", "b.mkd"])
def test_an_item_with_another_ending_is_told_once(root: Path, name: str) -> None:
    assert told(build(write(root, {f"content/{name}": item()}))) == [(f"content/{name}", "warning", "file-not-md")]


# Copies


@pytest.mark.parametrize(
    "name",
    [
        *("a - Copy", "a - Copy (2)", "a (1)", "a(1)", "a - Bản sao", "a copy", "a copy 2", "a 2", "Copy of a"),
        *("Bản sao của a", "A - COPY", "a bản sao", "a (copy)", "a (another copy)", "a - Sao chép"),
        *("a (Lan's conflicted copy 2016-12-25)", "a.sync-conflict-20161225-101010-ABCDEF", "a - Copy - Copy"),
    ],
)
def test_a_copy_is_asked_about_with_both_names(name: str) -> None:
    paths = ("content/2016/a.md", f"content/2016/{name}.md")
    assert list(copies(paths)) == [(paths[1], paths[0])]


@pytest.mark.parametrize(
    "names",
    [
        *(
            ("a - Copy",),
            ("a", "b - Copy"),
            ("a", "a-copy"),
            ("a", "a-2"),
            ("a", "a 2016"),
            ("copy",),
            ("a", "a Copy b"),
        ),
        *(("a", "a 1"), ("a", "sub/a (1)"), ("bao cao", "bao cao cuoi nam"), ("2016-12-25-a", "2016-12-26-a (1)")),
    ],
)
def test_what_is_no_copy_of_a_file_beside_it_is_not_asked_about(names: tuple[str, ...]) -> None:
    assert list(copies([f"content/{name}.md" for name in names])) == []


def test_every_build_asks_about_a_copy(root: Path) -> None:
    write(root, {"content/a - Bản sao.md": item(title="Tin khác")})
    for _ in range(2):
        ran = build(root)
        assert told(ran) == [("content/a - Bản sao.md", "warning", "file-is-copy")], "and not to rename it"
        assert any("content/a.md" in found["message"] for found in ran.json["problems"])


# Notes about the folder


@pytest.mark.parametrize(
    "name", ["README.md", "readme.MD", "README", "LICENSE", "Licence.txt", "README.vi.md", "CHANGELOG.md"]
)
def test_a_note_about_the_folder_is_known_by_its_name(name: str) -> None:
    assert is_about_the_folder(f"content/2016/{name}")


@pytest.mark.parametrize(
    "name", ["readme-first.md", "2016-12-25-readme.md", "license-5g.md", "cong-van.md", "README.docx"]
)
def test_any_other_name_is_that_of_an_item_or_a_file(name: str) -> None:
    assert not is_about_the_folder(f"content/{name}")


def test_notes_about_the_folder_are_left_out_and_said_once(root: Path) -> None:
    notes = ("README.md", "2016/readme.md", "LICENSE.md", "LICENSE")
    write(root, {f"content/{name}": b"# Th\xc6\xb0 m\xe1\xbb\xa5c n\xc3\xa0y" for name in notes})
    ran = build(root)
    assert ran.code == 0
    assert [code for *_, code in told(ran)] == ["file-left-out"]
    assert all(f"«{name}»" in ran.json["problems"][0]["message"] for name in notes)
    assert told(build(root)) == told(ran)
    assert not any("readme" in path.lower() or "license" in path.lower() for path in snapshot(root / "output"))
    for name in notes:
        (root / "content" / name).unlink()
    assert told(build(root)) == []


# Pictures


@pytest.mark.parametrize("ending", ["jpg", "png"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("TIFF"), "TIFF"),
        (picture("BMP"), "BMP"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "HEIC"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"8BPS" + bytes(99), "PSD"),
        (b"%PDF-1.7\n", "PDF"),
        (WORD, "Word"),
        (b"<!DOCTYPE html><p>404", "HTML"),
        (b"\0\0\0\x20ftypisom" + bytes(99), "MP4"),
    ],
)
def test_what_is_called_a_picture_is_named_as_what_it_is(root: Path, data: bytes, kind: str, ending: str) -> None:
    write(root, {"content/a.md": item(f"![Lễ ký](anh.{ending})"), f"content/anh.{ending}": data})
    ran = check(root)
    assert told(ran) == [("content/a.md", "error", "picture-format")]
    assert f" {kind}, " in ran.json["problems"][0]["message"]
