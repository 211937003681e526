"""Bytes become text that can be trusted, or are refused with the line: no encoding is ever guessed."""

from __future__ import annotations

from unicodedata import is_normalized, normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulletin.characters import FORBIDDEN
from bulletin.items import decode
from bulletin.items.decoding import MAX_BYTES
from bulletin.model import Source
from bulletin.problems import Problem
from tests.builders import Mark, article, compiled, item, marks, word
from tests.test_text import OF_34, OF_63

LINES = ["---", "title: Tin", "province: Thái Nguyên", "date: 2016-12-25", "---", "Thân bài.", ""]
TEXT = "\n".join(LINES)
NEWS = f"{OF_63} {OF_34} Ký kết tại Hoà Bình, Thuý, quý khách, Ã, Ä, Á, á, «giá», «quá»…, “má”, € 5, ½, m², ©, ®, ·, «»"


def text_of(data: bytes) -> str:
    source = decode("content/a.md", data)
    assert isinstance(source, Source)
    assert source.path == "content/a.md"
    return source.text


def refusals(data: bytes) -> tuple[Problem, ...]:
    problems = decode("content/a.md", data)
    assert isinstance(problems, tuple)
    assert {found.path for found in problems} == {"content/a.md"}
    return problems


def refused(data: bytes) -> list[Mark]:
    return marks(refusals(data))


def on_line_3(sign: str) -> bytes:
    return "\n".join([*LINES[:2], f"province: Thái{sign} Nguyên", *LINES[3:]]).encode()


def test_a_byte_order_mark_of_notepad_or_excel_is_no_part_of_the_text() -> None:
    assert text_of(b"\xef\xbb\xbf" + TEXT.encode()) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_although_editors_and_yaml_can_read_it(encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    assert refused((mark + TEXT).encode(encoding)) == [(1, "error", "file-utf16")]


def test_utf_16_without_a_mark_is_refused_too() -> None:
    assert refused("title: Tin".encode("utf-16-le")) == [(1, "error", "forbidden-character")]
    assert refused("title: Tin\nHuế".encode("utf-16-be")) == [(2, "error", "file-not-utf8")]


@pytest.mark.parametrize("encoding", ["cp1258", "cp1252", "latin-1"])
def test_an_old_code_page_is_refused_at_its_first_letter_and_not_guessed(encoding: str) -> None:
    assert refused("---\ntitle: Tin\nprovince: Hà Nam\n---\n".encode(encoding)) == [(3, "error", "file-not-utf8")]


def test_half_decomposed_letters_of_code_page_1258_become_whole() -> None:
    assert text_of("ngu\u00ea\u0300n, H\u01b0\u0309u".encode()) == "nguền, Hửu"


@pytest.mark.parametrize("written", ["ThÃ¡i NguyÃªn", "Huáº¿", "VÄ©nh PhÃºc", "tá»‰nh", "Ä‘á»“ng", "HÆ°ng YÃªn"])
def test_utf_8_that_was_encoded_twice_is_refused_at_its_line(written: str) -> None:
    assert refused(f"---\ntitle: Tin\nprovince: {written}\n---\n".encode()) == [(3, "error", "file-double-encoded")]


@pytest.mark.parametrize("written", ["Th¸i Nguyªn", "B×nh Ph­íc, H¶i D­¬ng, §¾k L¾k, th«ng tin", "Qu¶ng B×nh, Th¸i B×nh"])
def test_tcvn3_that_was_saved_as_utf_8_is_refused_at_its_line(written: str) -> None:
    assert refused(f"---\ntitle: Tin\nprovince: {written}\n---\n".encode()) == [(3, "error", "file-tcvn3")]


@pytest.mark.parametrize(
    "written", [NEWS, "«Toàn văn báo giá»… và «mã»", "«giá»\u00a0mới", "Giá 5 µm, ca·lo", "«Bảng\ngiá»… mới"]
)
def test_good_vietnamese_is_never_taken_for_a_broken_encoding(written: str) -> None:
    assert text_of(written.encode()) == written


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_every_kind_of_line_end_is_one(end: str) -> None:
    assert text_of(end.join(LINES).encode()) == TEXT


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_an_item_from_windows_is_read_like_any_other(end: str) -> None:
    assert compiled(item().replace("\n", end)) == compiled(item())


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\u0085"])
def test_what_is_a_line_end_for_yaml_and_for_nobody_else_is_refused(sign: str) -> None:
    assert refused(on_line_3(sign)) == [(3, "error", "line-separator")]
    assert word(refusals(on_line_3(sign))[0], "found") == f"U+{ord(sign):04X}"


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1a", "\x0b", "\x0c", "\x1c", "\x7f", "\x9f", "\ufffe", "\ufffd"])
def test_controls_and_lost_letters_are_refused_with_their_number(sign: str) -> None:
    assert refused(on_line_3(sign)) == [(3, "error", "forbidden-character")]
    assert word(refusals(on_line_3(sign))[0], "found") == f"U+{ord(sign):04X}"


def test_the_old_end_sign_of_dos_at_the_end_of_a_file_is_refused_at_its_line() -> None:
    assert refused(f"{TEXT}\x1a".encode()) == [(7, "error", "forbidden-character")]


def test_several_faults_of_a_file_are_told_together() -> None:
    assert refused(b"Th\xc3\x83\xc2\xa1i\n\xe2\x80\xa8\n\x07") == [
        (1, "error", "file-double-encoded"),
        (2, "error", "line-separator"),
        (3, "error", "forbidden-character"),
    ]


def test_text_from_a_mac_or_a_pdf_is_composed() -> None:
    assert text_of(normalize("NFD", TEXT).encode()) == TEXT
    assert compiled(normalize("NFD", item())) == compiled(item())


@pytest.mark.parametrize("sign", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"])
def test_invisible_characters_of_a_web_page_do_not_change_what_is_read(sign: str) -> None:
    pasted = article(title=f"Ký{sign} kết", province=f"{sign}Thái{sign} Nguyên", value=f"2.000{sign} tỷ{sign}")
    typed = article(title="Ký kết", province="Thái Nguyên", value="2.000 tỷ")
    assert (pasted.card, pasted.mentions) == (typed.card, typed.mentions)


def test_a_file_of_more_than_256_kilobytes_is_refused_unread() -> None:
    assert refused(b"a" * (MAX_BYTES + 1)) == [(1, "error", "file-too-big")]
    assert len(text_of(b"a" * MAX_BYTES)) == MAX_BYTES


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@example(b"\xef\xbb\xbf\xff")
@example("á»\u00a0".encode())
def test_any_bytes_become_clean_text_or_problems(data: bytes) -> None:
    decoded = decode("content/a.md", data)
    if isinstance(decoded, Source):
        assert is_normalized("NFC", decoded.text)
        assert not FORBIDDEN.search(decoded.text)
        assert not set("\r\u2028\u2029\u0085") & set(decoded.text)
    else:
        assert decoded
        assert all(1 <= found.line <= data.count(b"\n") + data.count(b"\r") + 1 for found in decoded)
