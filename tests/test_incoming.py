"""Files that come to the desk: what was read of one waits beside its working copy, and nothing goes into content/."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bulletin.desk.incoming import Arrivals, text_of
from bulletin.desk.storage import Actor, Store
from bulletin.intake import Document, Found, Proposal
from bulletin.intake.values import Cell, Picture
from bulletin.preview import Preview
from bulletin.problems import problem
from tests.pictures import photo

LAN = Actor("Lan")
DOCUMENT = Document(
    body="Chữ.\n\n![a](tin-1.png)\n",
    pictures=(Picture(name="tin-1.png", data=photo()), Picture(name="tin-2.png", data=photo(1))),
    proposals=(
        Proposal(field="title", value="Tiêu: đề", sentence="Tiêu: đề", place=""),
        Proposal(field="date", value="2016-12-25", sentence="Sáng 25/12", place="dòng 1"),
        Proposal(field="date", value="2016-12-26", sentence="Sáng 26/12", place="dòng 2"),
        Proposal(field="deals", value={"province": "Huế", "date": "2016-12-25"}, sentence="x", place=""),
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def arrivals(tmp_path: Path, store: Store) -> Arrivals:
    return Arrivals(cast("Preview", SimpleNamespace(root=tmp_path)), store, "vi")


def test_the_header_has_what_alone_is_proposed() -> None:
    head = '---\ntitle: "Tiêu: đề"\ndeals:\n  - province: Huế\n    date: 2016-12-25\n---\n\n'
    assert text_of(DOCUMENT) == head + DOCUMENT.body


def test_a_value_that_no_header_can_hold_is_left_to_people() -> None:
    odd = Proposal(field="title", value="a\0b", sentence="", place="")
    assert text_of(Document(body="x\n", proposals=(odd,))) in {"---\n---\n\nx\n", "---\ntitle: ab\n---\n\nx\n"}


def test_a_working_copy_holds_the_text_and_its_pictures_wait(arrivals: Arrivals, store: Store, tmp_path: Path) -> None:
    warned = problem("Tin.docx", 1, "intake-drawings", "warning", count="1")
    brought = arrivals.bring_in("Tin.docx", Found(documents=(DOCUMENT,), problems=(warned,)), LAN)
    (copy,) = store.copies()
    assert [(one.title, one.address) for one in brought.items] == [("Tiêu: đề", f"/_soan/moi?ban={copy.key}")]
    assert (copy.text, copy.by) == (text_of(DOCUMENT), LAN)
    assert store.waiting.names(copy.key) == ["tin-1.png", "tin-2.png"]
    assert not (tmp_path / "content").exists()
    shown = arrivals.shown(copy.key)
    assert shown is not None
    assert (shown.name, shown.asked) == ("Tin.docx", ["date"])
    assert [one.words for one in shown.fields["date"]] == ["25/12/2016", "26/12/2016"]
    assert [one.code for one in shown.problems] == ["intake-drawings"]


def test_a_name_that_an_item_has_taken_is_changed_in_the_text_too(
    arrivals: Arrivals, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "content/2016").mkdir(parents=True)
    (tmp_path / "content/2016/tin-1.png").write_bytes(b"another")
    arrivals.bring_in("Tin.docx", Found(documents=(DOCUMENT,)), LAN)
    assert "![a](tin-1-2.png)" in store.copies()[0].text


def test_an_error_keeps_all_of_it_out(arrivals: Arrivals, store: Store) -> None:
    wrong = problem("a.xlsx", 3, "intake-encoding")
    brought = arrivals.bring_in("a.xlsx", Found(documents=(DOCUMENT, DOCUMENT), problems=(wrong,)), LAN)
    assert brought.items == []
    assert store.copies() == ()


def test_of_a_spreadsheet_nothing_is_kept_before_its_cells_are_confirmed(arrivals: Arrivals, store: Store) -> None:
    cell = Cell(sheet="", row=2, column="A", heading="Tỉnh", field="province", written="hue", read="Thừa Thiên Huế")
    found = Found(documents=(DOCUMENT, DOCUMENT), cells=(cell,), total="5 tỷ đồng")
    brought = arrivals.bring_in("a.xlsx", found, LAN)
    assert (brought.items, brought.waiting, brought.cells, brought.total) == ([], 2, [cell], "5 tỷ đồng")
    assert store.copies() == ()
    brought = arrivals.bring_in("a.xlsx", found, LAN, is_confirmed=True)
    assert (len(brought.items), brought.waiting, len(store.copies())) == (2, 0, 2)


def test_what_belongs_to_no_copy_is_tidied_away(arrivals: Arrivals, store: Store, tmp_path: Path) -> None:
    arrivals.bring_in("a.docx", Found(documents=(DOCUMENT,)), LAN)
    (first,) = store.copies()
    store.throw_away(first.key, first.state)
    arrivals.bring_in("b.docx", Found(documents=(DOCUMENT,)), LAN)
    assert [file.stem for file in (tmp_path / ".desk/incoming").iterdir()] == [store.copies()[0].key]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[]"])
def test_a_garbled_record_closes_nothing(arrivals: Arrivals, tmp_path: Path, data: bytes) -> None:
    (tmp_path / ".desk/incoming").mkdir(parents=True)
    (tmp_path / ".desk/incoming/0123456789abcdef.json").write_bytes(data)
    assert arrivals.shown("0123456789abcdef") is None
    assert arrivals.shown("../0123456789abcde") is None
