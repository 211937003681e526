from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from bulletin.build.cache import MadeFrom, PageRecord, SourceRecord, State
from bulletin.build.seals import Damaged
from bulletin.digests import digest_of_bytes
from bulletin.listing import Signature
from tests.builders import compiled, item

STAMP = "một"
OUTPUT = "/ban-tin/output"
SIGNATURE = Signature(size=9, modified=1_482_624_000_123_456_789, changed=1_482_624_000_987_654_321, number=2**63)
MADE_FROM = MadeFrom(template="t", settings="s", text="x", view="v")


class Report(Struct, frozen=True):
    """What a build may keep for the next."""

    words: str


BUILD = ("inputs", Report("report"))
PAGE = PageRecord(digest="d", signature=SIGNATURE, made_from=MADE_FROM)


def record(text: str, signature: Signature | None = SIGNATURE) -> tuple[SourceRecord, dict[str, str]]:
    """Return what is kept of a source with this text, and its HTML by its digest."""
    done = compiled(text)
    found = SourceRecord(digest=digest_of_bytes(text.encode()), signature=signature, compiled=replace(done, html=""))
    return found, {found.compiled.text: done.html} if found.compiled.text else {}


GOOD, GOOD_TEXT = record(item("Bài *tốt*.", title="Bài tốt", value="5 tỷ đồng"))
BROKEN, BROKEN_TEXT = record(item("Bài hỏng.", date="30/02/2016"))
EMPTY, EMPTY_TEXT = record("")
SOURCES = {"content/tốt.md": GOOD, "content/hỏng.md": BROKEN, "content/trống.md": EMPTY}
TEXTS = GOOD_TEXT | BROKEN_TEXT | EMPTY_TEXT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".cache/state.sqlite"


@pytest.fixture
def state(file: Path) -> Iterator[State]:
    """Yield a new state file that knows three sources and a page."""
    opened = State.open(file, STAMP)
    fill(opened)
    yield opened
    opened.close()


def fill(state: State) -> None:
    state.save_sources(SOURCES, TEXTS)
    state.save_pages(OUTPUT, {"index.html": PAGE}, ())
    state.save_build(OUTPUT, *BUILD)


def test_what_became_of_sources_comes_back_as_it_was(file: Path, state: State) -> None:
    assert state.sources() == SOURCES
    state.close()
    again = State.open(file, STAMP)
    assert not again.is_new
    assert again.sources() == SOURCES
    assert again.texts(TEXTS) == TEXTS
    assert again.texts([]) == {}
    again.close()


def test_a_signature_that_proves_nothing_stays_none(state: State) -> None:
    state.save_sources({"content/tốt.md": replace(GOOD, signature=None)}, {})
    assert state.sources()["content/tốt.md"].signature is None
    state.save_pages(OUTPUT, {"index.html": replace(PAGE, signature=None)}, ())
    assert state.pages(OUTPUT)["index.html"].signature is None


def test_sources_that_are_gone_are_forgotten_with_their_texts(state: State) -> None:
    state.forget_sources(["content/tốt.md"], GOOD_TEXT)
    assert state.sources().keys() == SOURCES.keys() - {"content/tốt.md"}
    with pytest.raises(Damaged):
        state.texts(GOOD_TEXT)
    assert state.texts(BROKEN_TEXT) == BROKEN_TEXT


def test_a_text_stays_as_long_as_one_source_has_it(state: State) -> None:
    state.save_sources({"content/bản sao.md": GOOD}, GOOD_TEXT)
    state.forget_sources(["content/tốt.md"], ())
    assert state.texts(GOOD_TEXT) == GOOD_TEXT
    state.save_sources({"content/bản sao.md": BROKEN}, {})
    assert state.sources()["content/bản sao.md"] == BROKEN


def test_many_texts_are_asked_for_at_once(state: State) -> None:
    texts = {digest_of_bytes(f"<p>{number}".encode()): f"<p>{number}" for number in range(1201)}
    state.save_sources({}, texts)
    assert state.texts(texts) == texts
    with pytest.raises(Damaged):
        state.texts([*texts, "no digest of any"])


def test_templates_that_are_gone_are_forgotten(state: State, file: Path) -> None:
    included = "{% include 'a.html' %}"
    for text in (included, "{{ view.title }}"):
        state.references("b.html", text)
    state.forget_references([included])
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM templates").fetchone() == (1,)
    assert state.references("b.html", included) == ("a.html",)


def test_pages_are_known_by_their_output_folder(state: State) -> None:
    assert state.pages(OUTPUT) == {"index.html": PAGE}
    assert state.pages("/elsewhere") == {}
    changed = replace(PAGE, digest="e")
    state.save_pages("/elsewhere", {"index.html": changed, "atom.xml": PAGE}, ())
    state.save_pages("/elsewhere", {}, ["atom.xml", "không có"])
    assert state.pages("/elsewhere") == {"index.html": changed}
    assert state.pages(OUTPUT) == {"index.html": PAGE}


def test_the_last_build_is_known_by_its_output_folder(state: State) -> None:
    assert state.last_build(OUTPUT, Report) == BUILD
    assert state.last_build("/elsewhere", Report) is None
    state.save_build(OUTPUT, "later", Report("another"))
    assert state.last_build(OUTPUT, Report) == ("later", Report("another"))


def test_output_folders_that_are_gone_are_forgotten(state: State, tmp_path: Path) -> None:
    state.save_pages(str(tmp_path), {"index.html": PAGE}, ())
    state.save_build(str(tmp_path), *BUILD)
    assert state.last_build(OUTPUT, Report) is None
    assert state.pages(OUTPUT) == {}
    state.save_build("/another", *BUILD)
    assert state.last_build(str(tmp_path), Report) == BUILD
    assert state.pages(str(tmp_path)) == {"index.html": PAGE}


def test_a_new_state_knows_nothing(file: Path) -> None:
    for new in (State.open(file, STAMP), State.begin(file, STAMP), State.in_memory(None)):
        assert new.is_new
        assert (new.sources(), new.pages(OUTPUT), new.last_build(OUTPUT, Report)) == ({}, {}, None)
        new.close()


def test_a_state_in_memory_leaves_no_file(tmp_path: Path) -> None:
    state = State.in_memory(None)
    fill(state)
    assert state.sources() == SOURCES
    assert state.texts(TEXTS) == TEXTS
    state.close()
    assert list(tmp_path.iterdir()) == []


def test_begun_anew_it_forgets_everything(file: Path, state: State) -> None:
    state.close()
    new = State.begin(file, STAMP)
    assert (new.is_new, new.sources()) == (True, {})
    new.close()


def test_of_another_stamp_it_is_begun_anew(file: Path, state: State) -> None:
    state.close()
    other = State.open(file, "hai")
    assert (other.is_new, other.sources()) == (True, {})
    other.close()
    back = State.open(file, STAMP)
    assert back.is_new, "nothing of the first is left"
    back.close()


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"SQLite format 3\0", "không phải cơ sở dữ liệu".encode(), bytes(100_000)],
    ids=["empty", "a byte", "cut off", "another file", "zeros"],
)
def test_a_file_that_is_no_state_is_begun_anew(file: Path, data: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(data)
    new = State.open(file, STAMP)
    assert new.is_new
    fill(new)
    assert new.sources() == SOURCES
    new.close()


def test_another_program_s_database_is_begun_anew(file: Path) -> None:
    file.parent.mkdir()
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE stamp (khac TEXT, nua TEXT)")
    other.execute("INSERT INTO stamp VALUES (?, ?)", (STAMP, STAMP))
    other.commit()
    other.close()
    new = State.open(file, STAMP)
    assert new.is_new
    fill(new)
    new.close()


def test_what_a_killed_build_left_beside_it_is_not_taken_over(file: Path, state: State, tmp_path: Path) -> None:
    for ending in ("-wal", "-shm"):
        shutil.copy(f"{file}{ending}", tmp_path / ending)
    state.close()
    file.unlink()
    for ending in ("-wal", "-shm"):
        (tmp_path / ending).replace(f"{file}{ending}")
    new = State.open(file, STAMP)
    assert (new.is_new, new.sources()) == (True, {})
    fill(new)
    assert new.sources() == SOURCES
    new.close()


def test_what_was_saved_stands_although_the_build_was_killed(file: Path, state: State, tmp_path: Path) -> None:
    # Copied as they stand while it is open: a killed process leaves the same.
    shutil.copytree(file.parent, tmp_path / "sau")
    after = State.open(tmp_path / "sau" / file.name, STAMP)
    assert not after.is_new
    assert after.sources() == SOURCES
    assert after.pages(OUTPUT) == state.pages(OUTPUT)
    after.close()


def test_a_state_that_another_program_holds_says_that_it_cannot_be_used(
    file: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.close()
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0.01))
    holder = sqlite3.connect(file)
    holder.execute("BEGIN IMMEDIATE")
    held = State.open(file, STAMP)
    assert held.sources() == SOURCES, "reading disturbs nobody"
    with pytest.raises(Damaged):
        held.save_pages(OUTPUT, {"atom.xml": PAGE}, ())
    held.close()
    holder.close()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a state that was closed; tests copy it."""
    file = tmp_path_factory.mktemp("state") / "whole.sqlite"
    with closing(State.open(file, STAMP)) as state:
        fill(state)
    return file


def believed(file: Path) -> None:
    """Ask a state for everything, as a build would; what it tells must be what it was told."""
    with closing(State.open(file, STAMP)) as state:
        sources = state.sources()
        for path, found in sources.items():
            # Of other bytes than the source has it would not be used.
            assert (
                path not in SOURCES or found.digest != SOURCES[path].digest or found.compiled == SOURCES[path].compiled
            )
        for digest, html in state.texts({found.compiled.text for found in sources.values()}).items():
            assert html == TEXTS[digest]
        state.pages(OUTPUT)
        assert (state.last_build(OUTPUT, Report) or BUILD)[1] == BUILD[1]


@pytest.mark.parametrize(
    "written", ["Bài <em>tốt</em>.", "Bài tốt", "5000000000", "report"], ids=["text", "title", "value", "report"]
)
def test_what_was_altered_in_the_file_is_not_believed(closed: Path, tmp_path: Path, written: str) -> None:
    data = closed.read_bytes()
    told = written.encode()
    assert told in data
    (tmp_path / "altered").write_bytes(data.replace(told, bytes([told[0] ^ 1]) + told[1:]))
    with pytest.raises(Damaged):
        believed(tmp_path / "altered")


@settings(max_examples=400)
@given(st.data())
def test_a_damaged_file_tells_the_truth_or_that_it_is_damaged(closed: Path, data: st.DataObject) -> None:
    whole = closed.read_bytes()
    at = data.draw(st.integers(min_value=0, max_value=len(whole)), label="at")
    written = data.draw(st.none() | st.binary(min_size=1, max_size=60), label="written")
    file = closed.with_name("damaged.sqlite")
    file.write_bytes(whole[:at] + (written + whole[at + len(written) :] if written else b""))
    try:
        believed(file)
    except Damaged:
        pass
    finally:
        for ending in ("", "-wal", "-shm"):
            Path(f"{file}{ending}").unlink(missing_ok=True)
