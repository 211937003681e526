"""The desk's storage: killed at any step, refused by the disk, overtaken by other programs, it loses no text."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bulletin.desk.storage import disk
from bulletin.desk.storage.changes import Actor, Change, somebody_here
from bulletin.desk.storage.store import Conflict, Opened, Saved, Store
from bulletin.desk.storage.working_copies import Elsewhere, WorkingCopy, key_of
from bulletin.digests import digest_of_bytes
from bulletin.problems import BuildFailed, Refused
from tests.builders import item
from tests.disks import mounted
from tests.sites import build, write

LAN, MINH = Actor("Lan"), Actor("Minh")
PATH = "content/2016/2016-12-25-tin.md"
OLD, MINE, OTHER = item("Cũ."), item("Của tôi."), item("Của chương trình khác.")
HELD = item("Ghi vào tệp đang mở.")
HAS_EXCHANGE = os.name == "posix"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {PATH: OLD})


@pytest.fixture
def store(root: Path) -> Store:
    return Store(root)


def digest(text: str) -> str:
    return digest_of_bytes(text.encode())


def texts_of(store: Store, path: str = PATH) -> list[str]:
    """Return the texts of an item's versions, newest first."""
    return [store.versions.read(path, version.name).decode() for version in store.versions.of(path)]


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "content").rglob("*") if path.is_file())


def saved(done: Saved | Conflict) -> Saved:
    assert isinstance(done, Saved), done
    return done


def conflict(done: Saved | Conflict) -> Conflict:
    assert isinstance(done, Conflict), done
    return done


# As it goes


def test_a_save_replaces_what_was_opened_and_keeps_both_as_versions(store: Store, root: Path) -> None:
    opened = store.open(PATH)
    assert opened == Opened(path=PATH, text=OLD, digest=digest(OLD))
    done = saved(store.save(PATH, MINE, opened.digest, LAN))
    assert done.digest == digest(MINE)
    assert (root / PATH).read_text("utf-8") == MINE
    assert texts_of(store) == [MINE, OLD]
    assert [(version.by, version.origin) for version in store.versions.of(PATH)] == [(LAN, "saved"), (None, "found")]
    assert names(root) == ["2016-12-25-tin.md"]


def test_every_byte_is_kept_that_a_text_has(store: Store, root: Path) -> None:
    text = "\ufeff---\r\ntitle: Tin\r\n---\r\nBa\u0300i\r\r\n\t"
    (root / PATH).write_bytes(text.encode())
    opened = store.open(PATH)
    assert opened.text == text
    saved(store.save(PATH, text + "\r", opened.digest, LAN))
    assert (root / PATH).read_bytes() == (text + "\r").encode()


def test_nothing_is_written_if_nothing_changed(store: Store, root: Path) -> None:
    heard: list[Change] = []
    store = Store(root, on_change=heard.append)
    before = (root / PATH).stat()
    saved(store.save(PATH, OLD, digest(OLD), LAN))
    saved(store.save(PATH, OLD, "x", LAN))
    assert (root / PATH).stat() == before
    assert (heard, texts_of(store)) == ([], [])


def test_every_change_is_told_with_who_did_what(root: Path) -> None:
    heard: list[Change] = []
    times = iter(range(1, 100))
    store = Store(root, clock=lambda: float(next(times)), on_change=heard.append)
    new = "content/2017/2017-01-01-moi.md"
    store.create(new, MINE, MINH)
    store.save(PATH, MINE, digest(OLD), LAN)
    store.bring_back(PATH, store.versions.of(PATH)[1].name, digest(MINE), MINH)
    store.delete(PATH, digest(OLD), LAN)
    store.save(PATH, MINE, digest(OLD), LAN)
    assert [(change.by.name, change.what, change.path, change.before, change.after) for change in heard] == [
        ("Minh", "created", new, "", digest(MINE)),
        ("Lan", "saved", PATH, digest(OLD), digest(MINE)),
        ("Minh", "brought-back", PATH, digest(MINE), digest(OLD)),
        ("Lan", "deleted", PATH, digest(OLD), ""),
    ]
    assert [change.at for change in heard] == sorted(change.at for change in heard)


def test_another_text_than_was_opened_is_not_overwritten(store: Store, root: Path) -> None:
    saved(store.save(PATH, MINE, digest(OLD), LAN))
    (root / PATH).write_text(OTHER, "utf-8")
    theirs = item("Chưa lưu.")
    done = conflict(store.save(PATH, theirs, digest(OLD), MINH))
    assert (done.base, done.mine, done.theirs, done.digest) == (OLD, theirs, OTHER, digest(OTHER))
    assert (root / PATH).read_text("utf-8") == OTHER
    assert theirs not in texts_of(store), "it is no version: it was never in the bulletin"
    saved(store.save(PATH, theirs, done.digest, MINH))
    assert texts_of(store) == [theirs, OTHER, MINE, OLD]


def test_a_new_item_never_takes_the_place_of_another(store: Store, root: Path) -> None:
    done = conflict(store.create(PATH, MINE, LAN))
    assert (done.base, done.theirs, done.digest) == (None, OLD, digest(OLD))
    new = "content/2018/sau/2018-01-01-tin.md"
    assert saved(store.create(new, MINE, LAN)).digest == digest(MINE)
    assert (root / new).read_text("utf-8") == MINE
    assert names(root) == ["2016-12-25-tin.md", "2018-01-01-tin.md"]


def test_what_was_deleted_is_listed_and_can_be_brought_back(store: Store, root: Path) -> None:
    conflict(store.delete(PATH, digest(MINE), LAN))
    saved(store.delete(PATH, digest(OLD), LAN))
    assert names(root) == []
    ((path, last),) = store.deleted()
    assert (path, last.by, last.origin) == (PATH, LAN, "deleted")
    with pytest.raises(Refused, match="desk-item-gone"):
        store.open(PATH)
    assert conflict(store.save(PATH, MINE, digest(OLD), MINH)).theirs is None
    saved(store.bring_back(PATH, last.name, "", MINH))
    assert (root / PATH).read_text("utf-8") == OLD
    assert store.deleted() == ()
    assert conflict(store.bring_back(PATH, last.name, "", MINH)).theirs == OLD


def test_what_another_program_deleted_can_be_brought_back_too(store: Store, root: Path) -> None:
    saved(store.save(PATH, MINE, digest(OLD), LAN))
    (root / PATH).unlink()
    ((path, last),) = store.deleted()
    assert (path, last.origin, last.digest) == (PATH, "saved", digest(MINE))


def test_an_old_version_is_brought_back_as_a_save(store: Store, root: Path) -> None:
    saved(store.save(PATH, MINE, digest(OLD), LAN))
    old = store.versions.of(PATH)[-1]
    assert conflict(store.bring_back(PATH, old.name, digest(OTHER), MINH)).mine == OLD
    saved(store.bring_back(PATH, old.name, digest(MINE), MINH))
    assert (root / PATH).read_text("utf-8") == OLD
    assert texts_of(store) == [OLD, MINE, OLD]
    assert store.versions.of(PATH)[0].by == MINH
    for name in ("../../x", "x", f"../{old.name}", ""):
        with pytest.raises(FileNotFoundError):
            store.bring_back(PATH, name, digest(OLD), LAN)


def test_versions_keep_their_order_whatever_the_clock_says(root: Path) -> None:
    for now in (2e9, 2e9, 1e9, 0.0):
        store = Store(root, clock=lambda now=now: now)  # type: ignore[misc]
        opened = store.open(PATH)
        saved(store.save(PATH, f"{opened.text}{now}\n", opened.digest, LAN))
    sizes = [len(text) for text in texts_of(Store(root))]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 5


def test_bytes_that_are_no_text_are_refused_for_editing_and_survive(store: Store, root: Path) -> None:
    data = "Tiếng Việt".encode("cp1258", "replace") + b"\xff"
    (root / PATH).write_bytes(data)
    with pytest.raises(BuildFailed) as failed:
        store.open(PATH)
    assert [found.code for found in failed.value.problems] == ["file-not-utf8"]
    saved(store.save(PATH, MINE, digest_of_bytes(data), LAN))
    saved(store.bring_back(PATH, store.versions.of(PATH)[-1].name, digest(MINE), LAN))
    assert (root / PATH).read_bytes() == data


def test_the_desk_keeps_its_things_to_itself(store: Store, root: Path) -> None:
    saved(store.save(PATH, MINE, digest(OLD), LAN))
    assert stat.S_IMODE((root / ".desk").stat().st_mode) == 0o700
    subprocess.run(["git", "init", "-q", str(root)], check=True)  # noqa: S607
    listed = subprocess.run(
        ["git", "-C", str(root), "status", "--porcelain", "-uall"],  # noqa: S607
        check=True,
        capture_output=True,
    )
    assert b".desk" not in listed.stdout
    assert build(root).code == 0
    assert not [path for path in (root / "output").rglob("*") if "desk" in str(path.relative_to(root))]


def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(store: Store, root: Path) -> None:
    (root / PATH).chmod(0o640)
    saved(store.save(PATH, MINE, digest(OLD), LAN))
    assert stat.S_IMODE((root / PATH).stat().st_mode) == 0o640
    new = "content/moi.md"
    saved(store.create(new, MINE, LAN))
    write(root, {"content/thuong.md": ""})
    assert (root / new).stat().st_mode == (root / "content/thuong.md").stat().st_mode


def test_a_link_to_an_item_stays_a_link(store: Store, root: Path) -> None:
    (root / "content/lien-ket.md").symlink_to(root / PATH)
    saved(store.save("content/lien-ket.md", MINE, digest(OLD), LAN))
    assert (root / "content/lien-ket.md").is_symlink()
    assert (root / PATH).read_text("utf-8") == MINE


def test_a_name_that_the_disk_holds_decomposed_is_found(store: Store, root: Path) -> None:
    write(root, {"content/ba\u0300i.md": OLD})
    saved(store.save("content/bài.md", MINE, digest(OLD), LAN))
    assert (root / "content/ba\u0300i.md").read_text("utf-8") == MINE


def test_somebody_without_a_login_has_the_name_that_the_system_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "lan")
    assert somebody_here() == Actor("lan")

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert somebody_here() == Actor("máy này")


# Working copies


def typed(text: str, by: Actor = LAN, path: str = PATH, opened: str = digest(OLD)) -> WorkingCopy:
    return WorkingCopy(key=key_of(path, by), path=path, text=text, opened=opened, by=by)


def kept(done: WorkingCopy | Elsewhere) -> WorkingCopy:
    assert isinstance(done, WorkingCopy)
    return done


def test_a_working_copy_is_kept_until_it_is_thrown_away_and_touches_no_item(store: Store, root: Path) -> None:
    first = kept(store.keep(typed("a"), ""))
    second = kept(store.keep(typed("ab"), first.state))
    assert store.copies() == (second,)
    assert Store(root).copy(second.key) == second
    assert (root / PATH).read_text("utf-8") == OLD
    assert texts_of(store) == [OLD], "what it was opened from, in case another program changes that"
    assert store.throw_away(first.key, first.state) is False
    assert store.throw_away(second.key, second.state) is True
    assert store.throw_away(second.key, second.state) is True
    assert store.copies() == ()


def test_two_people_have_two_working_copies_of_an_item_and_new_items_have_theirs(store: Store) -> None:
    kept(store.keep(typed("của Lan"), ""))
    kept(store.keep(typed("của Minh", MINH), ""))
    for key in ("0123456789abcdef", "fedcba9876543210"):
        kept(store.keep(WorkingCopy(key=key, path="", text=key, opened="", by=LAN), ""))
    assert {copy.text for copy in store.copies()} == {"của Lan", "của Minh", "0123456789abcdef", "fedcba9876543210"}
    assert len({copy.key for copy in store.copies()}) == 4


def test_a_window_does_not_overwrite_what_another_has_kept(store: Store) -> None:
    first = kept(store.keep(typed("cửa sổ một"), ""))
    other = store.keep(typed("cửa sổ hai"), "")
    assert other == Elsewhere(standing=first)
    kept(store.keep(typed("cửa sổ một"), ""))
    found = store.copy(first.key)
    assert found is not None
    kept(store.keep(typed("cửa sổ hai"), found.state))


@pytest.mark.parametrize("key", ["", "../x", "0123", "a/b", "..", "0123456789ABCDEF\n"])
def test_a_key_leads_nowhere_else(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        store.keep(WorkingCopy(key=key, path="", text="", opened="", by=LAN), "")


def test_a_conflict_shows_what_was_opened_even_if_only_typing_has_begun(store: Store, root: Path) -> None:
    kept(store.keep(typed(MINE), ""))
    (root / PATH).write_text(OTHER, "utf-8")
    assert conflict(store.save(PATH, MINE, digest(OLD), LAN)).base == OLD


# Steps: killed, refused, overtaken

STEPS: tuple[tuple[Any, str], ...] = (
    *((os, name) for name in ("replace", "link", "unlink", "mkdir", "chmod", "fsync")),
    *((disk, name) for name in ("exchange", "write_new")),
)
"""All by which the desk changes the disk."""

NEW = "content/2017/2017-01-02-moi.md"
ACTS: Mapping[str, tuple[str, Callable[[Store], object]]] = {
    "save": (PATH, lambda store: store.save(PATH, MINE, digest(OLD), LAN)),
    "create": (NEW, lambda store: store.create(NEW, MINE, LAN)),
    "delete": (PATH, lambda store: store.delete(PATH, digest(OLD), LAN)),
    "keep": (PATH, lambda store: store.keep(typed(MINE), "")),
}


@contextmanager
def at_step(step: int, act: Callable[[str, tuple[Any, ...]], None]) -> Iterator[list[str]]:
    """Have something happen before the n-th step, from 1; yield the names of the steps that were begun."""
    begun: list[str] = []

    def watched(name: str, does: Callable[..., Any]) -> Callable[..., Any]:
        def do(*words: Any, **keys: Any) -> Any:
            begun.append(name)
            if len(begun) == step:
                act(name, words)
            return does(*words, **keys)

        return do

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, watched(name, getattr(owner, name)))
        yield begun


def is_killed(step: int, act: Callable[[], object]) -> bool:
    """Act in a process of its own that is killed before its n-th step, or in the middle if that writes a file."""
    child = os.fork()
    if not child:

        def die(name: str, words: tuple[Any, ...]) -> None:
            if name == "write_new":
                words[0].write_bytes(words[1][: len(words[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)

        with at_step(step, die):
            act()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def steps_of(act: Callable[[Store], object], root: Path) -> int:
    write(root, {PATH: OLD})
    with at_step(0, lambda *_: None) as begun:
        act(Store(root))
    return len(begun)


def everything(store: Store, path: str) -> set[str]:
    """Return every text that is left of an item."""
    file = store.root / path
    found = {file.read_text("utf-8")} if file.exists() else set()
    return found | set(texts_of(store, path)) | {copy.text for copy in store.copies()}


@pytest.mark.parametrize("before", ["nothing kept", "kept before"])
@pytest.mark.parametrize("name", ACTS)
def test_killed_at_any_step_the_file_is_old_or_new_and_no_text_is_lost(tmp_path: Path, name: str, before: str) -> None:
    path, act = ACTS[name]
    for step in count(1):
        root = write(tmp_path / f"{step}", {PATH: OLD})
        store = Store(root)
        if before == "kept before":
            kept(store.keep(typed(MINE), ""))
        stood = (root / path).read_text("utf-8") if (root / path).exists() else None
        was_killed = is_killed(step, lambda: act(Store(root)))  # noqa: B023 - called at once
        now = (root / path).read_text("utf-8") if (root / path).exists() else None
        assert now in {stood, None if name == "delete" else MINE}, step
        if before == "kept before":
            assert MINE in {copy.text for copy in store.copies()}, step
        # Whoever comes next goes on from what stands, and finds the old text.
        text = item("Sau đó.")
        if now is None:
            saved(store.create(path, text, MINH))
        else:
            saved(store.save(path, text, digest(now), MINH))
        assert {text, *([stood] if stood else []), *([now] if now else [])} <= everything(store, path), step
        assert all(not found.startswith(".") for found in names(root)), step
        assert not list((root / ".desk").rglob(".standing")) or now is not None
        if not was_killed:
            assert step > 5
            return


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("name", ACTS)
def test_refused_by_the_disk_at_any_step_nothing_is_lost_and_it_can_be_tried_again(
    tmp_path: Path, name: str, fault: int
) -> None:
    path, act = ACTS[name]

    def refuse(*_: object) -> None:
        raise OSError(fault, os.strerror(fault))

    for step in range(1, steps_of(act, tmp_path / "0") + 1):
        root = write(tmp_path / f"{step}", {PATH: OLD})
        store = Store(root)
        stood = (root / path).read_text("utf-8") if (root / path).exists() else None
        with at_step(step, refuse):
            # Not every refusal is one: where a second name cannot be had, a copy does.
            told = refusal(store, act)
        assert told in {None, fault}
        now = (root / path).read_text("utf-8") if (root / path).exists() else None
        assert now in {stood, None if name == "delete" else MINE}, step
        assert stood is None or stood in everything(store, path), step
        if now == stood:
            act(store)
        assert (root / path).exists() != (name == "delete")
        assert stood is None or stood in everything(store, path), step
        text = item("Sau đó.")
        if name == "delete":
            saved(store.create(path, text, MINH))
        else:
            saved(store.save(path, text, store.open(path).digest, MINH))
        assert all(not found.startswith(".") for found in names(root)), step


def refusal(store: Store, act: Callable[[Store], object]) -> int | None:
    try:
        act(store)
    except OSError as told:
        return told.errno
    return None


def replaces(file: Path) -> None:
    other = file.with_name("~other.tmp")
    file.parent.mkdir(parents=True, exist_ok=True)
    other.write_text(OTHER, "utf-8")
    other.rename(file)


def writes(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(OTHER, "utf-8")


def deletes(file: Path) -> None:
    file.unlink(missing_ok=True)


@pytest.mark.skipif(not HAS_EXCHANGE, reason="two files change places in one step on Linux and macOS")
@pytest.mark.parametrize("other", [replaces, writes, deletes])
@pytest.mark.parametrize("name", ["save", "create", "delete"])
def test_a_program_that_writes_at_any_step_loses_nothing_and_takes_nothing(
    tmp_path: Path, name: str, other: Callable[[Path], None]
) -> None:
    path, act = ACTS[name]
    ends = set()
    for step in range(1, steps_of(act, tmp_path / "0") + 1):
        root = write(tmp_path / f"{step}", {PATH: OLD})
        store = Store(root)
        stood = (root / path).read_text("utf-8") if (root / path).exists() else None
        happened = []

        def interfere(*_: object) -> None:
            other(root / path)  # noqa: B023 - called at once
            happened.append(1)  # noqa: B023

        with at_step(step, interfere):
            done = act(store)
        assert happened
        now = (root / path).read_text("utf-8") if (root / path).exists() else None
        left = everything(store, path) | ({done.mine} if isinstance(done, Conflict) else set())
        left |= {file.read_text("utf-8") for file in (root / ".desk").rglob(".standing")}
        if other is not deletes:
            assert OTHER in left, step
        if name != "delete":
            assert MINE in left, step
        if isinstance(done, Conflict):
            assert done.theirs == now, step
            assert now != MINE, step
        elif now not in {MINE, None}:
            assert now == OTHER, step
        if stood and other is replaces:
            # Who writes into a file, or deletes it, before anybody looks has lost the old text himself.
            assert stood in left or isinstance(done, Conflict), step
        ends.add(type(done).__name__)
        text = item("Sau đó.")
        if now is None:
            saved(store.create(path, text, MINH))
        else:
            saved(store.save(path, text, digest(now), MINH))
        assert (now or text) in everything(store, path), step
        assert all(not found.startswith(".") for found in names(root)), step
    if other is not deletes:
        assert ends >= {"Conflict"}


@pytest.mark.skipif(not HAS_EXCHANGE, reason="as above")
@pytest.mark.parametrize("name", ["save", "delete"])
def test_a_program_that_has_the_file_open_may_go_on_writing_to_it_at_any_step(tmp_path: Path, name: str) -> None:
    _, act = ACTS[name]
    for step in range(1, steps_of(act, tmp_path / "0") + 2):
        root = write(tmp_path / f"{step}", {PATH: OLD})
        store = Store(root)
        with (root / PATH).open("r+", encoding="utf-8") as held:

            def interfere(*_: object) -> None:
                held.truncate()
                held.write(HELD)
                held.flush()

            with at_step(step, interfere) as begun:
                done = act(store)
            if len(begun) < step:
                # After all is done, too.
                interfere()
        now = (root / PATH).read_text("utf-8") if (root / PATH).exists() else None
        text = item("Sau đó.")
        saved(store.create(PATH, text, MINH) if now is None else store.save(PATH, text, digest(now), MINH))
        assert HELD in everything(store, PATH), step
        if isinstance(done, Saved):
            assert OLD in everything(store, PATH), step
            assert name == "delete" or MINE in everything(store, PATH), step


def test_a_third_text_that_comes_while_the_second_gets_its_place_back_stays(
    store: Store, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange, third = disk.exchange, item("Thứ ba.")
    coming = [OTHER, third]

    def exchanging(file: Path, place: Path) -> bool:
        if coming:
            (root / "khac").write_text(coming.pop(0), "utf-8")
            (root / "khac").rename(root / PATH)
        return exchange(file, place)

    monkeypatch.setattr(disk, "exchange", exchanging)
    done = conflict(store.save(PATH, MINE, digest(OLD), LAN))
    assert (done.base, done.theirs, (root / PATH).read_text("utf-8")) == (OLD, third, third)
    assert OTHER in texts_of(store)
    assert names(root) == ["2016-12-25-tin.md"]


def test_where_files_cannot_change_places_or_have_two_names_saving_works_too(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(disk, "exchange", lambda *_: False)
    monkeypatch.setattr(os, "link", no_links)
    store = Store(root)
    saved(store.save(PATH, MINE, digest(OLD), LAN))
    (root / PATH).write_text(OTHER, "utf-8")
    assert conflict(store.save(PATH, OLD, digest(MINE), LAN)).theirs == OTHER
    saved(store.create(NEW, MINE, LAN))
    conflict(store.create(NEW, OLD, LAN))
    saved(store.delete(PATH, digest(OTHER), LAN))
    saved(store.bring_back(PATH, store.versions.of(PATH)[0].name, "", LAN))
    assert set(texts_of(store)) == {OLD, MINE, OTHER}
    assert names(root) == ["2016-12-25-tin.md", "2017-01-02-moi.md"]


# Two at once, disks


def test_of_many_who_save_at_once_one_wins_and_the_others_are_told(root: Path) -> None:
    done: dict[str, Saved | Conflict] = {}
    texts = [item(f"Bản {number}.") for number in range(8)]

    def save(text: str) -> None:
        done[text] = Store(root).save(PATH, text, digest(OLD), LAN)

    threads = [threading.Thread(target=save, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (won,) = [text for text, answer in done.items() if isinstance(answer, Saved)]
    assert (root / PATH).read_text("utf-8") == won
    assert {answer.theirs for answer in done.values() if isinstance(answer, Conflict)} == {won}
    assert texts_of(Store(root)) == [won, OLD]


def test_processes_that_save_until_they_succeed_lose_none_of_their_saves(root: Path) -> None:
    def write_lines(name: str) -> None:
        store = Store(root)
        for number in range(5):
            done: Saved | Conflict = conflict(store.save(PATH, "", "", LAN))
            while isinstance(done, Conflict):
                done = store.save(PATH, f"{done.theirs}\n{name} {number}", done.digest, Actor(name))

    children = []
    for name in ("a", "b", "c"):
        if not (child := os.fork()):
            write_lines(name)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    lines = (root / PATH).read_text("utf-8").split("\n")
    assert {f"{name} {number}" for name in "abc" for number in range(5)} <= set(lines)
    assert len(texts_of(Store(root))) == 16


def fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"0" * 4096)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    root = tmp_path / "site"
    with mounted(root, "-t", "tmpfs", "-o", "size=256k", "ban-tin"):
        write(root, {PATH: OLD})
        store = Store(root)
        kept(store.keep(typed(MINE), ""))
        fill(root / "day")
        for act in (
            lambda: store.save(PATH, MINE, digest(OLD), LAN),
            lambda: store.create(NEW, MINE, LAN),
            lambda: store.keep(typed(OTHER, MINH), ""),
        ):
            with pytest.raises(OSError, match="No space left"):
                act()
        assert (root / PATH).read_text("utf-8") == OLD
        assert [copy.text for copy in store.copies()] == [MINE]
        (root / "day").unlink()
        with pytest.raises(OSError, match="No space left"):
            disk.write_new(root / "qua-lon", bytes(1 << 20))
        assert not (root / "qua-lon").exists()
        saved(store.save(PATH, MINE, digest(OLD), LAN))
        assert texts_of(store) == [MINE, OLD]
        assert names(root) == ["2016-12-25-tin.md"]


def test_content_may_lie_on_another_disk_than_the_desk(tmp_path: Path) -> None:
    root = tmp_path / "site"
    with mounted(root / "content"):
        write(root, {PATH: OLD})
        store = Store(root)
        saved(store.save(PATH, MINE, digest(OLD), LAN))
        saved(store.delete(PATH, digest(MINE), LAN))
        saved(store.bring_back(PATH, store.versions.of(PATH)[-1].name, "", LAN))
        assert (root / PATH).read_text("utf-8") == OLD
        assert names(root) == ["2016-12-25-tin.md"]


def test_a_folder_that_may_not_be_written_is_told_and_the_text_stays_a_working_copy(tmp_path: Path) -> None:
    root = tmp_path / "site"
    with mounted(root / "content") as disk_of_content:
        write(root, {PATH: OLD})
        store = Store(root)
        kept(store.keep(typed(MINE), ""))
        subprocess.run(["mount", "-o", "remount,ro", str(disk_of_content)], check=True)  # noqa: S607
        for name in ("save", "create", "delete"):
            with pytest.raises(OSError, match="Read-only"):
                ACTS[name][1](store)
        assert [copy.text for copy in store.copies()] == [MINE]
        assert texts_of(store) == [OLD]
        subprocess.run(["mount", "-o", "remount,rw", str(disk_of_content)], check=True)  # noqa: S607
        saved(store.save(PATH, MINE, digest(OLD), LAN))


def test_a_record_that_was_lost_costs_only_the_name(store: Store, root: Path) -> None:
    saved(store.save(PATH, MINE, digest(OLD), LAN))
    for record in (root / ".desk/versions").rglob("*.json"):
        assert json.loads(record.read_text("utf-8")).keys() == {"by", "origin"}
        record.unlink()
    assert [version.by for version in store.versions.of(PATH)] == [None, None]
    assert texts_of(store) == [MINE, OLD]


def test_what_others_put_among_the_versions_is_none(store: Store, root: Path) -> None:
    saved(store.save(PATH, MINE, digest(OLD), LAN))
    (name, _) = (version.name for version in store.versions.of(PATH))
    folder = root / ".desk/versions/2016/2016-12-25-tin.md"
    for other in ("2016-ghi-chu.md", f"{name} - Copy.md", ".standing2", "Thumbs.db"):
        (folder / other).write_text("x", "utf-8")
    (folder / "2017-01-01-bai.md").mkdir()
    assert texts_of(store) == [MINE, OLD]
    assert store.deleted() == ()


def test_old_versions_are_forgotten_if_the_settings_say_so(tmp_path: Path) -> None:
    root = write(tmp_path, {PATH: "một"})
    now = [1_700_000_000.0]
    store = Store(root, clock=lambda: now[0])
    digest = store.open(PATH).digest
    for text in ("hai", "ba", "bốn"):
        now[0] += 10 * 86_400
        saved = store.save(PATH, text, digest, LAN)
        assert isinstance(saved, Saved)
        digest = saved.digest
    copy = WorkingCopy(key="0123456789abcdef", path=PATH, text="hai rưỡi", opened=digest_of_bytes(b"hai"), by=LAN)
    store.keep(copy, "")
    now[0] += 86_400
    store.forget_versions(5)
    left = [store.versions.read(PATH, version.name).decode() for version in store.versions.of(PATH)]
    assert left == ["bốn", "hai"], "the newest, and what somebody's working copy began with"
    store.throw_away(copy.key, store.copies()[0].state)
    store.forget_versions(0)
    assert len(store.versions.of(PATH)) == 2, "0 days are for ever"
    store.forget_versions(1)
    assert len(store.versions.of(PATH)) == 1
