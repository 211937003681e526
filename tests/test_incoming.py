"""What waits beside a working copy: pictures and proposals of a file, until its item is saved or given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.desk.incoming import Arrivals, text_of
from bulletin.intake import Document, Found, Proposal
from bulletin.intake.values import Picture
from tests.pictures import photo
from tests.sites import snapshot

COPY, OTHER = "0123456789abcdef", "fedcba9876543210"
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
def arrivals(tmp_path: Path) -> Arrivals:
    arrivals = Arrivals(tmp_path)
    arrivals.keep(COPY, "Tin.docx", DOCUMENT, Found(documents=(DOCUMENT,)))
    return arrivals


def test_the_header_has_what_alone_is_proposed() -> None:
    head = '---\ntitle: "Tiêu: đề"\ndeals:\n  - province: Huế\n    date: 2016-12-25\n---\n\n'
    assert text_of(DOCUMENT) == head + DOCUMENT.body


def test_a_value_that_no_header_can_hold_is_left_to_people() -> None:
    odd = Proposal(field="title", value="a\0b", sentence="", place="")
    assert text_of(Document(body="x\n", proposals=(odd,))) in {"---\n---\n\nx\n", "---\ntitle: ab\n---\n\nx\n"}


def test_it_is_found_again_by_its_copy_alone(arrivals: Arrivals, tmp_path: Path) -> None:
    kept = Arrivals(tmp_path).get(COPY)
    assert kept is not None
    assert (kept.name, kept.proposals, kept.pictures) == ("Tin.docx", DOCUMENT.proposals, ("tin-1.png", "tin-2.png"))
    assert arrivals.get(OTHER) is None
    assert arrivals.get("../" + COPY) is None
    assert arrivals.picture(COPY, "record.json") is None
    assert arrivals.beside(OTHER, "content/2016") == {}
    assert arrivals.beside(COPY, "content/2016").keys() == {"content/2016/tin-1.png", "content/2016/tin-2.png"}


def test_only_pictures_that_the_text_shows_land_and_a_name_that_is_taken_is_changed(
    arrivals: Arrivals, tmp_path: Path
) -> None:
    folder = tmp_path / "content/2016"
    folder.mkdir(parents=True)
    (folder / "tin-1.png").write_bytes(b"another")
    text = arrivals.land(COPY, tmp_path, "content/2016", DOCUMENT.body)
    assert text == "Chữ.\n\n![a](tin-1-2.png)\n"
    assert snapshot(folder) == {"tin-1.png": b"another", "tin-1-2.png": photo()}


def test_another_copy_goes_on_with_it_and_what_belongs_to_none_is_dropped(arrivals: Arrivals) -> None:
    arrivals.copy(COPY, OTHER)
    arrivals.drop_others({OTHER})
    assert arrivals.get(COPY) is None
    assert arrivals.get(OTHER) is not None
    arrivals.drop(OTHER)
    assert arrivals.get(OTHER) is None


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[]"])
def test_a_garbled_record_closes_nothing(arrivals: Arrivals, tmp_path: Path, data: bytes) -> None:
    (tmp_path / ".desk/incoming" / COPY / "record.json").write_bytes(data)
    assert arrivals.get(COPY) is None
    assert arrivals.land(COPY, tmp_path, "content", "x") == "x"
