"""What is seen of a folder's changes: told by the system, and found where the system is deaf."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import pytest

from bulletin.preview import watcher
from tests.sites import write

PATIENCE = 30
QUIET = 0.4
"""Seconds without a word after which none is on its way: many ticks and looks."""


class Watch:
    """A watch under way in a thread; it answers each change at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._words: Queue[BaseException | frozenset[str] | None] = Queue()
        self._stop = Event()
        self._thread = Thread(target=self._work)
        self._thread.start()

    def next(self) -> frozenset[str] | None:
        """Return the next word: the files that are named, None if anything may have changed."""
        word = self._words.get(timeout=PATIENCE)
        assert not isinstance(word, BaseException)
        return word

    def drain(self) -> int:
        """Return how many words come until none is on its way."""
        count = 0
        while True:
            try:
                assert not isinstance(self._words.get(timeout=QUIET), BaseException)
            except Empty:
                return count
            count += 1

    def end(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def _work(self) -> None:
        try:
            for word in watcher.changes(self._folders, (self.root / "pyproject.toml",), self._stop):
                self._words.put(word)
        except BaseException as fault:  # noqa: BLE001 - the test raises it
            self._words.put(fault)

    def _folders(self) -> tuple[Path, ...]:
        return tuple(self.root / name for name in ("content", "templates") if (self.root / name).is_dir())


def none_left(*_: object, **__: object) -> Iterator[set[object]]:
    raise OSError("no watcher left")


@pytest.fixture(params=["told", "deaf"])
def watch(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr(watcher, "TICK", 0.05)
    monkeypatch.setattr(watcher, "PATIENCE", 0.1)
    monkeypatch.setattr(watcher, "PATIENCE_AFTER_EVENT", 0.1)
    if request.param == "deaf":
        monkeypatch.setattr(watcher, "watch", none_left)
    root = write(tmp_path / "site", {"content/a.md": "a", "content/2016/b.md": "b", "pyproject.toml": ""})
    watch = Watch(root)
    watch.next()
    yield watch
    watch.end()


def test_the_first_word_comes_without_a_change_and_no_other_does(watch: Watch) -> None:
    assert watch.drain() == 0


def test_a_saved_a_new_and_a_deleted_file_are_seen(watch: Watch) -> None:
    write(watch.root, {"content/a.md": "aa"})
    watch.next()
    watch.drain()
    write(watch.root, {"content/2017/c.md": "c"})
    watch.next()
    watch.drain()
    (watch.root / "content/2016/b.md").unlink()
    watch.next()


def test_a_file_moved_in_with_an_old_time_is_seen(watch: Watch, tmp_path: Path) -> None:
    old = write(tmp_path, {"cu.md": "cũ"}) / "cu.md"
    os.utime(old, (1_000_000_000, 1_000_000_000))
    shutil.move(old, watch.root / "content/2016/cu.md")
    watch.next()


def test_an_edit_that_keeps_size_and_time_is_seen(watch: Watch) -> None:
    file = watch.root / "content/a.md"
    before = file.stat()
    file.write_text("b", encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    watch.next()


def test_settings_and_a_folder_that_comes_into_being_are_seen(watch: Watch) -> None:
    write(watch.root, {"pyproject.toml": "[tool.bulletin]"})
    watch.next()
    watch.drain()
    write(watch.root, {"templates/item.html": "x"})
    watch.next()
    watch.drain()
    write(watch.root, {"templates/item.html": "y"})
    watch.next()


def test_settings_saved_right_after_an_item_are_seen(watch: Watch) -> None:
    write(watch.root, {"content/a.md": "khác"})
    watch.next()
    write(watch.root, {"pyproject.toml": "[tool.bulletin]\n"})
    watch.next()


def test_many_saves_at_a_time_are_few_words(watch: Watch) -> None:
    for number in range(50):
        write(watch.root, {f"content/moi-{number}.md": "mới"})
    watch.next()
    assert watch.drain() < 25


def test_a_file_that_goes_while_it_is_looked_at_ends_nothing(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two looks at a file, whether it is there and of what size, an editor that saves it may remove it."""
    gone = watch.root / "pyproject.toml"
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    gone.unlink()
    watch.next()
    watch.drain()
    write(watch.root, {"pyproject.toml": "[tool.bulletin]\n"})
    watch.next()


def test_a_folder_that_cannot_be_looked_into_ends_nothing(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(folder: Path, _: tuple[str, ...]) -> dict[str, None]:
        raise PermissionError(13, "Permission denied", str(folder))

    with monkeypatch.context() as patch:
        patch.setattr(watcher, "survey", closed)
        write(watch.root, {"content/a.md": "aaa"})
        watch.next()
        watch.drain()
    write(watch.root, {"content/a.md": "aaaa"})
    watch.next()


def test_a_saved_file_is_named_and_a_second_word_comes_only_if_more_has_changed(tmp_path: Path) -> None:
    watch = watched(tmp_path)
    try:
        for name in ("a.md", "2016/b.md", "2016/moi.md"):
            write(watch.root, {f"content/{name}": f"{name} khác"})
            assert watch.next() == frozenset({(watch.root / "content" / name).as_posix()})
            assert watch.drain() == 0
        write(watch.root, {"pyproject.toml": "[tool.bulletin]\n"})
        assert watch.next() is None
    finally:
        watch.end()


def test_what_the_system_does_not_name_is_found_although_it_names_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share that is mounted inside a folder sends no events."""
    root = write(tmp_path / "site", {"content/a.md": "a", "content/2016/b.md": "b", "pyproject.toml": ""})
    told = (root / "content/a.md").as_posix()
    begun = Event()

    def half_deaf(*_: object, stop_event: Event, **__: object) -> Iterator[set[tuple[int, str]]]:
        assert begun.wait(PATIENCE)
        yield {(1, told)}
        while not stop_event.wait(0.05):
            yield set()

    monkeypatch.setattr(watcher, "watch", half_deaf)
    monkeypatch.setattr(watcher, "PATIENCE_AFTER_EVENT", 60.0)
    watch = Watch(root)
    try:
        watch.next()
        write(root, {"content/a.md": "aa", "content/2016/b.md": "bb"})
        begun.set()
        assert watch.next() == frozenset({told})
        assert watch.next() is None
        assert watch.drain() == 0
    finally:
        watch.end()


def watched(folder: Path) -> Watch:
    """Return a watch of a site that the system has begun to tell of changes."""
    watch = Watch(write(folder / "site", {"content/a.md": "a", "content/2016/b.md": "b", "pyproject.toml": ""}))
    watch.next()
    for number in range(100):
        write(watch.root, {"content/a.md": f"{number}"})
        if watch.next() is not None:
            break
    watch.drain()
    return watch
