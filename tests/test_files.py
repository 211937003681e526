from __future__ import annotations

import errno
import os
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.build import content_folder
from bulletin.files import read_regular, survey, unwritable
from bulletin.listing import COARSE_TICK, SECOND, TICK, Signature, listing_of, settled, signature, unpacked
from tests.sites import write
from tests.test_incremental import wait_a_tick

NOON = 1_482_624_000 * SECOND
FINE = NOON + 123_456_789
"""A time of a file system that counts finer than seconds, and one of any."""


def changed_at(time: int) -> Signature:
    return Signature(size=1, modified=time, changed=time, number=1)


def test_every_file_below_a_folder_is_found_by_its_path(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "một", "sâu/hơn/b.md": "hai", "sâu/.ẩn": ""})
    (tmp_path / "trống").mkdir()
    found = survey(tmp_path)
    assert sorted(found) == ["a.md", "sâu/.ẩn", "sâu/hơn/b.md"]
    assert found["a.md"] == signature((tmp_path / "a.md").stat())


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert survey(tmp_path / "không có") == {}


def test_links_have_no_signature_and_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"ngoài/a.md": "một", "trong/b.md": "hai"})
    (tmp_path / "trong/tệp.md").symlink_to(tmp_path / "ngoài/a.md")
    (tmp_path / "trong/thư mục").symlink_to(tmp_path / "ngoài")
    (tmp_path / "trong/cụt").symlink_to(tmp_path / "không có")
    found = survey(tmp_path / "trong")
    assert {path for path, seen in found.items() if seen is None} == {"cụt", "thư mục", "tệp.md"}
    assert found["b.md"] is not None


def test_an_edit_that_keeps_size_and_time_has_another_signature(tmp_path: Path) -> None:
    file = write(tmp_path, {"a.md": "hai"}) / "a.md"
    before, stat = survey(tmp_path), file.stat()
    time.sleep(2 * TICK / SECOND)
    file.write_text("ba.")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    after = survey(tmp_path)
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    assert after != before
    assert listing_of(after).packed() != listing_of(before).packed()


def test_another_file_in_its_place_has_another_signature(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "một", "b.md": "hai"})
    before = survey(tmp_path)["a.md"]
    (tmp_path / "b.md").replace(tmp_path / "a.md")
    assert survey(tmp_path)["a.md"] != before


@pytest.mark.parametrize("field", Signature._fields)
def test_a_listing_differs_if_any_part_of_any_signature_does(field: str) -> None:
    before = {"a": changed_at(FINE), "b": changed_at(FINE)}
    after = before | {"b": before["b"]._replace(**{field: 2})}
    assert listing_of(before) == before
    assert listing_of(before).packed() == listing_of(dict(before)).packed()
    assert listing_of(before).packed() != listing_of(after).packed()


@pytest.mark.parametrize(
    "signatures",
    [
        {},
        {"": changed_at(FINE)},
        {"a": changed_at(FINE), "b": None, "tên\udcff": changed_at(-FINE)},
        {"2400": Signature(size=1, modified=1 << 62, changed=1 << 62, number=1)},
    ],
)
def test_a_listing_comes_back_from_its_bytes(signatures: dict[str, Signature | None]) -> None:
    (listing,) = unpacked(listing_of(signatures).packed())
    assert listing == signatures
    assert listing.is_sure is (None not in signatures.values())


def test_a_time_beyond_all_numbers_is_listed_and_proves_nothing() -> None:
    listing = listing_of({"a": changed_at(1 << 70), "b": changed_at(FINE)})
    assert [name for name, one in listing.settled(FINE + SECOND).items() if one] == ["b"]


def test_what_is_no_listing_is_refused() -> None:
    packed = listing_of({"a": changed_at(FINE)}).packed()
    for other in (packed[:-1], packed[:-8], packed + packed[:9], b"\xff" * 20):
        with pytest.raises(ValueError, match=r".*"):
            unpacked(other)


def test_a_listing_differs_by_names_and_by_links() -> None:
    assert len({listing_of(found).packed() for found in ({}, {"a": None}, {"b": None}, {"a": changed_at(FINE)})}) == 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file's time, how long after it the file was seen, and whether that is late enough."""

    changed: int
    after: int
    proves: bool


@pytest.mark.parametrize(
    "seen",
    [
        Seen(changed=FINE, after=0, proves=False),
        Seen(changed=FINE, after=TICK, proves=False),
        Seen(changed=FINE, after=TICK + 1, proves=True),
        Seen(changed=FINE, after=-SECOND, proves=False),
        Seen(changed=NOON, after=TICK + 1, proves=False),
        Seen(changed=NOON, after=COARSE_TICK, proves=False),
        Seen(changed=NOON, after=COARSE_TICK + 1, proves=True),
    ],
    ids=[
        *("at once", "within a tick", "after a tick", "before its time"),
        *("whole second, after a tick", "whole second, after two", "whole second, later"),
    ],
)
def test_a_fresh_file_s_times_prove_nothing(seen: Seen) -> None:
    found = changed_at(seen.changed)
    assert settled(found, seen.changed + seen.after) == (found if seen.proves else None)


def test_a_time_of_writing_that_is_to_come_proves_nothing() -> None:
    assert settled(changed_at(FINE)._replace(modified=FINE + SECOND), FINE + SECOND) is None


def test_an_old_time_of_writing_does_not_make_a_fresh_file_old() -> None:
    assert settled(changed_at(FINE)._replace(modified=NOON - SECOND), FINE + 1) is None


def test_a_link_proves_nothing() -> None:
    assert settled(None, FINE) is None


def test_on_windows_nothing_is_proved_because_times_can_be_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.files.os.name", "nt")
    assert settled(changed_at(FINE), FINE + SECOND) is None


def test_only_a_file_of_its_own_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "một", "thư mục/b.md": "hai"})
    (tmp_path / "liên kết").symlink_to(tmp_path / "a.md")
    assert read_regular(tmp_path / "a.md") == "một".encode()
    for other in ("thư mục", "không có", "a.md/b.md", "liên kết"):
        assert read_regular(tmp_path / other) is None, other


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.ENOLCK])
def test_a_full_or_broken_disk_is_told_at_the_folder_that_was_written(code: int) -> None:
    told = unwritable(OSError(code, "ly do"), Path("output"))
    assert (told.path, told.code, dict(told.words)) == ("output", "cannot-write", {"reason": "ly do"})


def test_a_file_that_cannot_be_written_is_named_and_of_a_move_its_end() -> None:
    assert unwritable(PermissionError(13, "ly do", "a"), Path("output")).path == "a"
    assert unwritable(PermissionError(13, "ly do", "staged", None, "output/a"), Path("output")).path == "output/a"


@pytest.mark.parametrize("fault", [ConnectionResetError(104, "x"), OSError("x"), BlockingIOError(11, "x")])
def test_what_is_no_fault_of_a_disk_is_not_told_as_one(fault: OSError) -> None:
    with pytest.raises(type(fault)):
        unwritable(fault, Path("output"))


PLACES = st.sampled_from(
    ("a.md", "b.md", "anh.jpg", "2016/a.md", "2016/12/a.md", "2017/b.md", ".an/a.md", "2016/.a.md")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.tuples(PLACES, st.sampled_from(("", "a", "bb", None))), max_size=4), max_size=4))
def test_a_survey_that_is_told_what_changed_finds_what_a_whole_one_finds(
    rounds: list[list[tuple[str, str | None]]],
) -> None:
    """Also right after a change, within one tick of the clock; None as a text removes the file or its folder."""
    with TemporaryDirectory() as folder:
        root = write(Path(folder), {"content/a.md": "a", "content/2016/12/a.md": "a"})
        known = content_folder.surveyed(root)
        for edits in rounds:
            changed = {(root / "content" / name).as_posix() for name, _ in edits}
            for name, text in edits:
                if text is None:
                    (root / "content" / name).unlink(missing_ok=True)
                else:
                    write(root, {f"content/{name}": text})
            again = content_folder.surveyed_again(root, known, changed)
            known = content_folder.surveyed(root)
            assert again is None or signatures(again) == signatures(known)


def test_a_survey_looks_only_into_folders_of_changed_files(tmp_path: Path) -> None:
    root = write(tmp_path, {f"content/{place}a.md": "a" for place in ("", *(f"{year}/" for year in range(2010, 2015)))})
    wait_a_tick()
    known = content_folder.surveyed(root)
    write(root, {"content/2012/b.md": "b"})
    again = content_folder.surveyed_again(root, known, [(root / "content/2012/b.md").as_posix()])
    assert again is not None
    assert again.renewed == frozenset({"2012/"})
    assert signatures(again) == signatures(content_folder.surveyed(root))
    assert content_folder.surveyed_again(root, known, ["/ngoai/a.md"]) is None
    (root / "content/2013").rename(tmp_path / "2013")
    assert content_folder.surveyed_again(root, known, [(root / "content/2013").as_posix()]) is None
    write(root, {"content/2012/moi/c.md": "c"})
    assert content_folder.surveyed_again(root, known, [(root / "content/2012/moi").as_posix()]) is None


def signatures(found: content_folder.Survey) -> dict[str, dict[str, object]]:
    return {folder: dict(files) for folder, files in found.folders.items()}
